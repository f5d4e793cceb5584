"""A mission on disk: its folder, its log and its projection."""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from trucewatch.app.configuration import MISSION, SOURCES, Configuration, kind_of, settings_files
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

    from trucewatch.evidence import StoredEntry
    from trucewatch.store import Store

OPERATOR = "operator"
"""The source of the entries that the mission's own people make."""

SETTINGS = frozenset({EntryKind.AGREEMENT, EntryKind.SOURCE, EntryKind.STATEMENT})
"""The kinds of entry that hold a settings file."""


def clock() -> datetime:
    """The time now, in UTC; the one place where Trucewatch asks for it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the first `size` entries of the log put in force.

    `settings` are the latest settings files; `deliveries` the report entries in order of the log;
    `records` and `root` name the same evidence without regard to the order in which it came.
    """

    size: int
    settings: dict[str, bytes]
    deliveries: tuple[StoredEntry, ...]
    records: int
    root: str


class Mission(AbstractContextManager["Mission"]):
    """An open mission; use it as a context manager, as it holds the log's lock."""

    def __init__(
        self, folder: Path, log: Log, *, now: Callable[[], datetime], readonly: bool
    ) -> None:
        self.folder = folder
        self.log = log
        self.now = now
        self._readonly = readonly

    @classmethod
    def open(
        cls, folder: Path, *, now: Callable[[], datetime] = clock, readonly: bool = False
    ) -> Mission:
        """Open the mission in a folder, making its log on first use.

        Raises NotFound where there is no mission, and ConfigurationError for a faulty setting,
        before anything is written.
        """
        folder = folder.resolve()
        if not (folder / MISSION).is_file():
            raise NotFound(
                f"no mission here ({MISSION} is missing): make one with 'trucewatch init DIR', "
                "or name its folder with --mission"
            )
        place = folder / "evidence"
        settings = Configuration.read(settings_files(folder))
        if not place.exists():
            log = Log.create(place, origin=settings.mission.mission.id)
        else:
            log = Log.open(place, readonly=readonly)
        return cls(folder, log, now=now, readonly=readonly)

    @cached_property
    def store(self) -> Store:
        """The projection, opened on first use."""
        url = Configuration.read(settings_files(self.folder)).mission.storage.url
        return open_store(url or self.folder / "state.db")

    @property
    def bulletins(self) -> Path:
        """The folder of what has been published."""
        return self.folder / "bulletins"

    def sync_settings(self) -> int:
        """Append every settings file that differs from what the log holds; return how many did.

        The whole set is checked first: a fault leaves the log as it was.
        """
        files = settings_files(self.folder)
        configuration = Configuration.read(files)
        if self.log.origin != configuration.mission.mission.id:
            raise ConfigurationError(
                f"the evidence log was begun as {self.log.origin!r}; an id is never changed",
                file=MISSION,
                field="mission.id",
            )
        orphans = {
            entry.source for entry in self.log.entries() if entry.kind is EntryKind.REPORT
        } - set(configuration.sources)
        if orphans:
            raise ConfigurationError(
                f"the log holds deliveries of {', '.join(sorted(orphans))}: keep every source that "
                "has ever reported in the registry",
                file=SOURCES,
                field="source",
            )
        known = {
            entry.name: entry.payload
            for entry in self.log.entries()
            if entry.source == OPERATOR and entry.kind in SETTINGS
        }
        changed = [
            NewEntry(
                kind=kind_of(name), source=OPERATOR, payload=raw, name=name, media="text/plain"
            )
            for name, raw in files.items()
            if known.get(name) != hashlib.sha256(raw).hexdigest()
        ]
        if changed:
            self.log.append(changed, received=self.now())
        return len(changed)

    def in_force(self, size: int | None = None) -> InForce:
        """What the first `size` entries put in force; all of them by default."""
        size = self.log.size if size is None else size
        settings: dict[str, StoredEntry] = {}
        deliveries: list[StoredEntry] = []
        for entry in self.log.entries(0, size):
            if entry.kind is EntryKind.REPORT:
                deliveries.append(entry)
            elif entry.kind in SETTINGS and entry.source == OPERATOR:
                settings[entry.name] = entry
        leaves = {f"report\0{entry.source}\0{entry.payload}" for entry in deliveries}
        leaves |= {f"setting\0{name}\0{entry.payload}" for name, entry in settings.items()}
        return InForce(
            size=size,
            settings={name: self.log.payload(entry.payload) for name, entry in settings.items()},
            deliveries=tuple(deliveries),
            records=len(leaves),
            root=evidence_root(leaves),
        )

    def configuration(self) -> Configuration:
        """The settings in force by the log, not by the files of the folder."""
        return Configuration.read(self.in_force().settings)

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
