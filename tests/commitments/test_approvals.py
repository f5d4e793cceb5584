"""Approvals that a step needs, found in the ledger under the names that it prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.commitments.responses.approvals import missing
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
