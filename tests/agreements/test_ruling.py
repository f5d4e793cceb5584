"""What a body has determined counts, one way only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trucewatch.agreements import ruled
from trucewatch.model import (
    Agreement,
    Assessment,
    Body,
    Determination,
    Entered,
    Outcome,
    Party,
    Window,
)

AT = datetime(2031, 5, 4, tzinfo=UTC)
AGREEMENT = Agreement(
    id="terno",
    name="Terno",
    parties=(Party(id="hill", name="Hill"), Party(id="shore", name="Shore")),
    guarantors=(),
    instruments=(),
    provisions=(),
    regions=(),
    zones=(),
    truce=Window(AT, None),
    standards=(),
    bodies=(Body(id="board", name="The Harvest Board", decides=("breach",)),),
)
ONE = Assessment(
    id="asm-1",
    incident="inc-1",
    finding="fnd-1",
    provision="P1",
    outcome=Outcome.BREACH,
    share=1.0,
    reasons=("by the rules",),
    near_misses=(),
)


def word(index, breach, *, incident="inc-1", provision="P1"):
    said = Determination(
        body="board",
        incident=incident,
        claims=(),
        provision=provision,
        breach=breach,
        standard="clear and convincing",
        reason="a mine of old",
    )
    return Entered(index=index, at=AT, by="chair", decision=said)


def outcome(*words, one=ONE):
    (found,) = ruled([one], words, AGREEMENT)
    return found.outcome


def test_no_breach_is_outside_and_says_by_whose_word():
    (found,) = ruled([ONE], [word(1, False)], AGREEMENT)
    assert found.outcome is Outcome.OUTSIDE
    assert found.reasons == (
        "The Harvest Board has determined that it is no breach: a mine of old",
        "by the rules",
    )
    assert found.id != ONE.id
    assert found.share == ONE.share


def test_the_last_word_holds_in_whatever_order_they_come():
    first, second = word(1, False), word(2, True)
    assert outcome(first, second) is outcome(second, first) is Outcome.BREACH
    assert outcome(word(3, False), second) is Outcome.OUTSIDE


def test_another_incident_or_term_is_not_meant():
    assert outcome(word(1, False, incident="inc-2")) is Outcome.BREACH
    assert outcome(word(1, False, provision="P2")) is Outcome.BREACH
    assert ruled([ONE], [], AGREEMENT) == (ONE,)


@pytest.mark.parametrize("other", [Outcome.UNDETERMINED, Outcome.EXEMPT, Outcome.OUTSIDE])
@pytest.mark.parametrize("breach", [True, False])
def test_no_word_makes_a_breach(other, breach):
    one = replace(ONE, outcome=other)
    assert ruled([one], [word(1, breach)], AGREEMENT) == (one,)
