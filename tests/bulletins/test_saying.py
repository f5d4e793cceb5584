"""The sentences change with the figures, and never say more than they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trucewatch.bulletins import compose, redact, render_html
from trucewatch.bulletins.content import Bulletin
from trucewatch.bulletins.page import falls_due
from trucewatch.bulletins.saying import truce_words
from trucewatch.bulletins.wording import window_days
from trucewatch.model import (
    NEVER,
    Body,
    Clock,
    Happening,
    Obligation,
    Progress,
    RateRatio,
    Timer,
    Window,
)

WINDOW = Window(datetime(2031, 5, 5, tzinfo=UTC), datetime(2031, 5, 7, tzinfo=UTC))


def with_ratio(situation, ratio, low, high, count=2):
    first, *rest = situation.compliance.ratios
    changed = RateRatio(of=first.of, over=first.over, ratio=ratio, low=low, high=high)
    rates = tuple(
        replace(r, count=count, per_day=float(count)) if r.period == "during" else r
        for r in situation.compliance.rates
    )
    compliance = replace(situation.compliance, ratios=(changed, *rest), rates=rates)
    return replace(situation, compliance=compliance)


@pytest.mark.parametrize(
    ("ratio", "low", "high", "count", "headline"),
    [
        (0.33, 0.07, 0.9, 2, "Fewer, not none"),
        (0.34, 0.07, 1.02, 3, "Fewer reported, not none"),
        (1.0, 0.4, 2.0, 6, "About as many as before"),
        (2.0, 0.9, 4.0, 9, "More reported, not fewer"),
        (2.0, 1.2, 4.0, 9, "More, not fewer"),
        (0.0, 0.0, 0.5, 0, "None reported on the whole days of the truce"),
        (0.0, 0.0, 1.5, 0, "None reported on the whole days of the truce, in too short a time"),
        (None, 0.0, 1.5, 0, "No events reported in the truce, nothing to compare with"),
    ],
)
def test_headline_of_the_whole_truce(situation, whole, previous, ratio, low, high, count, headline):
    bulletin = compose(with_ratio(situation, ratio, low, high, count), whole, previous)
    assert bulletin.headline.startswith(headline)
    assert bulletin.headline.endswith("; and much of it unobserved")


def test_a_drop_that_chance_could_make_is_said_so(situation, whole, previous):
    def text(bulletin: Bulletin) -> str:
        return " ".join(c.text for c in bulletin.clauses)

    unsure = text(compose(with_ratio(situation, 0.34, 0.07, 1.02), whole, previous))
    sure = text(compose(with_ratio(situation, 0.34, 0.07, 0.98), whole, previous))
    assert "chance alone could explain it" in unsure
    assert "chance alone" not in sure
    assert "95 % interval 0.07 to 1.02" in unsure


def test_a_day_without_incidents_is_not_called_quiet(situation, period, previous):
    none = replace(situation, incidents=())
    assert "not to say that it was quiet" in compose(none, period, previous).headline


def test_no_figures_of_a_period_that_was_not_reached(situation, period, previous):
    early = replace(previous, first=previous.first.replace(month=1), last=previous.last)
    bulletin = compose(situation, period, early)
    assert dict(bulletin.figures)["incidents_previous"] is None
    assert all(row.previous is None for row in bulletin.regions)


def test_after_the_truce_and_what_falls_due(situation, whole, previous, public):
    """A rate after the truce makes a sentence; an obligation waits for the body it names."""
    rates = tuple(
        replace(r, days=2, count=9, per_day=4.5, low=2.06, high=8.54, window=WINDOW)
        if r.period == "after"
        else r
        for r in situation.compliance.rates
    )
    again = RateRatio(of="after", over="during", ratio=2.25, low=0.5, high=9.0)
    due = Obligation(
        id="obl-1", trigger="T1", incidents=("inc-a1",), duty_of=("Guild of Pilots",),
        duty="ask both sides", opened=WINDOW.start - timedelta(hours=1), due=WINDOW.end,
        decided_by="the harvest board",
    )  # fmt: skip
    fresh = replace(due, id="obl-2", duty="ask them tomorrow", opened=WINDOW.start)
    told = replace(
        situation,
        compliance=replace(
            situation.compliance, rates=rates, ratios=(situation.compliance.ratios[0], again)
        ),
        obligations=(due, fresh),
        incidents=tuple(
            replace(i, region="Far Parish") if i.id == "inc-a1" else i for i in situation.incidents
        ),
    )
    bulletin = compose(told, whole, previous)
    texts = [c.text.replace("\u00a0", " ") for c in bulletin.clauses]
    assert "After the truce they rose again to 4.5 a day (5–6 May 2031; 2.1 to 8.5)." in texts
    published = redact(bulletin, public)
    page = render_html(published).decode().replace("\u00a0", " ")
    assert "It waits for a decision of the harvest board: nothing follows by itself." in page
    assert "opened 4 May 2031, 23:00 UTC+00:00" in page
    assert "ask them tomorrow" not in page
    assert "outside the mission's regions" in {i.region for i in published.incidents}
    assert published.regions[0].now.firm == 1


def test_an_obligation_tells_its_clocks_its_standing_and_what_is_missing(
    situation, whole, previous, public
):
    start = WINDOW.start - timedelta(hours=1)
    due = Obligation(
        id="obl-1",
        trigger="T1",
        incidents=("inc-a1",),
        duty_of=("Guild of Pilots",),
        duty="ask both sides",
        opened=start,
        due=None,
        decided_by="the harvest board",
        progress=Progress.DISPUTED,
        timers=(
            Timer(clock=Clock.EVENT, start=start, due=start + timedelta(hours=24)),
            Timer(clock=Clock.DETERMINATION, start=None, due=None),
        ),
        missing=("Assembly of the Isle",),
        standing="reported",
    )
    published = redact(
        compose(replace(situation, obligations=(due,)), whole, previous),
        public,
    )
    words = falls_due(published.obligations[0]).replace("\u00a0", " ")
    assert words == (
        "Falls to Guild of Pilots; opened 4 May 2031, 23:00 UTC+00:00; due: once its clock has "
        "started. Clocks: from the event: 4 May 2031, 23:00 UTC+00:00, due 5 May 2031, 23:00 "
        "UTC+00:00; from the determination: not started. It is disputed; the harvest board "
        "decides: nothing follows by itself. Approvals not on record: Assembly of the Isle. The "
        "text that sets it out is reported: it binds nobody."
    )


def test_what_became_of_an_obligation_names_bodies_and_sides_alone(
    situation, whole, previous, public
):
    """A withdrawal's reason, a reviewer's name and a stranger's entry are for those inside."""
    start = WINDOW.start - timedelta(hours=12)
    body = Body(id="board", name="Harvest board", decides=("obligation",))
    side = situation.agreement.parties[0]
    agreement = replace(situation.agreement, bodies=(body,))

    def entry(hours, what, by=None, reason="so", **more):
        at = start + timedelta(hours=hours)
        return Happening(at=at, what=what, by=by, reason=reason, person="person-7", **more)

    history = (
        entry(0, "opened"),
        entry(1, "determined", "board", "we saw it"),
        entry(2, "take", "guild", void="board decides, not guild"),
        entry(3, "dispute", side.id, "not so", void="recorded"),
        entry(4, "pause", "board"),
        entry(5, "extend", "board", until=start + timedelta(hours=9)),
        entry(6, "cancelled", "operator", "secret-slip"),
    )
    due = Obligation(
        id="obl-1",
        trigger="T1",
        incidents=("inc-a1",),
        duty_of=("Guild",),
        duty="ask both sides",
        opened=start,
        due=None,
        decided_by="board",
        progress=Progress.CANCELLED,
        history=history,
    )
    state = replace(situation, agreement=agreement, obligations=(due,))
    published = redact(compose(state, whole, previous), public)
    told = [line.replace("\u00a0", " ") for line in published.obligations[0].history]
    assert [line.partition("UTC+00:00: ")[2] for line in told] == [
        "determined to be a breach by Harvest board (we saw it)",
        f"disputed by {side.name}, and the clocks go on (not so)",
        "paused by Harvest board (so)",
        "extended until 4 May 2031, 21:00 UTC+00:00 by Harvest board (so)",
        "cancelled, as the evidence no longer shows the breach",
    ]
    words = falls_due(published.obligations[0])
    assert not any(secret in words for secret in ("person-7", "secret-slip", "operator", "guild"))


def test_a_truce_that_does_not_hold_yet_is_called_so():
    """No reader is told of a year 9999."""
    assert window_days(NEVER, ZoneInfo("UTC")) == "not yet"
    assert truce_words(NEVER, ZoneInfo("Europe/Paris")) == "not yet: no hours are known"
    assert truce_words(Window(None, None), ZoneInfo("UTC")) == (
        "no stated beginning – no stated end"
    )
