"""The symmetry audit of a mission as it is printed, on the demonstration."""

from __future__ import annotations

import json

import pytest

from trucewatch.app.findings.symmetry import TITLES, audit, lines
from trucewatch.app.mission import Mission


@pytest.fixture(scope="module")
def audited(lived):
    with Mission.open(lived, readonly=True) as mission:
        return audit(mission)


def test_every_view_has_every_party(audited):
    assert {(row["view"], row["party"]) for row in audited["rows"]} == {
        (view, party) for view in TITLES for party in ("russia", "ukraine")
    }


def test_who_is_not_heard_is_told_first_and_filled_by_nothing(audited):
    said = "\n".join(lines(audited))
    assert "Russia: 0 events" in said
    assert "No event here is told of by 'russia', while others tell of 147" in said
    assert "at least reported: 3 of 147, 2% (95 % interval 1% to 6%)" in said
    assert "receipt to ruling: known of 0, too few to tell (under 10)" in said


def test_nobody_is_held_responsible_where_no_body_has_said_so(audited):
    accused = [row for row in audited["rows"] if row["view"] == "accused"]
    assert {row["incidents"] for row in accused} == {0}
    assert audited["without"]["accused"] == 215


def test_it_can_be_read_by_programs(audited):
    assert json.loads(json.dumps(audited, allow_nan=False)) == audited
