"""The support tracker's table: stages never added, sums exact, bad rows quarantined and counted."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments import add_up, by_donor, by_month, read_tracker, tracker
from trucewatch.commitments.tracker import ALLOCATED, COMMITTED, PARTS, reasons
from trucewatch.errors import SourceUnavailable

KIEL = "data/kiel-ukraine-support-tracker"
CENT = Decimal("0.01")
BILLION = Decimal(10) ** 9
HEAD = (
    "country,iso,year,month,total,financial,humanitarian,military,commitments,to_be_allocated,gdp"
)
ROW = "Northland,NTH,2022,2,0.3,0.1,0.1,0.1,1.5,1.2,1000"


def read(*rows: str):
    return read_tracker("\n".join([HEAD, *rows]))


def cells(shared, name):
    """A table as it lies there, without the reader."""
    with (shared / KIEL / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def kiel(shared):
    path = shared / KIEL / "data_explorer.csv"
    if not path.is_file():
        pytest.skip("the tracker's table is not here: its licence lets nobody copy it")
    return read_tracker(path.read_text("utf-8"))


class TestTheTracker:
    def test_every_row_is_taken(self, kiel):
        assert (kiel.received, kiel.accepted, kiel.duplicates) == (1079, 1079, 0)
        assert kiel.quarantined == ()
        assert len({one.donor for one in kiel.amounts}) == 42

    @pytest.mark.parametrize(
        ("column", "stage", "kind"),
        [("commitments", COMMITTED, "whole"), ("total", ALLOCATED, "whole")]
        + [(part, ALLOCATED, part) for part in PARTS],
    )
    def test_totals_by_country_are_the_sources_to_the_cent(self, shared, kiel, column, stage, kind):
        """Summed here in whole thousandths of a cent, by another way than the reader's."""
        told: defaultdict[str, int] = defaultdict(int)
        for row in cells(shared, "data_explorer.csv"):
            whole, _, part = row[column].partition(".")
            told[row["country"]] += int(whole + part.ljust(14, "0"))
        found = by_donor(kiel.amounts, stage=stage, kind=kind)
        assert found.keys() == told.keys()
        for donor, euros in found.items():
            assert euros.quantize(CENT) == (Decimal(told[donor]) / 10**5).quantize(CENT), donor

    @pytest.mark.parametrize(
        ("column", "kind"),
        [("total_allocations", "whole"), *((part, part) for part in PARTS)],
    )
    def test_totals_by_month_are_those_the_source_publishes(self, shared, kiel, column, kind):
        told = {
            date(int(row["year"]), int(row["month"]), 1): Decimal(row[column]) * BILLION
            for row in cells(shared, "total_allocations.csv")
        }
        assert len(told) == 52
        assert by_month(kiel.amounts, stage=ALLOCATED, kind=kind) == told

    def test_shares_of_gdp_are_the_sources_but_for_one(self, shared, kiel):
        """Both tables are the source's: for one donor they differ, and it is named here."""
        gdp = {
            row["country"]: Decimal(row["gdp"]) * BILLION
            for row in cells(shared, "data_explorer.csv")
        }
        found = by_donor(kiel.amounts, stage=ALLOCATED)
        differ = {}
        for row in cells(shared, "eu_aid_shares.csv"):
            ours = found[row["country"]] / gdp[row["country"]] * 100
            if abs(ours - Decimal(row["bilateral_pct_gdp"])) > Decimal("0.00001"):
                differ[row["country"]] = (row["bilateral_pct_gdp"], str(round(ours, 6)))
        assert differ == {"Slovenia": ("0.258634", "0.271468")}

    def test_the_two_stages_are_not_one_figure(self, kiel):
        with pytest.raises(ValueError, match="never added together"):
            add_up(kiel.amounts)
        committed = add_up(one for one in kiel.amounts if one.stage == COMMITTED)
        allocated = add_up(
            one for one in kiel.amounts if (one.stage, one.kind) == (ALLOCATED, "whole")
        )
        assert committed > allocated > 0

    def test_any_order_of_the_rows(self, shared, kiel):
        head, *rows = (shared / KIEL / "data_explorer.csv").read_text("utf-8").splitlines()
        random.Random(7).shuffle(rows)
        assert read_tracker("\n".join([head, *rows])).amounts == kiel.amounts


def test_a_row_is_five_amounts_in_euros():
    assert [(one.stage, one.kind, one.euros) for one in read(ROW).amounts] == [
        ("allocated", "financial", 100_000_000),
        ("allocated", "humanitarian", 100_000_000),
        ("allocated", "military", 100_000_000),
        ("allocated", "whole", 300_000_000),
        ("committed", "whole", 1_500_000_000),
    ]


def test_a_whole_is_not_added_to_its_parts():
    allocated = [one for one in read(ROW).amounts if one.stage == ALLOCATED]
    with pytest.raises(ValueError, match="its own parts"):
        add_up(allocated)
    assert add_up([]) == 0


def test_the_guard_on_stages_bites(monkeypatch):
    """Were the two one stage, nothing would keep their sum from being printed."""
    monkeypatch.setattr(tracker, "COMMITTED", ALLOCATED)
    amounts = [one for one in read(ROW).amounts if one.kind == "whole"]
    with pytest.raises(pytest.fail.Exception), pytest.raises(ValueError, match="never added"):
        add_up(amounts)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW.replace("Northland", " "), "names no donor"),
        (ROW.replace("2022,2", "2022,13"), "has no month of any year"),
        (ROW.replace("2022,2", "22,2"), "has no month of any year"),
        (ROW.replace("0.3,", "0.4,"), "its parts do not make its total"),
        (ROW.replace("1.5,1.2", "1.5,1.1"), "commitments less allocations are not what"),
        (ROW.replace("1.5", "1e3"), "commitments is no amount"),
        (ROW.replace("1.5", "NaN"), "commitments is no amount"),
        (ROW.replace("1.5", "1" * 400), "commitments is no amount"),
        (ROW.replace("0.3,0.1", "-0.1,-0.3"), "total is below nought"),
        (ROW + ",more", "too many or too few fields"),
        (ROW.rpartition(",")[0], "too many or too few fields"),
    ],
)
def test_a_bad_row_is_quarantined_with_its_line_and_counted(row, reason):
    table = read(ROW, row)
    assert (table.received, table.accepted, len(table.quarantined)) == (2, 1, 1)
    assert reason in table.quarantined[0].reason
    assert table.quarantined[0].pointer == "line 3"
    assert sum(reasons(table).values()) == 1
    assert len(table.amounts) == 5


def test_the_same_row_twice_counts_once_and_contradictions_count_for_nothing():
    table = read(ROW, ROW)
    assert (table.accepted, table.duplicates, len(table.amounts)) == (1, 1, 5)
    other = ROW.replace("1.5,1.2", "2.5,2.2")
    for rows in ((ROW, other), (other, ROW)):
        table = read(*rows)
        assert (table.received, table.accepted, len(table.quarantined)) == (2, 0, 2)
        assert table.amounts == ()


@pytest.mark.parametrize("text", ["", "country,iso\nx,y", 'a"b\n"', HEAD.replace("iso,", "")])
def test_what_is_no_such_table_is_refused(text):
    with pytest.raises(SourceUnavailable):
        read_tracker(text)


@given(st.lists(st.text(alphabet='Nn,."\n\r0129-\x00é', max_size=60), max_size=4))
def test_no_text_vanishes_or_crashes(rows):
    try:
        table = read(ROW, *rows)
    except SourceUnavailable:
        return
    assert table.received == table.accepted + table.duplicates + len(table.quarantined)
