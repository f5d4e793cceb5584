"""The settings of mission.toml in force by the log, asked for on every call and read when it grew.

What somebody may do follows from these alone: whoever lost a role has lost it at the next call.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from trucewatch.app.configuration import MISSION
from trucewatch.app.in_force import OPERATOR, SETTINGS, WITHDRAWN
from trucewatch.app.mission import NotBegun
from trucewatch.app.settings import MissionFile, line_of, read_settings
from trucewatch.app.web.accounts import breached
from trucewatch.app.web.settings import WebSection
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import Log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.app.settings import PersonSection

NOTHING = "nothing is in force yet: 'trucewatch run' enters the settings"


class Settings:
    """The mission.toml in force of one mission; safe to ask from many threads.

    The log is opened only when a file of it has changed, and read only from where it ended. One
    that is shorter than before was put in the place of the first, and is read anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._signs: tuple[object, ...] = ()
        self._size, self._payload = 0, ""
        self._text = ""
        self._found: MissionFile | None = None

    def now(self) -> MissionFile:
        """What is in force; NotBegun before the settings were entered, or where they are gone."""
        with self._lock:
            signs = self._signs_of_growth()
            if signs != self._signs or self._found is None:
                try:
                    self._read()
                except NotFound:
                    # Without a log nothing was entered, as in a mission that was only just made.
                    raise NotBegun(NOTHING) from None
                self._signs = signs
            if self._found is None:
                raise NotBegun(NOTHING)
            return self._found

    @property
    def is_current(self) -> bool:
        """Whether `now` would answer at once, without reading in the log."""
        return self._found is not None and self._signs == self._signs_of_growth()

    def web_at_hand(self) -> WebSection:
        """[web] as it was when it was last read, without a look at the disk; else its defaults."""
        found = self._found
        return WebSection() if found is None else found.web

    def person(self, identifier: str) -> PersonSection | None:
        """The person of that id, None for nobody; of two, the one that counts elsewhere, too."""
        found = {person.id: person for person in self.now().people}
        return found.get(identifier)

    def is_breached(self, password: str) -> bool:
        """Whether a password stands on the mission's list; False where it has none.

        ConfigurationError as of `check_breached`: then no password is taken.
        """
        with self._breached() as path:
            return path is not None and breached.is_breached(path, password)

    def check_breached(self) -> None:
        """Look at the list itself; ConfigurationError, at its setting, for a bad one."""
        with self._breached() as path:
            if path is not None:
                breached.check(path)

    @contextmanager
    def _breached(self) -> Iterator[Path | None]:
        name = self.now().web.breached_passwords
        try:
            yield self._folder / name if name else None
        except breached.NoList as fault:
            where = ("web", "breached_passwords")
            raise ConfigurationError(
                f"{name}: {fault}",
                file=MISSION,
                line=line_of(self._text, where),
                field=".".join(where),
            ) from None

    def _signs_of_growth(self) -> tuple[object, ...]:
        """What changes with every append: the last file of the journal, and the checkpoint."""
        log = self._folder / "evidence"
        try:
            segments = (one for one in (log / "journal").iterdir() if one.name.isdigit())
            last = max(segments, default=log)
            return (last.name, *_sign(last), *_sign(log / "checkpoint"))
        except OSError:
            return ()

    def _read(self) -> None:
        with Log.open(self._folder / "evidence", readonly=True) as log:
            if log.size < self._size:
                self._size, self._payload, self._found = 0, "", None
            payload = self._payload
            for entry in log.entries(self._size, log.size):
                if entry.kind in SETTINGS and entry.source == OPERATOR and entry.name == MISSION:
                    payload = entry.payload
            if payload in {"", WITHDRAWN}:
                self._found = None
            elif payload != self._payload or self._found is None:
                text = log.payload(payload).decode("utf-8-sig")
                self._found = read_settings(MissionFile, text, file=MISSION)
                self._text = text
            self._size, self._payload = log.size, payload


def _sign(path: Path) -> tuple[int, int, int]:
    stat = path.stat()
    return (stat.st_ino, stat.st_size, stat.st_mtime_ns)
