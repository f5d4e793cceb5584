"""A clock that waits for witnesses never starts before people joined what it rests on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trucewatch.app.witnessing.reaching import joined_later
from trucewatch.commitments import lasting, starts
from trucewatch.model import Entered, Separated, TakenBack, United

AT = datetime(2031, 5, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entered(index, decision):
    return Entered(index=index, at=AT + index * HOUR, by="ann", decision=decision)


MERGE = entered(3, United(incident="inc-1", claims=("a", "b"), other="inc-2",
                          other_claims=("c",), reason="one"))  # fmt: skip
SPLIT = entered(4, Separated(incident="inc-1", claims=("a", "b"), part=("b",), reason="two"))
UNDONE = entered(
    5, TakenBack(incident="inc-1", claims=("a", "b"), entry=3, whose="ann", reason="x")
)
HERE = ("a", "b", "c", "late")


def test_before_a_merge_counts_the_incident_is_without_the_side_that_was_joined():
    since = {3: AT + 9 * HOUR}
    assert joined_later(AT, HERE, [MERGE, SPLIT], since) == {"c"}
    assert joined_later(AT + 9 * HOUR, HERE, [MERGE], since) == frozenset()
    assert joined_later(AT, ("a", "late"), [MERGE], since) == frozenset()
    assert joined_later(AT, HERE, [SPLIT, UNDONE], {4: AT + HOUR}) == frozenset()


def test_a_merge_may_start_a_clock_and_a_split_never():
    assert [starts(one) for one in (MERGE, SPLIT, UNDONE)] == [True, False, False]
    assert lasting([MERGE, SPLIT, UNDONE]) == (MERGE,)
