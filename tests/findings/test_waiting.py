"""What waits for a reviewer: the gravest first, then the oldest, on two clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.findings import GRAVITY, waiting
from trucewatch.model import (
    Assessment,
    Count,
    Effect,
    Finding,
    Incident,
    Interval,
    Nature,
    Outcome,
    Point,
    Responsibility,
    Said,
    State,
)

NOW = datetime(2031, 5, 20, tzinfo=UTC)
TARGET, LIMIT = timedelta(hours=48), timedelta(days=10)


def incident(key: str, *, days_ago: float = 1, **more: object) -> Incident:
    base = Incident(
        id=f"inc-{key}", nature=Nature.EVENT, kind="mortar", place=Point(38.0, -27.0, 100.0),
        when=Interval.instant(NOW - timedelta(days=days_ago)), region=None, probability=0.8,
        claims=(f"c-{key}", f"d-{key}"), sources=("s",), origins=(), observations=1, terms=(),
        reasons=(),
    )  # fmt: skip
    return replace(base, **more)


def finding(of: Incident, **more: object) -> Finding:
    base = Finding(
        id=f"fnd-{of.id}", incident=of.id, state=State.REPORTED, provisional=True,
        responsibility=Responsibility.WITHHELD, standard="none", independent_origins=1,
        probability=0.8, seen_share=None, reasons=(),
    )  # fmt: skip
    return replace(base, **more)


def assessed(of: Incident, outcome: Outcome) -> Assessment:
    return Assessment(
        id=f"ass-{of.id}", incident=of.id, finding=f"fnd-{of.id}", provision="P1",
        outcome=outcome, share=1.0, reasons=(), near_misses=(),
    )  # fmt: skip


def queue(incidents, findings, assessments=(), received=None):
    received = received or {c: NOW - timedelta(hours=1) for i in incidents for c in i.claims}
    return waiting(
        findings, incidents, assessments, received=received, at=NOW, target=TARGET, limit=LIMIT
    )


def test_the_gravest_first_and_then_what_came_first():
    killed = incident("k", counts=(Count(what="killed", best=None, low=0, high=2),))
    hurt = incident("h", counts=(Count(what="wounded", best=1),))
    breach, old, new, outside = (incident(key) for key in "bonx")
    everything = [new, outside, old, breach, hurt, killed]
    outcomes = [assessed(breach, Outcome.BREACH), assessed(outside, Outcome.OUTSIDE)]
    received = {f"c-{key}": NOW - timedelta(hours=n) for n, key in enumerate("khbnox", start=1)}
    found = queue(everything, [finding(i) for i in everything], outcomes, received)
    assert [one.incident for one in found] == [killed, hurt, breach, old, new, outside]
    assert [GRAVITY[one.gravity] for one in found][:3] == [
        "somebody is said to be killed", "somebody is said to be hurt", "held to be a breach",
    ]  # fmt: skip


def test_two_clocks_that_are_never_one():
    one = incident("a", days_ago=30)
    (found,) = queue([one], [finding(one)], received={"c-a": NOW - timedelta(hours=49)})
    assert (found.from_receipt.past_target, found.from_receipt.past_limit) == (True, False)
    assert (found.from_event.past_target, found.from_event.past_limit) == (True, True)
    assert found.overdue
    (exact,) = queue([one], [finding(one)], received={"c-a": NOW - LIMIT})
    assert not exact.from_receipt.past_limit, "the limit itself is in time"
    (unknown,) = queue([one], [finding(one)], received={"other": NOW})
    assert unknown.from_receipt is None


def test_what_was_reviewed_waits_no_more_until_evidence_changes():
    one = incident("a")
    done = finding(one, provisional=False, state=State.VERIFIED)
    received = {"c-a": NOW - timedelta(days=9), "d-a": NOW - timedelta(days=1)}
    assert queue([one], [done], received=received) == ()
    (stale,) = queue([one], [replace(done, stale=True)], received=received)
    assert stale.why == ("the evidence has changed since it was looked at",)
    assert stale.from_receipt.waited == timedelta(days=1), "from the last report on"
    (asked,) = queue([one], [replace(done, asked=True)], received=received)
    assert asked.why == ("a reviewer has asked for more",)


def test_one_of_two_waits_for_the_second():
    one = incident("a")
    said = Said(index=1, at=NOW, by="Reviewer A", what="review", word="confirm", words="seen",
                effect=Effect.WAITS)  # fmt: skip
    (found,) = queue([one], [finding(one, said=(said,))])
    assert found.why == ("one of two reviewers has said confirm (Reviewer A)",)


@pytest.mark.parametrize("nature", [Nature.FIRE, Nature.STATIC_SOURCE])
def test_heat_waits_only_where_people_have_spoken(nature):
    heat = incident("a", nature=nature)
    assert queue([heat], [finding(heat)]) == ()
    assert len(queue([heat], [finding(heat, asked=True)])) == 1


@given(st.permutations(range(6)))
def test_the_order_of_what_comes_in_does_not_matter(order):
    incidents = [incident(str(n), days_ago=n % 3) for n in range(6)]
    findings = [finding(one, stale=bool(n % 2)) for n, one in enumerate(incidents)]
    mixed = queue([incidents[n] for n in order], [findings[n] for n in reversed(order)])
    assert mixed == queue(incidents, findings)
