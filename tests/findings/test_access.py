"""Access denied: a rate for each party alike, by what sources say that speak for none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.findings import access_denied
from trucewatch.model import (
    Claim,
    Finding,
    Incident,
    Interval,
    Nature,
    Party,
    Point,
    Rate,
    Responsibility,
    Source,
    SourceKind,
    State,
    Window,
)

START = datetime(2031, 5, 4, tzinfo=UTC)
WEEK = Rate(
    period="during", window=Window(START, START + timedelta(days=7)), days=7, count=0,
    per_day=0.0, low=0.0, high=0.5, left_out=(),
)  # fmt: skip
PARTIES = (Party(id="east", name="East"), Party(id="west", name="West"))
PLACE = Point(38.0, -27.0, 100.0)
SOURCES = {
    "patrol": Source(id="patrol", name="Patrol", kind=SourceKind.PATROL, timezone="UTC"),
    "east-radio": Source(
        id="east-radio", name="Radio", kind=SourceKind.PARTY, party="east", timezone="UTC"
    ),
}


def claim(key: str, *alleged: str, source: str = "patrol") -> Claim:
    return Claim(
        id=key, report=f"rep-{key}", source=source, kind="access_denied", place=PLACE,
        when=Interval.instant(START), alleged=alleged,
    )  # fmt: skip


def incident(key: str, *claims: str, kind: str = "access_denied", hours: float = 5) -> Incident:
    return Incident(
        id=key, nature=Nature.EVENT, kind=kind, place=PLACE,
        when=Interval.instant(START + timedelta(hours=hours)), region=None, probability=0.9,
        claims=claims, sources=("patrol",), origins=(), observations=2, terms=(), reasons=(),
    )  # fmt: skip


def finding(of: Incident, state: State = State.REPORTED) -> Finding:
    return Finding(
        id=f"fnd-{of.id}", incident=of.id, state=state, provisional=True,
        responsibility=Responsibility.WITHHELD, standard="none", independent_origins=1,
        probability=0.9, seen_share=None, reasons=(),
    )  # fmt: skip


def rates(incidents, claims, *, states=None, over=WEEK, parties=PARTIES):
    states = states or {}
    found = access_denied(
        incidents, [finding(i, states.get(i.id, State.REPORTED)) for i in incidents], claims,
        parties=parties, sources=SOURCES, over=over,
    )  # fmt: skip
    return {row.party: row for row in found}


def test_each_party_has_a_rate_and_a_zero_is_told():
    found = rates([incident("a", "c1"), incident("b", "c2")], [claim("c1", "east"), claim("c2")])
    assert list(found) == ["east", "west", None]
    assert [found[p].incidents for p in found] == [1, 0, 1]
    east = found["east"]
    assert (east.observations, east.days, east.per_day) == (2, 7, pytest.approx(1 / 7, abs=1e-6))
    # Garwood (1936), for one event: 0.0253 to 5.572, over seven days.
    assert (east.low, east.high) == (
        pytest.approx(0.025318 / 7, abs=1e-5), pytest.approx(5.571643 / 7, abs=1e-5),
    )  # fmt: skip
    assert found["west"].high == pytest.approx(3.688879 / 7, abs=1e-5)


def test_what_a_party_says_of_the_other_is_no_rate(monkeypatch):
    one = incident("a", "c1")
    accused = claim("c1", "west", source="east-radio")
    assert rates([one], [accused])["west"].incidents == 0
    monkeypatch.setitem(SOURCES, "east-radio", replace(SOURCES["east-radio"], party=None))
    assert rates([one], [accused])["west"].incidents == 1, "the guard is what held it back"


def test_who_differ_or_name_a_stranger_name_nobody():
    two = incident("a", "c1", "c2")
    assert rates([two], [claim("c1", "east"), claim("c2", "west")])[None].incidents == 1
    assert rates([two], [claim("c1", "north")])[None].incidents == 1
    assert rates([two], [claim("c1", "east", source="unknown")])[None].incidents == 1


def test_only_denied_access_on_whole_days_that_stands_is_counted():
    said = [claim("c1", "east")]
    assert rates([incident("a", "c1", kind="mortar")], said) == {}
    assert rates([incident("a", "c1", hours=24 * 8)], said) == {}
    assert rates([incident("a", "c1")], said, states={"a": State.REFUTED}) == {}
    assert rates([incident("a", "c1")], said, over=None)["east"].per_day is None


@given(st.lists(st.sampled_from(["east", "west", None]), max_size=12))
def test_both_sides_alike(named):
    incidents = [incident(f"i{n}", f"c{n}") for n in range(len(named))]
    swap = {"east": "west", "west": "east", None: None}

    def said(words):
        return [claim(f"c{n}", *([who] if who else [])) for n, who in enumerate(words)]

    one, other = rates(incidents, said(named)), rates(incidents, said([swap[w] for w in named]))
    assert {swap[p]: replace(row, party=swap[p]) for p, row in one.items()} == other
    assert sum(row.incidents for row in one.values()) == len(named)
