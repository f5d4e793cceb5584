"""Parties that change places change rows and nothing else; a lean that is there is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.findings import FEWEST, symmetry
from trucewatch.findings.symmetry import auditing
from trucewatch.findings.symmetry.cases import ON_GROUND
from trucewatch.model import (
    Area,
    Drawn,
    Effect,
    Extent,
    Finding,
    Incident,
    Interval,
    Nature,
    Origin,
    Point,
    Responsibility,
    Said,
    Source,
    SourceKind,
    State,
    View,
    Watch,
    Zone,
)

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
DAYS = [date(2031, 5, 4), date(2031, 5, 5)]
SWAP = {"north": "south", "south": "north"}


def square(south):
    ring = ((10.0, south), (11.0, south), (11.0, south + 1), (10.0, south + 1), (10.0, south))
    return Area(code="z", name="z", polygons=((ring,),))


ZONES = (
    Zone(code="N", name="N", drawn=Drawn.POLYGON, area=square(51.0), side="north"),
    Zone(code="S", name="S", drawn=Drawn.POLYGON, area=square(49.0), side="south"),
    Zone(code="L", name="L", drawn=Drawn.POLYGON, area=square(50.0)),
)
SOURCES = {
    "eye": Source(id="eye", name="Eye", kind=SourceKind.SATELLITE, timezone="UTC"),
    "pen": Source(id="pen", name="Pen", kind=SourceKind.PRESS, timezone="UTC"),
}
WATCH = Watch(
    id="w",
    report="r",
    source="eye",
    of="satellite",
    where=None,
    when=Interval(NOON - timedelta(hours=12), NOON + timedelta(hours=12)),
    share=0.5,
    reason="cloud",
)


def made(number, *, by=(), lat=50.5, state=State.REPORTED, party=None, hours=5.0, ruled=None):
    """One event with its finding, its origins and the receipt of its claim."""
    name = f"inc-{number:04d}"
    incident = Incident(
        id=name,
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(lat, 10.5, 100.0),
        when=Interval.instant(NOON),
        region=None,
        probability=0.9,
        claims=(f"clm-{number}",),
        sources=("eye", "pen") if number % 2 else ("pen",),
        origins=tuple(f"org-{one}" for one in by),
        observations=1,
        terms=(),
        reasons=(),
    )
    said = ()
    if ruled is not None:
        said = (
            Said(
                index=number,
                at=NOON + timedelta(hours=ruled),
                by="rev",
                what="review",
                word="confirm",
                words="seen",
                effect=Effect.HOLDS,
            ),
        )
    finding = Finding(
        id=f"fnd-{number}",
        incident=name,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="none",
        independent_origins=1,
        probability=0.9,
        seen_share=None,
        reasons=(),
        said=said,
        party=party,
    )
    return incident, finding, (f"clm-{number}", NOON + timedelta(hours=hours))


ORIGINS = tuple(
    Origin(id=f"org-{one}", label=one, party=None if one == "press" else one, claims=(), reasons=())
    for one in ("north", "south", "press")
)


def audited(cases, *, origins=ORIGINS, zones=ZONES, watches=(WATCH,), parties=("north", "south")):
    return symmetry(
        [one[0] for one in cases],
        [one[1] for one in cases],
        origins,
        parties=parties,
        sources=SOURCES,
        zones=zones,
        watches=watches,
        days=DAYS,
        zone=UTC,
        received=dict(one[2] for one in cases),
    )


def row(found, view, party):
    return next(one for one in found.rows if (one.view, one.party) == (view, party))


CASE = st.builds(
    dict,
    by=st.sets(st.sampled_from(["north", "south", "press"])).map(sorted),
    lat=st.sampled_from([49.5, 50.5, 51.5, 50.0005]),
    state=st.sampled_from(list(State)),
    party=st.sampled_from([None, "north", "south"]),
    hours=st.sampled_from([-3.0, 0.0, 1.0, 5.5, 40.0]),
    ruled=st.sampled_from([None, 30.0, 50.0]),
)


def swapped_case(case):
    by = sorted(SWAP.get(one, one) for one in case["by"])
    return {**case, "by": by, "party": SWAP.get(case["party"])}


def exchanged(found):
    """The table with the names of the parties exchanged, in a fixed order."""
    rows = {replace(one, party=SWAP[one.party]) for one in found.rows}
    told = {replace(one, party=SWAP[one.party]) for one in found.differences}
    return rows, told


@given(st.lists(CASE, min_size=30, max_size=60))
def test_parties_that_change_places_change_rows_and_nothing_else(cases):
    zones = tuple(replace(one, side=SWAP.get(one.side)) for one in ZONES)
    one = audited([made(n, **case) for n, case in enumerate(cases)])
    other = audited([made(n, **swapped_case(case)) for n, case in enumerate(cases)], zones=zones)
    assert exchanged(other) == (set(one.rows), set(one.differences))
    assert (one.tests, one.without) == (other.tests, other.without)


@given(st.lists(CASE, max_size=20), st.randoms(use_true_random=False))
def test_the_order_means_nothing(cases, order):
    whole = [made(n, **case) for n, case in enumerate(cases)]
    before = audited(whole)
    order.shuffle(whole)
    assert audited(whole) == before


@given(st.lists(CASE, max_size=40))
def test_counts_add_up(cases):
    found = audited([made(n, **case) for n, case in enumerate(cases)])
    assert dict(found.without)["side"] + sum(
        one.incidents for one in found.rows if one.view is View.SIDE
    ) == len(cases)
    for one in found.rows:
        ladder = [part.count for part in one.parts[:3]]
        assert ladder == sorted(ladder, reverse=True)
        for part in one.parts:
            assert (part.share is None) is (part.among < FEWEST)
            if part.share is not None:
                assert part.low <= part.share <= part.high


def test_a_lean_that_was_put_in_is_found():
    """The saboteur: whoever verifies one party's reports more readily is seen."""
    cases = [
        made(n, by=("north",), state=State.VERIFIED if n % 5 < 3 else State.ALLEGATION, ruled=20.0)
        for n in range(100)
    ]
    cases += [
        made(n, by=("south",), state=State.VERIFIED if n % 5 < 1 else State.ALLEGATION, ruled=70.0)
        for n in range(100, 200)
    ]
    found = audited(cases)
    told = {(one.measure, one.party): one for one in found.differences if one.view is View.REPORTS}
    for party in ("north", "south"):
        assert told["at least verified", party].p < 0.001
        assert told["receipt to ruling", party].p < 0.001
        assert "They differ" in told["at least verified", party].words
        assert "this cannot show" in told["at least verified", party].words
        assert told["event to receipt", party].p == 1


