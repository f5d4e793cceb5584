"""Every fault in a list of pledges is refused with its file, line and field."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import trucewatch.missions as missions
from trucewatch.commitments import PRIORITIES, STAGES, read_pledges
from trucewatch.errors import ConfigurationError
from trucewatch.model import Interval

TEXT = """\
timezone: Europe/Paris
pledges:
  - id: B
    by: Northland
    priority: multinational-force
    what: a battalion
    stage: announced
    standing: reported
    said: 2026-01-06
    low: 500
    high: 800.5
    unit: persons
    caveats:
      - after a ceasefire
    source: https://example.org/b
  - id: A
    by: Southland
    priority: monitoring
    what: ten drones
    stage: authorised
    standing: signed
    said: 2026-01-06
    said_until: 2026-01-08
    source: page 2
"""


def read(text: str = TEXT):
    return read_pledges(text, file="commitments.yaml")


def test_pledges_are_read_and_sorted():
    first, second = read()
    assert (first.id, second.id) == ("A", "B")
    assert (second.low, second.high, second.unit) == (500, 800.5, "persons")
    assert second.caveats == ("after a ceasefire",)
    assert second.said == Interval(
        datetime(2026, 1, 5, 23, tzinfo=UTC), datetime(2026, 1, 6, 23, tzinfo=UTC)
    )
    assert first.said.latest == datetime(2026, 1, 8, 23, tzinfo=UTC)
    assert (first.low, first.high, first.unit) == (None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "field", "words", "line"),
    [
        ("    source: page 2\n", "", "pledges[1].source", "is missing", 16),
        ("source: page 2", "source: ''", "pledges[1].source", "not be empty", 24),
        ("stage: authorised", "stage: dreamt", "pledges[1].stage", "none of: announced", 20),
        ("standing: signed", "standing: sealed", "pledges[1].standing", "'in_force'", 21),
        ("priority: monitoring", "priority: fun", "pledges[1].priority", "none of", 18),
        ("id: A", "id: B", "pledges[1].id", "stands here twice", 16),
        ("id: A", "id: a b", "pledges[1].id", "pattern", 16),
        ("    by: Northland", "    colour: red\n    by: Northland", "pledges[0].colour",
         "not permitted", 4),
        ("by: Northland", "by: Northland\n    by: X", "", "duplicate key", 5),
        ("said: 2026-01-06\n    low", "said: soon\n    low", "pledges[0].said", "date", 9),
        ("said: 2026-01-06\n    low", "said: 2026-01-06T10:00:00\n    low", "pledges[0].said",
         "date", 9),
        ("low: 500", "low: -1", "pledges[0].low", "greater than", 10),
        ("low: 500", "low: .nan", "pledges[0].low", "finite", 10),
        ("low: 500", "low: '500'", "pledges[0].low", "number", 10),
        ("low: 500", "low: 5000", "pledges[0]", "high lies below low", 3),
        ("    unit: persons\n", "", "pledges[0]", "needs a unit", 3),
        ("said_until: 2026-01-08", "said_until: 2026-01-01", "pledges[1]", "before said", 16),
        ("      - after a ceasefire", "      - 7", "pledges[0].caveats[0]", "string", 14),
        ("timezone: Europe/Paris\n", "", "timezone", "need a time zone", 1),
        ("Europe/Paris", "Europe/Nowhere", "timezone", "IANA", 1),
        ("pledges:", "promises:", "pledges", "is missing", 1),
        ("  - id: B", " - id: B", "", "not valid YAML", 4),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_field(old, new, field, words, line):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.field) == ("commitments.yaml", field)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text", ["", "7", "- a", "pledges: {}", "pledges: 1", "[" * 5000, "a: \x00"]
)
def test_what_is_no_list_of_pledges(text):
    with pytest.raises(ConfigurationError):
        read(text)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_refuse(text):
    with pytest.raises(ConfigurationError):
        read(text)


def test_the_announced_truce_has_none_and_says_so():
    path = Path(missions.__path__[0]) / "easter-2026" / "commitments.yaml"
    assert read(path.read_text("utf-8")) == ()
    assert "nobody has promised anything" in path.read_text("utf-8")


def test_the_statements_around_the_paris_framework_fit_the_form(shared):
    """Every row is taken as a pledge at the stage "announced": priorities and standings hold."""
    with (shared / "data/paris-framework/statements.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["priority"] for row in rows} <= set(PRIORITIES)
    assert STAGES[0] == "announced"

    def said(text: str) -> dict[str, object]:
        """One row gives a year alone: the span is the whole year."""
        if len(text) == 4:
            return {"said": date(int(text), 1, 1), "said_until": date(int(text), 12, 31)}
        return {"said": date.fromisoformat(text)}

    pledges = [
        {
            "id": row["statement_id"],
            "by": row["on_behalf_of"],
            "priority": row["priority"],
            "what": row["what"],
            "stage": "announced",
            "standing": row["standing"],
            **said(row["date"]),
            "source": row["source_url"],
        }
        for row in rows
    ]
    written = io.StringIO()
    YAML(typ="safe").dump({"timezone": "Europe/Paris", "pledges": pledges}, written)
    assert len(read(written.getvalue())) == len(rows)
