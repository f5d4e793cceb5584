"""Nobody who collects releases learns more of a place than one of them tells.

An incident lives: it is delivered again, accounts join and are withdrawn, its estimate moves each
time. The attacker has every release, knows the grid and the noise, and guesses the place.
"""

from __future__ import annotations

import math
import random
import statistics
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from trucewatch.bulletins import Audience, compose, redact
from trucewatch.bulletins.anchor import Anchors
from trucewatch.bulletins.told import cell_of
from trucewatch.bulletins.veil import cell_centre
from trucewatch.bulletins.views import Material, Outlook, Sight
from trucewatch.bulletins.views.incidents import incident_drafts
from trucewatch.incidents import founded_by
from trucewatch.incidents.identity_of import incident_id
from trucewatch.incidents.regions import Regions
from trucewatch.model import Attribution, Claim, Incident, Interval, Point

GRID_M = 5000.0
NOISE_M = 1500.0
RELEASES = 1000
DEGREE_M = 111_195.0
START = datetime(2031, 5, 4, 9, tzinfo=UTC)
AUDIENCE = Audience(
    name="public", grid_m=GRID_M, delay=timedelta(hours=24), show_sources=True, min_count=1
)

SIGHT = Sight(name="public", audience=AUDIENCE, rules={})


def moved(place: Point, east_m: float, north_m: float) -> Point:
    width = DEGREE_M * math.cos(math.radians(place.lat))
    return Point(place.lat + north_m / DEGREE_M, place.lon + east_m / width, place.error_m)


def apart_m(a: tuple[float, float], b: Point) -> float:
    width = DEGREE_M * math.cos(math.radians(b.lat))
    return math.hypot((a[0] - b.lat) * DEGREE_M, (a[1] - b.lon) * width)


def account(at: int, place: Point, draw: random.Random, *, dated: float) -> Claim:
    """What one source tells of it, by its own date so many hours after the event."""
    seen = moved(place, draw.gauss(0, NOISE_M), draw.gauss(0, NOISE_M))
    return Claim(
        id=f"clm-{at:04}",
        report=f"rep-{at:04}",
        source=f"s{at}",
        kind="shelling",
        place=Point(seen.lat, seen.lon, NOISE_M),
        when=Interval.days(START.date(), START.date(), UTC),
        attributions=(Attribution(published=Interval.instant(START + timedelta(hours=dated))),),
    )


def estimate(like: Incident, claims: list[Claim], region: str | None = "N") -> Incident:
    """The mean of the accounts, as the association makes it of accounts of one error."""
    lat = statistics.fmean(c.place.lat for c in claims)
    lon = statistics.fmean(c.place.lon for c in claims)
    return replace(
        like,
        place=Point(lat, lon, NOISE_M / math.sqrt(len(claims))),
        claims=tuple(sorted(c.id for c in claims)),
        sources=tuple(sorted(c.source for c in claims)),
        region=region,
    )


def life(place: Point, draw: random.Random, *, orderly: bool = True):
    """The accounts that stand at each release: most bring a new one, or withdraw one.

    In an orderly life news is dated after older news, and the account that names the incident is
    not withdrawn; in the other any may be older, and any may go.
    """
    known = [account(0, place, draw, dated=0.0)]
    drawn = 1
    for _ in range(RELEASES):
        step = draw.random()
        if step < 0.6:
            hours = drawn if orderly else draw.uniform(0, 1000)
            known.append(account(drawn, place, draw, dated=float(hours)))
            drawn += 1
        elif step < 0.9 and len(known) > 1:
            known.pop(draw.randrange(1 if orderly else 0, len(known)))
        yield list(known)


def told(like: Incident, claims: list[Claim], regions) -> tuple[float, float, str | None]:
    """The cell, and the region, in which a release tells an incident to be."""
    joined = estimate(like, claims)
    read_off = Regions(regions).codes([joined.place])[0]
    incident = Anchors(claims, regions).told(replace(joined, region=read_off))
    lat, lon, _ = cell_of(incident.place, AUDIENCE)
    return lat, lon, incident.region


def best_guess(cells) -> tuple[float, float]:
    """The mean of all cells that were told: where the estimate flips, it beats any one of them."""
    return statistics.fmean(c[0] for c in cells), statistics.fmean(c[1] for c in cells)


def near_an_edge(draw: random.Random) -> Point:
    """A place close to the corner of four cells, where averaging tells most."""
    lat, lon = cell_centre(38.70 + draw.random() / 5, -27.25 + draw.random() / 5, GRID_M)
    corner = moved(Point(lat, lon, NOISE_M), GRID_M / 2, GRID_M / 2)
    return moved(corner, draw.uniform(-300, 300), draw.uniform(-300, 300))


