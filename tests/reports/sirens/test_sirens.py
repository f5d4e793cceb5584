from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Area, Report, kind_tree
from trucewatch.reports import sirens
from trucewatch.reports.sirens import READER


def read(deliver, raw):
    return list(READER.read(deliver(raw)))


def test_an_official_alert(samples, deliver):
    raw = (samples / "official.csv").read_bytes()
    assert READER.recognises(raw)
    items = read(deliver, raw)
    assert len(items) == 10
    assert all(isinstance(item, Report) for item in items)
    (claim,) = items[2].claims
    assert claim.kind == "air_raid_alert"
    assert claim.place == Area(
        code="Cherkaska oblast/Umanskyi raion/Umanska terytorialna hromada",
        name="Umanska terytorialna hromada, Umanskyi raion, Cherkaska oblast",
        polygons=(),
    )
    assert claim.region == "Cherkaska oblast"
    assert claim.when.earliest == datetime(2022, 3, 15, 16, 11, 50, tzinfo=UTC)
    assert claim.when.latest == datetime(2022, 3, 15, 16, 54, 47, tzinfo=UTC)
    assert claim.notes == (sirens.NOT_DRAWN,)


def test_an_alert_is_never_an_act(samples, deliver):
    for name in ("official.csv", "volunteer.csv"):
        for item in read(deliver, (samples / name).read_bytes()):
            assert not kind_tree().is_a(item.claims[0].kind, "hostile_act")


def test_swapped_names_are_read_the_right_way(samples, deliver):
    items = read(deliver, (samples / "official.csv").read_bytes())
    (swapped,) = [i.claims[0] for i in items if sirens.SWAPPED in i.claims[0].notes]
    assert swapped.region == "Poltavska oblast"
    assert swapped.place.code.startswith("Poltavska oblast/Lubenskyi raion/")


def test_an_assumed_end_and_a_missed_one_are_said(samples, deliver):
    items = read(deliver, (samples / "volunteer.csv").read_bytes())
    notes = Counter(note for i in items for note in i.claims[0].notes)
    assert notes[sirens.END_ASSUMED] > 0
    assert notes[sirens.LASTS_LONG] == 1
    for item in items:
        claim = item.claims[0]
        if sirens.END_ASSUMED in claim.notes:
            assert claim.when.length == timedelta(minutes=30)


def test_the_broken_samples(samples, deliver):
    items = read(deliver, (samples / "broken" / "official.csv").read_bytes())
    told = {i.pointer: i.reason for i in items if isinstance(i, RecordRejected)}
    assert len(items) == 11
    assert told == {
        "line 3": "the alert ends before it starts",
        "line 5": "oblast and raion do not fit their columns",
        "line 6": "oblast and raion do not fit their columns",
        "line 7": "the level is raion, but not every name down to it is given",
        "line 8": "the level is oblast, but a name below it is given",
        "line 9": "the level “country” is not one of oblast, raion, hromada",
        "line 10": "started_at has no UTC offset: “2022-03-15 16:46:43”",
        "line 11": "started_at has no UTC offset: “2022-03-15”",
        "line 12": "finished_at is blank",
    }
    items = read(deliver, (samples / "broken" / "volunteer.csv").read_bytes())
    assert [i.reason for i in items if isinstance(i, RecordRejected)] == [
        "naive is neither True nor False: “maybe”",
        "region is blank",
        "started_at is no time of day: “26:36:22”",
    ]


@pytest.mark.parametrize("name", ["official.csv", "volunteer.csv"])
@given(seed=st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(samples, deliver, name, seed):
    header, *rows = (samples / name).read_bytes().splitlines()
    rng = random.Random(seed)
    shuffled = rows + rng.choices(rows, k=3)
    rng.shuffle(shuffled)
    before = {i.id: i.claims for i in read(deliver, b"\n".join([header, *rows]))}
    after = {i.id: i.claims for i in read(deliver, b"\n".join([header, *shuffled]))}
    assert before == after


def test_the_whole_of_the_real_files(shared, deliver):
    counts = {}
    for name in ("official", "volunteer"):
        items = read(
            deliver, (shared / "data" / "air-raid-sirens" / f"{name}_data_en.csv").read_bytes()
        )
        counts[name] = Counter(type(item).__name__ for item in items)
    assert counts == {"official": {"Report": 9180}, "volunteer": {"Report": 8414}}
