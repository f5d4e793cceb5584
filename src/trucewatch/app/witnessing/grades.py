"""How far each entry of the log can be trusted: a function of the log's first n entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.app.settings import MissionFile, read_settings
from trucewatch.app.witnessing.policy import OWN_WORD, policy_of
from trucewatch.errors import ConfigurationError, LogDamaged
from trucewatch.evidence import EntryKind
from trucewatch.model import Grade, Witnessed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.app.logs import MissionLog
    from trucewatch.evidence import Checkpoint, StoredEntry
    from trucewatch.evidence.tlog.policy import Policy

_OPERATOR = "operator"  # as in `in_force`, which imports this module
CHECKPOINT = "checkpoint"
"""The name of the entries that hold a cosigned checkpoint of this log."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""Since when a record is finding-grade by the mission's own word: nothing waits for it."""

RECORDED = Witnessed(grade=Grade.RECORDED)
RANKS = (Grade.RECORDED, Grade.APPEND_ONLY, Grade.FINDING)


def is_heartbeat(entry: StoredEntry) -> bool:
    """Whether an entry should hold a cosigned checkpoint of this log, entered by its keeper."""
    return (entry.kind, entry.source, entry.name) == (EntryKind.HEARTBEAT, _OPERATOR, CHECKPOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A cosigned checkpoint in the log that verified: it covers the entries below its size.

    `since` is by when they certainly stood in the log: the bound that the cosignatures give. A
    quorum so small that all of it may lie gives none; the latest of its times stands in for it.
    `quorum` of `witnesses` was asked for then; None: no number was.
    """

    entry: StoredEntry
    checkpoint: Checkpoint
    witnessed: Witnessed
    quorum: int | None
    witnesses: int
    resists: bool

    @property
    def since(self) -> datetime:
        """By when what it covers was finding-grade, if it carries a quorum."""
        return self.witnessed.not_after or max(one.at for one in self.witnessed.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """The grade of every entry. `beats` are in the order of the log; `void` tells of entries that
    should hold a cosigned checkpoint and do not, so they grade nothing.

    The entries below `own` are finding-grade by the mission's own word (quorum "none"). `end` is
    the index of the last entry that is no heartbeat, -1 where there is none.
    """

    beats: tuple[Heartbeat, ...] = ()
    void: tuple[str, ...] = ()
    own: int = 0
    end: int = -1
    _first: tuple[Heartbeat, ...] = field(default=(), repr=False)

    def first(self, index: int) -> Heartbeat | None:
        """The first quorum that covers an entry: what comes later moves nothing."""
        return next((one for one in self._first if one.checkpoint.size > index), None)

    def of(self, index: int) -> Witnessed:
        """The grade of one entry, who cosigned it, and by when it certainly stood in the log."""
        seen = self.seen(index)
        if seen.grade is not Grade.FINDING and index < self.own:
            return Witnessed(grade=Grade.FINDING, by=seen.by)
        return seen

    def seen(self, index: int) -> Witnessed:
        """The same by what witnesses cosigned alone, whatever the mission declares."""
        best = self.best(index)
        return RECORDED if best is None else best.witnessed

    def best(self, index: int) -> Heartbeat | None:
        """The first quorum over an entry; else, of what covers it, what most have cosigned."""
        over = [one for one in self.beats if one.checkpoint.size > index and one.witnessed.by]
        return self.first(index) or max(over, key=lambda one: len(one.witnessed.by), default=None)

    def since(self, index: int) -> datetime | None:
        """By when an entry was finding-grade (ALWAYS: by the mission's own word); None if not."""
        if index < self.own:
            return ALWAYS
        quorum = self.first(index)
        return None if quorum is None else quorum.since

    def founding(self, indexes: Iterable[int]) -> tuple[Heartbeat, ...]:
        """The heartbeats without which some of these entries would not be finding-grade."""
        found = {one.entry.index: one for one in map(self.first, self._waiting(indexes)) if one}
        return tuple(found[index] for index in sorted(found))

    def _waiting(self, indexes: Iterable[int]) -> Iterable[int]:
        return (index for index in indexes if index >= self.own)


def grades(
    log: MissionLog,
    entries: Iterable[tuple[StoredEntry, int]],
    settings: Sequence[tuple[int, str]],
    *,
    size: int,
    end: int,
) -> Grades:
    """The grades of a log's first `size` entries; that at `end` is the last that is no heartbeat.

    `entries` are those that `is_heartbeat` names, each with the index of the last other entry above
    it (-1: none). One that comes when a quorum covers all of those is a sign of life, and is passed
    over. `settings` are the payloads of mission.toml with the index of each entry: a heartbeat is
    judged by the witnesses that were in force there. Each is verified anew, against the log's key,
    the keys of those witnesses and the log's own tree; what does not verify grades nothing.
    """
    read = _Settings(log, settings)
    beats: list[Heartbeat] = []
    void: list[str] = []
    found: list[Heartbeat] = []
    for entry, last in entries:
        reached = found[-1].checkpoint.size if found else 0
        if reached > last:
            continue
        try:
            one = _heartbeat(log, entry, read.at(entry.index), size)
        except LogDamaged as fault:
            void.append(f"log entry {entry.index} is no checkpoint that counts: {fault}")
            continue
        beats.append(one)
        if one.witnessed.grade is Grade.FINDING and one.checkpoint.size > reached:
            found.append(one)
    return Grades(
        beats=tuple(beats), void=tuple(void), own=read.own(size), end=end, _first=tuple(found)
    )


class _Settings:
    """What mission.toml said of witnesses, at each point of the log."""

    def __init__(self, log: MissionLog, settings: Sequence[tuple[int, str]]) -> None:
        self._log, self._settings = log, settings
        self._read: dict[str, MissionFile] = {}
        self._policies: dict[str, Policy] = {}

    def _file(self, payload: str) -> MissionFile:
        if payload not in self._read:
            text = self._log.payload(payload).decode("utf-8-sig")
            self._read[payload] = read_settings(MissionFile, text, file="mission.toml")
        return self._read[payload]

    def at(self, index: int) -> Policy:
        """The policy that was in force at an entry; LogDamaged where none was."""
        before = [payload for place, payload in self._settings if place < index]
        if not before:
            raise LogDamaged("no mission.toml was in force yet")
        payload = before[-1]
        if payload not in self._policies:
            try:
                self._policies[payload] = policy_of(self._file(payload))
            except ConfigurationError as fault:
                raise LogDamaged(f"the mission.toml in force cannot be read: {fault}") from fault
        return self._policies[payload]

    def own(self, size: int) -> int:
        """Below which index the mission's own word suffices: up to where it last said so."""
        if not self._settings:
            return 0
        ends = [place for place, _ in self._settings[1:]] + [size]
        spoken = zip(self._settings, ends, strict=True)
        return max((end for (_, payload), end in spoken if self._suffices(payload)), default=0)

    def _suffices(self, payload: str) -> bool:
        try:
            return self._file(payload).witnessing.quorum == OWN_WORD
        except ConfigurationError:
            # What this version cannot read declares nothing; whoever derives from it is told.
            return False


def _heartbeat(log: MissionLog, entry: StoredEntry, policy: Policy, size: int) -> Heartbeat:
    """One entry as a heartbeat; LogDamaged where anything about it does not hold.

    A key's word is as the log's first `size` entries know it: a theft that is told later moves
    nothing that was said before.
    """
    try:
        note = log.payload(entry.payload).decode()
    except UnicodeDecodeError as fault:
        raise LogDamaged("it is not a text") from fault
    checkpoint = log.read_checkpoint(note, known=size)
    if checkpoint.size > entry.index:
        raise LogDamaged(f"it speaks of {checkpoint.size} entries, before there were so many")
    if log.root_at(checkpoint.size) != checkpoint.root:
        raise LogDamaged(f"this log had another root at {checkpoint.size} entries")
    judged = policy.judge(note)
    if policy.quorum is None and judged.grade is Grade.FINDING:
        # Without a number there is no quorum, however many have cosigned.
        judged = Witnessed(grade=Grade.APPEND_ONLY if judged.by else Grade.RECORDED, by=judged.by)
    return Heartbeat(
        entry=entry,
        checkpoint=checkpoint,
        witnessed=judged,
        quorum=policy.quorum,
        witnesses=len(policy.witnesses),
        resists=policy.resists_split_view,
    )
