"""The demonstration behind a real server on this machine, with a token of its lead."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.serving import listening

from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.publishing import alerting
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

SHIPPED = Path(str(files("trucewatch") / "missions" / "easter-2026"))
SETTINGS = """
[web]
calls_per_minute = 1000000

[[people]]
id = "lead-1"
name = "Lead"
roles = ["lead"]
"""


def now() -> datetime:
    """A clock that stands."""
    return datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The demonstration's mission with one person, run; copy it before you touch it."""
    made = Path(
        shutil.copytree(
            SHIPPED,
            tmp_path_factory.mktemp("api") / "mission",
            ignore=shutil.ignore_patterns("data"),
        )
    )
    with (made / "mission.toml").open("a") as file:
        file.write(SETTINGS)
    with Mission.open(made, now=now) as mission:
        ingest(mission, sorted((SHIPPED / "data").iterdir()))
        derived = bring_up_to_date(mission)
        publish(mission, derived, days=[date(2026, 4, 12)])
        alerting.send(mission, derived)
    return made


@pytest.fixture(scope="session")
def site(folder):
    """The mission as it is served."""
    return MissionSite(folder, now=now)


@pytest.fixture(scope="session")
def token(site):
    """What the lead puts into the Authorization header."""
    _, secret = site.accounts.give_token("lead-1", frozenset({"read"}), days=30, how="a test")
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="session")
def client(site):
    """Calls without a server between."""
    return TestClient(make_app(site), base_url="http://127.0.0.1")


@pytest.fixture(scope="session")
def server(site):
    """The address of the mission's application."""
    with listening(make_app(site)) as port:
        yield f"http://127.0.0.1:{port}"