def test_where_there_is_no_lean_none_is_cried():
    """With the same odds for both, no more than one table in twenty says that they differ."""
    chance = np.random.default_rng(11)
    cried = 0
    for _ in range(60):
        cases = [
            made(
                n,
                by=("north" if chance.random() < 0.5 else "south",),
                lat=49.5 if chance.random() < 0.5 else 51.5,
                state=State.VERIFIED if chance.random() < 0.4 else State.ALLEGATION,
                hours=float(chance.exponential(20)),
            )
            for n in range(80)
        ]
        cried += any(
            one.p is not None and one.p < 0.05 for one in audited(cases, watches=()).differences
        )
    assert cried <= 6


def test_too_few_to_tell():
    found = audited([made(n, by=("north",)) for n in range(FEWEST - 1)])
    north = row(found, View.REPORTS, "north")
    assert [part.share for part in north.parts] == [None] * 4
    assert [delay.median for delay in north.delays] == [None] * 3
    assert found.tests == 0
    assert all("Too few to tell" in one.words for one in found.differences)


def test_a_party_that_is_not_heard_is_named():
    found = audited([made(n, by=("north",)) for n in range(FEWEST)])
    assert "'south'" in found.caveats[0]
    assert "missing" in found.caveats[0]
    heard = audited([made(n, by=("north", "south")) for n in range(FEWEST)])
    assert heard.caveats == auditing.CAVEATS
    assert audited([]).caveats == auditing.CAVEATS


