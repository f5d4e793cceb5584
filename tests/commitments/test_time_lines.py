"""Time lines worked out by hand: what stands on a ladder of 24 and 72 hours, hour by hour.

Hours count from the founding breach. Step "warn" has 24 hours from the event, "act" follows it and
has 24 from the determination, "all" follows that and has 72 from the event.
"""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from trucewatch.commitments import Loss, known_as
from trucewatch.commitments.responses.deciding import Rulings
from trucewatch.model import Act, Progress, Window

PAPER = runpy.run_path(str(Path(__file__).with_name("ladder.py")))
Case, incident, determined = PAPER["Case"], PAPER["incident"], PAPER["determined"]
at = PAPER["at"]

A = incident("a", 0)
LATE = "waits for the determination"


def nothing(case):
    pass


def two_clocks(case):
    case.enter(30, determined(A))


def taken(case):
    case.decide(10, "warn", Act.TAKE)


def fulfilled(case):
    case.decide(10, "warn", Act.TAKE)
    case.decide(12, "warn", Act.FULFIL)


def declined(case):
    case.decide(10, "warn", Act.DECLINE)


def taken_after_all(case):
    case.decide(10, "warn", Act.DECLINE)
    case.decide(20, "warn", Act.TAKE)


def paused(case):
    # Thirty hours of pause: the night in which the clocks go forward lies behind them.
    case.decide(10, "warn", Act.PAUSE)
    case.decide(40, "warn", Act.RESUME)


def paused_for_good(case):
    case.decide(10, "warn", Act.PAUSE)


def disputed(case):
    case.decide(6, "warn", Act.DISPUTE)
    case.decide(16, "warn", Act.SETTLE)


def disputed_by_who_is_bound(case):
    case.decide(6, "warn", Act.DISPUTE, by="envoy", body="north")


def disputed_while_paused(case):
    case.decide(4, "warn", Act.PAUSE)
    case.decide(6, "warn", Act.DISPUTE)
    case.decide(8, "warn", Act.SETTLE)


def extended(case):
    case.decide(20, "warn", Act.EXTEND, until=60)


def extended_while_paused(case):
    case.decide(10, "warn", Act.PAUSE)
    case.decide(12, "warn", Act.EXTEND, until=60)
    case.decide(20, "warn", Act.RESUME)


def extended_late(case):
    case.decide(30, "warn", Act.EXTEND, until=60)


def shortened(case):
    case.decide(5, "warn", Act.EXTEND, until=20)


def escalated(case):
    case.decide(5, "warn", Act.ESCALATE)


def decided_by_a_stranger(case):
    case.decide(5, "warn", Act.TAKE, by="guest", body="harbour")
    case.decide(6, "warn", Act.TAKE, by="guest")
    case.decide(7, "warn", Act.TAKE, by="nobody")


def resumed_unpaused(case):
    case.decide(5, "warn", Act.RESUME)


def weakly_determined(case):
    case.enter(3, determined(A, standard="reasonable suspicion"))


def denied(case):
    case.decide(10, "warn", Act.TAKE)
    case.enter(30, determined(A, breach=False))


def denied_then_affirmed(case):
    case.enter(10, determined(A, breach=False))
    case.enter(20, determined(A))


LINES = [
    (nothing, -1, {}),
    (nothing, 0, {"warn": ("open", 24)}),
    (nothing, 23, {"warn": ("open", 1)}),
    (nothing, 24, {"warn": ("open", 0), "act": (LATE, None)}),
    (nothing, 25, {"warn": ("overdue", -1), "act": (LATE, None)}),
    (two_clocks, 29, {"warn": ("overdue", -5), "act": (LATE, None)}),
    (two_clocks, 30, {"warn": ("overdue", -6), "act": ("open", 24)}),
    (two_clocks, 54, {"warn": ("overdue", -30), "act": ("open", 0), "all": ("open", 18)}),
    (two_clocks, 73, {"warn": ("overdue", -49), "act": ("overdue", -19), "all": ("overdue", -1)}),
    (taken, 9, {"warn": ("open", 15)}),
    (taken, 10, {"warn": ("taken", 14), "act": (LATE, None)}),
    (fulfilled, 12, {"warn": ("done", 12), "act": (LATE, None)}),
    (declined, 500, {"warn": ("declined", -476)}),
    (taken_after_all, 19, {"warn": ("declined", 5)}),
    (taken_after_all, 20, {"warn": ("taken", 4), "act": (LATE, None)}),
    (paused, 10, {"warn": ("paused", 14)}),
    (paused, 39, {"warn": ("paused", 14)}),
    (paused, 40, {"warn": ("open", 14)}),
    (paused, 54, {"warn": ("open", 0), "act": (LATE, None)}),
    (paused_for_good, 999, {"warn": ("paused", 14)}),
    (disputed, 15, {"warn": ("disputed", 18)}),
    (disputed, 16, {"warn": ("open", 18)}),
    (disputed_by_who_is_bound, 7, {"warn": ("open", 17)}),
    (disputed_while_paused, 7, {"warn": ("disputed", 20)}),
    (disputed_while_paused, 8, {"warn": ("open", 20)}),
    (extended, 19, {"warn": ("open", 5)}),
    (extended, 20, {"warn": ("open", 40)}),
    (extended, 61, {"warn": ("overdue", -1), "act": (LATE, None)}),
    # Until hour 60 was said at hour 12; the eight hours of pause after that move it.
    (extended_while_paused, 20, {"warn": ("open", 48)}),
    # What has opened stays open: at hour 24 nothing had been extended.
    (extended_late, 30, {"warn": ("open", 30), "act": (LATE, None)}),
    (shortened, 5, {"warn": ("open", 19)}),
    (escalated, 5, {"warn": ("open", 19), "act": (LATE, None)}),
    (decided_by_a_stranger, 8, {"warn": ("open", 16)}),
    (resumed_unpaused, 6, {"warn": ("open", 18)}),
    (weakly_determined, 25, {"warn": ("overdue", -1), "act": (LATE, None)}),
    (denied, 29, {"warn": ("taken", -5), "act": (LATE, None)}),
    (denied, 30, {"warn": ("cancelled", -6), "act": ("cancelled", None)}),
    (denied_then_affirmed, 20, {"warn": ("open", 4)}),
]


