"""Which state of a mission a view shows, told by cheap facts first and by the log itself then."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch import __version__
from trucewatch.app.inside import INSIDE
from trucewatch.app.mission import STATE

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission
    from trucewatch.bulletins.views import Sight

ROOT = Path(__file__).parents[3]
Facts = tuple[tuple[str, int, int, int], ...]
_PLACES = (
    "",
    "zones",
    *(f"{log}{part}" for log in ("evidence", INSIDE) for part in ("", "/journal")),
)
"""Folders in which whatever a view may show lies as files."""
_SETTINGS = (".toml", ".yaml")


def facts(folder: Path) -> Facts:
    """Name, size, time and number of the files that a run or a decision moves; no file is opened.

    They may change where nothing did, and never stay where something did.
    """
    found = []
    for place in _PLACES:
        where = folder / place
        try:
            files = sorted(path for path in where.iterdir() if not path.name.endswith("-shm"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        for path in files:
            # Beside them lie accounts and sessions, which move with every visit.
            if not (place or path.name.startswith(STATE) or path.suffix in _SETTINGS):
                continue
            try:
                told = path.lstat()
            except FileNotFoundError:
                continue
            if not path.is_dir():
                found.append((f"{place}/{path.name}", told.st_size, told.st_mtime_ns, told.st_ino))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class State:
    """What a view hangs on, apart from who sees it.

    `guard` moves when something was erased or sealed: a view of another guard is shown to nobody,
    not even for the moment that a new one takes. `basis` is everything else.
    """

    guard: str
    basis: str


def state_of(mission: Mission) -> State:
    """The state of a mission as it is open; the sizes of both logs and the settings tell it."""
    return State(
        guard=guard_of(mission),
        basis=_digest(
            [
                mission.log.size,
                mission.log.root(),
                mission.store.basis(),
                mission.store.version(),
                [one for one in facts(mission.folder) if one[0].startswith(f"{INSIDE}/")],
            ]
        ),
    )


def guard_of(mission: Mission) -> str:
    """What is erased, and who is sealed or not known."""
    sources = mission.configuration().sources
    sealed = sorted(source for source, one in sources.items() if one.sealed)
    return _digest([mission.erased_digest(), sealed, sorted(sources)])


@cache
def made_by() -> str:
    """Which code makes views: another version, or the same one edited, makes them anew."""
    found = []
    for package in ("app/web", "bulletins"):
        for path in sorted(ROOT.joinpath(package).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                told = path.stat()
                found.append((path.name, told.st_size, told.st_mtime_ns))
    return _digest([__version__, found])


def key_of(sight: Sight) -> str:
    """A name for what a sight lets through: other rules, another audience, another key."""
    audience = sight.audience
    return _digest(
        [
            made_by(),
            sight.name,
            sight.inside,
            sight.party,
            sorted((field, rule.value) for field, rule in sight.rules.items()),
            audience.name,
            audience.grid_m,
            audience.delay.total_seconds(),
            audience.show_sources,
            audience.min_count,
            audience.finer,
        ]
    )


def _digest(value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
