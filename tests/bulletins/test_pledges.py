"""The ledger in a bulletin: as it stood at the end of the period, and through the one door."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from trucewatch.bulletins import (
    Commitment,
    compose,
    redact,
    render_html,
    render_json,
    render_markdown,
)
from trucewatch.bulletins.veil import Veil
from trucewatch.errors import Withheld

ONE = Commitment(
    id="ple-1", by="Guild of Pilots", priority="monitoring", domains=("sea",), what="two boats",
    stage="announced", sure=True, standing="reported", authorised="outstanding", limits=(),
)  # fmt: skip


def test_the_ledger_is_asked_for_the_end_of_the_period(situation, period, public):
    asked = []

    def at(moment):
        asked.append(moment)
        return (ONE, ONE, replace(ONE, id="ple-0", stage="signed"))

    published = redact(compose(replace(situation, pledges=at), period, None), public)
    assert asked == [datetime(2031, 5, 5, tzinfo=UTC)]
    assert [(one.stage, one.pledges) for one in published.pledges] == [
        ("announced", 1),
        ("signed", 1),
    ]


def test_order_and_repetition_change_no_byte(situation, period, public):
    held = (ONE, replace(ONE, id="ple-0"), replace(ONE, by="Another"))
    bodies = {
        render_json(redact(compose(replace(situation, pledges=given), period, None), public))
        for given in (lambda _: held, lambda _: (*held[::-1], ONE))
    }
    assert len(bodies) == 1


def test_what_is_not_sure_says_so_and_hostile_words_stay_words(situation, period, public):
    one = replace(ONE, sure=False, what="boats | <b>x</b>", limits=("only | in peace",))
    situation = replace(situation, pledges=lambda _: (one,))
    published = redact(compose(situation, period, None), public)
    html, markdown = (
        render(published).decode("utf-8") for render in (render_html, render_markdown)
    )
    assert "announced?" in html
    assert "announced?" in markdown
    assert "<b>x</b>" not in html
    (row,) = [line for line in markdown.splitlines() if "Guild of Pilots" in line]
    assert row.replace(r"\|", "").count("|") == 8


def sealed(situation):
    """A ledger in which a sealed source is named, as the state and in the words."""
    (source,) = [one for one in situation.sources if one.sealed][:1]
    return source, replace(
        situation,
        pledges=lambda _: (
            replace(ONE, id="ple-2", by=source.name),
            replace(ONE, what=f"as {source.name} has it"),
        ),
    )


def test_a_sealed_source_is_in_no_line(situation, period, public):
    source, situation = sealed(situation)
    published = redact(compose(situation, period, None), public)
    (stage,) = published.pledges
    assert [(one.by, one.what) for one in stage.statements] == [("Guild of Pilots", "")]
    assert source.name.encode() not in render_json(published)


def test_the_guard_on_sealed_sources_bites(situation, period, public, monkeypatch):
    """Without it the last sweep still stops the whole bulletin."""
    monkeypatch.setattr(Veil, "words", lambda _, text, longest: text[:longest])
    with pytest.raises(Withheld, match="sealed"):
        redact(compose(sealed(situation)[1], period, None), public)
