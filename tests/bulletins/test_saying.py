"""The sentences change with the figures, and never say more than they hold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trucewatch.bulletins import compose
from trucewatch.bulletins.content import Bulletin
from trucewatch.model import RateRatio


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
    assert "chance alone could account for it" in unsure
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
