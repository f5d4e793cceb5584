"""Views follow a mission: made when asked for, never shown after a seal, held for the public."""

from __future__ import annotations

import asyncio
import shutil
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from trucewatch.app.cli import app
from trucewatch.app.mission import VIEWS, Mission, NotBegun
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web import events
from trucewatch.app.web.following import Follower
from trucewatch.app.web.making import make_app
from trucewatch.app.web.mission_site import MissionSite
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views import keeping
from trucewatch.errors import TrucewatchError

LEAD = Viewer(roles=frozenset({"lead"}), person="duty-lead")
PARTY = Viewer(roles=frozenset({"observer"}), person="someone")


class Clock:
    def __init__(self):
        self.time = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.time


@pytest.fixture(scope="module")
def derived(tmp_path_factory):
    folder = tmp_path_factory.mktemp("followed") / "mission"
    shipped = Path(str(files("trucewatch") / "missions" / "easter-2026"))
    shutil.copytree(shipped, folder, ignore=shutil.ignore_patterns("data"))
    with Mission.open(folder) as mission:
        bring_up_to_date(mission)
    return folder


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(derived, tmp_path, clock):
    return MissionSite(Path(shutil.copytree(derived, tmp_path / "mission")), now=clock)


def rename(site, name):
    """Another name for the mission: everybody may see it."""
    change(site, lambda text: text.replace('\nname = "', f'\nname = "{name} ', 1))


def change(site, edit, file="mission.toml"):
    path = site.folder / file
    path.write_text(edit(path.read_text()))
    with Mission.open(site.folder) as mission:
        bring_up_to_date(mission)


def name_of(site, viewer):
    return site.view(viewer).page("mission").bodies[0]["name"]


def kept(site):
    return {path.name for path in (site.folder / VIEWS).iterdir()}


def test_one_private_file_a_sight_which_the_next_start_takes_as_it_is(site, clock, monkeypatch):
    view = site.view(Viewer())
    assert site.view(Viewer()) is view
    assert len(kept(site)) == 1
    assert (site.folder / VIEWS).stat().st_mode & 0o777 == 0o700
    site.view(LEAD)
    files_then = kept(site)
    assert len(files_then) == 2
    monkeypatch.setattr(keeping, "write_view", None)
    again = MissionSite(site.folder, now=clock)
    assert again.view(Viewer()).digest == view.digest
    assert kept(site) == files_then


def test_a_damaged_file_is_made_anew(site, clock):
    digest = site.view(Viewer()).digest
    (path,) = (site.folder / VIEWS).iterdir()
    path.write_bytes(path.read_bytes()[:-4096])
    assert MissionSite(site.folder, now=clock).view(Viewer()).digest == digest
    path.write_bytes(b"foreign")
    assert MissionSite(site.folder, now=clock).view(Viewer()).digest == digest


def test_the_public_moves_at_the_hour_of_release_and_those_who_signed_in_at_once(site, clock):
    before = {viewer: name_of(site, viewer) for viewer in (Viewer(), PARTY, LEAD)}
    rename(site, "New")
    assert site.views.look()
    assert name_of(site, LEAD) == f"New {before[LEAD]}"
    assert name_of(site, PARTY) == f"New {before[PARTY]}"
    assert name_of(site, Viewer()) == before[Viewer()]
    assert site.view(LEAD).changes()
    # Nor does a new start show it earlier.
    again = MissionSite(site.folder, now=clock)
    assert name_of(again, Viewer()) == before[Viewer()]
    clock.time += timedelta(days=1)
    site.views.look()
    assert name_of(site, Viewer()) == f"New {before[Viewer()]}"


def test_without_the_hold_the_public_would_move_with_each_run(site, monkeypatch):
    before = name_of(site, Viewer())
    monkeypatch.setattr(keeping, "_is_public", lambda _: False)
    rename(site, "New")
    site.views.look()
    assert name_of(site, Viewer()) != before


def seal_a_source(text):
    return text.replace("\n[[source]]\n", "\n[[source]]\nsealed = true\n", 1)


def test_what_was_sealed_is_shown_to_nobody_from_then_on(site):
    old, files_then = site.view(Viewer()), kept(site)
    change(site, seal_a_source, "sources.toml")
    site.views.look()
    # The public waits for no hour of release here.
    assert site.peek(Viewer()) is not old
    assert not kept(site) & files_then
    assert site.view(Viewer()).about["guard"] != old.about["guard"]


def test_without_the_guard_the_public_would_see_it_until_the_next_morning(site, monkeypatch):
    old = site.view(Viewer())
    monkeypatch.setattr("trucewatch.app.web.views.state.guard_of", lambda *_: old.about["guard"])
    change(site, seal_a_source, "sources.toml")
    site.views.look()
    assert site.peek(Viewer()) is old


def test_an_erasure_takes_the_files_away_though_nobody_serves(site):
    site.view(Viewer())
    with Mission.open(site.folder) as mission:
        mission.forget_projection()
    assert kept(site) == set()


def test_before_anything_was_derived(tmp_path):
    site = MissionSite(tmp_path, who=lambda _request: Viewer())
    with pytest.raises(NotBegun):
        site.view(Viewer())
    with TestClient(make_app(site), base_url="http://127.0.0.1") as client:
        page = client.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, "Nothing to show yet" in page.text) == (503, True)
        assert client.get("/").status_code == 503


