"""A mission with people of every role, an account for some of them, and a clock to turn."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from trucewatch.app.mission import Mission
from trucewatch.app.web.accounts import passwords
from trucewatch.app.web.accounts.entering import Accounts

SHIPPED = Path(str(files("trucewatch") / "missions" / "easter-2026"))
PASSWORD = "seven herons over the reeds"  # noqa: S105 -- of a made-up person
PEOPLE = """
[[people]]
id = "lead-1"
name = "Lead"
roles = ["lead"]

[[people]]
id = "analyst-1"
name = "Analyst"
roles = ["analyst"]
"""


class Clock:
    """A clock that stands until somebody turns it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def on(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def write(folder: Path, more: str) -> None:
    """Add to mission.toml and have it in force."""
    with (folder / "mission.toml").open("a") as file:
        file.write(more)
    with Mission.open(folder) as mission:
        mission.sync_settings()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A mission whose settings are in force, with people; copy it before you touch it."""
    folder = tmp_path_factory.mktemp("made") / "mission"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("data"))
    write(folder, PEOPLE)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    """The same, for one test alone."""
    return Path(shutil.copytree(made, tmp_path / "mission"))


@pytest.fixture
def accounts(folder, clock):
    return Accounts(folder, now=clock)


@pytest.fixture
def swift(accounts, monkeypatch):
    """The accounts, hashing with less care: where it is not the hash that is looked at."""
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", weak)
    passwords._nobodys.cache_clear()
    yield accounts
    passwords._nobodys.cache_clear()
