"""A mission on disk: its folder, its log and its projection."""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch import __version__
from trucewatch.app.clock import clock
from trucewatch.app.configuration import (
    MISSION,
    SOURCES,
    Configuration,
    in_order,
    kind_of,
    settings_files,
)
from trucewatch.app.deciding import decisions, is_decision
from trucewatch.app.files import make_folder
from trucewatch.app.keeping import opener
from trucewatch.app.withdrawal import Withdrawal, Withdrawn, leaves_of
from trucewatch.app.witnessing.grades import Grades, grades, is_heartbeat
from trucewatch.errors import ConfigurationError, NotFound, StoreUnavailable
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.incidents import How, Parameters, ParametersRecord, decode_record
from trucewatch.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from types import TracebackType

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.withdrawal import Target
    from trucewatch.evidence import Request, StoredEntry
    from trucewatch.model import Entered
    from trucewatch.store import Store

STATE = "state.db"
OPERATOR = "operator"
"""The source of the entries that the mission's own people make."""

NOTHING_DERIVED = "nothing has been derived yet: 'trucewatch run' does it"

SETTINGS = frozenset({EntryKind.AGREEMENT, EntryKind.SOURCE, EntryKind.STATEMENT})
"""The kinds of entry that hold a settings file."""


DEFAULTS = ParametersRecord(how=How.DEFAULTS, parameters=Parameters(), version=__version__)
"""What is in force where the log holds no parameters."""

WITHDRAWN = hashlib.sha256(b"").hexdigest()
"""The payload of an entry that takes a settings file out of force: an empty one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the log puts in force up to its end.

    `settings` are the payloads of the latest settings files, `reporting` the sources that have
    delivered, `issued` the seals of bulletins by name, `corrections` the records of what changed
    from one issue to the next, `withdrawn` what no longer counts, and `parameters` the entries of
    parameters, of which the last is in force, and `decided` those of what people decided, each with
    the payload of the mission.toml that was in force then. `grades` say how far each entry can be
    trusted. `erased` are the payloads that two people have had erased, each with its request.
    `records` and `root` name the same evidence without regard to the order in which it came.
    """

    settings: dict[str, str]
    reporting: frozenset[str]
    issued: dict[str, StoredEntry]
    corrections: tuple[StoredEntry, ...]
    withdrawn: dict[Target, Withdrawn]
    parameters: tuple[StoredEntry, ...]
    decided: tuple[tuple[StoredEntry, str], ...]
    grades: Grades
    erased: dict[str, Request]
    records: int
    root: str


