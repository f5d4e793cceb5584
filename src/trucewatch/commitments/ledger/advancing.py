"""The next state of a statement: a rung, an approval, other figures; what was said before stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.commitments.words import POSITION
from trucewatch.model import Stage, StageTerms

if TYPE_CHECKING:
    from trucewatch.model import Approval, Interval, Pledge


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a source says of a statement that is known; None and empty leave things as they are.

    `low`, `high` and `unit` come together: where `unit` is given, all three are replaced.
    """

    said: Interval
    source: str
    stage: str | None = None
    standing: str | None = None
    approval: Approval | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    domains: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    due: Interval | None = None


def advance(pledge: Pledge, news: News) -> Pledge:
    """The statement as it stands after some news; the rung it had stays among its `stages`.

    An approval alone leaves the rung as it is. Limits and caveats are added to those there are.
    ValueError where the news says nothing that was not known, and where a promise is turned into a
    position: what was promised is withdrawn, not forgotten.
    """
    if news.stage == POSITION and pledge.stage != POSITION:
        raise ValueError(f"{pledge.id} is a promise: its exits are 'suspended' and 'withdrawn'")
    changed = replace(
        pledge,
        standing=news.standing or pledge.standing,
        domains=news.domains or pledge.domains,
        limits=tuple(sorted({*pledge.limits, *news.limits})),
        caveats=(*pledge.caveats, *(one for one in news.caveats if one not in pledge.caveats)),
        due=news.due or pledge.due,
    )
    if news.unit is not None:
        changed = replace(changed, low=news.low, high=news.high, unit=news.unit)
    if news.approval is not None:
        changed = replace(changed, approvals=_with(pledge.approvals, news.approval))
    was, now = terms_of(pledge), terms_of(changed)
    if changed == pledge and news.stage in {None, pledge.stage}:
        raise ValueError(f"this says nothing of {pledge.id} that is not on record")
    if news.stage is None and news.approval is not None and was == now:
        return changed
    before = Stage(name=pledge.stage, said=pledge.said, source=pledge.source)
    rungs = pledge.stages if before in pledge.stages else (*pledge.stages, before)
    if was != now:
        # Earlier times are shown with the figures and the standing that they had.
        rungs = tuple(one if one.terms else replace(one, terms=was) for one in rungs)
    return replace(
        changed,
        stage=news.stage or pledge.stage,
        said=news.said,
        source=news.source,
        stages=rungs,
    )


def terms_of(pledge: Pledge) -> StageTerms:
    """What a statement says now: its standing and its amount."""
    return StageTerms(standing=pledge.standing, low=pledge.low, high=pledge.high, unit=pledge.unit)


def _with(approvals: tuple[Approval, ...], more: Approval) -> tuple[Approval, ...]:
    return approvals if more in approvals else (*approvals, more)
