"""The evidence page's records in a mission that witnesses cosign: by size, and by who may know."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from tests.app.witnessing.servers import say, section
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, T1, cosigned, take

from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date
from trucewatch.app.web.composing import hour_of
from trucewatch.app.web.policy import policy
from trucewatch.app.web.viewer import Viewer
from trucewatch.app.web.views.composing import ground_of, records_of
from trucewatch.app.witnessing.collecting import collect


def records(mission, role, later=timedelta(0)):
    viewer = Viewer(roles=frozenset({"public", role}), person=role)
    sight = policy().sight(viewer, mission.configuration().mission.audiences)
    found = defaultdict(dict)
    at = hour_of(mission, mission.now()) + later
    for one in records_of(mission, ground_of(mission), sight, at=at):
        found[one.sort][one.id] = dict(one.body)
    return found


def test_who_signed_what_is_told_inside_and_of_bulletins_outside(island, open_island, witnesses):
    three = witnesses("one", "two", "three")
    cosigned(three, T1)
    say(island, section(three, 3))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        collect(mission)
        (issued,) = publish(mission, bring_up_to_date(mission), days=[None])
        lead, public = records(mission, "lead"), records(mission, "public", timedelta(days=3))
    signed = [one for one in lead["checkpoint"].values() if one["cosigned"]]
    assert signed
    for one in signed:
        assert [each["witness"] for each in one["cosigned"]] == ["one", "three", "two"]
        assert one["grade"] == "finding-grade"
    assert sum(one["newest"] for one in lead["checkpoint"].values()) == 1
    assert lead["witness"].keys() == {"one", "two", "three"}
    (log,) = lead["log"].values()
    assert all(one["behind"] == log["size"] - one["size"] for one in lead["witness"].values())
    # Outside only what a bulletin of theirs published is known: not how the log grew before it.
    assert public["checkpoint"].keys() < lead["checkpoint"].keys()
    named = {each["id"] for one in public["checkpoint"].values() for each in one["bulletins"]}
    assert named == {f"public.{issued.stem}"}
    for one in public["witness"].values():
        assert "size" not in one
        assert "behind" not in one
