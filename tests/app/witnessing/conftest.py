"""Witnesses that are gone after the test, and a small mission that asks them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from tests.app.witnessing.servers import Witness

from trucewatch.app.mission import Mission

MISSION = """\
[mission]
id = "isle"
name = "Isle"
timezone = "UTC"
"""


@pytest.fixture
def witnesses():
    """Make witnesses by name; they are gone after the test."""
    made: list[Witness] = []

    def make(*names: str) -> list[Witness]:
        found = [Witness(name) for name in names]
        made.extend(found)
        return found

    yield make
    for one in made:
        one.close()


ISLAND = Path(__file__).resolve().parents[3] / "docs" / "island"


@pytest.fixture
def island(tmp_path):
    """The invented island's mission, where one breach opens a response."""
    folder = Path(shutil.copytree(ISLAND, tmp_path / "island"))
    agreement = folder / "agreement.yaml"
    text = agreement.read_text("utf-8")
    agreement.write_text(text.replace("count: 2", "count: 1"), "utf-8")
    return folder


class Clock:
    """Goes one second forward each time it is asked."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def isle(tmp_path, shipped):
    """The folder of a mission without reports."""
    folder = tmp_path / "isle"
    folder.mkdir()
    (folder / "mission.toml").write_text(MISSION, "utf-8")
    (folder / "sources.toml").write_text("# nobody reports\n", "utf-8")
    template = shipped / "template" / "agreement.yaml"
    (folder / "agreement.yaml").write_bytes(template.read_bytes())
    return folder


@pytest.fixture(scope="session")
def shipped():
    return Path(str(files("trucewatch") / "missions"))


@pytest.fixture
def open_island(island):
    return lambda: Mission.open(island, now=Clock())


@pytest.fixture
def open_isle(isle):
    return lambda: Mission.open(isle, now=Clock())