@pytest.mark.parametrize(
    ("line", "hour", "expected"),
    LINES,
    ids=lambda one: one.__name__ if callable(one) else None,
)
def test_at_every_hour(line, hour, expected):
    case = Case((A,))
    line(case)
    assert case.table(hour) == expected


def test_a_second_breach_within_the_window_joins_and_one_after_it_opens_another():
    within, after = Case((A, incident("b", 23.9))), Case((A, incident("b", 24)))
    assert len(within.opened()) == 2  # warn, and act that follows it
    assert within.step("warn").incidents == ("inc-a", "inc-b")
    assert within.step("warn").id == Case((A,)).step("warn").id
    assert [one.opened for one in after.opened() if one.step == "warn"] == [at(0), at(24)]


def test_late_evidence_shows_what_was_missed_and_moves_no_clock():
    """A breach told of ten days late: the event's clock ran out, the other has not begun."""
    case = Case((A,))
    case.enter(240, determined(A))
    table = case.table(241)
    assert table["warn"] == ("overdue", -217)
    assert table["act"] == ("open", 23)
    assert case.step("warn").opened == at(0)


def test_an_hour_that_is_not_known_starts_no_clock_before_its_end():
    case = Case((incident("a", -12, 12),))
    assert case.table(11) == {}
    assert case.table(12) == {"warn": ("open", 24)}
    event, determination = case.step("warn").timers
    assert (event.earliest, event.start, event.due) == (at(-12), at(12), at(36))
    assert (determination.start, determination.due) == (None, None)


def test_a_pause_moves_both_clocks():
    case = Case((A,))
    case.enter(2, determined(A))
    case.decide(10, "warn", Act.PAUSE)
    case.decide(15, "warn", Act.RESUME)
    event, determination = case.step("warn").timers
    assert (event.named, event.due) == (at(24), at(29))
    assert (determination.named, determination.due) == (at(26), at(31))


def test_a_clock_that_begins_within_a_pause_stands_still_from_then_on():
    case = Case((A,))
    case.decide(10, "warn", Act.PAUSE)
    case.enter(12, determined(A))
    case.decide(15, "warn", Act.RESUME)
    assert [one.due for one in case.step("warn").timers] == [at(29), at(39)]


def test_withdrawn_evidence_cancels_and_nothing_vanishes():
    case = Case((A,))
    case.decide(10, "warn", Act.TAKE)
    before = case.opened()
    case.once, case.ones = (A,), ()
    case.losses = (Loss(at=at(20), claims=frozenset(A.claims), by="operator", reason="a slip"),)
    after = case.opened()
    assert [one.id for one in after] == [one.id for one in before]
    assert {one.progress for one in after} == {Progress.CANCELLED}
    warn = after[0].history
    assert [(one.at, one.what, one.by) for one in warn] == [
        (at(0), "opened", None),
        (at(10), "take", "commission"),
        (at(20), "cancelled", "operator"),
    ]
    assert warn[-1].reason == "a slip"
    assert case.table(19)["warn"] == ("taken", 5)


def renamed_by_a_withdrawal():
    """Two claims made up one incident; one of them is taken back, and it is called otherwise."""
    was = replace(A, id="inc-both", claims=(*A.claims, "clm-gone"))
    case = Case((A,), once=(was,))
    case.losses = (Loss(at=at(20), claims=frozenset({"clm-gone"}), by="operator", reason="a slip"),)
    return case


