"""What the press reports of pledges: one entry a promise, and never more than reported."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.commitments import reported
from trucewatch.model import (
    Article,
    Bound,
    Interval,
    Passage,
    Quantity,
    RawRef,
    Saying,
    Stance,
    Statement,
    content_id,
)

TEXT = "Avaria will send 300 monitors to the strait."


def day(number):
    return Interval.days(date(2031, 4, number), date(2031, 4, number), UTC)


def told(outlet, *, published=None, link=None):
    return Article(
        id=content_id("art", [outlet]), outlet=outlet, title="", text=TEXT, blocks=(),
        language="en", published=published, dated_by="", link=link, byline=None, credits=(),
        dropped=(), raw=RawRef(payload="0" * 64, pointer="", start=0, length=len(TEXT)),
    )  # fmt: skip


def pledge(article, **fields):
    span = Passage(article=article.id, start=0, end=len(TEXT))
    made = Statement(
        id=content_id("st", [article.id, *map(str, fields.values())]), article=article.id,
        outlet=article.outlet, kind=Saying.PLEDGE, passage=span, core=span,
        topic="position/monitoring@avaria", actor="Avaria", stance=Stance.PLEDGES,
    )  # fmt: skip
    return replace(made, **fields)


MONITORS = Quantity(low=300, high=None, bound=Bound.AT_LEAST, unit="monitor", words="300 monitors")


def test_one_promise_in_two_outlets_is_one_entry_with_two_sources():
    articles = [told("Harbour Post", published=day(3), link="https://h.example/1"), told("Gazette")]
    (found,) = reported([pledge(one, quantity=MONITORS) for one in articles], articles)
    assert (found.by, found.priority, found.stage) == ("Avaria", "monitoring", "announced")
    assert found.standing == "reported"
    assert (found.low, found.high, found.unit) == (300, None, "monitor")
    assert found.said == day(3)
    assert "Harbour Post, https://h.example/1, characters 0 to 44" in found.source
    assert "Gazette" in found.source
    assert found.caveats == ()


@pytest.mark.parametrize(
    ("fields", "caveat"),
    [
        ({"stance": Stance.CONSIDERS, "kind": Saying.POSITION}, "not a promise: considers"),
        ({"stance": Stance.SUPPORTS, "kind": Saying.POSITION}, "not a promise: supports"),
        ({"stance": Stance.REFUSES}, "not a promise: refuses"),
        ({"negated": True}, "not a promise: not pledges"),
    ],
)
def test_a_position_promises_nothing(fields, caveat):
    article = told("Gazette")
    (found,) = reported([pledge(article, **fields)], [article])
    assert found.stage == "position"
    assert any(caveat in one for one in found.caveats)


def test_what_the_words_leave_open_stays_open():
    article = told("Gazette")
    fields = {"hedged": True, "earlier": True, "speaker": "A minister", "actor": None}
    (found,) = reported([pledge(article, topic="position/tolls@avaria", **fields)], [article])
    assert (found.said, found.priority, found.by) == (None, "unknown", "avaria")
    assert len(found.caveats) == 3
    (nobody,) = reported([pledge(article, topic="position/tolls", actor=None)], [article])
    assert nobody.by == "unknown"


def test_the_day_of_the_deed_is_not_the_day_of_the_word():
    article = told("Gazette", published=day(5))
    (before,) = reported([pledge(article, when=day(3))], [article])
    (after,) = reported([pledge(article, when=day(20))], [article])
    assert before.said == day(3)
    assert after.said == day(5)


@pytest.mark.parametrize(
    ("bound", "ends"),
    [(Bound.LESS_THAN, (None, 300)), (Bound.AT_MOST, (None, 300)), (Bound.EXACT, (300, 400))],
)
def test_bounds_stay_bounds(bound, ends):
    article = told("Gazette")
    amount = replace(MONITORS, bound=bound, high=400 if bound is Bound.EXACT else 300)
    (found,) = reported([pledge(article, quantity=amount)], [article])
    assert (found.low, found.high) == ends


@pytest.mark.parametrize(
    ("topic", "priority"),
    [
        ("pledge/monitoring-mission@avaria", "monitoring"),
        ("position/weapons-supplies@avaria", "armed-forces-support"),
        ("position/multinational-force@avaria", "multinational-force"),
        ("pledge@avaria", "unknown"),
    ],
)
def test_the_priority_is_that_of_the_object(topic, priority):
    article = told("Gazette")
    (found,) = reported([pledge(article, topic=topic)], [article])
    assert found.priority == priority


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"about": "monitoring mission"}, "pledges monitoring mission"),
        ({"about": "tolls", "negated": True}, "not pledges tolls"),
        ({}, TEXT),
    ],
)
def test_what_is_promised_is_told_by_stance_and_object_else_in_the_words(fields, what):
    article = told("Gazette")
    (found,) = reported([pledge(article, **fields)], [article])
    assert found.what == what


def test_other_statements_and_strangers_articles_give_nothing():
    article = told("Gazette")
    assert reported([pledge(article, kind=Saying.FIGURE)], [article]) == ()
    assert reported([pledge(article)], []) == ()


@given(st.permutations(range(6)), st.integers(0, 5))
def test_order_and_repetition_change_nothing(order, again):
    articles = [told(f"outlet {n}", published=day(n + 1)) for n in range(3)]
    made = [pledge(one, stance=s) for one in articles for s in (Stance.PLEDGES, Stance.REFUSES)]
    shuffled = [made[n] for n in order]
    expected = reported(made, articles)
    assert reported([*shuffled, made[again]], articles[::-1]) == expected
    assert len(expected) == 2


def test_an_instant_is_kept_as_it_is():
    moment = Interval.instant(datetime(2031, 4, 5, 9, tzinfo=UTC))
    article = told("Gazette", published=moment)
    (found,) = reported([pledge(article)], [article])
    assert found.said == moment
