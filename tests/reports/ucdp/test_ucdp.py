"""UCDP: precision as numbers, counts, informants; and what is rejected."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.errors import RecordRejected
from trucewatch.model import Report, kind_tree
from trucewatch.reports.registry import read_delivery
from trucewatch.reports.ucdp import ERROR_M, READER

SAMPLES = Path(str(files("trucewatch.reports.ucdp"))) / "samples"
REAL = (SAMPLES / "candidate_2026-04.csv").read_bytes()


@pytest.fixture(scope="session")
def read(deliver):
    """The reports and the rejections of some bytes."""

    def reading(raw: bytes) -> tuple[list[Report], list[tuple[str, str]]]:
        items = list(read_delivery(deliver(raw, reader="ucdp")))
        assert all(isinstance(item, Report | RecordRejected) for item in items)
        return (
            [item for item in items if isinstance(item, Report)],
            [(i.pointer, i.reason) for i in items if isinstance(i, RecordRejected)],
        )

    return reading


@pytest.fixture(scope="session")
def altered(read):
    """What becomes of the first real row with some of its fields changed."""
    row = next(csv.DictReader(io.StringIO(REAL.decode())))

    def reading(**changes: str) -> Report | str:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(row))
        writer.writeheader()
        writer.writerow(row | changes)
        reports, rejected = read(out.getvalue().encode())
        return reports[0] if reports else rejected[0][1]

    return reading


def test_an_event_as_it_stands(altered) -> None:
    report = altered()
    (claim,) = report.claims
    assert claim.kind == "hostile_act"
    assert claim.external_id == "628110"
    assert claim.region == "Odessa oblast"
    assert claim.text == "Odessa"
    assert (claim.place.lat, claim.place.lon, claim.place.error_m) == (46.466667, 30.733333, 1500)
    # 5 April is a whole local day, three hours ahead of UTC in summer; never midnight.
    assert claim.when.earliest == datetime(2026, 4, 4, 21, tzinfo=UTC)
    assert claim.when.length == timedelta(days=1)
    killed = claim.count("killed")
    assert (killed.low, killed.best, killed.high) == (3, 3, 3)
    assert claim.count("civilians killed").best == 3
    assert claim.aggregated is False
    (told,) = claim.attributions
    assert told.outlet == "Ukrinform"
    assert told.informant == "President Volodymyr Zelenskyy"
    assert told.headline.startswith("Zelensky on the Russian attack: 18 injured")
    assert told.published == report.published
    assert report.published.earliest == datetime(2026, 4, 5, 21, tzinfo=UTC)


def test_no_party_is_made_from_the_sides(altered) -> None:
    """Who is side_a and who side_b says nothing of who attacked: swapping them changes nothing."""
    claim = altered(side_a="X", side_b="Y", dyad_name="X - Y").claims[0]
    other = altered(side_a="Y", side_b="X", dyad_name="Y - X").claims[0]
    assert (claim.kind, claim.text, claim.attributions, claim.notes) == (
        other.kind,
        other.text,
        other.attributions,
        other.notes,
    )
    assert "X" not in claim.text


@pytest.mark.parametrize("code", sorted(ERROR_M))
def test_every_precision_is_an_error_in_metres(altered, code: int) -> None:
    assert altered(where_prec=str(code)).claims[0].place.error_m == ERROR_M[code]


def test_a_vaguer_code_is_never_more_exact() -> None:
    assert [ERROR_M[code] for code in range(1, 8)] == sorted(ERROR_M.values())


def test_what_is_blank_is_unknown_and_not_zero(altered) -> None:
    claim = altered(best="", low="", high="", deaths_civilians="").claims[0]
    assert claim.count("killed").best is None
    assert claim.count("civilians killed") is None
    assert altered(best="0").claims[0].count("killed").best == 0


def test_numbers_out_of_order_are_widened_and_say_so(altered) -> None:
    claim = altered(low="3", best="3", high="2").claims[0]
    killed = claim.count("killed")
    assert (killed.low, killed.best, killed.high) == (2, 3, 3)
    assert "low, best and high are out of order: 3, 3, 2" in claim.notes


@pytest.mark.parametrize(
    ("code", "kind"), [("1", "hostile_act"), ("2", "hostile_act"), ("3", "killing")]
)
def test_kinds_of_violence(altered, code: str, kind: str) -> None:
    assert altered(type_of_violence=code).claims[0].kind == kind


def article(*headlines: str) -> str:
    return ";".join(f'"Outlet,2026-04-06,{headline}"' for headline in headlines)


def test_a_weapon_in_the_headlines_makes_the_kind_exact(altered) -> None:
    claim = altered(source_article=article("Two die in mortar fire")).claims[0]
    assert (claim.kind, "kind from headline" in claim.notes) == ("mortar", True)
    for changes in ({"type_of_violence": "3"}, {"event_clarity": "2"}):
        vague = altered(source_article=article("Two die in mortar fire"), **changes).claims[0]
        assert vague.kind in {"killing", "hostile_act"}
        assert "kind from headline" not in vague.notes


def test_sums_of_several_events_are_marked(altered) -> None:
    assert altered(event_clarity="2").claims[0].aggregated is True


def test_several_informants_are_told_apart_at_semicolons_only(altered) -> None:
    claim = altered(
        source_original="Head of X, Y Z (press; radio); footage ", source_article=article("A", "B")
    ).claims[0]
    assert {told.informant for told in claim.attributions} == {
        "Head of X, Y Z (press; radio)",
        "footage",
    }
    assert {told.headline for told in claim.attributions} == {"A", "B"}


def test_without_articles_the_informants_remain(altered) -> None:
    report = altered(source_article="somebody said so", source_original="A; B")
    assert [told.informant for told in report.claims[0].attributions] == ["A", "B"]
    assert report.published is None
    assert "source_article could not be taken apart" in report.claims[0].notes
    assert altered(source_article="", source_original="").claims[0].attributions == ()


def test_headlines_with_quotes_and_semicolons_stay_whole(altered) -> None:
    text = '"A,2026-04-06,He said "yes"; and "no"";"B, Inc,2026-04-07,Done"'
    told = altered(source_article=text).claims[0].attributions
    assert [(t.outlet, t.headline) for t in told] == [
        ("A", 'He said "yes"; and "no"'),
        ("B, Inc", "Done"),
    ]


def test_what_the_coders_doubt_is_kept(altered) -> None:
    assert "the coders say: Check deaths" in altered(code_status="Check deaths").claims[0].notes


def test_figures_in_headlines_are_statements_of_the_informant(altered) -> None:
    report = altered(
        source_article=article("101 clashes, 469 ceasefire violations recorded"),
        source_original="General Staff",
    )
    assert {(s.speaker, s.subject, s.value, s.quote) for s in report.figures} == {
        ("General Staff", "clashes", 101, "101 clashes"),
        ("General Staff", "ceasefire violations", 469, "469 ceasefire violations recorded"),
    }
    assert {s.when for s in report.figures} == {report.published}
    assert {s.outlet for s in report.figures} == {"Outlet"}
    assert report.claims[0].count("ceasefire violations") is None


def test_a_row_of_tags_is_neither_a_record_nor_an_error(read) -> None:
    raw = (SAMPLES / "ged_hdx_2014.csv").read_bytes()
    assert raw.splitlines()[1].startswith(b",,#date+year")
    reports, rejected = read(raw)
    assert (len(reports), rejected) == (6, [])


BROKEN = {
    "bytes.csv": (
        2,
        [
            ("line 3", "the record holds NUL bytes"),
            ("line 4", "the record holds control characters"),
            ("line 5", "the bytes are not utf-8 text"),
            ("line 6", "the record has 50 columns, the header 49"),
            ("line 7", "text follows a closing quote, or a quote is never closed"),
        ],
    ),
    "dates.csv": (
        1,
        [
            ("line 3", "date_prec says one day, the dates differ"),
            ("line 4", "date_end lies before date_start"),
            ("line 5", "date_start is no day of the calendar"),
            ("line 6", "date_start has the year 9999"),
            ("line 7", "date_start is blank"),
            ("line 8", "date_start is not a date: “5 April”"),
            (
                "line 9",
                "date_start has a time of day that a bare date has not: “2026-04-05 21:00:00”",
            ),
            ("line 10", "date_prec 3 says at least 7 days, the dates span 1"),
            ("line 11", "date_prec is not between 1 and 5: “6”"),
            ("line 12", "date_prec is blank"),
            ("line 13", "year says 2025, the dates do not"),
            ("line 14", "date_start is no day of the calendar: “13/14/2026 00:00”"),
        ],
    ),
    "lacks_columns.csv": (
        0,
        [
            (
                "the whole delivery",
                (
                    "unknown header: it lacks best, date_end, date_prec, event_clarity, high, "
                    "latitude, longitude, low, source_article, source_original, "
                    "type_of_violence, where_prec"
                ),
            )
        ],
    ),
    "numbers.csv": (
        1,
        [
            ("line 3", "latitude is not between -90 and 90: “91”"),
            ("line 4", "longitude is not between -180 and 180: “1e308”"),
            ("line 5", "latitude is blank"),
            ("line 6", "where_prec is not between 1 and 7: “0”"),
            ("line 7", "where_prec is not between 1 and 7: “8”"),
            ("line 8", "best is not between 0 and 10000000: “-1”"),
            ("line 9", "best is not between 0 and 10000000: “99999999999”"),
            ("line 10", "best is not a whole number: “3.5”"),
            ("line 11", "type_of_violence is not between 1 and 3: “4”"),
            ("line 12", "event_clarity is not between 1 and 2: “0”"),
            ("line 13", "id is blank"),
        ],
    ),
    "slashed.csv": (
        4,
        [
            (
                "line 5",
                (
                    "the dates can be read in two ways: 2026-03-04 to 2026-03-04 "
                    "or 2026-04-03 to 2026-04-03"
                ),
            ),
            (
                "line 6",
                (
                    "the dates can be read in two ways: 2026-04-05 to 2026-04-05 "
                    "or 2026-05-04 to 2026-05-04"
                ),
            ),
            (
                "line 7",
                (
                    "no reading of the dates is possible: "
                    "the first article came out before the event"
                ),
            ),
            (
                "line 9",
                "date_start has a time of day that a bare date has not: “04/05/2026 03:00”",
            ),
        ],
    ),
    "tags_only.csv": (0, []),
}


def test_every_broken_sample_has_its_expectation() -> None:
    assert {path.name for path in (SAMPLES / "broken").iterdir()} == set(BROKEN)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_samples(read, name: str) -> None:
    reports, rejected = read((SAMPLES / "broken" / name).read_bytes())
    assert (len(reports), rejected) == BROKEN[name]


def test_the_header_decides_what_it_recognises() -> None:
    assert READER.recognises(b"\xef\xbb\xbf" + REAL.replace(b"\n", b"\r\n"))
    names = REAL.split(b"\n", 1)[0].split(b",")
    assert READER.recognises(b",".join(b'"%s"' % name for name in reversed(names)))
    assert not READER.recognises(b"event_id_cnty,event_date,year\n")


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("ucdp-candidate-2026-04/ukraine_russia.csv", 215),
        ("ucdp-ged-ukraine/conflict_data_ukr_2014_2018_2020.csv", 2623),
    ],
)
def test_the_files_with_iso_dates_are_read_whole(
    read, shared: Path, name: str, accepted: int
) -> None:
    """The 2,624 rows of the second file are 2,623 events and the row of HXL tags."""
    reports, rejected = read((shared / "data" / name).read_bytes())
    assert (len(reports), rejected) == (accepted, [])
    assert len({report.id for report in reports}) == accepted
    assert len({report.claims[0].external_id for report in reports}) == accepted
    assert all(report.claims[0].kind in kind_tree() for report in reports)
    assert all(report.claims[0].attributions for report in reports)


def test_what_one_side_says_of_the_truce(read, shared: Path) -> None:
    raw = (shared / "data/ucdp-candidate-2026-04/ukraine_russia.csv").read_bytes()
    said = [s for report in read(raw)[0] for s in report.figures]
    assert {s.value for s in said if s.subject == "ceasefire violations"} == {469, 7696}
    assert Counter(s.subject for s in said) == {
        "clashes": 22,
        "attacks": 8,
        "strikes or shots": 7,
        "ceasefire violations": 2,
    }


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_neither_columns_nor_rows_have_an_order(read, random) -> None:
    table = list(csv.reader(io.StringIO(REAL.decode())))
    order = list(range(len(table[0])))
    random.shuffle(order)
    body = table[1:]
    random.shuffle(body)
    out = io.StringIO()
    csv.writer(out).writerows([[row[i] for i in order] for row in [table[0], *body]])
    before, after = read(REAL)[0], read(out.getvalue().encode())[0]
    assert {r.id: (r.claims, r.figures) for r in before} == {
        r.id: (r.claims, r.figures) for r in after
    }


def test_a_file_twice_gives_every_id_twice(read) -> None:
    once = [report.id for report in read(REAL)[0]]
    twice = [report.id for report in read(REAL + REAL.split(b"\n", 1)[1])[0]]
    assert twice == once + once


@given(st.integers(0, len(REAL) - 1), st.binary(min_size=1, max_size=3))
@settings(max_examples=150)
def test_a_damaged_file_keeps_its_sums(read, at: int, junk: bytes) -> None:
    at = max(at, REAL.index(b"\n") + 1)
    raw = REAL[:at] + junk + REAL[at + len(junk) :]
    reports, rejected = read(raw)
    lines = [text for text in raw.split(b"\n")[1:] if text.strip(b" \t\r")]
    assert len(reports) + len(rejected) == len(lines)


@given(st.binary(max_size=200))
def test_no_bytes_raise(read, raw: bytes) -> None:
    read(raw)
    read(REAL.split(b"\n", 1)[0] + b"\n" + raw)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.text(max_size=40)
            for name in ("date_start", "date_end", "source_article", "source_original", "best")
        },
    )
)
def test_no_field_raises(altered, changes: dict[str, str]) -> None:
    assert isinstance(altered(**changes), Report | str)


def test_an_impossible_day_of_an_article_is_unknown(altered) -> None:
    report = altered(source_article='"A,2026-02-30,X";"B,2026-04-07,Y"')
    assert [told.published is None for told in report.claims[0].attributions] == [True, False]
    assert "an article has an impossible date" in report.claims[0].notes
    assert report.published == report.claims[0].attributions[1].published


def test_a_bracket_that_never_closes_hides_no_informant(altered) -> None:
    claim = altered(source_original="A (press; B", source_article="").claims[0]
    assert [told.informant for told in claim.attributions] == ["A (press", "B"]
