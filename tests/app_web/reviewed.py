"""A mission with an office of every role, served: for the tests of what people enter."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.serving import listening

from trucewatch.app.intake import ingest
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite

SHIPPED = Path(str(files("trucewatch") / "missions" / "easter-2026"))
ROLES = {
    "obs": ("observer", ""),
    "pam": ("party", 'party = "ukraine"'),
    "mem": ("member", 'state = "france"'),
    "team": ("field", ""),
    "ana": ("analyst", ""),
    "ann": ("reviewer", ""),
    "ben": ("reviewer", ""),
    "clerk": ("desk", ""),
    "chief": ("lead", ""),
}
"""Whoever has an account, by role, and for whom they speak."""

OFFICES = "".join(
    f'\n[[people]]\nid = "{name}"\nname = "Office {name.upper()}"\nroles = ["{role}"]\n{more}\n'
    for name, (role, more) in ROLES.items()
)


def staffed(folder: Path, *, two: bool = True, sealed: str = "") -> Path:
    """The demonstration's mission with its reports read, people, and perhaps a source sealed."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("data"))
    path = folder / "mission.toml"
    review = f"\n[review]\ntwo_person = {str(two).lower()}\nreply_hours = 48\n"
    path.write_text(path.read_text("utf-8") + review + OFFICES, "utf-8")
    if sealed:
        path = folder / "sources.toml"
        old = f'id = "{sealed}"\n'
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, f"{old}sealed = true\n"), "utf-8")
    with Mission.open(folder) as mission:
        ingest(mission, sorted((SHIPPED / "data").iterdir()))
        bring_up_to_date(mission)
    return folder


def site_of(folder: Path) -> MissionSite:
    """The mission as it is served, with a state that follows only when a test says so."""
    site = MissionSite(folder)
    site.follow = lambda: None
    APPS[folder] = make_app(site)
    return site


APPS: dict[Path, FastAPI] = {}
"""One application a mission: making one takes longer than a call."""


def caller(site: MissionSite, person: str | None, *, scopes=("read", "review", "reply")):
    """A program with a person's token; the public for None."""
    client = TestClient(APPS[site.folder], base_url="http://localhost")
    if person is not None:
        _, secret = site.accounts.give_token(person, frozenset(scopes), days=1, how="test")
        client.headers["Authorization"] = f"Bearer {secret}"
    return client


def reader(site: MissionSite, person: str | None):
    """A browser in which a person has signed in; nobody for None."""
    client = TestClient(APPS[site.folder], base_url="http://localhost")
    if person is not None:
        client.headers["Cookie"] = f"trucewatch={session(site, person)}"
    return client


def session(site: MissionSite, person: str) -> str:
    """What a browser keeps of a session."""
    return site.accounts.enter(person, "password").session


def form_secret(page: str) -> str:
    """The secret that a page's forms carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def size(folder: Path) -> int:
    """How many entries the evidence log has."""
    with Mission.open(folder, readonly=True) as mission:
        return mission.log.size


def look(site: MissionSite, incident: str) -> dict:
    """What a reviewer sees of an incident, as an act carries it."""
    with Mission.open(site.folder, readonly=True) as mission:
        from trucewatch.app.findings.seen import seen_now

        now = seen_now(mission, mission.store.incident(incident))
    return {"claims": sorted(now.claims), "entries": sorted(now.entries)}


def derive(site: MissionSite) -> None:
    """Have the state follow the log, and the views follow the state."""
    with Mission.open(site.folder) as mission:
        bring_up_to_date(mission)
    site.views.look()


@contextmanager
def served(site: MissionSite):
    """The site on a port of this machine, as `trucewatch serve` has it; its address."""
    with listening(make_app(site)) as port:
        yield f"http://127.0.0.1:{port}"