def test_a_ruling_counts_after_a_withdrawal_has_renamed_the_incident():
    case = renamed_by_a_withdrawal()
    case.enter(25, determined(A))
    assert case.table(26) == {"warn": ("overdue", -2), "act": ("open", 23)}
    case.enter(30, determined(A, breach=False))
    ended = {one.step: one for one in case.opened()}
    assert {one.progress for one in ended.values()} == {Progress.CANCELLED}
    assert {one.history[-1].person for one in ended.values()} == {"clerk"}


def test_a_clock_that_had_begun_is_not_said_never_to_have_begun(monkeypatch):
    """The body takes its determination back: what it had opened is gone, not what it had said."""

    def starts():
        case = Case((A,))
        case.enter(10, determined(A))
        case.enter(30, determined(A, breach=False))
        return {one.step: one.timers[1].start for one in case.opened()}

    assert starts() == {"warn": at(10), "act": at(10)}
    monkeypatch.setattr(Rulings, "affirmed", Rulings.standing)
    assert starts() == {"warn": None, "act": None}


def test_what_is_done_stays_done():
    case = Case((A,))
    fulfilled(case)
    case.once, case.ones = (A,), ()
    assert case.step("warn").progress is Progress.DONE


def test_what_was_withdrawn_before_it_could_open_is_not_said_to_have_opened():
    case = Case((), once=(A,))
    case.losses = (Loss(at=at(-1), claims=frozenset(A.claims), by="operator", reason="a slip"),)
    assert case.opened() == ()


def test_a_decision_outlives_all_evidence():
    """Nothing shows the breach any more, and nobody withdrew anything: people remember."""
    case = Case((A,))
    case.decide(10, "warn", Act.TAKE)
    known = case.step("warn")
    case.ones = ()
    (left,) = case.opened()
    assert (left.id, left.progress, left.duty) == (known.id, Progress.CANCELLED, "warn")
    assert [one.what for one in left.history] == ["opened", "take", "cancelled"]


def test_a_decision_follows_its_obligation_to_another_name():
    """An older report joins: the incident and the obligation are renamed, the decision is kept."""
    case = Case((A,))
    case.decide(10, "warn", Act.TAKE)
    renamed = replace(incident("z", 0), claims=("clm-z", *A.claims))
    old, case.ones = case.step("warn").id, (renamed,)
    assert case.step("warn").id != old
    assert case.step("warn").progress is Progress.TAKEN


def test_a_response_keeps_its_name_when_its_founder_is_taken_back():
    case = Case((A, incident("b", 5)))
    name = case.step("warn").id
    case.once, case.ones = case.ones, case.ones[1:]
    assert case.step("warn").id == name
    assert case.step("warn").opened == at(5)


def test_an_earlier_breach_founds_it_anew_and_the_old_name_still_leads_to_it():
    case = Case((A,))
    old = case.step("warn").id
    case.decide(10, "warn", Act.TAKE)
    # Told of without claims of the incident: the id alone must do.
    entered = case.log[0]
    bare = replace(entered.decision, about=None, claims=())
    case.log = [replace(entered, decision=bare)]
    case.ones = (A, incident("0", -3))
    new = case.step("warn")
    assert (new.opened, new.progress) == (at(-3), Progress.TAKEN)
    assert new.id != old
    assert old in known_as(new, case.agreement)


def test_an_amendment_takes_back_nothing_that_was_decided():
    """Another body decides from now on: what the first one decided stays."""
    case = Case((A,))
    case.decide(10, "warn", Act.TAKE)
    other = replace(case.agreement.triggers[0].steps[0], decided_by="council")
    trigger = replace(case.agreement.triggers[0], steps=(other,))
    case.agreement = replace(case.agreement, triggers=(trigger,))
    assert case.step("warn").progress is Progress.TAKEN
    case.decide(12, "warn", Act.FULFIL)  # by the first body, which has no say any more
    assert case.step("warn").history[-1].void == "council decides, not commission"


def test_a_step_that_was_struck_out_stays_as_cancelled():
    case = Case((A,))
    case.decide(10, "warn", Act.TAKE)
    case.agreement = replace(case.agreement, triggers=())
    (left,) = case.opened()
    assert left.progress is Progress.CANCELLED
    assert left.history[-1].reason == "the agreement no longer sets out this step"


def test_an_amendment_with_a_day_counts_forward():
    """The old trigger ends where the new one begins: each breach has the one of its time."""
    old = case_trigger = Case((A,)).agreement.triggers[0]
    new = replace(old, id="new", window=Window(at(10), None))
    old = replace(old, window=Window(None, at(10)))
    case = Case((A, incident("b", 10)))
    case.agreement = replace(case.agreement, triggers=(old, new))
    found = [(one.trigger, one.incidents) for one in case.opened() if one.step == "warn"]
    assert found == [(case_trigger.id, ("inc-a",)), ("new", ("inc-b",))]
