"""A mission in its first hours: made, opened, worked through, with nothing that may be shown."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.scaffold import init
from trucewatch.app.web import serving
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.viewer import Viewer
from trucewatch.errors import NotFound

LEAD = Viewer(roles=frozenset({"lead"}), person="duty-lead")
PAGE = {"Accept": "text/html"}
RULES = ("sources.toml", "trucewatch ", "[[source]]", ".yaml")


@pytest.fixture
def folder(tmp_path):
    init(tmp_path / "mission")
    return tmp_path / "mission"


def caller(folder, who=None):
    site = MissionSite(folder)
    if who is not None:
        site.viewer = lambda _request: who
    return TestClient(make_app(site), base_url="http://127.0.0.1")


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page.text))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A mission that was worked through before anything came in."""
    folder = tmp_path_factory.mktemp("empty") / "mission"
    init(folder)
    with Mission.open(folder) as mission:
        bring_up_to_date(mission)
    return folder


def test_a_mission_that_was_only_just_made_says_what_to_do_next(folder):
    client, before = caller(folder), set(folder.rglob("*"))
    for path in ("/", "/incidents", "/agreement", "/sign-in"):
        page = client.get(path, headers=PAGE)
        assert page.status_code == 503, path
        assert "Nothing to show yet" in page.text
        assert "trucewatch ingest FILE…" in page.text
    told = client.get("/api/v1/incidents")
    assert (told.status_code, told.headers["content-type"]) == (503, "application/problem+json")
    assert set(folder.rglob("*")) == before, "looking makes nothing"


def test_it_is_served_all_the_same_and_a_folder_without_a_mission_is_not(
    folder, tmp_path, monkeypatch
):
    said = []
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda *_, **__: None)
    serving.serve(folder, port=0, say=said.extend)
    assert said[0].startswith("Trucewatch at http://127.0.0.1:")
    with pytest.raises(NotFound, match="trucewatch init"):
        serving.serve(tmp_path / "nowhere", port=0, say=said.extend)


def test_once_somebody_can_sign_in_the_steps_are_told_to_those_inside(folder):
    with Mission.open(folder) as mission:
        mission.sync_settings()
    public, inside = (
        caller(folder).get("/", headers=PAGE),
        caller(folder, LEAD).get("/", headers=PAGE),
    )
    assert {public.status_code, inside.status_code} == {503}
    assert "Nothing to show yet" in public.text
    assert not [rule for rule in RULES if rule in public.text]
    assert "trucewatch run" in inside.text


def test_where_all_is_held_back_the_figure_says_so(empty):
    public = words(caller(empty).get("/"))
    assert "0 incidents" in public
    assert "Only days that ended more than 24 hours ago are counted" in public
    assert "Whatever is younger is not shown, nor whether there is any" in public
    assert "No full day of the truce has been counted" in public
    assert "that takes a full day, from midnight to midnight" in public
    lead = words(caller(empty, LEAD).get("/"))
    assert "hours ago are counted" not in lead, "nothing is held back from them"


@pytest.mark.parametrize("path", ["/stories", "/bulletins", "/commitments", "/sources"])
def test_how_a_mission_is_run_is_told_to_those_who_run_it(empty, path):
    public = caller(empty).get(path, headers=PAGE)
    assert public.status_code == 200
    assert not [rule for rule in RULES if rule in public.text]
    assert [rule for rule in RULES if rule in caller(empty, LEAD).get(path, headers=PAGE).text]


def test_the_public_is_told_that_no_story_is_published(empty):
    assert "No story is published." in caller(empty).get("/stories").text