class Mission(AbstractContextManager["Mission"]):
    """An open mission; use it as a context manager, as it holds the log's lock."""

    def __init__(
        self, folder: Path, log: MissionLog, *, now: Callable[[], datetime], readonly: bool
    ) -> None:
        self.folder = folder
        self.log = log
        self.now = now
        self._readonly = readonly
        self._in_force: tuple[int, InForce] | None = None
        self._configuration: tuple[dict[str, str], Configuration] | None = None

    @classmethod
    def open(
        cls, folder: Path, *, now: Callable[[], datetime] = clock, readonly: bool = False
    ) -> Mission:
        """Open the mission in a folder, making its log on first use, unless it is only read.

        Raises NotFound where there is no mission or nothing to read yet, and ConfigurationError
        for a faulty setting before a log is made.
        """
        folder = Path(os.path.realpath(folder))
        if not (folder / MISSION).is_file():
            raise NotFound(
                f"no mission here ({MISSION} is missing): make one with 'trucewatch init DIR', "
                "or name its folder with --mission"
            )
        try:
            log = Log.open(folder / "evidence", readonly=readonly)
        except NotFound:
            # A folder without a key may be what a first command left that was cut short.
            if readonly:
                raise NotFound(NOTHING_DERIVED) from None
            origin = Configuration.read(settings_files(folder)).mission.mission.id
            make_folder(folder / "evidence")
            log = Log.create(folder / "evidence", origin=origin)
        mission = cls(folder, log, now=now, readonly=readonly)
        try:
            unlocked = opener(folder)
        except BaseException:
            log.close()
            raise
        if unlocked is not None:
            log.unlock(unlocked)
        log.encrypt_to(mission.recipients)
        return mission

    @cached_property
    def store(self) -> Store:
        """The projection where the settings in force say that it is, opened on first use."""
        if self._readonly and not self.in_force().settings:
            raise NotFound(NOTHING_DERIVED)
        url = self.configuration().mission.storage.url
        target = url if "://" in url else self.folder / (url or STATE)
        store = open_store(target, readonly=self._readonly)
        version, erased = store.version(), self.log.erased_digest()
        if erased in (version or "") or (self._readonly and version is None):
            return store
        if self._readonly:
            store.close()
            raise StoreUnavailable("something was erased since: 'trucewatch run' reads all anew")
        # It may hold what has been erased since, if only in pages that are free.
        if isinstance(target, str):
            store.clear()
            return store
        store.close()
        for end in ("", "-wal", "-shm"):
            target.with_name(f"{target.name}{end}").unlink(missing_ok=True)
        return open_store(target)

    def forget_projection(self) -> None:
        """Remove what the projection may hold of a payload that was just erased."""
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]
        _ = self.store

    @property
    def readonly(self) -> bool:
        """Whether it was opened for reading only."""
        return self._readonly

    @property
    def size(self) -> int:
        """How many entries of the log count."""
        return self.log.size

    def entries(self, start: int = 0) -> Iterator[StoredEntry]:
        """The entries from `start` on, as far as they count."""
        return self.log.entries(start, self.size)

    @property
    def bulletins(self) -> Path:
        """The folder of what has been published."""
        return self.folder / "bulletins"

    def recipients(self) -> tuple[str, ...]:
        """The age keys to which payloads are encrypted by the settings in force; mostly none."""
        if not self.in_force().settings:
            return ()
        return self.configuration().mission.keeping.encrypt_to

    def sync_settings(self) -> int:
        """Append every settings file that differs from what the log holds; return how many did.

        A file that is gone or empty is entered as withdrawn. The whole set is checked first: a
        fault leaves the log as it was.
        """
        files = settings_files(self.folder)
        digests = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
        in_force = self.in_force()
        if digests == in_force.settings:
            return 0
        configuration = Configuration.read(files)
        self._check_continuity(configuration, in_force)
        changed = {name for name in digests if digests[name] != in_force.settings.get(name)}
        changed |= in_force.settings.keys() - digests.keys()
        entries = [
            NewEntry(
                kind=kind_of(name),
                source=OPERATOR,
                payload=files.get(name, b""),
                name=name,
                media="text/plain",
            )
            for name in sorted(changed, key=in_order)
        ]
        self.log.append(entries, received=self.now())
        self._configuration = (digests, configuration)
        return len(entries)

    def _check_continuity(self, configuration: Configuration, in_force: InForce) -> None:
        """Hold new settings against what can never change: the id, and who has reported."""
        if self.log.origin != configuration.mission.mission.id:
            raise ConfigurationError(
                f"the evidence log was begun as {self.log.origin!r}; an id is never changed",
                file=MISSION,
                field="mission.id",
            )
        orphans = in_force.reporting - set(configuration.sources)
        if orphans:
            raise ConfigurationError(
                f"the log holds deliveries of {', '.join(sorted(orphans))}: keep every source that "
                "has ever reported in the registry",
                file=SOURCES,
                field="source",
            )

    def in_force(self) -> InForce:
        """What the log puts in force; the log is read again only when it has grown."""
        if self._in_force is not None and self._in_force[0] == self.size:
            return self._in_force[1]
        settings: dict[str, str] = {}
        issued: dict[str, StoredEntry] = {}
        corrections: list[StoredEntry] = []
        withdrawn: dict[Target, Withdrawn] = {}
        parameters: list[StoredEntry] = []
        by_people: list[tuple[StoredEntry, str]] = []
        reporting: set[str] = set()
        leaves: set[str] = set()
        beats: list[tuple[StoredEntry, int]] = []
        last = -1
        missions: list[tuple[int, str]] = []
        evidence: list[int] = []
        for entry in self.entries():
            if is_heartbeat(entry):
                beats.append((entry, last))
                continue
            last = entry.index
            if entry.kind is EntryKind.REPORT:
                reporting.add(entry.source)
                evidence.append(entry.index)
                leaves.add(f"report\0{entry.source}\0{entry.payload}")
            elif entry.kind is EntryKind.BULLETIN and entry.source == OPERATOR:
                issued[entry.name] = entry
            elif entry.kind is EntryKind.CORRECTION and entry.source == OPERATOR:
                corrections.append(entry)
            elif entry.kind is EntryKind.WITHDRAWAL and entry.source == OPERATOR:
                decided = Withdrawal.decode(self.log.payload(entry.payload))
                withdrawn.pop(decided.target, None)
                if decided.stands:
                    withdrawn[decided.target] = Withdrawn(withdrawal=decided, entry=entry)
            elif is_decision(entry):
                by_people.append((entry, settings.get(MISSION, "")))
                evidence.append(entry.index)
            elif entry.kind is EntryKind.PARAMETERS and entry.source == OPERATOR:
                parameters.append(entry)
            elif entry.kind in SETTINGS and entry.source == OPERATOR:
                settings[entry.name] = entry.payload
                if entry.name == MISSION and entry.payload != WITHDRAWN:
                    missions.append((entry.index, entry.payload))
        settings = {name: payload for name, payload in settings.items() if payload != WITHDRAWN}
        leaves |= {f"setting\0{name}\0{payload}" for name, payload in settings.items()}
        leaves |= leaves_of(withdrawn)
        erased = {
            request.asked.payload: request
            for request in self.log.erasures()
            if request.erased and request.answered and request.answered.index < self.size
        }
        leaves |= {f"erased\0{payload}" for payload in erased}
        leaves |= {f"parameters\0{entry.payload}" for entry in parameters[-1:]}
        # Decisions have an order, that of the log, and no other entry moves them within it.
        leaves |= {f"decision\0{place}\0{e.payload}" for place, (e, _) in enumerate(by_people)}
        graded = grades(self.log, beats, missions, size=self.size, end=last)
        if graded.beats and self._configured(settings).agreement.triggers:
            # Since when a clock runs stands in print: what that rests on is evidence too.
            founding = graded.founding(evidence)
            leaves |= {f"heartbeat\0{one.entry.payload}" for one in founding}
        found = InForce(
            settings=settings,
            reporting=frozenset(reporting),
            issued=issued,
            corrections=tuple(corrections),
            withdrawn=withdrawn,
            parameters=tuple(parameters),
            decided=tuple(by_people),
            grades=graded,
            erased=erased,
            records=len(leaves),
            root=evidence_root(leaves),
        )
        self._in_force = (self.size, found)
        return found

    def configuration(self) -> Configuration:
        """The settings in force by the log, not by the files of the folder."""
        return self._configured(self.in_force().settings)

    def _configured(self, settings: dict[str, str]) -> Configuration:
        if self._configuration is None or self._configuration[0] != settings:
            files = {name: self.log.payload(settings[name]) for name in sorted(settings)}
            self._configuration = (settings, Configuration.read(files))
        return self._configuration[1]

    def grades(self) -> Grades:
        """How far each entry can be trusted, by the cosigned checkpoints that the log holds."""
        return self.in_force().grades

    def decisions(self) -> tuple[Entered, ...]:
        """What people have decided, in the order of the log, each with who that was at the time."""
        return decisions(self.log, self.in_force().decided)

    def parameters(self) -> ParametersRecord:
        """The parameters in force by the log: its last entry of them, else the defaults.

        Raises ConfigurationError for an entry that this version cannot read.
        """
        entries = self.in_force().parameters
        return self._record(entries[-1]) if entries else DEFAULTS

    def stated(self) -> Parameters:
        """What people have stated: the last parameters that a person gave, else the defaults.

        Learning starts from these each time. From what was learnt before, it would count the same
        reports twice.
        """
        for entry in reversed(self.in_force().parameters):
            record = self._record(entry)
            if record.how is How.GIVEN:
                return record.parameters
        return DEFAULTS.parameters

    def _record(self, entry: StoredEntry) -> ParametersRecord:
        raw = self.log.payload(entry.payload)
        return decode_record(raw, file=f"log entry {entry.index} ({entry.name})")

    def close(self) -> None:
        """Close the log and the projection."""
        if "store" in self.__dict__:
            self.store.close()
        self.log.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, whatever happened."""
        self.close()


def evidence_root(leaves: set[str]) -> str:
    """One hash for a set of evidence, whatever the order in which it came.

    SHA-256 over the sorted SHA-256 digests of the leaves, behind a prefix of its own.
    """
    digests = sorted(hashlib.sha256(leaf.encode("utf-8")).digest() for leaf in leaves)
    return hashlib.sha256(b"trucewatch/evidence-root/1\0" + b"".join(digests)).hexdigest()
