"""Watching a mission's inbox: what is put there is taken in, and witnesses are asked in between."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trucewatch.app.alone import alone
from trucewatch.app.clock import clock
from trucewatch.app.files import make_folder
from trucewatch.app.intake import ingest
from trucewatch.app.listing import up_to_date
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.covers import bring_covers_up_to_date
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.app.stamping import keeping as stamping
from trucewatch.app.witnessing.collecting import collect
from trucewatch.errors import LogDamaged, NotFound, TrucewatchError, WriteFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from trucewatch.app.intake import Delivered

INBOX, TAKEN, UNKNOWN = "inbox", "taken", "unknown"
POLL_S = 1.0
"""How often the inbox is looked at."""

Event = dict[str, Any]
_Look = tuple[int, int, int]


@dataclass(slots=True)
class Watcher:
    """Takes in what lies in the inbox, and has the log cosigned at an interval.

    Between rounds the log is closed, so that other commands can write it. `tell` is given one event
    at a time: `what` and `words`, and what belongs to it. A fault of one round is told and the next
    one tries again; a log that cannot be trusted or written ends it (LogDamaged, WriteFailed).
    """

    folder: Path
    every: timedelta
    tell: Callable[[Event], None]
    now: Callable[[], datetime] = clock
    _seen: dict[str, _Look] = field(default_factory=dict)
    _left: set[str] = field(default_factory=set)
    _warned: set[str] = field(default_factory=set)
    _failed: str = ""
    _asked: datetime | None = None

    def look(self, *, at_once: bool = False) -> None:
        """One round. A file counts as whole when it has not changed since the round before.

        `at_once` takes what is there as it is, and asks the witnesses in any case.
        """
        for name in ("", TAKEN, UNKNOWN):
            make_folder(self.folder / INBOX / name, private=True)
        files = list(self._whole(at_once=at_once))
        due = at_once or self._asked is None or self.now() - self._asked >= self.every
        if not files and not due:
            return
        try:
            self._round(files, due=due)
        except (LogDamaged, WriteFailed):
            raise
        except TrucewatchError as fault:
            if str(fault) != self._failed:
                self._failed = str(fault)
                self._say("failed", f"this round failed, the next one tries again: {fault}")
        else:
            self._failed = ""

    def _whole(self, *, at_once: bool) -> Iterator[Path]:
        """The files of the inbox that nobody is writing any more, by name."""
        looks: dict[str, _Look] = {}
        left: set[str] = set()
        for path in sorted((self.folder / INBOX).iterdir()):
            if path.name.startswith(".") or path.name in {TAKEN, UNKNOWN}:
                continue
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue
            if not stat.S_ISREG(found.st_mode):
                left.add(path.name)
                if path.name not in self._left:
                    self._say("left", f"{path.name} is no plain file: it stays where it is")
                continue
            looks[path.name] = found.st_ino, found.st_size, found.st_mtime_ns
            if at_once or self._seen.get(path.name) == looks[path.name]:
                yield path
        self._seen, self._left = looks, left

    def _round(self, files: Sequence[Path], *, due: bool) -> None:
        # Before anything is taken in: what is taken in without being derived would lie there.
        with Mission.open(self.folder, now=self.now) as mission, alone(mission.folder):
            came = self._take(mission, files) if files else False
            if due or came:
                self._ask(mission, due=due)
            if came or not up_to_date(mission):
                derived = bring_up_to_date(mission)
                found = summary_of(mission, derived)
                self._say(
                    "run",
                    f"{found['incidents']} incidents; log of {found['log']['size']} entries",
                    incidents=found["incidents"],
                    obligations=found["obligations"],
                    log=found["log"],
                )
            if due or came:
                for words in stamping.lines(
                    stamping.asked_data(stamping.stamp_checkpoint(mission), mission)
                ):
                    self._say("stamp", words)
            vouched = mission.grades().beats or mission.log.stamps().sizes()
            for path in bring_covers_up_to_date(mission) if vouched else ():
                self._say("cover", f"{path.name} tells who vouches for it by now", file=path.name)

    def _take(self, mission: Mission, files: Sequence[Path]) -> bool:
        """Take in the files that a source's patterns match; whether any did."""
        mission.sync_settings()
        known = []
        for path in files:
            try:
                mission.configuration().source_of(path.name)
            except NotFound as fault:
                self._put(path, UNKNOWN, path.name)
                self._say("unknown", f"{fault}; it lies in {INBOX}/{UNKNOWN}", file=path.name)
            else:
                known.append(path)
        if not known:
            return False
        for path, delivered in zip(known, ingest(mission, known), strict=True):
            self._receipt(path, delivered)
        return True

    def _receipt(self, path: Path, delivered: Delivered) -> None:
        """Move what has its receipt out of the way, unless it was changed in the meantime."""
        held, count = delivered.receipt, delivered.count
        moved = self._put(path, TAKEN, f"{held.index:06}-{path.name}")
        if hashlib.sha256(moved.read_bytes()).hexdigest() != held.payload:
            moved.replace(path)
            self._say("changed", f"{path.name} was written while it was taken in", file=path.name)
            return
        again = ", which had it already" if held.repeated else ""
        self._say(
            "taken",
            f"{path.name} of {count.source}: log entry {held.index}{again}; {count.received} "
            f"received = {count.accepted} accepted + {count.duplicate} duplicate + "
            f"{count.quarantined} quarantined",
            file=path.name,
            entry=held.index,
            leaf_hash=held.leaf_hash,
            repeated=held.repeated,
        )

    def _put(self, path: Path, where: str, name: str) -> Path:
        place = self.folder / INBOX / where / name
        path.replace(place)
        self._seen.pop(path.name, None)
        return place

    def _ask(self, mission: Mission, *, due: bool) -> None:
        """Have the log cosigned; a sign of life is kept where nothing else was for an interval."""
        found = collect(mission)
        if due and self._asked is not None and found.heartbeat is None and not found.answers:
            found = collect(mission, again=True)
        if due:
            self._asked = self.now()
        for answer in found.answers:
            self._say("witness", f"{answer.witness} {answer.words}", witness=answer.witness)
        if found.heartbeat is not None:
            self._say("heartbeat", f"kept as log entry {found.heartbeat}", entry=found.heartbeat)
        for words in (found.doubt, *found.void):
            if words and words not in self._warned:
                self._warned.add(words)
                self._say("warning", words)

    def _say(self, what: str, words: str, **more: object) -> None:
        self.tell({"at": self.now(), "what": what, "words": words, **more})
