"""Laws of responses: order, more evidence, whose word counts, and what stood at an hour."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from trucewatch.commitments import as_of, open_obligations
from trucewatch.model import Act, Progress, State

PAPER = runpy.run_path(str(Path(__file__).with_name("ladder.py")))
Case, incident, evidence, determined = (
    PAPER[n] for n in ("Case", "incident", "evidence", "determined")
)
AGREEMENT, TRIGGER, PEOPLE, at, HOUR = (
    PAPER[n] for n in ("AGREEMENT", "TRIGGER", "PEOPLE", "at", "HOUR")
)

breaches = st.lists(
    st.tuples(st.integers(0, 120), st.sampled_from([0, 0, 1, 20])), min_size=0, max_size=7
).map(lambda spans: tuple(incident(str(n), a, a + b) for n, (a, b) in enumerate(spans)))
counts = st.integers(1, 3)
hours = st.integers(0, 200)
acts = st.lists(
    st.tuples(
        hours,
        st.sampled_from(sorted(Act)),
        st.sampled_from(["warn", "act", "all"]),
        st.sampled_from([None, 30, 90, 150]),
    ),
    max_size=8,
)


def agreement(count: int):
    return replace(AGREEMENT, triggers=(replace(TRIGGER, count=count),))


def opened(ones, count: int, state: State = State.CORROBORATED, log=()):
    found = evidence(*ones, state=state)
    return open_obligations(
        found.assessments,
        found.incidents,
        agreement(count),
        findings=found.findings,
        decisions=log,
    )


def entered(case, script, *, by="clerk", body="commission"):
    """What the script says, entered where its step is there."""
    for hour, act, step, until in sorted(script, key=lambda one: one[0]):
        if any(one.step == step for one in case.opened()):
            case.decide(hour, step, act, until=until, by=by, body=body)
    return case


@given(breaches.flatmap(lambda ones: st.tuples(st.just(ones), st.permutations(ones))), counts)
def test_the_order_of_reports_does_not_matter(pair, count):
    ones, shuffled = pair
    assert opened(ones, count) == opened(shuffled, count)


@given(
    breaches,
    counts,
    st.sampled_from(sorted(set(State) - {State.CORROBORATED, State.VERIFIED})),
)
def test_nothing_opens_without_a_finding(ones, count, state):
    assert opened(ones, count, state) == ()


@given(breaches, st.tuples(hours, st.sampled_from([0, 1, 20])), counts)
@settings(max_examples=300)
def test_another_breach_never_closes_an_obligation(ones, span, count):
    """Each obligation goes on in one of its own, no later than it was, whatever it is called."""
    more = (*ones, incident("new", span[0], sum(span)))
    before, after = opened(ones, count), opened(more, count)
    for step in ("warn", "act", "all"):
        was = [one for one in before if one.step == step]
        now = [one for one in after if one.step == step]
        assert len(was) <= len(now)
        for old, new in zip(was, now, strict=False):
            assert new.opened <= old.opened


@given(breaches, acts, st.sampled_from(["guest", "envoy", "nobody"]))
def test_who_does_not_decide_changes_nothing(ones, script, by):
    ones = ones or (incident("a", 0),)
    silent, loud = Case(ones), Case(ones)
    for body in ("commission", "north", "harbour"):
        entered(loud, script, by=by, body=body)
    for one, other in zip(silent.opened(), loud.opened(), strict=True):
        assert replace(other, history=()) == replace(one, history=())
        assert all(each.void for each in other.history if each.person is not None)


@given(acts, hours, st.booleans())
@settings(max_examples=300)
def test_what_stood_at_an_hour_is_what_the_log_of_that_hour_says(script, hour, determination):
    """A replay of the log's beginning and a look back from its end are the same."""
    case = Case((incident("a", 0),))
    if determination:
        case.enter(20, determined(case.ones[0]))
    entered(case, script)
    case.log.sort(key=lambda one: one.at)
    case.log = [replace(one, index=n) for n, one in enumerate(case.log)]
    prefix = [one for one in case.log if one.at <= at(hour)]
    then = {row.obligation.step: row for row in as_of(case.opened(prefix), at(hour))}
    now = {row.obligation.step: row for row in as_of(case.opened(), at(hour))}
    assert now == then


@given(acts)
def test_a_clock_never_runs_backwards(script):
    """What is left falls by the hour, stands still, or is moved by an entry; it never jumps."""
    case = entered(Case((incident("a", 0),)), script)
    moments = {round((one.at - at(0)) / HOUR) for one in case.log}
    for hour in range(0, 100, 7):
        if moments & set(range(hour, hour + 8)):
            continue
        before, after = case.table(hour), case.table(hour + 7)
        for step, (word, left) in before.items():
            if left is not None and step in after and after[step][1] is not None:
                stopped = word in {Progress.PAUSED, Progress.DISPUTED}
                assert after[step][1] == (left if stopped else left - 7)
