"""Incidents against notices: the shares are those of a slow reckoning, the words those of sense."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commitments.notices.conftest import NOON, Book, made_incident, made_notice

from trucewatch.commitments.notices import match, matching
from trucewatch.commitments.notices.dangers import Danger, danger_of, domains
from trucewatch.commitments.notices.ground import Route
from trucewatch.model import Interval, Nature, Point, Window, distance_m, kind_tree


def one(incident, book):
    found = match([incident], book.entries)
    return found[0] if found else None


def test_what_lies_on_the_road_in_time_matches(book):
    found = one(made_incident(), book.submit(made_notice()))
    assert (found.share, found.near_misses, found.version) == (1.0, (), 1)
    assert found.distance_m < 20


def test_the_edge_is_a_gaussian(book):
    """At the very edge of a long road half of the error lies inside; one error out, a sixth."""
    book.submit(made_notice())
    # Between its ends a great circle runs 4.8 m north of the parallel.
    bulge = 4.8
    for out, share in ((0, 0.5), (100, 0.1587), (-100, 0.8413), (-250, 0.9938)):
        found = one(made_incident(north_m=500 + bulge + out, error_m=100.0), book)
        assert found.share == pytest.approx(share, abs=0.006)


def test_beside_the_road_is_told_in_words(book):
    found = one(made_incident(north_m=1_700), book.submit(made_notice()))
    assert found.share == 0
    assert found.near_misses == ("1.2 km beside the route",)
    assert one(made_incident(north_m=6_000), book) is None


def test_after_the_window_is_told_in_words(book):
    book.submit(made_notice())
    assert one(made_incident(hours=4 + 2 / 3), book).near_misses == ("40 minutes after the window",)
    assert one(made_incident(hours=-1.6), book).near_misses == ("1.6 hours before the window",)
    assert one(made_incident(hours=7), book) is None
    # The end of a window is no part of it, its beginning is.
    assert one(made_incident(hours=4), book).near_misses
    assert one(made_incident(hours=0), book).near_misses == ()


def test_a_span_of_time_counts_in_its_share(book):
    found = one(made_incident(hours=2, length=8), book.submit(made_notice()))
    assert found.share == pytest.approx(0.25)
    assert found.near_misses == ()


def test_what_does_not_endanger_is_a_near_miss_and_never_a_match(book):
    found = one(made_incident(kind="fortification"), book.submit(made_notice()))
    assert found.near_misses == ("“fortification” does not endanger a movement on land",)


def test_kinds_by_the_tree():
    tree = kind_tree()
    for domain in domains():
        assert danger_of("event", domain, "site") is Danger.MAYBE
        assert danger_of("mortar", domain, "movement") is Danger.SURE
        assert danger_of("fortification", domain, "movement") is Danger.NONE
        for kind in tree:
            danger_of(kind, domain, "site")
    assert danger_of("jamming", "air", "movement") is Danger.SURE
    assert danger_of("jamming", "land", "movement") is Danger.NONE
    assert danger_of("mine", "air", "movement") is Danger.NONE
    assert danger_of("mine", "air", "site") is Danger.SURE
    assert danger_of("casualties", "land", "site") is Danger.MAYBE
    with pytest.raises(KeyError):
        danger_of("mortar", "space", "site")


def test_a_place_that_is_always_hot_never_matches(book):
    book.submit(made_notice())
    assert one(made_incident(nature=Nature.STATIC_SOURCE), book) is None
    assert one(made_incident(nature=Nature.FIRE, kind="thermal_anomaly"), book).share == 1


# How a notice stood when the incident happened.


def test_what_was_not_notified_yet_is_a_near_miss(book):
    book.submit(made_notice(), at=NOON + timedelta(hours=1.5))
    found = one(made_incident(), book)
    assert found.near_misses == ("30 minutes before it was notified",)
    # It lies before the window, too: two things failed.
    assert one(made_incident(hours=-0.2), book) is None
    assert one(made_incident(hours=2), book).near_misses == ()


def test_what_is_cancelled_matches_nothing_from_then_on_and_what_was_stays_matched(book):
    book.submit(made_notice()).enter("cancel", at=NOON + timedelta(hours=1.5))
    assert one(made_incident(hours=1), book).near_misses == ()
    assert "was cancelled" in one(made_incident(hours=1), book).reasons[-1]
    later = one(made_incident(hours=2), book)
    assert (later.share, later.near_misses) == (0, ("30 minutes after it was cancelled",))


def test_what_was_cancelled_before_its_window_matches_nothing(book):
    book.submit(made_notice()).enter("cancel", at=NOON - timedelta(hours=9))
    assert match([made_incident(hours=hours) for hours in range(-3, 6)], book.entries) == ()


def test_an_amended_notice_counts_as_it_stood(book):
    moved = made_notice(route=((10.0, 50.3), (10.2, 50.3)))
    book.submit(made_notice()).enter("amend", notice=moved, at=NOON + timedelta(hours=1.5))
    here, there = {"north_m": 0}, {"north_m": 0.3 * 111_195}
    assert one(made_incident(hours=1, **here), book).version == 1
    assert one(made_incident(hours=2, **there), book).version == 2
    assert one(made_incident(hours=2, **here), book) is None
    assert one(made_incident(hours=1, **there), book) is None
    # Where the hour is not known, each version has its share.
    found = one(made_incident(hours=1, length=1, **here), book)
    assert (found.share, found.version) == (pytest.approx(0.5), 1)


def test_an_amendment_that_changes_nothing_changes_no_share(book):
    incidents = [
        made_incident(n, north_m=400 + 50 * n, error_m=200.0, hours=n / 4 - 1, length=n % 3)
        for n in range(24)
    ]
    before = {x.incident: x.share for x in match(incidents, book.submit(made_notice()).entries)}
    book.enter("amend", notice=made_notice(), at=NOON + timedelta(hours=2))
    after = {x.incident: x.share for x in match(incidents, book.entries)}
    assert {k: v for k, v in after.items() if v} == pytest.approx(
        {k: v for k, v in before.items() if v}
    )


def test_whether_it_was_acknowledged_by_then_is_said(book):
    book.submit(made_notice())
    assert "not acknowledged" in one(made_incident(), book).reasons[-1]
    book.enter("acknowledge", at=NOON + timedelta(hours=1.5))
    assert "not certainly before" in one(made_incident(), book).reasons[-1]
    assert "acknowledged before" in one(made_incident(hours=2), book).reasons[-1]


# Laws.


def slow_share(place, route, width):
    """The share by brute force: a plain grid over the error, distances to points along the way."""
    ways = []
    for (lon, lat), (lon2, lat2) in pairwise(route):
        ways += [(lon + (lon2 - lon) * k / 400, lat + (lat2 - lat) * k / 400) for k in range(401)]
    ways = np.array(ways or list(route))
    scale = math.cos(math.radians(place.lat))
    steps = np.linspace(-4, 4, 121)
    x, y = np.meshgrid(steps, steps)
    weight = np.exp(-(x**2 + y**2) / 2)
    east = (ways[:, 0] - place.lon) * 111_195 * scale
    north = (ways[:, 1] - place.lat) * 111_195
    inside = np.zeros_like(x, dtype=bool)
    for e, n in zip(east, north, strict=True):
        inside |= np.hypot(x * place.error_m - e, y * place.error_m - n) <= width
    return float((weight * inside).sum() / weight.sum())


@pytest.mark.parametrize("error", [50.0, 400.0, 2_000.0])
@pytest.mark.parametrize(
    "route",
    [((10.0, 50.0),), ((10.0, 50.0), (10.05, 50.0)), ((10.0, 50.0), (10.02, 50.01), (10.0, 50.02))],
)
def test_shares_are_those_of_a_slow_reckoning(book, route, error):
    sort = "site" if len(route) == 1 else "movement"
    book.submit(made_notice(route=route, sort=sort, width_m=600.0))
    for lon, lat in ((10.0, 50.0), (10.01, 50.003), (9.99, 50.01), (10.06, 50.001)):
        place = Point(lat, lon, error)
        found = one(made_incident(place=place), book)
        expected = slow_share(place, route, 600.0)
        assert (found.share if found else 0) == pytest.approx(expected, abs=0.02)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-89, 89),
    bearing=st.floats(0, 359),
    width=st.floats(50, 5_000),
    wider=st.floats(1, 3),
    error=st.floats(10, 20_000),
)
def test_a_wider_notice_never_has_a_smaller_share(lon, lat, bearing, width, wider, error):
    route = ((lon, lat), (max(-180, min(180, lon + bearing / 1000)), lat + 0.05))
    place = Point(lat + 0.01, lon, error)
    shares = []
    for size in (width, width * wider):
        book = Book().submit(made_notice(route=route, width_m=size))
        found = one(made_incident(place=place), book)
        shares.append(found.share if found else 0.0)
    assert shares[0] <= shares[1]
    assert 0 <= shares[1] <= 1


@given(
    places=st.lists(
        st.tuples(st.floats(-0.3, 0.3), st.floats(-3_000, 3_000), st.floats(-4, 8)), max_size=8
    ),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_incidents_means_nothing(places, order):
    book = Book().submit(made_notice())
    incidents = [
        made_incident(n, lon=10.1 + dx, north_m=dy, hours=h) for n, (dx, dy, h) in enumerate(places)
    ]
    before = match(incidents, book.entries)
    order.shuffle(incidents)
    assert match(incidents, book.entries) == before


@pytest.mark.parametrize("turn", [(170.0, 0.0), (-10.1, 38.9), (0.0, -100.0)])
def test_nowhere_on_earth_is_special(turn):
    """Across the 180th meridian and close to a pole the distances are the same."""
    lon, lat = turn
    legs = [(9.9 + lon, 50.0 + lat), (10.1 + lon, 50.0 + lat)]
    legs = [((x + 180) % 360 - 180, y) for x, y in legs]
    route = Route(legs, 500.0)
    middle = (10.0 + lon + 180) % 360 - 180
    place = np.array([[middle, 50.0 + lat + 0.05]])
    from trucewatch.commitments.notices.ground import vectors

    found = float(route.distance(vectors(place[:, 0], place[:, 1]))[0]) * 6_371_008.8
    straight = distance_m(Point(50.0 + lat, middle, 1), Point(50.0 + lat + 0.05, middle, 1))
    assert found == pytest.approx(straight, rel=0.03)


def test_what_cannot_match_is_not_reckoned(book, monkeypatch):
    """The bound throws away nothing: without it the same comes out."""
    rng = np.random.default_rng(7)
    incidents = [
        made_incident(
            n,
            lon=10 + float(rng.uniform(-0.3, 0.5)),
            north_m=float(rng.uniform(-9e3, 9e3)),
            hours=float(rng.uniform(-3, 7)),
            length=float(rng.choice([0, 1, 24])),
            error_m=float(rng.choice([50, 500, 5_000, 25_000])),
            kind=str(rng.choice(["mortar", "event", "fortification", "thermal_anomaly"])),
        )
        for n in range(400)
    ]
    book.submit(made_notice())
    quick = match(incidents, book.entries)
    monkeypatch.setattr(Route, "most", lambda *given: np.ones(len(given[1])))
    assert match(incidents, book.entries) == quick
    assert len(quick) > 30
    monkeypatch.setattr(Route, "most", lambda *given: np.zeros(len(given[1])))
    assert match(incidents, book.entries) != quick


def test_the_saboteur_who_forgets_when_a_notice_stood_is_seen(book, monkeypatch):
    book.submit(made_notice()).enter("cancel", at=NOON - timedelta(hours=9))
    real = matching._Span.of

    def forgetful(history, version):
        return real(history, replace(version, until=None))

    monkeypatch.setattr(matching._Span, "of", staticmethod(forgetful))
    assert match([made_incident()], book.entries) != ()


def test_open_windows_and_nothing_at_all(book):
    assert match([], book.entries) == ()
    assert match([made_incident()], book.entries) == ()
    clinic = made_notice(sort="site", route=((10.1, 50.0),), window=Window(NOON, None))
    book.submit(clinic)
    far = made_incident(when=Interval.instant(NOON + timedelta(days=300)))
    assert one(far, book).near_misses == ()
