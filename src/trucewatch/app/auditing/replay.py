"""Bulletins made anew from the log alone, by the auditor's reading of it, and compared by bytes."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from trucewatch import __version__
from trucewatch.app.auditing.issues import Issue, chosen, issued, issues
from trucewatch.app.auditing.places import log_folder
from trucewatch.app.auditing.sealed import besides, entered, strangers
from trucewatch.app.auditing.telling import Verdict
from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.app.clock import clock
from trucewatch.app.intake import read_log
from trucewatch.app.keeping import opener
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import as_it_was, issue_of, rendered
from trucewatch.app.publishing.correcting import Corrected, Corrections
from trucewatch.app.publishing.covers import SEAL, seals_of
from trucewatch.app.publishing.situations import situation_of
from trucewatch.app.replaying import Past
from trucewatch.app.running import derived_from
from trucewatch.errors import Erased, LogDamaged, NotFound
from trucewatch.evidence import Approved

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.federation.copies import Gone
    from trucewatch.bulletins import Published, Situation
    from trucewatch.store import Derived

LONGEST = 200
"""How much of a line that differs is shown."""


@dataclass(slots=True)
class Recomputed:
    """One bulletin, file by file; `problems` are all that speaks against it."""

    issue: Issue
    verdict: Verdict = Verdict.SAME
    files: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    words: str = ""

    def blame(self, words: str) -> None:
        """Note what does not hold."""
        self.problems.append(words)
        self.verdict = Verdict.DIFFERENT


@dataclass(frozen=True, slots=True)
class _State:
    """A mission as it stood at some size of its log, and all that was derived then."""

    past: Past
    configuration: Configuration
    situation: Situation
    derived: Derived


class Replay:
    """Makes bulletins anew; each state of the log is derived once, however many rest on it."""

    def __init__(self, mission: Mission, log: VerifiedLog) -> None:
        self._mission, self._log = mission, log
        self._states: dict[int, _State] = {}

    def of(self, issue: Issue) -> Recomputed:
        """Hold one bulletin against the log, and against the files at hand."""
        found = Recomputed(issue)
        self._sealed(issue, found)
        if found.problems:
            return found
        made: dict[str, bytes] = {}
        version = issue.seal["evidence"]["version"]
        if version != __version__:
            found.verdict = Verdict.VERSION
            found.words = (
                f"it was made by version {version}, and this is {__version__}: another version may "
                "say the same in other bytes. Install that one and replay again; nothing is proved "
                "by this, least of all a fraud"
            )
        else:
            try:
                made, problems = self._made(issue)
            except Erased as gone:
                # A settings file of that time: without it nothing of that time can be made.
                problems = [str(gone)]
            lost = self._lost(issue.size)
            if lost and (problems or any(not _is(made, *one) for one in issue.sealed.items())):
                found.verdict, made = Verdict.ERASED, {}
                found.words = f"it cannot be made again, and nobody is to blame: {lost}"
            else:
                for words in problems:
                    found.blame(words)
        for name, digest in sorted(issue.sealed.items()):
            self._compare(found, name, digest, made.get(name))
        return found

    def _sealed(self, issue: Issue, found: Recomputed) -> None:
        """Hold the seal itself against the log: an entry of it, and a checkpoint that it signed."""
        checkpoint = issue.seal["checkpoint"]
        if issue.files.get(f"{issue.stem}{SEAL}", issue.raw) != issue.raw:
            found.blame("the seal at hand is not the one that the log holds")
        for words in entered(self._mission, issue):
            found.blame(words)
        try:
            # A seal that the log holds is vouched for by the key in use: that the one of its time
            # was stolen later takes nothing from it.
            head = self._log.audited.head(checkpoint["note"].encode(), known=issue.entry)
            if (head.origin, head.size, head.root.hex()) != (
                checkpoint["origin"],
                checkpoint["size"],
                checkpoint["root"],
            ):
                found.blame("the seal says another size or root than its own signed checkpoint")
            root = self._log.audited.root(head.size)
        except (LogDamaged, NotFound) as error:
            found.blame(f"the seal's checkpoint: {error}")
            return
        if root != head.root.hex():
            found.blame(
                f"FORK: at {head.size} entries the log has the root {root}, the seal's signed "
                f"checkpoint {head.root.hex()}. 'trucewatch audit compare' proves it to anyone"
            )

    def _state(self, size: int) -> _State:
        if size not in self._states:
            if not 0 < size <= self._mission.size:
                raise NotFound(f"the log has {self._mission.size} entries, not {size}")
            with TemporaryDirectory(prefix="trucewatch-") as scratch:
                past = Past(self._mission, size, Path(scratch))
                with past:
                    configuration = past.configuration()
                    read_log(past, configuration)
                    derived = derived_from(past, configuration)
                    situation = situation_of(past, configuration, derived)
            self._states[size] = _State(past, configuration, situation, derived)
        return self._states[size]

    def _lost(self, size: int) -> str:
        """What of the first `size` entries was erased by later ones; empty where nothing was."""
        here = [
            f"the payload of entry {one.index} was erased by entry {request.answered.index} "
            f"({request.asked.reason})"
            for request in self._log.erasures()
            if request.answered is not None and isinstance(request.answer, Approved)
            for one in request.answer.entries
            if one.index < size <= request.answered.index
        ]
        there = [
            f"the payload of entry {one.place} of {one.origin}, which entry {one.taken} had taken "
            f"over, was erased there by entry {one.by} ({one.reason})"
            for one in self._gone
            if one.between(size)
        ]
        return "; ".join(here + there)

    @cached_property
    def _gone(self) -> tuple[Gone, ...]:
        return self._mission.gone()

    def _made(self, issue: Issue) -> tuple[dict[str, bytes], list[str]]:
        """Every file of an issue by name, made from the log as it was then, and what is wrong."""
        state = self._state(issue.size)
        problems = self._evidence(issue, state)
        published = self._as_it_was(issue)(state.configuration, state.situation)
        bodies = rendered(published, prints=False)
        made = {f"{issue.stem}.{kind}": body for kind, body in bodies.items()}
        corrected = self._corrected(issue, state, published, bodies, problems)
        corrects = None if corrected is None else corrected.corrects
        problems += besides(state.past, issue, state.situation, published, made, corrects)
        return {**made, **({} if corrected is None else corrected.files)}, problems

    def _corrected(
        self,
        issue: Issue,
        state: _State,
        published: Published,
        bodies: dict[str, bytes],
        problems: list[str],
    ) -> Corrected | None:
        """What this issue corrects by the log, where it is not the first of its period."""
        name = published.number.rsplit("/", 1)[-1]
        earlier, due = issue_of(seals_of(state.past, issue.folder), name, bodies)
        if due != issue.stem:
            problems.append(f"by the log it should be {due}: {earlier} was issued before")
        if earlier is None or earlier == issue.stem:
            return None
        before = issued(state.past, f"{issue.folder}/{earlier}", Path())
        corrects = issue.seal.get("corrects")
        corrected = Corrections(state.past, state.derived).of(
            issue.folder,
            (before.stem, issue.stem),
            before.raw,
            self._as_it_was(issue),
            published,
        )
        record = hashlib.sha256(corrected.record).hexdigest()
        if corrects is not None and record != corrects["record"]:
            problems.append(
                f"the log's account of what changed is {corrects['record']}, made anew {record}"
            )
        return corrected

    @staticmethod
    def _as_it_was(issue: Issue) -> Callable[[Configuration, Situation], Published]:
        return partial(as_it_was, day=issue.day, audience=issue.audience)

    def _compare(self, found: Recomputed, name: str, sealed: str, made: bytes | None) -> None:
        """Hold one file, at hand and as it was made anew, against the seal and each other."""
        held = found.issue.files.get(name)
        row: dict[str, Any] = {
            "name": name,
            "sealed": sealed,
            "made_as_sealed": None if made is None else _digest(made) == sealed,
            "held_as_sealed": None if held is None else _digest(held) == sealed,
        }
        if False in row.values():
            found.verdict = Verdict.DIFFERENT
            if held is not None and made is not None and held != made:
                row["differs"] = _first_difference(held, made)
        elif made is None and found.verdict is Verdict.SAME:
            found.blame(f"{name}: this version makes no such file")
        found.files.append(row)

    def _evidence(self, issue: Issue, state: _State) -> list[str]:
        """What the seal says otherwise of the evidence than the replay found."""
        stated, evidence = issue.seal["evidence"], state.situation.evidence
        made = {"origin": evidence.origin, "size": evidence.size, "root": evidence.root}
        return [
            f"the seal names {key} {stated[key]} of the evidence, the log {value}"
            for key, value in made.items()
            if stated[key] != value
        ]


def _is(made: dict[str, bytes], name: str, digest: str) -> bool:
    return name in made and _digest(made[name]) == digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _first_difference(held: bytes, made: bytes) -> dict[str, Any]:
    """The first line that differs, of the file at hand and of what was made anew.

    Of a long line what is shown begins shortly before the difference.
    """
    # Where one file ends before the other, its next line is None and not an empty one.
    pairs = zip_longest(held.split(b"\n"), made.split(b"\n"))
    number, (one, other) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    theirs, ours = one or b"", other or b""
    same = next(
        (n for n, pair in enumerate(zip(theirs, ours, strict=False)) if len({*pair}) > 1), 0
    )
    start = max(0, same - LONGEST // 4)
    return {
        "line": number,
        "at_hand": theirs[start : start + LONGEST].decode("utf-8", "replace"),
        "made": ours[start : start + LONGEST].decode("utf-8", "replace"),
    }


def replay(folder: Path, bulletin: str | None) -> dict[str, Any]:
    """Make one bulletin anew, or each that was issued, and tell where it differs.

    `bulletin` is a stem, a seal or a file of it. The log is read by the auditor's code alone, and
    every record of it held against the signed root. Raises NotFound for what was never issued.
    """
    folder = Path(os.path.realpath(folder))
    log = VerifiedLog(log_folder(folder), opener=opener(folder))
    with Mission(folder, log, now=clock, readonly=True) as mission:
        wanted = issues(mission) if bulletin is None else [chosen(mission, bulletin)]
        if not wanted:
            raise NotFound("the log holds no seal of any bulletin")
        replaying = Replay(mission, log)
        found = [replaying.of(issue) for issue in wanted]
        unknown = strangers(mission) if bulletin is None else []
    return {
        "ok": all(one.verdict is Verdict.SAME for one in found) and not unknown,
        "version": __version__,
        "bulletins": [_data(one) for one in found],
        "unknown": unknown,
    }


def _data(found: Recomputed) -> dict[str, Any]:
    seal = found.issue.seal
    return {
        "bulletin": f"{found.issue.folder}/{found.issue.stem}",
        "verdict": found.verdict.value,
        "entry": found.issue.entry,
        "size": found.issue.size,
        "root": seal["checkpoint"]["root"],
        "version": seal["evidence"]["version"],
        "files": found.files,
        "problems": found.problems,
        "words": found.words,
    }
