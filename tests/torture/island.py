"""A small mission to try intake on: the invented island, with three sources and few calls."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from trucewatch.app.mission import Mission

ISLAND = Path(__file__).parents[2] / "docs" / "island"
HEAD = "call,when,lat,lon,how_close,what,wounded,who_called,words\n"
SOURCES = ("harbour-desk", "patrols", "gazette")
MORE = """
[[source]]
id = "patrols"
name = "Patrols of the mission"
kind = "patrol"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
files = ["patrols*.csv"]
{patrols}
[[source]]
id = "gazette"
name = "The island's gazette"
kind = "press"
reader = "generic"
mapping = "mappings/harbour-desk.toml"
timezone = "Atlantic/Azores"
files = ["gazette*.csv"]
{gazette}
"""
# What happened, and what each source tells of it: of some events several tell.
CALLS = (
    ("harbour-desk", "a1,2025-11-08 21:15,35.12,-40.05,heard,mortar,,Southern command,Four rounds"),
    ("harbour-desk", "a2,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,fishers,Shots at the ferry"),
    ("harbour-desk", "a3,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,clinic,Two were treated"),
    ("patrols", "b1,2025-11-11 06:42,35.021,-40.012,seen,gunfire,1,,The patrol saw the firing"),
    ("patrols", "b2,2025-11-12 10:05,35.01,-40.10,seen,mortar,,,Two craters on the path"),
    ("harbour-desk", "a4,2025-11-12 10:00,35.01,-40.10,heard,mortar,,North Guard,Impacts near us"),
    ("gazette", "c1,2025-11-12,35.02,-40.11,heard,explosion,,fishers,A blast by the path"),
    ("gazette", "c2,2025-11-13 08:00,34.90,-40.00,seen,patrol stopped,,,The patrol was sent back"),
    (
        "gazette",
        "c3,2025-11-11 06:40,35.02,-40.01,seen,gunfire,2,fishers,Shots at the ferry landing",
    ),
    ("patrols", "b3,2025-11-13 09:00,35.00,-40.05,seen,gun moved,,,A gun stood in the strip"),
    ("patrols", "b4,not a time,35.00,-40.05,seen,mortar,,,No hour"),
    ("gazette", "c4,2025-11-12 23:59,35.03,-39.90,heard,a whistle,,,Nobody knows what it was"),
)


class SetClock:
    """Stands still until it is set: how often it is asked tells nothing."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def late(self, random: Random) -> None:
        """Let up to three days pass."""
        self.time += timedelta(minutes=random.randrange(3 * 24 * 60))


def lay(folder: Path, *, settings: str = "", patrols: str = "", gazette: str = "") -> Path:
    """The island's settings in a folder; `settings` are added to mission.toml, others to sources.

    Two independent calls on one event suffice for a breach, and one breach for a response.
    """
    shutil.copytree(ISLAND, folder)
    (folder / "reports.csv").unlink()
    for name, more in (
        ("mission.toml", settings),
        ("sources.toml", MORE.format(patrols=patrols, gazette=gazette)),
    ):
        place = folder / name
        place.write_text(place.read_text("utf-8") + more, "utf-8")
    place = folder / "agreement.yaml"
    place.write_text(place.read_text("utf-8").replace("count: 2", "count: 1"), "utf-8")
    return folder


def begun(folder: Path, **settings: str) -> Path:
    """The island with a log that holds its settings and nothing else; copy it for each try."""
    lay(folder, **settings)
    with Mission.open(folder, now=SetClock()) as mission:
        mission.sync_settings()
    return folder


def write(folder: Path, source: str, calls: Sequence[str], *, ends: str = "\n") -> Path:
    """One file as a source delivers it, under a name that its patterns match."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {"harbour-desk": "reports"}.get(source, source)
    path = folder / f"{named}-{'-'.join(call.partition(',')[0] for call in calls)}.csv"
    path.write_bytes(ends.join([HEAD.strip(), *calls, ""]).encode())
    return path
