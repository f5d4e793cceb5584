"""One event, many reports by one source: told again, and counted once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.incidents import Parameters, SourceParameters
from trucewatch.incidents.accounts import of_claims
from trucewatch.incidents.rates import RatePeak

P = Parameters()


def story(world, n, *, source="press", **rest):
    """Rows of one source on one strike: own numbers, own words, places some 60 m apart."""
    return [
        world.claim(
            source=source,
            lat=10 + 0.0005 * (k % 3),
            error_m=150.0,
            hours=24.0,
            number=f"{source}{k}",
            text=f"What row {k} shows of it is told in other words.",
            **rest,
        )
        for k in range(n)
    ]


def test_reports_of_a_running_story_are_one_account(world):
    told = story(world, 4)
    (found,) = world.find(told)
    assert len(found.claims) == 4
    assert found.observations == 1
    assert found.reasons[0].startswith("4 reports of one source tell of one event again")
    (alone,) = world.find(told[:1])
    assert found.probability == alone.probability
    assert found.place == alone.place


def test_the_best_stated_stands_and_nothing_is_widened(world):
    vague = world.claim(error_m=900.0, hours=48.0, lat=10.004, number="1")
    exact = world.claim(error_m=150.0, hours=24.0, number="2")
    (found,) = world.find([vague, exact])
    assert (found.place, found.when) == (exact.place, exact.when)


def test_a_second_source_meets_the_whole_story(world):
    """Without retellings it may belong to any of five rows, so it is shown with none of them."""
    rows = [*story(world, 5), world.claim(source="radio", error_m=150.0, hours=24.0)]
    (found,) = world.find(rows)
    assert len(found.claims) == 6
    never = tuple((k, replace(p, retells=0.0)) for k, p in P.by_kind)
    assert len(world.find(rows, parameters=replace(P, by_kind=never))) == 6


@pytest.mark.parametrize("source", ["coder", "patrol", "sat"])
def test_who_codes_events_or_measures_never_tells_again(world, source):
    assert len(world.find(story(world, 3, source=source))) == 3


@pytest.mark.parametrize("other", [{"lat": 10.02}, {"day": 2.0}, {"day": 1.3, "hours": 1.0}])
def test_another_place_or_day_is_another_event(world, other):
    first = world.claim(error_m=150.0, hours=24.0)
    second = world.claim(**({"error_m": 150.0, "hours": 24.0} | other))
    assert len(world.find([first, second])) == 2


def test_kinds_that_do_not_agree_speak_against_it(world):
    rows = [
        world.claim(error_m=15_000.0, hours=24.0, kind=k, number=str(n))
        for n, k in enumerate(["shelling", "mortar", "jamming"])
    ]
    assert len(world.find(rows[:2])) == 1
    assert len(world.find(rows)) == 2


def test_where_much_happens_less_is_told_again(world):
    """Both reports know their place to a kilometre: in a front town that is two events."""
    rows = [world.claim(error_m=1000.0, hours=24.0, number=n, name=n) for n in "ab"]
    assert len(world.find(rows)) == 1
    town = RatePeak(lat=10.0, lon=20.0, spread_m=5000.0, per_day=400.0)
    assert len(world.find(rows, parameters=replace(P, rate_peaks=(town,)))) == 2


def test_a_vague_place_says_nothing_of_telling_again(world):
    rows = [world.claim(error_m=40_000.0, hours=24.0, kind="hostile_act", number=n) for n in "ab"]
    assert len(world.find(rows)) == 2


def test_ten_thousand_rows_of_one_source_are_quick_and_local(world):
    flood = [
        world.claim(
            lat=10 + 0.00002 * (k % 100), lon=20 + 0.00002 * (k // 100), error_m=150.0,
            hours=24.0, number=str(k), name=str(k),
        )
        for k in range(10_000)
    ]  # fmt: skip
    accounts = of_claims(flood, {}, world.sources, P)
    assert len(accounts) == 1
    assert len(accounts[0].claims) == 10_000


@given(
    st.lists(
        st.tuples(
            st.integers(0, 8), st.integers(0, 3), st.sampled_from([150.0, 400.0, 3000.0]),
            st.sampled_from(["shelling", "damage", "mortar"]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_order_changes_nothing_and_far_reports_neither(world, rows, chance):
    claims = [
        world.claim(lat=10 + 0.003 * a, day=float(d), hours=24.0, error_m=e, kind=k, name=str(n))
        for n, (a, d, e, k) in enumerate(rows)
    ]
    mixed = list(claims)
    chance.shuffle(mixed)
    accounts = of_claims(claims, {}, world.sources, P)
    assert of_claims(mixed, {}, world.sources, P) == accounts
    far = [world.claim(lat=30.0, hours=24.0, error_m=150.0, name=n) for n in "xy"]
    more = of_claims([*claims, *far], {}, world.sources, P)
    assert [a for a in more if a.place.lat < 20] == accounts
    assert sorted(c.id for a in accounts for c in a.claims) == sorted(c.id for c in claims)


def test_shares_that_cannot_be():
    with pytest.raises(ValueError, match="retells"):
        SourceParameters(detection=0.5, false_share=0.1, retells=1.0)
    with pytest.raises(ValueError, match="a day"):
        RatePeak(lat=0.0, lon=0.0, spread_m=1.0, per_day=0.0)
    with pytest.raises(ValueError, match="rate_per_km2_day"):
        Parameters(rate_per_km2_day=0.0)