def test_only_who_works_inside_hears_of_work_and_only_of_what_they_see(site):
    async def listen(viewer, lines):
        seen = events._Seen(site.view(viewer).digest, site.view(viewer).at)
        stream = events._stream(site, None, viewer, seen, "me")
        return [(await asyncio.wait_for(anext(stream), 9)).decode() for _ in range(lines)]

    told = asyncio.run(listen(LEAD, 2))
    assert told[0].startswith("retry")
    assert '"doing": "resting"' in told[1]
    view = site.view(Viewer())
    seen = events._Seen(view.digest, view.at)
    assert list(events._news(site, Viewer(), seen, inside=False)) == []
    view = site.view(LEAD)
    seen = events._Seen(view.digest, view.at, site.work)
    rename(site, "New")
    site.now.time += timedelta(seconds=5)
    site.views.look()
    assert list(events._news(site, Viewer(), events._Seen(site.view(Viewer()).digest, None),
                             inside=False)) == []  # fmt: skip
    (line,) = events._news(site, LEAD, seen, inside=True)
    changes = len(site.view(LEAD).changes())
    assert f'"changes": {changes}'.encode() in line
    assert changes > 0
    assert list(events._news(site, LEAD, seen, inside=True)) == []


def test_places_to_listen_are_few_and_given_back():
    places = events.Places()
    held = [places.one("me") for _ in range(events.MOST_EACH)]
    assert all(place.__enter__() for place in held)
    with pytest.raises(events.HTTPException) as fault:
        places.refuse("me")
    assert fault.value.status_code == 429
    with places.one("me") as free:
        assert not free
    places.refuse("another")
    for place in held:
        place.__exit__(None, None, None)
    places.refuse("me")
    assert not places._taken


def test_strangers_leave_places_for_people_and_are_counted_by_network():
    places = events.Places()
    held = []
    for network in range(events.MOST_OF_ALL_NETWORKS // events.MOST_OF_A_NETWORK):
        held += [places.one(events.stranger(str(network))) for _ in range(events.MOST_OF_A_NETWORK)]
        assert all(one.__enter__() for one in held[-events.MOST_OF_A_NETWORK :])
        with pytest.raises(events.HTTPException):
            places.refuse(events.stranger(str(network)))
    with pytest.raises(events.HTTPException) as fault:
        places.refuse(events.stranger("yet another"))
    assert fault.value.status_code == 429
    places.refuse("me")
    for one in held:
        one.__exit__(None, None, None)
    assert not places._taken


def test_behind_a_proxy_the_public_is_many(site, monkeypatch):
    with (site.folder / "mission.toml").open("a") as file:
        file.write('\n[web]\nproxies = ["127.0.0.1"]\n')
    with Mission.open(site.folder) as mission:
        mission.sync_settings()
    heard = []

    async def stream(_site, _request, _viewer, _seen, name):
        heard.append(name)
        yield b"x"

    monkeypatch.setattr(events, "_stream", stream)
    near = TestClient(make_app(site), base_url="http://127.0.0.1", client=("127.0.0.1", 1))
    for address in ("203.0.113.7", "198.51.100.7"):
        near.get("/events", headers={"X-Forwarded-For": address})
    assert heard == ["at 203.0.113.0/24", "at 198.51.100.0/24"]


def follower(tmp_path, program, clock):
    script = tmp_path / "run.py"
    script.write_text(program)
    return Follower(tmp_path, now=clock, command=(sys.executable, str(script)))


def settled(one):
    until = time.monotonic() + 30
    while one.work.doing == "running" and time.monotonic() < until:
        time.sleep(0.02)
    return one.work


COUNTS = """
import sys, time
from pathlib import Path
with (Path(sys.argv[2]) / "ran").open("a") as file: file.write("x")
time.sleep(0.4)
"""


def test_runs_follow_one_another_and_what_came_meanwhile_is_run_once_more(tmp_path, clock):
    one = follower(tmp_path, COUNTS, clock)
    for _ in range(5):
        one.ask()
    assert one.work.doing == "running"
    deadline = time.monotonic() + 30
    while one._thread is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert settled(one).doing == "resting"
    assert (tmp_path / "ran").read_text() in {"x", "xx"}
    one.close()
    one.ask()
    assert one._thread is None


def test_a_run_that_fails_is_tried_again_and_told(tmp_path, clock, monkeypatch):
    monkeypatch.setattr("trucewatch.app.web.following.PATIENCE_S", 0.01)
    monkeypatch.setattr("trucewatch.app.web.following.TRIES", 2)
    fails = "import sys\nsys.exit('first line\\nthe log is held by another')"
    one = follower(tmp_path, fails, clock)
    one.ask()
    deadline = time.monotonic() + 30
    while one._thread is not None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert (one.work.doing, one.work.words) == ("failed", "the log is held by another")


def test_a_port_that_is_taken_is_told_in_one_line(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = CliRunner().invoke(
            app, ["serve", "--mission", str(site.folder), "--port", str(port)]
        )
    assert isinstance(told.exception, TrucewatchError)
    assert f"port {port} of 127.0.0.1 is taken" in str(told.exception)
