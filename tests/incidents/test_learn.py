"""What is learnt of sources comes near the truth, keeps near what is stated, and knows no order."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from trucewatch.incidents import Parameters, find_incidents, fitting, rates
from trucewatch.incidents.learn import learn, plane
from trucewatch.model import Claim, Interval, Origin, Point, Source, SourceKind, content_id

TRUTH = {"patrol": (0.7, 0.1), "press": (0.5, 0.3), "radio": (0.6, 0.2), "coder": (0.8, 0.05)}
EAST = {"office": (0.6, 0.1)}
WORDS = ("shelling", "small_arms", "drone_strike", "mine")


def made(world, events: int, seed: int, truth=TRUTH, lon: float = 20.0) -> list[Claim]:
    """Events on three degrees by three in thirty days, as each source tells them."""
    chance = random.Random(seed)
    out = []

    def tell(source: str, where: tuple[float, float], day: float, kind: str) -> None:
        name = f"{source}{seed}-{len(out)}"
        out.append(
            world.claim(
                source=source, kind=kind, name=name, number=name, error_m=1000.0, hours=1.0,
                lat=where[0] + chance.gauss(0, 1) / 111, lon=where[1] + chance.gauss(0, 1) / 109,
                day=day + chance.gauss(0, 0.1),
            )
        )  # fmt: skip

    def happening() -> tuple[tuple[float, float], float, str]:
        where = chance.uniform(9, 12), lon + chance.uniform(0, 3)
        return where, chance.uniform(0, 30), chance.choice(WORDS)

    for _ in range(events):
        one = happening()
        for source, (detection, _) in truth.items():
            if chance.random() < detection:
                tell(source, *one)
    for source, (detection, false) in truth.items():
        for _ in range(round(events * detection * false / (1 - false))):
            tell(source, *happening())
    return out


def learnt(world, claims, stated=None):
    return learn(
        claims, world.by_source(claims), sources=world.sources, stated=stated or Parameters()
    )


def test_it_finds_what_made_a_world(world):
    found = learnt(world, made(world, 600, seed=1))
    values = dict(found.parameters.by_source)
    assert not found.refused
    assert set(values) == set(TRUTH)
    for source, (detection, false) in TRUTH.items():
        assert values[source].detection == pytest.approx(detection, abs=0.07), source
        assert values[source].false_share == pytest.approx(false, abs=0.08), source
        assert values[source].place_scale == pytest.approx(1, abs=0.2), source
        assert values[source].tau_days == pytest.approx(0.1, abs=0.05), source
    assert {each.note for each in found.sources} == {"learnt"}
    happenings = found.parameters.rate_per_km2_day * (1 - Parameters().fire_share)
    assert happenings == pytest.approx(600 / (333 * 328 * 30), rel=0.4)


def test_neither_order_nor_repetition_changes_anything(world):
    claims = made(world, 80, seed=2)
    shuffled = claims + claims[:30]
    random.Random(0).shuffle(shuffled)
    origins = world.by_source(claims)
    again = learn(shuffled, origins[::-1], sources=world.sources, stated=Parameters())
    assert again == learnt(world, claims)


def test_little_data_change_little(world):
    """The same world, a tenth of it: the values lie nearer to what is stated."""
    stated = Parameters()
    moved = []
    for events in (30, 600):
        found = learnt(world, made(world, events, seed=4)).parameters
        said = stated.of(world.sources["coder"]).detection
        moved.append(abs(dict(found.by_source)["coder"].detection - said))
    assert moved[0] < moved[1]


def test_the_stated_values_hold_what_little_is_known(world, monkeypatch):
    """Taking the prior away lets a few reports decide, so the guard is seen to bite."""
    claims = made(world, 30, seed=5, truth={"patrol": (0.9, 0.05), "press": (0.9, 0.05),
                                            "radio": (0.9, 0.05)})  # fmt: skip
    said = Parameters().of(world.sources["press"]).detection

    def away() -> float:
        return abs(dict(learnt(world, claims).parameters.by_source)["press"].detection - said)

    held = away()
    monkeypatch.setattr(fitting, "WEIGHT", 1e-3)
    assert away() > held + 0.03


def test_a_source_that_meets_no_other_keeps_what_is_stated(world):
    """It watches where nobody else does: that nobody confirms it says nothing against it."""
    claims = made(world, 150, seed=6) + made(world, 150, seed=7, truth=EAST, lon=60.0)
    found = learnt(world, claims)
    assert dict(found.parameters.by_source)["office"] == Parameters().of(world.sources["office"])
    (about,) = (each for each in found.sources if each.source == "office")
    assert (about.joined, about.detection_weight) == (0, 0.0)
    assert "stays as stated" in about.note
    others = dict(learnt(world, made(world, 150, seed=6)).parameters.by_source)
    for source, own in others.items():
        assert dict(found.parameters.by_source)[source].false_share == pytest.approx(
            own.false_share, abs=0.05
        )


def test_two_sources_keep_their_false_shares(world):
    """Two that meet leave more unknowns than equations; with a third they are told apart."""
    pair = {name: TRUTH[name] for name in ("patrol", "press")}
    found = learnt(world, made(world, 400, seed=8, truth=pair))
    for name, own in found.parameters.by_source:
        assert own.false_share == Parameters().of(world.sources[name]).false_share
    assert all("one other source alone" in each.note for each in found.sources)


def test_too_little_is_refused_with_a_reason(world):
    few = learnt(world, made(world, 5, seed=9))
    assert few.refused
    assert few.parameters == Parameters()
    alone = learnt(world, made(world, 60, seed=9, truth={"press": (0.9, 0.1)}))
    assert "fewer than two sources" in alone.refused
    apart = {"patrol": (0.9, 0.1)}
    strangers = made(world, 60, seed=9, truth=apart)
    strangers += made(world, 60, seed=10, truth={"press": (0.9, 0.1)}, lon=60.0)
    assert "share a happening with another source" in learnt(world, strangers).refused
    assert learnt(world, []).refused


def test_what_is_no_account_of_an_act_teaches_nothing(world):
    claims = made(world, 60, seed=11)
    others = [
        world.claim(source="sat", kind="thermal_anomaly", platform="n", name="p"),
        world.claim(source="nobody", name="x"),
        world.claim(kind="air_raid_alert", name="a"),
        world.claim(error_m=90_000.0, name="wide"),
        world.claim(hours=24.0 * 9, name="long"),
        world.claim(aggregated=True, name="sum"),
    ]
    assert learnt(world, claims + others) == learnt(world, claims)


def town(world, events: int, seed: int) -> list[Claim]:
    """Events within some four kilometres of one point, in the days of `made`."""
    chance = random.Random(seed)
    out = []
    for k in range(events):
        where = 10.5 + chance.gauss(0, 0.02), 21.5 + chance.gauss(0, 0.02)
        day, kind = chance.uniform(0, 30), chance.choice(WORDS)
        for source, (detection, _) in TRUTH.items():
            if chance.random() < detection:
                name = f"{source}town{k}"
                out.append(
                    world.claim(
                        source=source, kind=kind, name=name, number=name, error_m=1000.0, day=day,
                        hours=1.0, lat=where[0] + chance.gauss(0, 1) / 111,
                        lon=where[1] + chance.gauss(0, 1) / 109,
                    )
                )  # fmt: skip
    return out


def test_a_town_under_fire_is_learnt_as_a_peak_and_an_even_world_has_none(world):
    even = made(world, 300, seed=1)
    assert learnt(world, even).parameters.rate_peaks == ()
    found = learnt(world, even + town(world, 150, seed=2)).parameters
    # Held back by what little each cell tells, so rather too low than too high.
    assert 0.5 < sum(p.per_day for p in found.rate_peaks) / (150 / 30) < 1.1
    for peak in found.rate_peaks:
        assert math.hypot(peak.lat - 10.5, peak.lon - 21.5) < 0.15
    # The rate between the peaks is that of the country around, not of the town.
    plain = learnt(world, even).parameters.rate_per_km2_day
    assert found.rate_per_km2_day == pytest.approx(plain, rel=0.35)


def test_little_data_make_no_peak_and_more_make_it_grow(world):
    even = made(world, 300, seed=1)
    heights = [
        sum(p.per_day for p in learnt(world, even + town(world, n, seed=2)).parameters.rate_peaks)
        / n
        for n in (3, 40, 150)
    ]
    assert heights[0] == 0
    assert heights[0] < heights[1] < heights[2]


def test_without_the_test_of_chance_an_even_world_has_peaks(world, monkeypatch):
    """Saboteur: what crowds by chance would be taken for a town under fire."""
    monkeypatch.setattr(rates, "ALARM", 1e9)
    assert learnt(world, made(world, 600, seed=1)).parameters.rate_peaks


def test_what_is_learnt_of_peaks_is_joined_less_rashly(world):
    """The peaks hold a share of each report that they then judge: that makes joining shyer."""
    claims = made(world, 300, seed=1) + town(world, 150, seed=2)
    found = learnt(world, claims).parameters
    flat = replace(found, rate_peaks=())
    joined = [len(world.find(claims, parameters=p)) for p in (flat, found)]
    assert joined[0] < joined[1]


def test_where_peaks_are_stated_the_rate_between_them_stays(world):
    from trucewatch.incidents import RatePeak

    peak = RatePeak(lat=10.0, lon=20.0, spread_m=10_000.0, per_day=1.0)
    stated = Parameters(rate_peaks=(peak,))
    assert learnt(world, made(world, 80, seed=2), stated).parameters.rate_per_km2_day == 5e-4


def test_the_plane_keeps_distances_from_the_middle():
    places = [Point(49.0, 30.0, 1.0), Point(51.0, 30.0, 1.0), Point(50.0, 29.0, 1.0),
              Point(50.0, 31.0, 1.0)]  # fmt: skip
    flat = plane(places)
    assert np.linalg.norm(flat[0] - flat[1]) == pytest.approx(2 * 111.195, rel=1e-4)
    assert np.linalg.norm(flat[2] - flat[3]) == pytest.approx(
        2 * 111.195 * np.cos(np.radians(50)), rel=1e-3
    )
    poles = plane([Point(90.0, 0.0, 1.0), Point(89.0, 0.0, 1.0), Point(89.0, 180.0, 1.0)])
    assert np.linalg.norm(poles[1] - poles[2]) == pytest.approx(2 * 111.195, rel=1e-3)
    assert np.isfinite(plane([Point(0.0, 0.0, 1.0), Point(0.0, 180.0, 1.0)])).all()


# The shared generator's reporters, as sources of a mission, and how often each names a wrong type.
REPORTERS = (
    ("sensor", SourceKind.SENSOR, 0.45), ("monitor", SourceKind.PATROL, 0.07),
    ("osint", SourceKind.CODER, 0.15), ("media", SourceKind.PRESS, 0.2),
    ("official", SourceKind.OFFICIAL, 0.1),
)  # fmt: skip
TYPES = ("shelling", "drone_strike", "airstrike", "small_arms", "assault", "mine", "movement",
         "fortification")  # fmt: skip


@pytest.mark.slow
def test_the_shared_world_is_learnt_and_better_calibrated(shared):
    """2,000 events of the generator: bounds on what is learnt, and P means more than before."""
    pytest.importorskip("pandas", reason="the generator needs pandas (the extra `bench`)")
    from benchmarks import worlds

    script = shared / "bench" / "gen.py"
    if not script.is_file():
        pytest.skip("needs the generator of worlds beside the project, which is absent")
    told = worlds.make(script, n=2000, scenario="mixed", seed=1).reports
    told = told.filter(~told["is_copy"])
    claims = [_claim_of(row) for row in told.iter_rows(named=True)]
    origins = [
        Origin(id=content_id("org", [c.id]), label=c.id, party=None, claims=(c.id,), reasons=())
        for c in claims
    ]
    sources = {n: Source(id=n, name=n, kind=k, timezone="UTC") for n, k, _ in REPORTERS}
    kinds = dict(Parameters().by_kind)
    stated = Parameters(
        by_source=tuple(
            (n, replace(kinds[kind], coverage=1.0, kind_slip=slip)) for n, kind, slip in REPORTERS
        )
    )
    found = learn(claims, origins, sources=sources, stated=stated).parameters
    real = told["event"].to_numpy() >= 0
    for number, (name, _, _) in enumerate(REPORTERS):
        mine = told["source"].to_numpy() == number
        own = dict(found.by_source)[name]
        assert own.detection == pytest.approx((mine & real).sum() / 2000, abs=0.06), name
        assert own.false_share == pytest.approx(1 - real[mine].mean(), abs=0.06), name

    def error(parameters: Parameters) -> float:
        by_claim = {
            claim: incident.probability
            for incident in find_incidents(
                claims, origins, sources=sources, regions=(), parameters=parameters
            )
            for claim in incident.claims
        }
        p = np.array([by_claim[c.id] for c in claims])
        bins = np.minimum((p * 15).astype(int), 14)
        gaps = [(bins == b).mean() * abs((p - real)[bins == b].mean()) for b in np.unique(bins)]
        return float(sum(gaps))

    assert error(found) < 0.8 * error(stated)


def _claim_of(row: dict[str, float]) -> Claim:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    key = str(row["id"])
    return Claim(
        id=content_id("clm", [key]),
        report=content_id("rep", [key]),
        source=REPORTERS[int(row["source"])][0],
        kind=TYPES[int(row["type"])],
        place=Point((row["y"] - 400) / 111.195, (row["x"] - 300) / 111.195, row["loc_sd"] * 1000),
        when=Interval(begin + timedelta(days=row["t0"]), begin + timedelta(days=row["t1"])),
        external_id=key,
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"static_ring_m": 100.0, "static_link_m": 50.0}, "static_ring_m is more than twice"),
        ({"static_ring_m": 100.0, "static_link_m": 60.0}, "static_ring_m is more than twice"),
        ({"default_days": 1}, "default_days is at least 2"),
        ({"static_days": 0}, "static_days is at least 1"),
    ],
)
def test_parameters_that_cannot_be_are_refused(change, words):
    with pytest.raises(ValueError, match=words):
        Parameters(**change)
