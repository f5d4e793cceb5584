from __future__ import annotations

import csv
import io
import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Report, kind_tree
from trucewatch.reports.viina import READER
from trucewatch.reports.viina.words import attributions, kind_of, words


def read(deliver, raw):
    return list(READER.read(deliver(raw)))


def changed(samples, **changes: str) -> bytes:
    text = (samples / "broken" / "viina.csv").read_text("utf-8")
    row = next(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow({**row, **changes})
    return out.getvalue().encode()


def test_a_real_event(samples, deliver):
    raw = (samples / "viina_2022.csv").read_bytes()
    assert READER.recognises(raw)
    items = read(deliver, raw)
    assert len(items) == 9
    assert all(isinstance(item, Report) for item in items)
    claim = items[0].claims[0]
    assert claim.external_id == "106315"
    assert claim.region == "Chernihiv"
    # The whole day of 24 February 2022 in the source's zone, two hours ahead of UTC.
    assert claim.when.earliest == datetime(2022, 2, 23, 22, tzinfo=UTC)
    assert claim.when.latest == datetime(2022, 2, 24, 22, tzinfo=UTC)
    assert claim.kind == "explosion"
    assert claim.place.error_m == words().named_m
    assert [a.outlet for a in claim.attributions] == ["UNIAN"]
    assert claim.attributions[0].link.startswith("https://www.unian.ua/war/")
    assert items[0].published is None


def test_the_broken_sample(samples, deliver):
    items = read(deliver, (samples / "broken" / "viina.csv").read_bytes())
    assert len(items) == 12
    assert [(i.pointer, i.reason) for i in items if isinstance(i, RecordRejected)] == [
        ("line 3", "date is not yearmonthday: “2022-02-24”"),
        ("line 4", "date is no day of the calendar"),
        ("line 5", "longitude is not between -180 and 180: “480.5”"),
        ("line 6", "latitude is blank"),
        ("line 7", "the place is 0, 0, which stands for no place"),
        ("line 8", "sources_matching is blank"),
        ("line 9", "representative_text is blank"),
        ("line 10", "n_reports is not a whole number: “many”"),
        ("line 11", "event_id_1pd is no number: “x1”"),
        ("line 12", "date has the year 222"),
    ]
    last = items[-1].claims[0]
    assert last.kind == "explosion"
    assert "the provider's triage says “SOMETHING_NEW”" in last.notes


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ([], "hostile_act"),
        (["пожеж"], "hostile_act"),
        (["удар"], "hostile_act"),
        (["Вибух", "удар"], "explosion"),
        (["дрон", "атак"], "drone_strike"),
        (["Безпілот", "вибух"], "drone_strike"),
        (["дрон", "знищ"], "hostile_act"),
        (["ракет", "удар"], "explosion"),
        (["ракет", "дрон", "удар"], "explosion"),
        (["missile", "drone", "strike"], "air_attack"),
        (["a word nobody knows"], "hostile_act"),
    ],
)
def test_a_kind_is_as_exact_as_its_words(terms, kind):
    assert kind_of(terms) == kind


TERMS = st.lists(st.sampled_from(["удар", "атак", "вибух", "дрон", "ракет", "missile", "пожеж"]))


@given(TERMS, st.randoms(use_true_random=False))
def test_the_order_of_terms_changes_no_kind(terms, rng):
    mixed = terms + terms
    rng.shuffle(mixed)
    assert kind_of(mixed) == kind_of(terms)
    assert kind_tree().is_a(kind_of(terms), "hostile_act")


@given(TERMS)
def test_one_more_weapon_never_makes_a_kind_more_exact(terms):
    base = ["атак", "drone", *terms]
    more = kind_of([*base, "ракет"])
    assert kind_tree().is_a(kind_of(base), more)


def test_machine_labels_name_nobody(samples, deliver):
    plain = read(deliver, changed(samples))[0].claims[0]
    for label in ("a_ukr_init", "a_rus_init", "a_ukr", "a_rus"):
        for value in ("0", "1"):
            claim = read(deliver, changed(samples, **{label: value}))[0].claims[0]
            assert claim.attributions == plain.attributions
            assert claim.notes == plain.notes
            assert claim.text == plain.text
            assert claim.kind == plain.kind


def test_a_doubtful_place_is_less_exact(samples, deliver):
    claim = read(deliver, changed(samples, location_bucket="REVIEW"))[0].claims[0]
    assert claim.place.error_m == words().doubtful_m
    claim = read(deliver, changed(samples, asciiname=""))[0].claims[0]
    assert claim.place.error_m == words().unnamed_m


def test_links_go_to_the_outlet_whose_pages_they_are():
    links = ["https://ria.ru/a", "https://www.unian.ua/b", "https://t.me/c", "http://[bad"]
    found = attributions(["unian", "ria", "meduza"], links, None)
    assert {(a.outlet, a.link) for a in found} == {
        ("RIA Novosti", "https://ria.ru/a"),
        ("UNIAN", "https://www.unian.ua/b"),
        ("Meduza", None),
        (None, "https://t.me/c"),
        (None, "http://[bad"),
    }
    assert [a.outlet for a in attributions(["a new one"], ["https://t.me/c"], "x")] == ["a new one"]
    spoof = attributions(["ria", "ng"], ["https://ria.ru.evil.example/x"], None)
    assert (None, "https://ria.ru.evil.example/x") in {(a.outlet, a.link) for a in spoof}


@given(st.permutations(["https://ria.ru/a", "https://www.unian.ua/b", "https://t.me/c"]))
def test_the_order_of_links_changes_nothing(links):
    assert attributions(["unian", "ria"], links, None) == attributions(
        ["ria", "unian", "ria"], sorted(links) * 2, None
    )


@given(seed=st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(samples, deliver, seed):
    rng = random.Random(seed)
    table = list(csv.reader(io.StringIO((samples / "viina_2022.csv").read_text("utf-8"))))
    before = {i.id: i.claims for i in read(deliver, (samples / "viina_2022.csv").read_bytes())}
    columns = rng.sample(range(len(table[0])), len(table[0]))
    rows = table[1:] + rng.choices(table[1:], k=2)
    rng.shuffle(rows)
    out = io.StringIO()
    csv.writer(out).writerows([row[i] for i in columns] for row in (table[0], *rows))
    after = {i.id: i.claims for i in read(deliver, out.getvalue().encode())}
    assert before == after


def test_the_whole_of_the_real_files(shared, deliver):
    kinds: Counter[str] = Counter()
    for year, rows in ((2022, 907), (2023, 607), (2025, 325)):
        raw = (shared / "data" / "viina-infrastructure" / f"viina_{year}.csv").read_bytes()
        items = read(deliver, raw)
        assert len(items) == rows
        assert all(isinstance(item, Report) for item in items)
        kinds.update(item.claims[0].kind for item in items)
    assert kinds == {"hostile_act": 1147, "explosion": 518, "drone_strike": 174}
