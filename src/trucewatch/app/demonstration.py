"""The demonstration: the Easter truce of 2026, from the data in the package to its bulletins."""

from __future__ import annotations

from datetime import date
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from trucewatch.app.configuration import MISSION, SOURCES
from trucewatch.app.files import draft_of, make_folder, write_whole
from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.errors import NotFound, Withheld
from trucewatch.model import Nature, Sight

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trucewatch.app.publishing.bulletins import Issued
    from trucewatch.model import Coverage
    from trucewatch.store import Derived

SHIPPED = "easter-2026"
DAYS: tuple[date | None, ...] = (
    date(2026, 4, 10),
    date(2026, 4, 11),
    date(2026, 4, 12),
    date(2026, 4, 13),
    None,
)
"""The days on which all sources of the demonstration report, then the whole truce."""


def build(folder: Path, *, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
    """Make the mission, take everything in, run it, publish, and sum it up.

    A second call on the same folder changes nothing and says the same. `withheld` is the reason
    why there are no bulletins (the clock stands before the truce), else None. Raises NotFound for
    a folder that holds something else.
    """
    if (
        not (folder / MISSION).is_file()
        and folder.is_dir()
        and set(folder.iterdir()) - {draft_of(folder / MISSION)}
    ):
        raise NotFound(f"{folder} is not empty and holds no mission: choose another folder")
    with as_file(files("trucewatch") / "missions" / SHIPPED) as shipped:
        _copy_settings(shipped, folder)
        deliveries = sorted((shipped / "data").iterdir())
        with Mission.open(folder) as mission:
            ingest(mission, deliveries, progress=progress)
            derived = bring_up_to_date(mission, progress=progress)
            progress("publishing", 0, 1)
            issued, withheld = _published(mission, derived)
            progress("publishing", 1, 1)
            summary = summary_of(mission, derived)
            name = mission.configuration().mission.mission.name
    return {
        "name": name,
        "folder": str(folder),
        "headline": issued[-1].headline if issued else None,
        "withheld": withheld,
        **summary,
        "unobserved": _unobserved(derived.coverage, derived),
        "look_at": str(issued[-1].files[0]) if issued else None,
        "ask": _telling(derived),
        "bulletins": {each.number: [str(path) for path in each.files] for each in issued},
    }


def _published(mission: Mission, derived: Derived) -> tuple[tuple[Issued, ...], str | None]:
    """The bulletins, or why there are none: the rest of the demonstration stands all the same."""
    try:
        return publish(mission, derived, days=DAYS), None
    except Withheld as fault:
        return (), str(fault)


def _copy_settings(shipped: Path, folder: Path) -> None:
    """Copy the mission's settings, leaving alone what is there already.

    MISSION comes first: by it a call that was cut short is known, and may be begun again.
    """
    for path in sorted(shipped.rglob("*"), key=lambda path: (path.name != MISSION, path)):
        name = path.relative_to(shipped)
        if path.is_file() and name.parts[0] != "data" and not (folder / name).exists():
            make_folder((folder / name).parent)
            # It may name sealed sources, so it is for the owner's eyes.
            write_whole(folder / name, path.read_bytes(), private=path.name == SOURCES)


def _unobserved(coverage: Coverage, derived: Derived) -> str:
    """What could not be seen, in a line."""
    days = [day for day in coverage.region_days if day.seen_share is not None]
    dark = sum(day.sight is Sight.UNOBSERVED for day in coverage.region_days)
    fires = sum(incident.nature is Nature.FIRE for incident in derived.incidents)
    shares = [1 - day.seen_share for day in days if day.passes and day.seen_share is not None]
    clouds = (
        f"; cloud hid {min(shares):.0%} to {max(shares):.0%} of a region under the satellites"
        if shares
        else ""
    )
    return (
        f"{dark} of {len(coverage.region_days)} region-days{clouds}; "
        f"{fires} fires that no report ties to an event"
    )


def _telling(derived: Derived) -> str:
    """An incident worth asking about: the one with most claims, then the most probable."""
    best = max(
        derived.incidents,
        key=lambda each: (
            each.nature is Nature.EVENT,
            len(each.origins),
            each.probability,
            each.id,
        ),
    )
    return best.id
