"""Approvals that a step needs, found in the ledger under the names that it prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments.ledger import lasting
from trucewatch.commitments.responses.approvals import awaited, lacking
from trucewatch.commitments.words import APPROVAL_STATES
from trucewatch.model import (
    Agreement,
    Approval,
    Body,
    Clock,
    Interval,
    Party,
    Pledge,
    Step,
    Window,
)

DAY = datetime(2031, 5, 4, tzinfo=UTC)


def body(name, label, decides=("approval",), members=()):
    return Body(id=name, name=label, decides=decides, members=members)


AGREEMENT = Agreement(
    id="terno",
    name="Terno",
    parties=(Party(id="hill", name="Hill"), Party(id="shore", name="Shore")),
    guarantors=(),
    instruments=(),
    provisions=(),
    regions=(),
    zones=(),
    truce=Window(DAY, None),
    standards=(),
    bodies=(
        body("pilots", "Guild of Pilots", (), ("far-isle", "ostra")),
        body("house-of-nets", "House of Nets", members=("far-isle",)),
        body("thing", "Thing", members=("ostra",)),
        body("moot", "The Moot"),
    ),
)
STEP = Step(
    id="s",
    duty="send boats",
    duty_of=("pilots",),
    decided_by="board",
    clock=Clock.EVENT,
    after=timedelta(hours=24),
    standard="",
    standing="reported",
    source="",
    approval=("house-of-nets", "thing"),
)


def pledge(by, *approvals, key="a"):
    return Pledge(
        id=f"ple-{key}", by=by, priority="", what="", stage="announced", standing="announced",
        said=None, low=None, high=None, unit=None, caveats=(), source="", approvals=approvals,
    )  # fmt: skip


def said(word, name, day=0, source="the town crier"):
    return Approval(
        body=name,
        kind="parliament",
        state=word,
        said=Interval.instant(DAY + timedelta(days=day)),
        source=source,
    )


def missing(step, agreement, pledges, at=None):
    return lacking(awaited(step, agreement, pledges), at)


def test_what_was_said_later_was_missing_then():
    ledger = [
        pledge("ostra", said("promised", "Thing"), said("granted", "Thing", day=2)),
        pledge("far-isle", said("granted", "House of Nets"), key="b"),
    ]
    hour = timedelta(hours=1)
    assert missing(STEP, AGREEMENT, ledger) == ()
    assert missing(STEP, AGREEMENT, ledger, DAY + timedelta(days=2) + hour) == ()
    assert missing(STEP, AGREEMENT, ledger, DAY + hour) == ("thing of ostra: promised",)
    assert missing(STEP, AGREEMENT, ledger, DAY) == (
        "house-of-nets of far-isle: not on record",
        "thing of ostra: not on record",
    )


def test_a_grant_of_today_is_no_grant_of_a_period_that_ended_before():
    """A day counts from its beginning on, and a bulletin's day ends where the next begins."""
    day = Interval(DAY, DAY + timedelta(days=1))
    approval = replace(said("granted", "Thing"), said=day)
    ledger = [
        pledge("ostra", approval),
        pledge("far-isle", said("granted", "House of Nets"), key="b"),
    ]
    ledger[1] = replace(ledger[1], approvals=(replace(approval, body="House of Nets"),))
    assert missing(STEP, AGREEMENT, ledger, DAY + timedelta(hours=12)) == ()
    assert len(missing(STEP, AGREEMENT, ledger, DAY)) == 2


def test_a_body_that_acts_stands_for_its_members():
    assert missing(STEP, AGREEMENT, ()) == (
        "house-of-nets of far-isle: not on record",
        "thing of ostra: not on record",
    )


@pytest.mark.parametrize("state", ["far-isle", "Far Isle", "FAR ISLE", "Fár Isle"])
@pytest.mark.parametrize("house", ["house-of-nets", "House of Nets"])
def test_the_ledger_may_print_the_names(state, house):
    ledger = [pledge(state, said("granted", house))]
    assert missing(STEP, AGREEMENT, ledger) == ("thing of ostra: not on record",)


@pytest.mark.parametrize(
    ("approvals", "word"),
    [
        ([said("granted", "Thing"), said("refused", "Thing", day=1)], "refused"),
        ([said("granted", "Thing"), said("refused", "Thing")], "granted and refused"),
        ([said("granted", "Thing", source="")], "not on record"),
        ([said("promised", "Thing")], "promised"),
        ([said("granted", "Another Thing")], "not on record"),
        ([said("granted", "Thing", source=" ")], "not on record"),
        ([said("granted", "Thing"), said("needed", "Thing", day=1)], "needed"),
        ([said("granted", "Thing"), said("needed", "Thing", day=1, source="")], "needed"),
        ([said("granted", "Thing"), said("needed", "Thing")], "granted and needed"),
    ],
)
def test_what_is_no_approval_is_missing(approvals, word):
    ledger = [pledge("ostra", *approvals), pledge("far-isle", said("granted", "House of Nets"))]
    ledger[1] = replace(ledger[1], id="ple-b")
    assert missing(STEP, AGREEMENT, ledger) == (f"thing of ostra: {word}",)


def test_another_states_word_is_no_approval():
    ledger = [pledge("far-isle", said("granted", "Thing"))]
    assert "thing of ostra: not on record" in missing(STEP, AGREEMENT, ledger)


def test_a_body_of_nobody_in_particular_is_asked_of_each_that_acts():
    step = replace(STEP, approval=("moot",))
    ledger = [pledge("Ostra", said("granted", "the moot"))]
    assert missing(step, AGREEMENT, ledger) == ("moot of far-isle: not on record",)


DAYS = st.sampled_from([None, 0, 1, 2])
WORDS = st.builds(
    lambda state, day, source: Approval(
        body="Thing",
        kind="parliament",
        state=state,
        said=None if day is None else Interval.instant(DAY + timedelta(days=day)),
        source=source,
    ),
    st.sampled_from(APPROVAL_STATES),
    DAYS,
    st.sampled_from(["", "the town crier"]),
)


def agree(approvals):
    """Whether the ledger and the obligations say the same of one body's approval."""
    granted = (
        lasting.authorisation(approvals, None, DAY + timedelta(days=9)).word == lasting.GRANTED
    )
    left = missing(replace(STEP, approval=("thing",)), AGREEMENT, [pledge("ostra", *approvals)])
    assert granted == (left == ())


@given(st.lists(WORDS, max_size=4))
def test_the_ledger_and_the_obligations_agree_on_what_is_granted(approvals):
    agree(approvals)


def test_a_grant_that_wins_a_tie_is_seen(monkeypatch):
    both = [said("needed", "Thing"), said("granted", "Thing")]
    agree(both)
    order = {name: place for place, name in enumerate(APPROVAL_STATES)}
    monkeypatch.setattr(
        lasting, "_when_approved", lambda one: (str(one.said), order[one.state], one.source)
    )
    with pytest.raises(AssertionError):
        agree(both)
