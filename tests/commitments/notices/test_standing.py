"""What became of a notice: as the acts in the log say, in their order, and never an exception."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commitments.notices.conftest import NOON, Book, made_notice

from trucewatch.commitments.notices import notices_at, stray_acts
from trucewatch.model import NoticeState

HOUR = timedelta(hours=1)


def status(book, at=NOON):
    (found,) = notices_at(book.entries, at)
    return found


def test_from_submission_to_acknowledgement(book):
    book.submit(made_notice())
    assert status(book).state is NoticeState.SUBMITTED
    book.enter("acknowledge", at=NOON - 50 * HOUR, reason="passed on to both sides")
    found = status(book)
    assert (found.state, found.acknowledged) == (NoticeState.ACKNOWLEDGED, NOON - 50 * HOUR)
    assert "passed on to both sides" in found.reasons[0]
    # Before it was acknowledged it was not.
    assert status(book, NOON - 51 * HOUR).state is NoticeState.SUBMITTED


def test_an_amendment_withdraws_the_acknowledgement_and_keeps_the_old_version(book):
    other = made_notice(width_m=900.0)
    book.submit(made_notice()).enter("acknowledge").enter("amend", notice=other, reason="wider")
    found = status(book)
    assert (found.state, found.acknowledged) == (NoticeState.AMENDED, None)
    assert found.versions == (made_notice(), other)
    assert found.notice == other
    assert "no longer holds" in found.reasons[-1]
    assert status(book.enter("acknowledge")).state is NoticeState.ACKNOWLEDGED


def test_nothing_wakes_what_was_cancelled(book):
    book.submit(made_notice()).enter("acknowledge").enter("cancel", reason="the road is closed")
    for act in ("acknowledge", "amend", "submit", "cancel"):
        book.enter(act, notice=made_notice(width_m=900.0))
    found = status(book)
    assert (found.state, found.acknowledged) == (NoticeState.CANCELLED, None)
    assert found.versions == (made_notice(),)
    assert sum("changes nothing" in reason for reason in found.reasons) == 4


def test_an_act_on_an_unknown_notice_is_shown(book):
    book.enter("acknowledge", "ntc-9").enter("submit", "ntc-8", None).submit(made_notice())
    assert [entry.decision.id for entry in stray_acts(book.entries, NOON)] == ["ntc-9", "ntc-8"]
    assert len(notices_at(book.entries, NOON)) == 1


@pytest.mark.parametrize(
    ("emergency", "hours", "late"),
    [
        (False, 60, False),
        (False, 48, False),
        (False, 47.9, True),
        (True, 24, False),
        (True, 23.9, True),
        (True, -2, True),
    ],
)
def test_lead_time(book, emergency, hours, late):
    submitted = NOON - timedelta(hours=hours)
    book.submit(made_notice(emergency=emergency, submitted=submitted))
    found = status(book)
    assert found.late is late
    assert found.lead_hours == pytest.approx(hours)
    assert any(reason.startswith("Late") for reason in found.reasons) is late


ACTS = st.tuples(
    st.sampled_from(["submit", "acknowledge", "amend", "cancel"]),
    st.sampled_from(["ntc-1", "ntc-2"]),
    st.booleans(),
)


@given(st.lists(ACTS, max_size=20))
def test_every_act_is_told_of_and_none_raises(acts):
    """Each act makes a version, an acknowledgement or a cancellation, is passed over in words, or
    is a stray: none vanishes."""
    book = Book()
    for act, name, whole in acts:
        book.enter(act, name, made_notice(id=name) if whole else None)
    known = notices_at(book.entries, NOON)
    told = sum(len([r for r in one.reasons if not r.startswith("Late")]) for one in known)
    repeated = sum(act == "acknowledge" for act, _, _ in acts)
    strays = len(stray_acts(book.entries, NOON))
    assert len(acts) - repeated <= len(known) + told + strays <= len(acts)
