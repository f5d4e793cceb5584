"""Laws of the views: order is nothing, nothing raises what it must not, nothing is added across."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments import (
    News,
    advance,
    falls_due,
    gap,
    matrix,
    origins,
    overdue,
    standing,
    standings,
)
from trucewatch.commitments.ledger import gaps, lasting
from trucewatch.commitments.ledger.advancing import terms_of
from trucewatch.commitments.words import DOMAINS, POSITION, STAGES, STANDINGS
from trucewatch.model import Approval, Interval, Need, Pledge, Stage, Window

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 40).map(lambda count: START + timedelta(days=count))
SPANS = st.none() | st.builds(lambda a, b: Interval(min(a, b), max(a, b)), DAYS, DAYS)
RUNGS = st.builds(Stage, name=st.sampled_from(STAGES), said=SPANS, source=st.sampled_from("st"))
ENDS = st.none() | st.sampled_from([0.0, 0.1, 5.0, 1000.0])
APPROVALS = st.builds(
    Approval,
    body=st.sampled_from(["Chamber", "Council"]),
    kind=st.just("parliament"),
    state=st.sampled_from(["needed", "granted", "refused"]),
    said=SPANS,
    source=st.sampled_from(["", "s"]),
    due=SPANS,
)


@st.composite
def pledges(draw, standing=None):
    low, high = draw(ENDS), draw(ENDS)
    if low is not None and high is not None and high < low:
        low, high = high, low
    start, end = sorted([draw(DAYS), draw(DAYS)])
    return Pledge(
        id=draw(st.sampled_from("abcdefgh")),
        by=draw(st.sampled_from(["Northland", "Southland"])),
        priority="multinational-force",
        what="w",
        stage=draw(st.sampled_from([*STAGES, POSITION])),
        standing=standing or draw(st.sampled_from(STANDINGS)),
        said=draw(SPANS),
        low=low,
        high=high,
        unit=draw(st.sampled_from(["personnel", "EUR", "USD"])),
        caveats=(),
        source="s",
        item=draw(st.sampled_from(["", "x", "y"])),
        domains=tuple(one for one in DOMAINS if draw(st.booleans())),
        approvals=tuple(draw(st.lists(APPROVALS, max_size=2))),
        stages=tuple(draw(st.lists(RUNGS, max_size=2))),
        valid=Window(start if draw(st.booleans()) else None, end if draw(st.booleans()) else None),
        outlet=draw(st.sampled_from(["", "Post", "Mail"])),
        credits=draw(st.sampled_from(["", "Times", "Post; Times"])),
        due=draw(SPANS),
    )


LEDGERS = st.lists(pledges(), max_size=6, unique_by=lambda one: one.id)
NEEDS = [
    Need(
        id=unit,
        priority="multinational-force",
        item="",
        what="w",
        low=10.0,
        high=100.0,
        unit=unit,
        domains=("land", "sea"),
        standing="reported",
        source="s",
    )
    for unit in ("personnel", "EUR")
]


def sums(ledger, at):
    """What is pledged: low and high by need, stage and standing; no upper end is infinity."""
    return {
        (one.need.id, line.sum.stage, line.sum.standing): (
            line.sum.low,
            float("inf") if line.sum.high is None else line.sum.high,
        )
        for one in gap(ledger, NEEDS, at)
        for line in one.lines
    }


def nowhere_higher(after, before):
    return all(
        low <= before.get(key, (0, 0))[0] and high <= before.get(key, (0, 0))[1]
        for key, (low, high) in after.items()
    )


@given(LEDGERS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_statements_changes_no_view(ledger, at, rng):
    shuffled = rng.sample([*ledger, *ledger], 2 * len(ledger))
    assert matrix(shuffled, at) == matrix(ledger, at)
    assert gap(shuffled, NEEDS, at) == gap(ledger, NEEDS, at)
    assert falls_due(shuffled, at) == falls_due(ledger, at)
    assert overdue(shuffled, at) == overdue(ledger, at)
    assert origins(shuffled) == origins(ledger)


@given(LEDGERS, pledges(standing="reported"), DAYS)
def test_a_reported_line_never_changes_what_is_signed(ledger, more, at):
    before = sums(ledger, at)
    after = sums([one for one in ledger if one.id != more.id] + [more], at)
    kept = sums([one for one in ledger if one.id != more.id], at)
    firm = {key: value for key, value in after.items() if key[2] != "reported"}
    assert firm == {key: value for key, value in kept.items() if key[2] != "reported"}
    assert nowhere_higher(firm, before)


def withdraw(pledge, when):
    return replace(
        pledge,
        stage="withdrawn",
        said=Interval.instant(when),
        stages=(*pledge.stages, Stage(name=pledge.stage, said=pledge.said, source=pledge.source)),
    )


@given(LEDGERS.filter(bool), DAYS, st.data())
def test_withdrawing_never_raises_anything(ledger, at, data):
    place = data.draw(st.integers(0, len(ledger) - 1))
    if ledger[place].stage == POSITION:
        return
    when = data.draw(DAYS)
    after = [*ledger[:place], withdraw(ledger[place], when), *ledger[place + 1 :]]
    # The rungs that it had not reached by then are no part of the withdrawal.
    before = [one for one in ledger if one is not ledger[place]] + [ledger[place]]
    assert nowhere_higher(sums(after, at), sums(before, at))


@given(LEDGERS, DAYS)
def test_no_statement_is_in_two_sums_for_certain_and_none_is_lost(ledger, at):
    """So commitments and allocations are never added together."""
    here = {one.pledge.id: one for one in standings(ledger, at)}
    for one in gap(ledger, NEEDS, at):
        told = [(name, line.sum) for line in one.lines for name in line.sum.pledges]
        for name, part in told:
            assert part.stage in here[name].stages
            assert part.standing == here[name].pledge.standing
            assert here[name].pledge.unit == one.need.unit
        left = [name for name, _ in one.left]
        assert len({*left}) == len(left)
        assert {*left} | {name for name, _ in told} == {*here}
        assert {*left} & {name for name, _ in told} == set()
        for line in one.lines:
            assert line.sum.low <= (float("inf") if line.sum.high is None else line.sum.high)


def test_the_guard_on_stages_bites(monkeypatch):
    """Were a statement counted at every stage, a commitment would be an allocation, too."""
    whole, later = gaps.total, START + timedelta(days=30)
    assert [one[1] for one in sums([_PLAIN], later)] == ["committed"]
    monkeypatch.setattr(
        gaps,
        "total",
        lambda entries, stage, standing: whole(entries, "committed", standing) if stage else None,
    )
    (found,) = gap([_PLAIN], NEEDS[:1], later)
    with pytest.raises(AssertionError):
        assert len(found.lines) == 1


_PLAIN = Pledge(
    id="a",
    by="Northland",
    priority="multinational-force",
    what="w",
    stage="committed",
    standing="signed",
    said=Interval.instant(START),
    low=1.0,
    high=2.0,
    unit="personnel",
    caveats=(),
    source="s",
)


@given(LEDGERS, DAYS)
def test_the_matrix_keeps_every_statement_and_merges_none(ledger, at):
    found = matrix(ledger, at)
    shown = [one.pledge for cell in found.cells for one in cell.entries]
    for one in standings(ledger, at):
        assert shown.count(one.pledge) == max(1, len(one.pledge.domains))
    assert {one.id for one in shown} == {one.pledge.id for one in standings(ledger, at)}
    assert {*found.origins} == {one.id for one in shown}


@given(LEDGERS, DAYS)
def test_what_is_due_is_not_overdue_and_what_has_no_day_never_is(ledger, at):
    assert all(not one.overdue for one in falls_due(ledger, at))
    assert all(one.overdue and one.when.latest <= at for one in overdue(ledger, at))


FIGURES = st.sampled_from([(None, None, None), (7.0, 9.0, "personnel"), (1.0, None, "company")])
NEWS = st.builds(
    lambda figures, **more: News(low=figures[0], high=figures[1], unit=figures[2], **more),
    figures=FIGURES,
    standing=st.none() | st.sampled_from(STANDINGS),
    said=DAYS.map(Interval.instant),
    source=st.just("new"),
    stage=st.none() | st.sampled_from(STAGES),
    approval=st.none() | APPROVALS,
    limits=st.sampled_from([(), ("no-troops",)]),
    caveats=st.sampled_from([(), ("new",)]),
)


@given(pledges(), NEWS, DAYS)
def test_news_changes_no_stage_of_a_time_before_it_was_said(pledge, news, at):
    """What was said before stays among the stages, so earlier times are shown as they were."""
    try:
        after = advance(pledge, news)
    except ValueError:
        return
    assert (after.id, after.by, after.what) == (pledge.id, pledge.by, pledge.what)
    assert {*pledge.limits} <= {*after.limits}
    assert {*pledge.approvals} <= {*after.approvals}
    own = Stage(name=pledge.stage, said=pledge.said, source=pledge.source)
    assert {own, *pledge.stages} <= {
        Stage(name=after.stage, said=after.said, source=after.source),
        *(replace(one, terms=None) for one in after.stages),
    }
    if at < news.said.earliest:
        before, now = standing(pledge, at), standing(after, at)
        assert (before and before.stages) == (now and now.stages)
        assert (before and terms_of(before.pledge)) == (now and terms_of(now.pledge))


def test_a_later_figure_is_no_earlier_one(monkeypatch):
    """Neither a figure nor a signature of March is shown for February."""
    first = replace(
        _PLAIN, stage="announced", standing="announced", said=Interval.instant(START),
        low=None, high=None, unit=None,
    )  # fmt: skip
    march = START + timedelta(days=60)
    news = News(said=Interval(march, march + timedelta(days=1)), source="new", stage="committed",
                standing="signed", low=3000, high=5000, unit="personnel")  # fmt: skip

    def then(after, at):
        found = standing(after, at)
        assert found is not None
        one = found.pledge
        return (found.shown.name, one.standing, one.low, one.high, one.unit)

    after = advance(first, news)
    assert then(after, march - timedelta(days=1)) == ("announced", "announced", None, None, None)
    # While the day lasts it may have been said: the number counts at most.
    middle = march + timedelta(hours=12)
    assert then(after, middle) == ("announced", "announced", None, 5000, "personnel")
    assert then(after, march + timedelta(days=1)) == (
        "committed", "signed", 3000, 5000, "personnel",
    )  # fmt: skip
    later = Interval(march + timedelta(days=9), march + timedelta(days=10))
    again = advance(after, replace(news, said=later, stage=None, low=100, high=200))
    assert then(again, march + timedelta(days=2))[2:4] == (3000, 5000)
    assert then(again, march - timedelta(days=1))[2:4] == (None, None)
    assert then(again, march + timedelta(days=20))[2:4] == (100, 200)
    monkeypatch.setattr(lasting, "_then", lambda pledge, *_: pledge)
    assert then(after, march - timedelta(days=1))[1:4] == ("signed", 3000, 5000)


def test_what_is_no_news_is_refused():
    said = Interval.instant(START)
    with pytest.raises(ValueError, match="not on record"):
        advance(_PLAIN, News(said=said, source="s"))
    with pytest.raises(ValueError, match="its exits are"):
        advance(_PLAIN, News(said=said, source="s", stage=POSITION))
