"""A clock starts only from finding-grade records, and never later for more of them."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments import Evidence, open_obligations, starts
from trucewatch.commitments.responses import breaches as counting
from trucewatch.commitments.responses import ladders
from trucewatch.model import Clock, Entered, State

PAPER = runpy.run_path(str(Path(__file__).with_name("ladder.py")))
incident, evidence, finding, determined = (
    PAPER[n] for n in ("incident", "evidence", "finding", "determined")
)
AGREEMENT, TRIGGER, CLERK, at = (PAPER[n] for n in ("AGREEMENT", "TRIGGER", "CLERK", "at"))


def opened(ones, count, since, *, log=(), entered=None):
    """What opens of (incident, hour) where each was finding-grade by the hour in `since`."""
    found = evidence(*ones)
    return {
        one.id: one
        for one in open_obligations(
            found.assessments,
            found.incidents,
            replace(AGREEMENT, triggers=(replace(TRIGGER, count=count),)),
            findings=found.findings,
            decisions=log,
            reached={one.id: ((at(since[one.id]), evidence(one)),) for one in ones if since},
            entered=entered or {},
        )
    }


many = st.lists(
    st.tuples(st.integers(0, 120), st.sampled_from([0, 0, 1, 20]), st.integers(-50, 200)),
    min_size=1,
    max_size=7,
)


def made(spans):
    ones = [incident(str(n), a, a + b) for n, (a, b, _) in enumerate(spans)]
    return ones, {one.id: since for one, (_, _, since) in zip(ones, spans, strict=True)}


@given(many, st.integers(1, 3))
def test_nothing_opens_before_its_records_are_finding_grade(spans, count):
    ones, since = made(spans)
    free, bound = opened(ones, count, {}), opened(ones, count, since)
    assert {one.id for one in bound.values() if one.step == "warn"} == {
        one.id for one in free.values() if one.step == "warn"
    }
    for name in bound.keys() & free.keys():
        one = bound[name]
        sure = sorted(at(since[each]) for each in one.incidents)[count - 1]
        assert one.opened >= max(free[name].opened, sure)
        event = next(timer for timer in one.timers if timer.clock is Clock.EVENT)
        assert event.start >= event.earliest >= sure
        if one.follows is None:
            assert event.start == one.opened


def rests(one, other):
    return {*other.incidents} <= {*one.incidents}


@given(many, st.integers(1, 3), st.integers(0, 6))
def test_more_evidence_moves_no_start_later_and_takes_none_away(spans, count, left_out):
    """Only as far as the evidence itself does: the wait for witnesses adds nothing to that."""
    ones, since = made(spans)
    fewer = [one for n, one in enumerate(ones) if n != left_out]
    before, after = opened(fewer, count, since), opened(ones, count, since)
    free = opened(ones, count, {})
    for was in before.values():
        # An earlier breach gives a response another name: it is known by what it rests on.
        now, unbound = (
            [one for one in each.values() if one.step == was.step and rests(one, was)]
            for each in (after, free)
        )
        assert bool(now) == bool(unbound)
        if unbound:
            earliest = min(one.opened for one in now)
            assert earliest <= max(was.opened, min(one.opened for one in unbound))


def test_without_choosing_the_earliest_a_later_breach_would_move_the_start(monkeypatch):
    """The saboteur: a start that waits for all the records of a response."""
    monkeypatch.setattr(ladders, "met_by", lambda _, __, since: max(since.values()))
    law = test_more_evidence_moves_no_start_later_and_takes_none_away.hypothesis.inner_test
    with pytest.raises(AssertionError):
        law([(10, 0, 20), (15, 0, 90)], 1, 1)


def test_without_the_wait_a_clock_would_start_from_one_word(monkeypatch):
    """The saboteur: nothing waits."""
    monkeypatch.setattr(ladders, "met_by", lambda *_: ladders.ALWAYS)
    law = test_nothing_opens_before_its_records_are_finding_grade.hypothesis.inner_test
    with pytest.raises(AssertionError):
        law([(10, 0, 20)], 1)


def test_a_breach_counts_from_when_it_reached_the_standard():
    """The first of its records was cosigned early; the one that corroborated it much later."""
    one = incident("a", 0)
    told = replace(evidence(one), findings=(finding(one, State.REPORTED),))
    found = evidence(one)
    (opens,) = (
        each
        for each in open_obligations(
            found.assessments,
            found.incidents,
            AGREEMENT,
            findings=found.findings,
            reached={one.id: ((at(1), told), (at(30), found), (at(99), found))},
        )
        if each.step == "warn"
    )
    assert (opens.opened, opens.due) == (at(30), at(54))
    assert "a quorum of witnesses had cosigned" in opens.history[0].reason


def test_the_clock_of_a_determination_waits_for_it():
    one = incident("a", 0)
    said = determined(one)
    log = (Entered(index=7, at=at(10), by="clerk", decision=said, person=CLERK),)
    for entered, start in (({}, 10), ({7: at(40)}, 40), ({7: at(3)}, 10)):
        act = next(
            each
            for each in opened([one], 1, {one.id: 0}, log=log, entered=entered).values()
            if each.step == "act"
        )
        timer = next(timer for timer in act.timers if timer.clock is Clock.DETERMINATION)
        assert timer.start == at(start)


def test_what_takes_away_counts_at_once():
    one = incident("a", 0)
    yes = Entered(index=1, at=at(1), by="clerk", decision=determined(one), person=CLERK)
    no = replace(yes, decision=determined(one, breach=False))
    assert (starts(yes), starts(no)) == (True, False)


def test_breaches_that_do_not_meet_a_trigger_have_no_hour():
    with pytest.raises(ValueError, match="do not meet"):
        counting.met_by((), TRIGGER, {})
    assert Evidence(assessments=(), incidents=(), findings=()).reached == {}
