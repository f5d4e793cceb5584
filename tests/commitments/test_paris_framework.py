"""The shipped ledger of the Paris framework says what its two tables of sources say, row by row."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import trucewatch.missions as missions
from trucewatch.commitments import POSITION, gap, matrix, read_ledger
from trucewatch.model import Interval, Window

PARIS = ZoneInfo("Europe/Paris")
LATER = datetime(2026, 6, 1, tzinfo=UTC)
FILE = Path(missions.__path__[0]) / "paris-framework" / "commitments.yaml"
LEDGER = read_ledger(FILE.read_text("utf-8"), file=FILE.name)
KNOWN = {one.id: one for one in LEDGER.pledges}


def rows(shared, name):
    with (shared / "data" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def days(text: str) -> Interval | None:
    """One row gives a year alone, some a first and a last day, some none."""
    if not text:
        return None
    if len(text) == 4:
        return Interval.days(date(int(text), 1, 1), date(int(text), 12, 31), PARIS)
    first, _, last = text.partition("/")
    return Interval.days(date.fromisoformat(first), date.fromisoformat(last or first), PARIS)


def amount(text: str) -> float | None:
    return float(text) if text else None


def test_every_row_of_the_statements_is_there_as_it_is(shared):
    told = rows(shared, "paris-framework/statements.csv")
    assert len(told) == 39
    for row in told:
        one = KNOWN[row["statement_id"]]
        assert {
            "said": one.said,
            "occasion": one.occasion,
            "said_by": one.said_by,
            "by": one.by,
            "priority": one.priority,
            "what": one.what,
            "amount": (one.low, one.high, one.unit or ""),
            "domain": ";".join(one.domains),
            "standing": one.standing,
            "approval": " and ".join(each.body for each in one.approvals),
            "states": {each.state for each in one.approvals},
            "caveat": "; ".join(one.caveats),
            "outlet": one.outlet,
            "source": one.source,
            "credits": one.credits,
        } == {
            "said": days(row["date"]),
            "occasion": row["instrument_or_occasion"],
            "said_by": row["said_by"],
            "by": row["on_behalf_of"],
            "priority": row["priority"],
            "what": row["what"],
            "amount": (amount(row["value_low"]), amount(row["value_high"]), row["unit"]),
            "domain": row["domain"],
            "standing": row["standing"],
            "approval": row["needs_approval_by"],
            "states": {row["approval_status"]} - {""},
            "caveat": row["caveat"],
            "outlet": row["outlet"],
            "source": row["source_url"],
            "credits": row["outlet_credits"],
        }


def test_every_bilateral_agreement_is_there_as_it_is(shared):
    told = rows(shared, "security-agreements-ukraine/agreements.csv")
    assert len(told) == 28
    for row in told:
        one = KNOWN["SA-" + row["partner"].lower().replace(" ", "-")]
        signed = days(row["signed"])
        assert (one.by, one.standing, one.stage) == (row["partner"], "signed", "committed")
        assert one.said == signed
        assert one.source.split("; ") == [
            text for text in (row["date_source"], row["party_list_source"]) if text
        ]
        assert ("day-unknown" in one.limits) == (signed is None)
        if signed is None:
            assert one.valid == Window(None, None)
        else:
            first, _, last = row["signed"].partition("/")
            end = date.fromisoformat(first)
            end = end.replace(year=end.year + int(row["duration_years"]))
            assert one.valid.start == days(last or first).earliest
            assert one.valid.end == days(end.isoformat()).earliest


def test_there_is_nothing_else_and_nothing_is_in_force(shared):
    names = {row["statement_id"] for row in rows(shared, "paris-framework/statements.csv")}
    assert len(KNOWN) == 39 + 28 + 30
    assert {one for one in KNOWN if not one.startswith(("SA-", "AR"))} == names
    assert {one.standing for one in KNOWN.values()} == {"reported", "announced", "signed"}
    assert {one.state for each in KNOWN.values() for one in each.approvals}.isdisjoint(
        {"granted", "refused"}
    )


def test_the_contradictions_stand_side_by_side():
    told = {one.item: one for one in matrix(LEDGER.pledges, LATER).disagreements}
    phase = told["response-second-phase"]
    assert [(one.pledge.id, one.pledge.low) for one in phase.entries] == [
        ("PF037", None),
        ("PF039", 48),
    ]
    assert phase.voices == (("Financial Times", ("PF037", "PF039")),)
    text = told["response-commitments"]
    drafts = {one.pledge.id: "draft" in one.pledge.limits for one in text.entries}
    assert drafts == {"AR25": True, "PF007": False, "PF032": True}
    assert {one.pledge.standing for one in text.entries if one.pledge.id != "PF007"} == {"reported"}


def test_the_plan_is_only_reported_and_nobody_has_given_a_number():
    (need,) = LEDGER.needs
    source = KNOWN["PF029"]
    assert (need.low, need.high, need.unit) == (source.low, source.high, source.unit)
    assert (need.domains, need.standing, need.source) == (
        source.domains,
        "reported",
        source.source,
    )
    (found,) = gap(LEDGER.pledges, LEDGER.needs, LATER)
    assert found.lines == ()
    assert dict(found.left)["PF025"] == "counted in another unit: company"
    assert dict(found.left)["PF029"] == "a position, no promise"


@pytest.mark.parametrize(
    "name",
    ["PF005", "PF015", "PF017", "PF029", "PF031", "PF032", "PF035", "PF039"],
)
def test_what_promises_nothing_is_a_position(name):
    """An account, a "may", an estimate, a draft, a figure that its own source does not have."""
    assert KNOWN[name].stage == POSITION


def test_no_draft_and_no_disputed_figure_is_a_promise():
    for one in KNOWN.values():
        if {"draft", "disputed-by-source"} & {*one.limits}:
            assert one.stage == POSITION, one.id


def test_both_parties_to_the_conflict_are_marked_as_parties():
    for one in KNOWN.values():
        spoken = one.by in {"Russia", "Ukraine"}
        assert ("party-position" in one.limits) == spoken, one.id


def test_what_another_newsroom_could_not_verify_says_so():
    for one in KNOWN.values():
        assert ("unverified" in one.limits) == ("could not verify" in one.credits), one.id