def attack(situation, lives: int, seed: int = 7) -> tuple[float, float, int]:
    """The attacker's mean error in metres from all releases and from the first alone; most cells.

    Releases of an unchanged estimate count too: they weigh cells by how long they stood.
    """
    draw = random.Random(seed)
    like, regions = situation.incidents[0], situation.agreement.regions
    every, first, most = [], [], 0
    for _ in range(lives):
        place = near_an_edge(draw)
        cells = [told(like, claims, regions) for claims in life(place, draw)]
        every.append(apart_m(best_guess(cells), place))
        first.append(apart_m(best_guess(cells[:1]), place))
        most = max(most, len(set(cells)))
    return statistics.fmean(every), statistics.fmean(first), most


LIVES = 12


def test_a_thousand_releases_tell_no_more_than_one(situation):
    every, first, most = attack(situation, LIVES)
    assert most == 1
    assert every == first
    assert first > GRID_M / 4


def test_saboteur_snapping_the_moving_estimate_gives_the_place_away(situation, monkeypatch):
    """The plain way: the estimate in its cell. The mean of a thousand releases is the place."""
    monkeypatch.setattr(Anchors, "told", lambda _, incident: incident)
    every, first, most = attack(situation, LIVES)
    assert most > 1
    assert every < 0.75 * first


def test_a_cell_is_told_for_each_name_and_no_other(situation):
    """Older news and the withdrawal of the first account rename; each name has one cell."""
    draw = random.Random(11)
    like, regions = situation.incidents[0], situation.agreement.regions
    cells = {}
    for claims in life(near_an_edge(draw), draw, orderly=False):
        name = incident_id(claims)
        cells.setdefault(name, set()).add(told(like, claims, regions))
    assert len(cells) > 5
    assert {len(each) for each in cells.values()} == {1}


def test_bulletins_and_views_tell_the_same_cell(situation, period):
    """At every fiftieth release: what is printed, what is shown, and no other record beside it."""
    draw = random.Random(3)
    seen = set()
    for at, claims in enumerate(life(near_an_edge(draw), draw)):
        if at % 50:
            continue
        incident = estimate(situation.incidents[0], claims)
        now = replace(
            situation,
            incidents=(incident,),
            claims=tuple(claims),
            findings=(),
            assessments=(),
        )
        (item,) = redact(compose(now, period, None), AUDIENCE).incidents
        outlook = Outlook(Material(situation=now), SIGHT, at=START + timedelta(days=9))
        (draft,) = incident_drafts(outlook)
        place = draft.coarse["place"]
        assert (item.cell.lat, item.cell.lon, item.cell.spread_m) == (
            place["lat"],
            place["lon"],
            place["error_m"],
        )
        assert item.region == draft.exact["region_name"]
        seen.add((item.cell, item.region))
    assert len(seen) == 1


@given(
    lat=st.floats(-80, 80),
    lon=st.floats(-179, 179),
    grids=st.lists(st.sampled_from([1e3, 2e3, 3e3, 5e3, 7e3, 1e4, 2.5e4]), unique=True, min_size=2),
)
def test_a_coarser_cell_follows_from_the_finer_one(lat, lon, grids):
    """Whoever reads two audiences' releases knows no more than who reads the finer ones."""
    fine, *others = sorted(grids)
    place = Point(lat, lon, 500.0)
    finest = cell_of(place, replace(AUDIENCE, grid_m=fine))
    centre = Point(finest[0], finest[1], 500.0)
    for at, grid in enumerate(others, start=1):
        audience = replace(AUDIENCE, grid_m=grid, finer=tuple(sorted(grids)[:at]))
        assert cell_of(place, audience) == cell_of(centre, audience)


def test_saboteur_without_the_finer_grids_two_audiences_cut_a_cell():
    draw = random.Random(5)
    cut = 0
    for _ in range(200):
        place = Point(38.7 + draw.random(), -27.2 + draw.random(), 500.0)
        lat, lon, _ = cell_of(place, replace(AUDIENCE, grid_m=5e3))
        coarse = replace(AUDIENCE, grid_m=7e3)
        cut += cell_of(place, coarse) != cell_of(Point(lat, lon, 500.0), coarse)
    assert cut > 20


def test_the_account_that_names_the_incident_anchors_it(situation):
    """One rule of seniority, told twice as stages do not know each other: held together here."""
    draw = random.Random(2)
    regions = situation.agreement.regions
    for claims in islice(life(near_an_edge(draw), draw, orderly=False), 0, None, 25):
        (founder,) = (c for c in claims if founded_by(c.id) == incident_id(claims))
        at = Anchors(claims, regions).told(estimate(situation.incidents[0], claims)).place
        assert (at.lat, at.lon) == (founder.place.lat, founder.place.lon)


def test_an_area_gives_way_to_the_first_point(situation):
    """An area that names an incident stands for itself until an account names a point."""
    area = situation.agreement.regions[0]
    draw = random.Random(1)
    place = near_an_edge(draw)
    first = replace(account(0, place, draw, dated=0.0), place=area)
    second = account(1, place, draw, dated=1.0)
    like = replace(situation.incidents[0], claims=(first.id,))
    assert Anchors([first]).told(like) == like
    joined = replace(like, claims=(first.id, second.id))
    at = Anchors([first, second]).told(joined).place
    assert (at.lat, at.lon) == (second.place.lat, second.place.lon)
