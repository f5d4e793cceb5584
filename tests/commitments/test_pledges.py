"""Every fault in a list of pledges is refused with its file, line and field."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

import trucewatch.missions as missions
from trucewatch.commitments import PRIORITIES, STAGES, read_ledger
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
    return read_ledger(text, file="commitments.yaml").pledges


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
         "not a known key", 4),
        ("by: Northland", "by: Northland\n    by: X", "pledges[0].by", "stands here twice", 5),
        ("said: 2026-01-06\n    low", "said: soon\n    low", "pledges[0].said", "date", 9),
        ("said: 2026-01-06\n    low", "said: 2026-01-06T10:00:00\n    low", "pledges[0].said",
         "date", 9),
        ("low: 500", "low: -1", "pledges[0].low", "greater than", 10),
        ("low: 500", "low: .nan", "pledges[0].low", "plain decimal", 10),
        ("low: 500", "low: '500'", "pledges[0].low", "number", 10),
        ("low: 500", "low: 5000", "pledges[0]", "high lies below low", 3),
        ("    unit: persons\n", "", "pledges[0]", "needs a unit", 3),
        ("said_until: 2026-01-08", "said_until: 2026-01-01", "pledges[1]", "before said", 16),
        ("      - after a ceasefire", "      - 7", "pledges[0].caveats[0]", "must be text", 14),
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


GOOD = """\
timezone: Asia/Tokyo
pledges:
  - &first {id: a, by: x, priority: framework, what: w, stage: announced,
     standing: announced, said: 2026-01-01, source: s}
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2026-01-01", "9999-12-31", "has the year 9999"),
        ("2026-01-01", "0001-01-01", "has the year 1"),
        ("2026-01-01", "0001-01-01T00:00:00+10:00", "no date such as"),
        ("what: w", 'what: "\\UFFFFFFFF"', "not valid YAML"),
        ("what: w", 'what: "\\uD800"', "cannot be printed"),
        ("what: w", 'what: "\\e[2J"', "cannot be printed"),
        ("what: w", "what: !!bool x", "c.yaml:3: pledges[0].what: the tag"),
        ("what: w", "what: !!set {}", "c.yaml:3: pledges[0].what: the tag"),
        ("source: s", f"source: s, unit: u, low: {'9' * 5000}", "plain decimal number"),
        ("2026-01-01", "2026-02-30", "a date that there is not"),
        ("source: s}", "source: s}\n  - {<<: *first, id: b}", "every key must be a plain word"),
        ("source: s}", "source: s}\n  - *first", "anchors and aliases are not used"),
        ("by: x", "by: 7", "pledges[0].by"),
    ],
)
def test_what_the_parser_cannot_bear_is_a_bad_file(old, new, words):
    assert len(read_ledger(GOOD, file="c.yaml").pledges) == 1
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        read_ledger(GOOD.replace(old, new), file="c.yaml")


def test_mutated_files_are_read_or_refused():
    rng = random.Random("trucewatch/pledges")
    pieces = [
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "*first",
        "!!int ",
        "!!set ",
        '"',
        "\n",
        "<<: ",
        "? ",
        "~",
        "\t",
    ]
    read_whole, named = 0, set()
    for _ in range(400):
        text = GOOD + GOOD.partition("pledges:\n")[2].replace("&first {id: a", "{id: b")
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice([*pieces, ""]) + text[at + rng.choice([0, 0, 1, 9]) :]
        try:
            read_ledger(text, file="c.yaml")
            read_whole += 1
        except ConfigurationError as error:
            named.add(error.file)
    assert 0 < read_whole < 400
    assert named == {"c.yaml"}
