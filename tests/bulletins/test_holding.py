"""A bulletin on sources that count: the word with its figures, and nothing of the sealed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trucewatch.bulletins import compose, redact, render_html, render_json, render_markdown
from trucewatch.bulletins.chart import LONGEST, cut_short, draw_chart
from trucewatch.bulletins.veil import Veil
from trucewatch.errors import Withheld
from trucewatch.findings.holding import follow
from trucewatch.model import Counted, Course, Interval, Window

RENDERERS = (render_html, render_markdown)
DAY = timedelta(days=1)


def told(situation, whole, *, source="ledger", to=0, before=True):
    """The situation with the counts of one source, up to so many days after the period."""
    start = datetime(2031, 5, 3, 18, tzinfo=UTC)
    end = datetime(whole.last.year, whole.last.month, whole.last.day, tzinfo=UTC) + (1 + to) * DAY
    counts = [
        Counted(when=Interval(start + at * DAY / 4, start + (at + 1) * DAY / 4), count=n, seen=0.8)
        for at, n in [*((at, 31 + at % 3) for at in range(-8, 0)), (0, 4), (1, 2), (2, 3)]
    ]
    found = follow(
        counts,
        truce=Window(start, end),
        before=Window(start - 2 * DAY, start) if before else None,
        source=source,
        what="shots heard",
    )
    return replace(situation, compliance=replace(situation.compliance, courses=(found,)))


def published(situation, period, public):
    return redact(compose(situation, period, None), public)


def test_the_word_and_its_figures_stand_on_the_first_page_and_below(situation, whole, public):
    page = published(told(situation, whole), whole, public)
    (course,) = page.courses
    assert course.verdict in course.words
    assert course.ratio == pytest.approx(0.09, abs=0.01)
    for render in RENDERERS:
        text = render(page).decode()
        assert "By the shots heard that Infirmary ledger counted: " in text
        assert re.search(r"\b80\s%", text)
        assert f"By what is counted: {course.verdict}" in text
    (row,) = json.loads(render_json(page))["courses"]
    assert row["levels"][-1]["count"] == 9
    assert row["before"]["count"] == sum(31 + at % 3 for at in range(-8, 0))


def test_the_headline_tells_of_counts_that_settle_it_and_not_of_sealed_ones(
    situation, whole, public
):
    """Fewer events told are no better truce while a monitor counts more and more."""
    plainly = published(situation, whole, public).headline
    for verdict in Course:
        counted = told(situation, whole)
        (one,) = counted.compliance.courses
        courses = (replace(one, verdict=verdict),)
        changed = replace(counted, compliance=replace(counted.compliance, courses=courses))
        said = published(changed, whole, public).headline
        settled = verdict in {Course.HOLDING, Course.ERODING, Course.COLLAPSED}
        assert said.startswith(f"{verdict.capitalize()} by what is counted; ") is settled
        assert said.lower().endswith(plainly.lower())
    assert published(told(situation, whole, source="heron"), whole, public).headline == plainly


def test_where_nobody_counts_there_is_no_such_key(situation, whole, public):
    page = published(situation, whole, public)
    assert page.courses == ()
    assert "courses" not in json.loads(render_json(page))


def test_without_a_rate_before_the_sentence_names_none(situation, whole, public):
    (course,) = published(told(situation, whole, before=False), whole, public).courses
    assert course.before is None
    assert "the rate before" not in course.words


def test_the_bulletin_of_an_earlier_day_tells_nothing_later(situation, whole, public):
    assert published(told(situation, whole, to=3), whole, public).courses == ()


def test_a_sealed_source_has_no_course(situation, whole, public):
    page = published(told(situation, whole, source="heron"), whole, public)
    assert page.courses == ()


def test_saboteur_without_the_guard_nothing_is_published(situation, whole, public, monkeypatch):
    """Named by mistake, it is found by the last look at every string."""
    monkeypatch.setattr(Veil, "is_open", lambda _self, _source: True)
    monkeypatch.setattr(Veil, "name", lambda _self, _source: "Heron's Nest")
    with pytest.raises(Withheld):
        published(told(situation, whole, source="heron"), whole, public)


def test_a_long_period_is_not_cut_short_in_silence(situation, whole, public):
    page = published(situation, whole, public)
    assert cut_short(page) == ""
    first = replace(page.days[0], in_period=True)
    days = tuple(replace(first, day=first.day + at * DAY) for at in range(LONGEST + 9))
    long = replace(page, days=days)
    for render in RENDERERS:
        assert "Too long to be drawn whole: " in render(long).decode()
    # Numbers of days that would run into one another are left out.
    assert draw_chart(long).count('class="in-period"') == LONGEST // 2
