"""What becomes of claims of every sort."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from trucewatch.incidents import Parameters, SourceParameters
from trucewatch.incidents.wording import likelihood, most_exact, prior, true_kinds
from trucewatch.model import Area, Count, Interval, Nature, SourceKind, kind_tree

SQUARE = ((19.0, 9.0), (21.0, 9.0), (21.0, 11.0), (19.0, 11.0), (19.0, 9.0))
HOLE = ((19.9, 9.9), (20.1, 9.9), (20.1, 10.1), (19.9, 10.1), (19.9, 9.9))
EAST = tuple((lon + 2, lat) for lon, lat in SQUARE)
REGIONS = (
    Area(code="R-1", name="North", polygons=((SQUARE, HOLE),)),
    Area(code="R-2", name="East", polygons=((EAST,),)),
    Area(code="R-3", name="Nothing", polygons=()),
)


def test_two_reports_of_one_event(world):
    claims = [world.claim(error_m=1000.0), world.claim(source="patrol", kind="mortar", lat=10.005)]
    (found,) = world.find(claims)
    assert found.kind == "mortar"
    assert found.sources == ("patrol", "press")
    assert len(found.origins) == 2
    assert found.place.error_m == pytest.approx(707.107, abs=0.01)
    assert found.place.lat == pytest.approx(10.0025, abs=1e-4)
    assert found.probability > 0.95
    assert any("log W" in reason for reason in found.reasons)


def test_one_report_has_the_odds_of_its_source(world):
    (found,) = world.find([world.claim()])
    assert found.probability == pytest.approx(0.8)
    assert [t.name for t in found.terms] == ["account"]
    assert found.place == world.claim().place


def test_time_is_what_all_share_else_the_span_of_all(world):
    day = world.claim(hours=24.0)
    instant = world.claim(source="patrol", day=0.5)
    (found,) = world.find([day, instant])
    assert found.when == instant.when
    (found,) = world.find([world.claim(day=0.45), instant])
    assert found.when == Interval(world.claim(day=0.45).when.earliest, instant.when.latest)


def test_different_numbers_of_one_source_are_different_events(world):
    claims = [world.claim(source="coder", number=n) for n in ("1", "2")]
    assert len(world.find(claims)) == 2


def test_one_number_of_one_source_is_one_event_however_revised(world):
    first = world.claim(source="coder", number="7", published=1.0)
    later = world.claim(source="coder", number="7", lat=10.5, published=2.0)
    (found,) = world.find([later, first])
    assert found.place == first.place
    assert "revise" in found.reasons[0]


def test_the_same_words_twice_in_one_source_are_one_event(world):
    twice = [world.claim(name=n, text="Shells fell on the mill.", hours=1.0) for n in "ab"]
    (found,) = world.find(twice)
    assert found.observations == 1
    later = world.claim(day=1.0, text="Shells fell on the mill.", hours=1.0)
    assert len(world.find([*twice, later])) == 2


def test_two_outlets_that_quote_one_informant_are_one_account(world):
    claims = [world.claim(), world.claim(source="radio")]
    (found,) = world.find(claims, [world.origin("mayor", claims)])
    (alone,) = world.find(claims[:1], [world.origin("mayor", claims[:1])])
    assert found.probability == alone.probability
    assert found.sources == ("press", "radio")
    assert "repeat" in found.reasons[0]


def test_a_claim_without_an_origin_never_corroborates(world):
    claims = [world.claim(), world.claim(source="patrol")]
    (found,) = world.find(claims, [world.origin("press", claims[:1])])
    assert found.probability == pytest.approx(0.8)
    assert [t.nats for t in found.terms if t.name == "repetition"] == [0.0]


def test_a_shared_origin_adds_nothing_and_locates_nothing(world):
    claims = [world.claim(), world.claim(source="patrol", lat=10.004, error_m=900.0)]
    both = [world.origin("a", claims), world.origin("b", claims[:1])]
    (found,) = world.find(claims, both)
    (alone,) = world.find(claims[:1], [world.origin(o, claims[:1]) for o in "ab"])
    assert found.place == claims[0].place
    assert found.probability == alone.probability
    assert "shares a voice" in found.terms[-1].words


def test_sources_that_only_copy_are_joined_and_are_no_evidence(world):
    claims = [world.claim(), world.claim(source="radio")]
    copying = SourceParameters(detection=0.2, false_share=0.2, copies_only=True)
    (found,) = world.find(claims, parameters=Parameters(by_source=(("radio", copying),)))
    assert found.probability == pytest.approx(0.8)


def test_silence_counts_only_where_somebody_watches(world):
    (unknown,) = world.find([world.claim()])
    watching = SourceParameters(detection=0.5, false_share=0.05, coverage=1.0)
    (watched,) = world.find(
        [world.claim()], parameters=Parameters(by_source=(("patrol", watching),))
    )
    assert watched.probability == pytest.approx(2 / 3)
    assert watched.probability < unknown.probability
    assert any(t.name == "silence" for t in watched.terms)


def test_incompatible_kinds_are_named(world):
    claims = [world.claim(kind="mortar", error_m=100.0)]
    claims.append(world.claim(source="patrol", kind="missile", error_m=100.0))
    (found,) = world.find(claims, parameters=Parameters(rate_per_km2_day=1e-9))
    assert "do not agree on the kind: missile, mortar" in " ".join(found.reasons)


def test_more_accounts_than_are_summed(world):
    sources = {f"s{k}": replace(world.sources["press"], id=f"s{k}") for k in range(10)}
    claims = [world.claim(source=s) for s in sources]
    (found,) = world.find(claims, sources=sources)
    assert len(found.sources) == 10
    assert found.probability < 0.9991
    assert {"limit", "repetition"} <= {t.name for t in found.terms}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"aggregated": True}, "sums up"),
        ({"error_m": 60_000.0}, "known only to 60 km"),
        ({"hours": 100.0}, "known only to 4.2 days"),
        ({"kind": "cloud of smoke"}, "not in the tree"),
    ],
)
def test_what_cannot_be_joined_stays_alone_with_its_reason(world, change, words):
    found = world.find([world.claim(**change), world.claim(source="patrol")])
    assert len(found) == 2
    assert any(words in reason for i in found for reason in i.reasons)


def test_wide_areas_stand_apart_in_their_region(world):
    named = replace(world.claim(), place=Area(code="", name="north", polygons=()))
    drawn = replace(world.claim(name="b"), place=Area(code="R-2", name="", polygons=((EAST,),)))
    nowhere = replace(world.claim(name="c"), place=Area(code="", name="", polygons=()))
    found = {i.claims[0]: i for i in world.find([named, drawn, nowhere], regions=REGIONS)}
    assert found[named.id].region == "R-1"
    assert found[drawn.id].region == "R-2"
    assert found[drawn.id].place.lon == pytest.approx(22.0)
    assert 60_000 < found[drawn.id].place.error_m < 70_000
    assert found[nowhere.id].region is None
    assert found[nowhere.id].place.error_m == 10_000_000.0
    assert "only stands for the area" in found[named.id].reasons[1]


def test_regions_are_looked_up_by_place(world):
    inside, hole, border, out = (
        world.claim(lat=lat, lon=lon)
        for lat, lon in ((9.5, 20.0), (10.0, 20.0), (9.5, 21.0), (50.0, 20.0))
    )
    found = world.find([inside, hole, border, out], regions=REGIONS)
    by_claim = {i.claims[0]: i.region for i in found}
    assert [by_claim[c.id] for c in (inside, hole, border, out)] == ["R-1", None, "R-1", None]


def test_a_crossed_polygon_is_mended(world):
    crossed = ((19.0, 9.0), (21.0, 11.0), (21.0, 9.0), (19.0, 11.0), (19.0, 9.0))
    bow = Area(code="R", name="Bow", polygons=((crossed,),))
    (found,) = world.find([world.claim(lat=10.0, lon=20.9)], regions=(bow,))
    assert found.region == "R"


def test_alerts_are_no_incidents(world):
    assert world.find([world.claim(kind="air_raid_alert")]) == ()


def test_stated_observations_are_counted_once(world):
    counts = (Count(what="observations", best=12),)
    claims = [world.claim(counts=counts), world.claim(source="patrol", counts=counts)]
    (found,) = world.find(claims)
    assert found.observations == 12


def test_a_sealed_source_is_not_named(world):
    sources = {"press": replace(world.sources["press"], sealed=True)}
    (found,) = world.find([world.claim()], sources=sources)
    assert "The press" not in repr(found.terms)
    assert "under seal" in found.terms[0].words


def test_an_unregistered_source_is_trusted_least(world):
    (found,) = world.find([world.claim(source="nobody")])
    assert found.probability == pytest.approx(0.5)
    assert found.nature is Nature.EVENT


def test_parameters_refuse_nonsense():
    with pytest.raises(ValueError, match="detection"):
        SourceParameters(detection=0.0, false_share=0.5)
    with pytest.raises(ValueError, match="coverage"):
        SourceParameters(detection=0.5, false_share=0.5, coverage=2.0)
    with pytest.raises(ValueError, match="tau_days"):
        SourceParameters(detection=0.5, false_share=0.5, tau_days=0.0)
    with pytest.raises(ValueError, match="rate_per_km2_day"):
        Parameters(rate_per_km2_day=0.0)
    with pytest.raises(ValueError, match="at most 1000"):
        Parameters(rate_per_km2_day=5e300)
    with pytest.raises(ValueError, match="own_slip"):
        Parameters(own_slip=0.0)
    assert {kind for kind, _ in Parameters().by_kind} == set(SourceKind)


def test_words_of_each_true_kind_sum_to_one():
    rows = [likelihood(word, 0.05, 0.1) for word in kind_tree()]
    assert sum(rows) == pytest.approx([1.0] * len(true_kinds()))
    assert prior(0.8).sum() == pytest.approx(1.0)


def test_the_most_exact_kind_is_that_most_agree_on():
    assert most_exact(["event", "explosion", "mortar"]) == "mortar"
    assert most_exact(["casualties", "hostile_act"]) == "hostile_act"
    assert most_exact(["missile", "mortar", "shelling"]) == "mortar"
    assert most_exact(["smoke", "fog"]) == "fog"


def test_a_thousand_claims_take_moments(world):
    claims = [
        world.claim(
            source=("press", "radio", "patrol")[k % 3], number=str(k),
            lat=10 + (k * 37 % 500) / 100, lon=20 + (k * 61 % 500) / 100,
            error_m=5000.0, day=k % 30, hours=24.0,
        )
        for k in range(1000)
    ]  # fmt: skip
    start = time.perf_counter()
    assert sum(len(i.claims) for i in world.find(claims)) == 1000
    assert time.perf_counter() - start < 5
