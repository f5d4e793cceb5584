"""A flood of reports from one origin changes no finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.findings import judge
from trucewatch.incidents import Parameters, find_incidents
from trucewatch.model import (
    Attribution,
    Claim,
    Coverage,
    Informant,
    Interval,
    Point,
    Source,
    SourceKind,
    State,
    content_id,
)
from trucewatch.origins import Ties, find_origins, graph

START = datetime(2026, 4, 10, 6, tzinfo=UTC)
NOTHING = Coverage(watches=(), passes=(), region_days=(), sources=())
SOURCES = {
    key: Source(id=key, name=f"The {key}", kind=kind, timezone="UTC", owner=owner)
    for key, kind, owner in (
        ("herald", SourceKind.PRESS, None),
        ("radio", SourceKind.PRESS, None),
        ("patrol", SourceKind.PATROL, None),
        ("blog", SourceKind.RESIDENT, None),
        ("mirror", SourceKind.PRESS, "Ann"),
        ("echo", SourceKind.PRESS, "Ann"),
    )
}
INFORMANTS = (Informant(id="mayor", name="The mayor of Weir", words=("mayor of Weir",)),)
MILL = "Three shells fell on the old mill near Weir before dawn and broke every window of it."
SEEN = "We heard heavy fire in the night and found three craters beside the river this morning."
LINK = "https://herald.example/2026/mill"


def claim(
    name,
    source,
    *,
    text="",
    lat=10.0,
    error_m=1000.0,
    hours=0.0,
    late=0.0,
    informant=None,
    link=None,
):
    at = START + timedelta(hours=hours)
    out = Interval.instant(at + timedelta(hours=6 + late))
    return Claim(
        id=content_id("clm", [name]), report=content_id("rep", [name]), source=source,
        kind="shelling", place=Point(lat, 20.0, error_m), text=text,
        when=Interval(at, at + timedelta(hours=1)),
        attributions=(Attribution(outlet=source, published=out, informant=informant, link=link),),
    )  # fmt: skip


# One story of one origin, an independent account of the same event, and another event.
WORLDS = {
    "nobody named": claim("mill", "herald", text=MILL, link=LINK),
    "an informant named": claim("mill", "herald", text=MILL, link=LINK, informant="mayor of Weir"),
}
BESIDE = {
    "alone": [],
    "corroborated": [claim("crater", "patrol", text=SEEN, lat=10.004, error_m=300.0, hours=0.5)],
    "another event": [claim("port", "radio", lat=11.0, hours=5.0)],
}


def findings(claims):
    origins = find_origins(claims, informants=INFORMANTS, sources=SOURCES)
    incidents = find_incidents(
        claims, origins, sources=SOURCES, regions=(), parameters=Parameters()
    )
    ties = Ties(origins, graph(claims, informants=INFORMANTS, sources=SOURCES))
    found = judge(
        incidents, origins, standards=(), quorum=2, coverage=NOTHING,
        independence={one.id: ties.behind(one.claims) for one in incidents},
    )  # fmt: skip
    return {
        f.incident: (f.state, f.independent_origins, f.probability, f.independence) for f in found
    }


OUTLETS = ["herald", "radio", "blog", "mirror", "echo", "unregistered", "another-blog"]


def repost(k, of, outlet, how, late):
    """A copy of a claim that came out later, by any outlet, told in one of several ways."""
    quoted = of.attributions[0].informant if how == "informant" else None
    said = Attribution(
        outlet=outlet,
        published=Interval.instant(of.attributions[0].published.latest + timedelta(hours=late)),
        informant=quoted,
        link=LINK if how == "link" else None,
    )
    text = {
        "text": MILL,
        "cut": MILL.rsplit(" ", 1)[0],
        "framed": f"Read on {outlet}: {MILL}",
        "shouted": MILL.upper(),
    }.get(how, "")
    return replace(
        of, id=content_id("clm", [f"copy{k}"]), report=f"r{k}", source=outlet, text=text,
        attributions=(said,), external_id=None,
    )  # fmt: skip


flood = st.lists(
    st.tuples(
        st.sampled_from(OUTLETS),
        st.sampled_from(["text", "cut", "framed", "shouted", "link", "informant"]),
        st.floats(0.1, 40.0),
    ),
    min_size=1,
    max_size=12,
)


def copies_of(first, drawn):
    """A drawn flood; who quotes an informant is a copy only where the first quotes him."""
    quotes = first.attributions[0].informant is not None
    return [
        repost(k, first, outlet, "text" if how == "informant" and not quotes else how, late)
        for k, (outlet, how, late) in enumerate(drawn)
    ]


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("first", WORLDS)
@settings(max_examples=15)
@given(drawn=flood)
def test_a_flood_from_one_origin_changes_no_finding(first, beside, drawn):
    before = [WORLDS[first], *BESIDE[beside]]
    assert findings([*before, *copies_of(WORLDS[first], drawn)]) == findings(before)


@pytest.mark.parametrize("beside", BESIDE)
@settings(max_examples=15)
@given(drawn=flood, hours=st.sampled_from([None, -1.0]))
def test_a_flood_that_hides_or_forges_its_date_changes_no_state(beside, drawn, hours):
    """Nobody can check a stated date: who says it was first is taken for the original.

    The incident is then named by it, and P is that of its source; state and voices stay.
    """
    first = WORLDS["nobody named"]
    out = None if hours is None else Interval.instant(START + timedelta(hours=hours))
    copies = [
        replace(c, attributions=(replace(c.attributions[0], published=out),))
        for c in copies_of(first, drawn)
    ]
    before = [first, *BESIDE[beside]]

    def told(claims):
        return sorted((state, n) for state, n, _, _ in findings(claims).values())

    assert told([*before, *copies]) == told(before)


otherwise = st.tuples(
    st.sampled_from([0.0, 0.01, 0.03, 0.2]),
    st.sampled_from([300.0, 1000.0, 5000.0]),
    st.sampled_from([0.0, 0.5, 24.0]),
    st.sampled_from(["shelling", "hostile_act", "movement"]),
)


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("first", WORLDS)
@settings(max_examples=25)
@given(drawn=flood, data=st.data())
def test_copies_that_tell_it_otherwise_raise_nothing(first, beside, drawn, data):
    """Where copies name another place, day or kind it is not known that they tell of one event.

    What they tell may be an incident of its own, or draw the original to itself: then P is that of
    the least trusted who repeats it. Nothing is corroborated that was not, and no P is higher.
    """
    before = [WORLDS[first], *BESIDE[beside]]
    changed = []
    for copy in copies_of(WORLDS[first], drawn):
        north, error_m, hours, kind = data.draw(otherwise)
        at = copy.when.earliest + timedelta(hours=hours)
        place = Point(copy.place.lat + north, 20.0, error_m)
        when = Interval(at, at + timedelta(hours=1))
        changed.append(replace(copy, place=place, when=when, kind=kind))
    was, now = findings(before).values(), findings([*before, *changed]).values()
    assert max(p for _, _, p, _ in now) <= max(p for _, _, p, _ in was) + 1e-9
    corroborated = [sum(state is State.CORROBORATED for state, *_ in each) for each in (was, now)]
    assert corroborated[1] <= corroborated[0]


def test_five_hundred_reposts_change_nothing():
    first = WORLDS["nobody named"]
    copies = [repost(k, first, f"outlet{k}", "text", 1 + k / 100) for k in range(500)]
    assert findings([first, *copies]) == findings([first])


def test_without_origins_the_same_flood_corroborates():
    """Saboteur: where every outlet is taken for an origin, two copies are enough."""
    first = WORLDS["nobody named"]
    copies = [repost(k, first, outlet, "link", 1.0) for k, outlet in enumerate(["radio", "blog"])]
    apart = [
        replace(c, text="", attributions=(replace(c.attributions[0], link=None),)) for c in copies
    ]
    ((state, *_),) = findings([first, *copies]).values()
    assert state is State.REPORTED
    states = {state for state, *_ in findings([first, *apart]).values()}
    assert State.CORROBORATED in states
