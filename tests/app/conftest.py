"""A clock that is handed in, and the demonstration's mission before anything was delivered."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date

SHIPPED = Path(str(files("trucewatch") / "missions" / "easter-2026"))


class Clock:
    """Goes one second forward each time it is asked."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture(scope="session")
def data():
    """The folder of the demonstration's deliveries."""
    return SHIPPED / "data"


@pytest.fixture(scope="session")
def open_mission():
    """Open a mission at a time in June 2026; two calls do not share a clock."""
    return lambda folder: Mission.open(folder, now=Clock())


@pytest.fixture(scope="session")
def lay_out():
    """Write the settings of the demonstration's mission into a new folder."""

    def lay(folder: Path) -> Path:
        return Path(shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("data")))

    return lay


@pytest.fixture
def empty_mission(tmp_path, lay_out):
    """The folder of the demonstration's mission before anything was delivered."""
    return lay_out(tmp_path / "mission")


@pytest.fixture(scope="session")
def lived(data, lay_out, open_mission, tmp_path_factory):
    """A mission that has been run and has published one day; copy it before you touch it."""
    folder = lay_out(tmp_path_factory.mktemp("lived") / "mission")
    with open_mission(folder) as mission:
        ingest(mission, sorted(data.iterdir()))
        publish(mission, bring_up_to_date(mission), days=[date(2026, 4, 12)])
    return folder


@pytest.fixture
def mission_folder(lived, tmp_path):
    return shutil.copytree(lived, tmp_path / "mission")