def test_the_side_is_told_where_it_is_certain_and_nowhere_else():
    cases = [made(1, lat=51.5), made(2, lat=49.5), made(3, lat=50.5), made(4, lat=51.001)]
    found = audited(cases)
    assert row(found, View.SIDE, "north").incidents == 1
    assert row(found, View.SIDE, "south").incidents == 1
    assert dict(found.without)["side"] == 2
    heat = replace(cases[0][0], nature=Nature.FIRE), cases[0][1], cases[0][2]
    assert row(audited([heat]), View.SIDE, "north").incidents == 0


def test_a_zone_that_moved_counts_while_it_holds():
    from trucewatch.model import Window

    late = tuple(replace(one, holds=Window(NOON + timedelta(hours=1), None)) for one in ZONES)
    assert row(audited([made(1, lat=51.5)], zones=late), View.SIDE, "north").incidents == 0


def test_ground_is_what_could_be_seen_of_it():
    """Half of a square degree on one of two days; what nobody states counts for nothing."""
    found = audited([made(n, lat=51.5) for n in range(12)])
    north, south = (row(found, View.SIDE, one).watched for one in ("north", "south"))
    assert north.area_days == pytest.approx(111.195**2 * 0.6225 / 2, rel=0.01)
    assert north.rate == pytest.approx(12 / (north.area_days / 1000))
    assert north.low < north.rate < north.high
    assert south.area_days > north.area_days
    assert (south.count, south.rate) == (0, 0)
    told = {(one.measure, one.party): one.p for one in found.differences}
    assert told[ON_GROUND, "north"] < 0.01
    blind = audited([made(n, lat=51.5) for n in range(12)], watches=())
    assert row(blind, View.SIDE, "north").watched.area_days is None
    assert row(blind, View.SIDE, "north").watched.rate is None


def test_ground_outside_of_what_a_source_sees_is_not_seen():
    """A source that states its share for other ground says nothing of this one."""
    away = replace(WATCH, where=Extent(-40.0, -40.0, -39.0, -39.0))
    found = audited([made(n, lat=51.5) for n in range(12)], watches=(away,))
    assert row(found, View.SIDE, "north").watched.area_days is None
    both = audited([made(n, lat=51.5) for n in range(12)], watches=(away, WATCH))
    alone = audited([made(n, lat=51.5) for n in range(12)])
    assert row(both, View.SIDE, "north").watched == row(alone, View.SIDE, "north").watched


def test_a_side_so_narrow_that_no_point_of_the_grid_falls_in_is_seen_all_the_same():
    ring = ((10.0, 51.0), (10.0001, 51.0), (11.0001, 52.0), (11.0, 52.0), (10.0, 51.0))
    sliver = Area(code="z", name="z", polygons=((ring,),))
    zones = (replace(ZONES[0], area=sliver), *ZONES[1:])
    north = row(audited([made(1)], zones=zones), View.SIDE, "north").watched
    # A ten-thousandth of a degree wide, a degree high, seen by half on one day of two.
    assert north.area_days == pytest.approx(111.195**2 * 0.6225 / 2 * 1e-4, rel=0.02)


def test_what_was_received_within_a_vague_time_took_no_time_at_all():
    found = audited([made(n, by=("north",), hours=-2.0) for n in range(FEWEST)])
    assert row(found, View.REPORTS, "north").delays[0].median == 0


def test_kinds_of_source_are_counted():
    found = audited([made(n, by=("north",)) for n in range(4)])
    assert row(found, View.REPORTS, "north").by_kind == (("press", 4), ("satellite", 2))


def test_who_is_accused_is_told_by_a_body_alone():
    found = audited([made(1, by=("north",)), made(2, by=("north",), party="south")])
    assert row(found, View.ACCUSED, "south").incidents == 1
    assert row(found, View.ACCUSED, "north").incidents == 0


def test_three_parties_are_each_held_against_all_others():
    zones = (*ZONES[:2], replace(ZONES[2], side="east"))
    cases = [made(n, lat=50.5) for n in range(15)]
    cases += [made(n, lat=51.5, state=State.VERIFIED) for n in range(15, 30)]
    found = audited(cases, zones=zones, parties=("north", "south", "east"))
    told = {
        one.party: one.p
        for one in found.differences
        if (one.view, one.measure) == (View.SIDE, "at least verified")
    }
    assert told["north"] == told["east"] < 0.001
    assert told["south"] is None
