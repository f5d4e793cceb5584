"""The fields of a statement beside the first ones: stages, approvals, limits, days, needs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trucewatch.commitments import read_ledger
from trucewatch.errors import ConfigurationError
from trucewatch.model import Approval, Interval, Need, Stage, Window

TEXT = """\
timezone: UTC
needs:
  - id: force
    priority: multinational-force
    item: force-size
    what: personnel of the force
    low: 15000
    high: 30000
    unit: personnel
    domains: [air, land]
    standing: reported
    source: https://example.org/need
pledges:
  - id: N1
    by: Northland
    item: north-brigade
    priority: multinational-force
    what: a brigade
    stage: authorised
    standing: signed
    said: unknown
    low: 3000
    unit: personnel
    domains: [sea, land]
    basing: Southport
    limits: [no-troops, after-ceasefire]
    approvals:
      - body: Chamber
        kind: parliament
        state: granted
        said: 2026-03-01
        source: https://example.org/vote
      - body: Council
        kind: government
        state: promised
        due: 2026-04-01
    stages:
      - stage: announced
        said: 2026-01-06
        said_until: 2026-01-07
        source: https://example.org/said
    valid_from: 2026-01-06
    valid_until: 2036-01-05
    due: 2026-06-30
    said_by: the minister
    occasion: a summit
    outlet: Gazette
    credits: Agency
    source: https://example.org/n1
"""

SECOND = """\
  - {id: force, priority: monitoring, what: w, low: 1, unit: u, standing: reported, source: s}
"""


def read(text: str = TEXT):
    return read_ledger(text, file="commitments.yaml")


def day(year: int, month: int, number: int) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)


def test_every_field_is_read():
    (pledge,) = read().pledges
    assert pledge.said is None
    assert (pledge.low, pledge.high, pledge.unit) == (3000, None, "personnel")
    assert pledge.item == "north-brigade"
    assert pledge.domains == ("land", "sea")
    assert pledge.basing == "Southport"
    assert pledge.limits == ("after-ceasefire", "no-troops")
    assert pledge.approvals == (
        Approval(
            body="Chamber",
            kind="parliament",
            state="granted",
            said=Interval(day(2026, 3, 1), day(2026, 3, 2)),
            source="https://example.org/vote",
        ),
        Approval(
            body="Council",
            kind="government",
            state="promised",
            due=Interval(day(2026, 4, 1), day(2026, 4, 2)),
        ),
    )
    assert pledge.stages == (
        Stage(
            name="announced",
            said=Interval(day(2026, 1, 6), day(2026, 1, 8)),
            source="https://example.org/said",
        ),
    )
    assert pledge.valid == Window(day(2026, 1, 6), day(2036, 1, 6))
    assert pledge.due == Interval(day(2026, 6, 30), day(2026, 7, 1))
    assert (pledge.said_by, pledge.occasion) == ("the minister", "a summit")
    assert (pledge.outlet, pledge.credits) == ("Gazette", "Agency")


def test_what_the_plan_needs_is_read():
    assert read().needs == (
        Need(
            id="force",
            priority="multinational-force",
            item="force-size",
            what="personnel of the force",
            low=15000,
            high=30000,
            unit="personnel",
            domains=("land", "air"),
            standing="reported",
            source="https://example.org/need",
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("limits: [no-troops,", "limits: [no-boots,", "pledges[0].limits[0]", "none of: after-cea"),
        ("limits: [no-troops, a", "limits: [after-ceasefire, a", "pledges[0].limits", "twice"),
        ("[sea, land]", "[sea, moon]", "pledges[0].domains[1]", "none of: land, sea, air"),
        ("kind: parliament", "kind: crowd", "pledges[0].approvals[0].kind", "none of: parliament"),
        ("state: promised", "state: hoped", "pledges[0].approvals[1].state", "none of: needed"),
        ("        said: 2026-03-01\n", "", "pledges[0].approvals[0]", "'granted' needs its day"),
        ("        source: https://example.org/vote\n", "", "pledges[0].approvals[0]", "its source"),
        ("state: promised", "state: refused", "pledges[0].approvals[1]", "'refused' needs its day"),
        ("- stage: announced", "- stage: position", "pledges[0].stages[0].stage", "none of"),
        ("        source: https://example.org/said\n", "", "pledges[0].stages[0].source", "is"),
        ("    stage: authorised", "    stage: position", "pledges[0]", "it has no stages"),
        ("said: unknown", "said: sometime", "pledges[0].said", "no date such as"),
        ("said: unknown\n", "said: unknown\n    said_until: 2026-01-01\n", "pledges[0]", "needs"),
        ("    said: unknown\n", "", "pledges[0].said", "is missing"),
        ("2036-01-05", "2025-01-05", "pledges[0]", "valid_until lies before"),
        ("said_until: 2026-01-07", "said_until: 2026-01-05", "pledges[0].stages[0]", "before said"),
        ("    low: 15000\n    high: 30000\n", "", "needs[0]", "without a number"),
        ("    high: 30000\n", "    high: 3000\n", "needs[0]", "high lies below low"),
        ("    unit: personnel\n    domains: [air", "    domains: [air", "needs[0].unit", "missing"),
        ("pledges:\n", f"{SECOND}pledges:\n", "needs[1].id", "stands here twice"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_field(old, new, field, words):
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    assert words in str(caught.value)
    assert (caught.value.file, caught.value.field) == ("commitments.yaml", field)
    assert caught.value.line


def test_an_error_quotes_a_file_no_further_than_people_read():
    for given in ("low: " + "9" * 5000, "low: !" + "t" * 5000, "low: *" + "a" * 5000):
        with pytest.raises(ConfigurationError) as caught:
            read_ledger(f"pledges:\n  - {{{given}}}\n", file="c.yaml")
        assert len(str(caught.value)) < 1000
