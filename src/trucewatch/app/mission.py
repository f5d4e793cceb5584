"""A mission on disk: its folder, its log and its projection."""

from __future__ import annotations

import hashlib
import os
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trucewatch import __version__
from trucewatch.app.alone import alone
from trucewatch.app.clock import clock
from trucewatch.app.configuration import (
    MISSION,
    SOURCES,
    Configuration,
    in_order,
    kind_of,
    settings_files,
)
from trucewatch.app.deciding import decisions
from trucewatch.app.federation.copies import Copies, Gone, gone, merged, origin_of
from trucewatch.app.files import make_folder
from trucewatch.app.in_force import OPERATOR, InForce, read_in_force
from trucewatch.app.keeping import opener
from trucewatch.errors import ConfigurationError, NotFound, StoreUnavailable
from trucewatch.evidence import Log, NewEntry
from trucewatch.incidents import How, Parameters, ParametersRecord, decode_record
from trucewatch.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from types import TracebackType

    from trucewatch.app.logs import MissionLog
    from trucewatch.app.witnessing.grades import Grades
    from trucewatch.evidence import StoredEntry
    from trucewatch.model import Entered
    from trucewatch.store import Store

Found = TypeVar("Found")

STATE = "state.db"
VIEWS = "views"
"""The folder of what each kind of viewer may see; it may be deleted at any time."""

NOTHING_DERIVED = "nothing has been derived yet: 'trucewatch run' does it"


class NotBegun(NotFound):
    """There is nothing to show yet: no report was taken in, or none was worked through."""


DEFAULTS = ParametersRecord(how=How.DEFAULTS, parameters=Parameters(), version=__version__)
"""What is in force where the log holds no parameters."""


class Mission(AbstractContextManager["Mission"]):
    """An open mission; use it as a context manager, as it holds the log's lock."""

    def __init__(
        self, folder: Path, log: MissionLog, *, now: Callable[[], datetime], readonly: bool
    ) -> None:
        self.folder = folder
        self.log: MissionLog = log
        self.now = now
        self._readonly = readonly
        self._in_force: tuple[int, InForce] | None = None
        self._configuration: tuple[dict[str, str], Configuration] | None = None
        self._once: tuple[tuple[int, str], dict[object, object]] | None = None

    @classmethod
    def open(
        cls, folder: Path, *, now: Callable[[], datetime] = clock, readonly: bool = False
    ) -> Mission:
        """Open the mission in a folder, making its log on first use, unless it is only read.

        Raises NotFound where there is no mission, NotBegun where there is nothing to read yet, and
        ConfigurationError for a faulty setting before a log is made.
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
                raise NotBegun(NOTHING_DERIVED) from None
            origin = Configuration.read(settings_files(folder)).mission.mission.id
            make_folder(folder / "evidence")
            log = Log.create(folder / "evidence", origin=origin)
        mission = cls(folder, log, now=now, readonly=readonly)
        mission.turn_to(log)
        return mission

    def turn_to(self, log: Log) -> None:
        """Go by a log that was just opened; it is closed if that fails. The old one stays open."""
        try:
            unlocked = opener(self.folder)
        except BaseException:
            # An interrupt, too, must give the writer's lock back.
            log.close()
            raise
        if unlocked is not None:
            log.unlock(unlocked)
        log.encrypt_to(self.recipients)
        self.log = log
        # What was taken over may have grown since.
        self.__dict__.pop("copies", None)

    @cached_property
    def store(self) -> Store:
        """The projection where the settings in force say that it is, opened on first use."""
        if self._readonly and not self.in_force().settings:
            raise NotBegun(NOTHING_DERIVED)
        url = self.configuration().mission.storage.url
        target = url if "://" in url else self.folder / (url or STATE)
        store = open_store(target, readonly=self._readonly)
        version, erased = store.version(), self.erased_digest()
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
        # Whoever derives has it open, and would remove what belongs to the new one on closing it.
        with alone(self.folder):
            for end in ("", "-wal", "-shm"):
                target.with_name(f"{target.name}{end}").unlink(missing_ok=True)
            return open_store(target)

    def forget_projection(self) -> None:
        """Remove what projection, views and copies may hold of a payload that was just erased."""
        self.drop_erased()
        for path in (self.folder / VIEWS).glob("*"):
            path.unlink(missing_ok=True)
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
        """The entries from `start` on, as far as they count.

        Behind the entry that took over another log stand that log's reports, as TakenEntry. A
        report of one source that is here and there stands once, where it was first.
        """
        if not self.copies.any:
            for entry in self.log.entries(start, self.size):
                yield entry
                if (origin := origin_of(entry)) is not None:
                    # The copy is gone with its folder: what it held is not to be left out unsaid.
                    self.copies.log(origin)
            return
        for entry in merged(self.log.entries(0, self.size), self.copies, self.log.payload):
            if entry.index >= start:
                yield entry

    @cached_property
    def copies(self) -> Copies:
        """The logs of other sites that were taken over."""
        return Copies(self.folder)

    def taken(self) -> dict[int, str]:
        """The entries that took over another log, by their index, each with that log's name."""
        if not self.copies.any:
            return {}
        own = self.log.entries(0, self.size)
        return {entry.index: origin for entry in own if (origin := origin_of(entry)) is not None}

    def gone(self) -> tuple[Gone, ...]:
        """What other logs erased after this mission had taken it over."""
        if not self.copies.any:
            return ()
        own = self.log.entries(0, self.size)
        return tuple(gone(own, self.copies, self.log.payload, end=self.size))

    def payload(self, digest: str) -> bytes:
        """The bytes of a delivery, here or in a log that was taken over; NotFound for neither."""
        try:
            return self.log.payload(digest)
        except NotFound:
            if not self.copies.any:
                raise
            return self.copies.payload(digest)

    def erased_digest(self) -> str:
        """What is erased, here and in the logs that were taken over; empty where nothing is."""
        return self.log.erased_digest() + self.copies.erased_digest()

    def drop_erased(self) -> None:
        """Remove from the copies of other logs what this one has erased."""
        self.copies.drop([one.asked.payload for one in self.log.erasures() if one.erased])

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
        found = read_in_force(
            self.log,
            self.entries(),
            self.size,
            lambda settings: bool(self._configured(settings).agreement.triggers),
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

    def once(self, read: Callable[[Mission], Found]) -> Found:
        """What a function reads in the log, read again only when that has grown or lost something.

        Hand in a function of a module, which is what it is known by, and change nothing of what
        comes back: others are given the same.
        """
        state = self.size, self.erased_digest()
        if self._once is None or self._once[0] != state:
            self._once = state, {}
        found = self._once[1]
        if read not in found:
            found[read] = read(self)
        return found[read]  # type: ignore[return-value]  # kept under the function that made it

    def decisions(self) -> tuple[Entered, ...]:
        """What people have decided, in the order of the log, each with who that was at the time."""
        return self.once(_decisions)

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


def _decisions(mission: Mission) -> tuple[Entered, ...]:
    return decisions(mission.log, mission.in_force().decided)
