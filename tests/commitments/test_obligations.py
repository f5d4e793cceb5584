"""Triggers, clocks, and what never opens an obligation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trucewatch.commitments.responses.breaches as counting
from trucewatch.commitments import open_obligations
from trucewatch.model import (
    Agreement,
    Assessment,
    Clock,
    Finding,
    Incident,
    Interval,
    Nature,
    Outcome,
    Point,
    Responsibility,
    State,
    Step,
    Trigger,
    Window,
)

T0 = datetime(2026, 4, 11, 13, tzinfo=UTC)
HOUR = timedelta(hours=1)
TRIGGER = Trigger(
    id="T1",
    provisions=("P1", "P2"),
    count=2,
    within=24 * HOUR,
    steps=(
        Step(
            id="meet",
            duty="meet",
            duty_of=("council",),
            decided_by="the chair",
            clock=Clock.EVENT,
            after=72 * HOUR,
            standard="reasonable grounds to believe",
            standing="in_force",
            source="page 3",
        ),
    ),
    source="page 3",
)
AGREEMENT = Agreement(
    id="island",
    name="Island",
    parties=(),
    guarantors=("council",),
    instruments=(),
    provisions=(),
    regions=(),
    zones=(),
    truce=Window(T0, None),
    standards=(
        ("allegation", "none"),
        ("reported", "reasonable suspicion"),
        ("corroborated", "reasonable grounds to believe"),
        ("verified", "balance of probabilities"),
    ),
    triggers=(TRIGGER,),
)


def incident(name: str, start: float, end: float | None = None) -> Incident:
    return Incident(
        id=name,
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(48.0, 37.0, 100.0),
        when=Interval(T0 + start * HOUR, T0 + (start if end is None else end) * HOUR),
        region=None,
        probability=0.9,
        claims=(),
        sources=(),
        origins=(),
        observations=1,
        terms=(),
        reasons=(),
    )


def finding(one: Incident, state: State = State.CORROBORATED) -> Finding:
    return Finding(
        id=f"f-{one.id}",
        incident=one.id,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="",
        independent_origins=2,
        probability=0.9,
        seen_share=None,
        reasons=(),
    )


def assessment(
    one: Incident, outcome: Outcome = Outcome.BREACH, provision: str = "P1"
) -> Assessment:
    return Assessment(
        id=f"a-{one.id}-{provision}",
        incident=one.id,
        finding=f"f-{one.id}",
        provision=provision,
        outcome=outcome,
        share=1.0,
        reasons=(),
        near_misses=(),
    )


def opened(*ones: Incident, agreement: Agreement = AGREEMENT):
    return open_obligations(
        [assessment(one) for one in ones], ones, agreement, findings=[finding(one) for one in ones]
    )


def test_two_breaches_within_the_window_open_one():
    (found,) = opened(incident("b", 20), incident("a", 1))
    assert found.incidents == ("a", "b")
    assert (found.opened, found.due) == (T0 + 20 * HOUR, T0 + 92 * HOUR)
    assert (found.duty_of, found.duty, found.decided_by) == (("council",), "meet", "the chair")


@pytest.mark.parametrize(
    "ones",
    [
        [],
        [incident("a", 1)],
        [incident("a", 1), incident("b", 25.1)],
        # The hours are not known, so they may be more than a day apart.
        [incident("a", 0, 24), incident("b", 24, 48)],
    ],
)
def test_fewer_or_further_apart_open_none(ones):
    assert opened(*ones) == ()


def test_what_follows_within_the_window_belongs_to_the_response():
    ones = [incident(name, hour) for name, hour in zip("abcde", (0, 1, 2, 24, 25), strict=True)]
    (found,) = opened(*ones)
    assert found.incidents == ("a", "b", "c", "d")
    # The window of 24 hours ran from hour 1; "e" lies after it, and one breach opens nothing.
    assert len(opened(*ones, incident("f", 30))) == 2


def test_one_incident_under_two_provisions_is_one_breach():
    one = incident("a", 1)
    both = [assessment(one), assessment(one, provision="P2")]
    assert open_obligations(both, [one], AGREEMENT, findings=[finding(one)]) == ()


def test_other_outcomes_and_other_provisions_do_not_count():
    ones = [incident("a", 1), incident("b", 2)]
    found = [finding(one) for one in ones]
    for outcome in set(Outcome) - {Outcome.BREACH}:
        made = [assessment(one, outcome) for one in ones]
        assert open_obligations(made, ones, AGREEMENT, findings=found) == ()
    made = [assessment(one, provision="P9") for one in ones]
    assert open_obligations(made, ones, AGREEMENT, findings=found) == ()


def test_an_agreement_without_triggers_opens_none():
    agreement = replace(AGREEMENT, triggers=())
    assert opened(incident("a", 1), incident("b", 2), agreement=agreement) == ()


@pytest.mark.parametrize("state", sorted(set(State) - {State.CORROBORATED, State.VERIFIED}))
def test_what_is_not_established_opens_none(state):
    ones = [incident("a", 1), incident("b", 2)]
    made = [assessment(one) for one in ones]
    found = [finding(one, state) for one in ones]
    assert open_obligations(made, ones, AGREEMENT, findings=found) == ()


def test_without_findings_nothing_is_established():
    ones = [incident("a", 1), incident("b", 2)]
    assert open_obligations([assessment(one) for one in ones], ones, AGREEMENT) == ()


def test_the_guard_on_allegations_bites(monkeypatch):
    """The saboteur: with every state let through, one side's word would start a clock."""
    trusting = replace(AGREEMENT, standards=(("allegation", "beyond reasonable doubt"),))
    ones = [incident("a", 1), incident("b", 2)]
    found = [finding(one, State.ALLEGATION) for one in ones]
    made = [assessment(one) for one in ones]
    assert open_obligations(made, ones, trusting, findings=found) == ()
    monkeypatch.setattr(counting, "ESTABLISHED", frozenset(State))
    assert open_obligations(made, ones, trusting, findings=found)


@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 30)), max_size=8).flatmap(
        lambda spans: st.permutations(
            [incident(f"i{k}", a, a + b) for k, (a, b) in enumerate(spans)]
        )
    )
)
def test_order_does_not_matter_and_no_breach_counts_twice(ones):
    found = opened(*ones)
    assert found == opened(*sorted(ones, key=lambda one: one.id))
    used = [name for one in found for name in one.incidents]
    assert len(used) == len(set(used))
