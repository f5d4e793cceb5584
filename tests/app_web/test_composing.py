"""What the pages of the books show: composed, let through the door, and by whom it is seen."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from trucewatch.app import scaffold
from trucewatch.app.exercise.playing import play
from trucewatch.app.mission import Mission
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.composing import Material, hour_of, issuing
from trucewatch.app.web.policy import policy
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.composing import ground_of, records_of

INSIDE = ("analyst", "reviewer", "desk", "lead")
OUTSIDE = ("public", "observer", "party", "member", "field")
ONLY_INSIDE = {"symmetry", "comparison", "audit", "erasure"}
ONLY_DESK = {"notice", "match"}


def played(folder, until):
    play(folder, like="paris-framework", until=until, progress=lambda *_: None)


@pytest.fixture(scope="module")
def drill(tmp_path_factory):
    """A drill that was stopped while a step of its response was overdue."""
    folder = tmp_path_factory.mktemp("drill") / "drill"
    played(folder, "2027-03-05 05:30")
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A mission into which nothing was put yet."""
    folder = tmp_path_factory.mktemp("bare") / "bare"
    scaffold.init(folder)
    with Mission.open(folder) as mission:
        bring_up_to_date(mission)
    return folder


def sight_of(role, mission):
    roles = frozenset({role, "public"})
    party = "ukraine" if role == "party" else None
    viewer = Viewer(roles=roles, person=None if role == "public" else role, party=party)
    return policy().sight(viewer, mission.configuration().mission.audiences)


def records(folder, role):
    """What a role sees, by sort."""
    found = defaultdict(dict)
    with Mission.open(folder, readonly=True) as mission:
        at = hour_of(mission, mission.now())
        for record in records_of(mission, ground_of(mission), sight_of(role, mission), at=at):
            assert record.id not in found[record.sort], (record.sort, record.id)
            found[record.sort][record.id] = json.loads(json.dumps(dict(record.body)))
        return found


@pytest.mark.parametrize("role", [*INSIDE, *OUTSIDE])
def test_everything_composed_has_a_rule_and_is_plain_json(drill, bare, role):
    for folder in (drill, bare):
        found = records(folder, role)
        assert found["agreement"]
        for sort, bodies in found.items():
            for identifier, body in bodies.items():
                assert body["id"] == identifier, sort
        assert not ONLY_INSIDE & found.keys() or role in INSIDE
        assert not ONLY_DESK & found.keys() or role in {"desk", "lead"}


@pytest.mark.parametrize("role", OUTSIDE)
def test_those_outside_see_the_ladder_as_it_stood_before_their_delay(drill, role):
    inside, outside = records(drill, "lead"), records(drill, role)
    # At the last entry the third step stands; a day earlier it did, too, with less of a history.
    for name, seen in outside["obligation"].items():
        known = inside["obligation"][name]
        assert len(seen["history"]) <= len(known["history"])
        assert all(one["person"] is None for one in seen["history"])
    assert any(one["person"] for row in inside["obligation"].values() for one in row["history"])


def test_the_clock_that_is_stopped_keeps_what_it_had_left(tmp_path):
    folder = tmp_path / "stopped"
    played(folder, "2027-03-02 13:30")
    (row,) = records(folder, "lead")["obligation"].values()
    assert row["stopped"]
    assert {one["clock"]: one["left_hours"] for one in row["clocks"]} == {
        "event": 15.0,
        "determination": 21.0,
    }


@pytest.mark.parametrize("role", OUTSIDE)
def test_bulletins_of_another_audience_are_not_told_of(drill, role):
    seen = {row["audience"] for row in records(drill, role)["bulletin"].values()}
    assert seen == {"public"}
    everything = {row["audience"] for row in records(drill, "desk")["bulletin"].values()}
    assert everything == {"public", "states"}


def test_the_saboteur_that_opens_every_folder_is_caught(drill, monkeypatch):
    def all_of_them(material):
        names = {name.split("/")[0] for name in material.mission.in_force().issued}
        return [(name.removeprefix("for-"), name) for name in sorted(names)]

    monkeypatch.setattr(issuing, "folders", all_of_them)
    seen = {row["audience"] for row in records(drill, "public")["bulletin"].values()}
    assert seen != {"public"}


@pytest.mark.parametrize("role", OUTSIDE)
def test_how_the_log_grows_between_bulletins_is_told_to_nobody_outside(drill, role):
    found = records(drill, role)
    (log,) = found["log"].values()
    assert not {"size", "root", "erased"} & log.keys()
    published = {row["checkpoint"]["size"] for row in found["bulletin"].values()}
    assert {row["size"] for row in found["checkpoint"].values()} == published


def test_what_was_decided_within_the_delay_is_not_told_outside(tmp_path, monkeypatch):
    folder = tmp_path / "fresh"
    played(folder, "2027-03-03 09:30")
    # Determined at 10:00 and disputed at 13:00 of the day before: neither is a day old yet.
    (known,) = [
        row for row in records(folder, "lead")["obligation"].values() if row["step"] == "warning"
    ]
    assert {"determined", "dispute", "settle", "take"} <= {one["what"] for one in known["history"]}
    (seen,) = records(folder, "public")["obligation"].values()
    assert seen["progress"] == "open"
    assert {one["what"] for one in seen["history"]} <= {"opened"}
    # The saboteur: as of now, those outside would read it all.
    monkeypatch.setattr(Material, "at", property(lambda self: self.now))
    (leaked,) = [
        row for row in records(folder, "public")["obligation"].values() if row["step"] == "warning"
    ]
    assert "dispute" in {one["what"] for one in leaked["history"]}


def test_a_truce_that_has_no_hour_yet_has_no_day_either(tmp_path):
    folder = tmp_path / "framework"
    scaffold.init(folder, like="paris-framework")
    with Mission.open(folder) as mission:
        bring_up_to_date(mission)
    (told,) = records(folder, "public")["mission"].values()
    assert (told["truce_from"], told["truce_until"]) == (None, None)
    assert told["truce_words"].startswith("not yet")
