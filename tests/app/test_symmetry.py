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


def test_ground_and_shares_are_told_where_they_are_known_and_only_there(audited):
    row = next(one for one in audited["rows"] if one["parts"] and one["incidents"])
    few = {**row["parts"][0], "share": None, "interval_95": [None, None]}
    seen = {"count": 3, "km2_days": 2000.0, "per_1000_km2_days": 1.5, "interval_95": [0.31, 4.38]}
    unseen = {"count": 3, "km2_days": None, "per_1000_km2_days": None, "interval_95": [None, None]}

    def said(**change):
        return lines({**audited, "rows": [{**row, **change}]})

    told = said(parts=[few], watched=seen)
    measure = f"    {few['measure']}: {few['count']} of {few['among']}, too few to tell (under 10)"
    assert measure in told
    assert (
        "    1.50 events per 1,000 km² that could be seen for a day (95 % interval 0.31 to 4.38)"
        in told
    )
    assert "    what could be seen of this side, nobody has stated" in said(watched=unseen)
    assert not any("could be seen" in line for line in said(watched=None, view=row["view"])[:-9])
