"""The fields of `commitments.yaml`, as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from trucewatch.commitments.ledger.advancing import News
from trucewatch.commitments.words import (
    APPROVAL_KINDS,
    APPROVAL_STATES,
    DOMAINS,
    LIMITS,
    POSITION,
    PRIORITIES,
    STAGES,
)
from trucewatch.documents import Day, Identifier, Words
from trucewatch.model import Approval, Interval, Need, Pledge, Stage, Window

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

UNKNOWN = "unknown"
"""What is written in place of a day that is not on record."""


def _one_of(choice: Collection[str]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in choice:
            raise ValueError(f"{word!r} is none of: {', '.join(choice)}")
        return word

    return AfterValidator(check)


def _zone_exists(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not an IANA time zone such as 'UTC'") from None
    return name


def _each_once(words: list[str]) -> list[str]:
    if len({*words}) < len(words):
        raise ValueError("names one of them twice")
    return words


Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
SaidDay = Annotated[Day | None, BeforeValidator(lambda day: None if day == UNKNOWN else day)]
Priority = Annotated[str, _one_of(PRIORITIES)]
Standing = Literal["reported", "announced", "signed", "in_force", "lapsed"]
Domains = Annotated[list[Annotated[str, _one_of(DOMAINS)]], AfterValidator(_each_once)]
Limits = Annotated[list[Annotated[str, _one_of(LIMITS)]], AfterValidator(_each_once)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Dated(_Form):
    """Something said on a local day, or between two, or on a day that is not on record."""

    said: SaidDay
    said_until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> _Dated:
        if self.said_until is not None and self.said is None:
            raise ValueError("said_until needs a day in said")
        if self.said is not None and self.said_until is not None and self.said_until < self.said:
            raise ValueError("said_until lies before said")
        return self

    def when(self, zone: ZoneInfo) -> Interval | None:
        """The span of the days; None where they are not on record."""
        return span(self.said, self.said_until, zone)


class StageForm(_Dated):
    """A rung that a pledge has reached, beside the one that its own line tells."""

    stage: Annotated[str, _one_of(STAGES)]
    source: Words


class ApprovalForm(_Dated):
    """A national approval; a decision needs its day and its source, or it is none."""

    said: SaidDay = None
    body: Words
    kind: Annotated[str, _one_of(APPROVAL_KINDS)]
    state: Annotated[str, _one_of(APPROVAL_STATES)]
    source: Words | None = None
    due: Day | None = None

    @model_validator(mode="after")
    def _on_record(self) -> ApprovalForm:
        if self.state in {"granted", "refused"} and (self.said is None or self.source is None):
            raise ValueError(f"{self.state!r} needs its day (said) and its source")
        return self

    def noun(self, zone: ZoneInfo) -> Approval:
        """The approval, its days turned into spans."""
        return Approval(
            body=self.body,
            kind=self.kind,
            state=self.state,
            said=self.when(zone),
            source=self.source or "",
            due=span(self.due, None, zone),
        )


class _Amounts(_Form):
    low: Amount | None = None
    high: Amount | None = None
    unit: Words | None = None

    @model_validator(mode="after")
    def _make_sense(self) -> _Amounts:
        if (self.low, self.high) != (None, None) and self.unit is None:
            raise ValueError("an amount needs a unit")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError("high lies below low")
        return self


class PledgeForm(_Dated, _Amounts):
    """One entry of `pledges`; every day is a local day of the file's `timezone`."""

    id: Identifier
    by: Words
    item: Words | None = None
    priority: Priority
    what: Words
    stage: Annotated[str, _one_of((*STAGES, POSITION))]
    standing: Standing
    domains: Domains = []
    basing: Words | None = None
    caveats: list[Words] = []
    limits: Limits = []
    approvals: list[ApprovalForm] = []
    stages: list[StageForm] = []
    valid_from: Day | None = None
    valid_until: Day | None = None
    due: Day | None = None
    said_by: Words | None = None
    occasion: Words | None = None
    outlet: Words | None = None
    credits: Words | None = None
    source: Words

    @model_validator(mode="after")
    def _valid(self) -> PledgeForm:
        start, end = self.valid_from, self.valid_until
        if start is not None and end is not None and end < start:
            raise ValueError("valid_until lies before valid_from")
        if self.stage == POSITION and self.stages:
            raise ValueError("a position promises nothing: it has no stages")
        return self

    def noun(self, zone: ZoneInfo) -> Pledge:
        """The pledge, its bare days turned into spans of time."""
        start, end = span(self.valid_from, None, zone), span(self.valid_until, None, zone)
        return Pledge(
            id=self.id,
            by=self.by,
            priority=self.priority,
            what=self.what,
            stage=self.stage,
            standing=self.standing,
            said=self.when(zone),
            low=self.low,
            high=self.high,
            unit=self.unit,
            caveats=tuple(self.caveats),
            source=self.source,
            item=self.item or "",
            domains=tuple(one for one in DOMAINS if one in self.domains),
            basing=self.basing,
            limits=tuple(sorted(self.limits)),
            approvals=tuple(one.noun(zone) for one in self.approvals),
            stages=tuple(
                Stage(name=one.stage, said=one.when(zone), source=one.source) for one in self.stages
            ),
            valid=Window(
                None if start is None else start.earliest, None if end is None else end.latest
            ),
            said_by=self.said_by or "",
            occasion=self.occasion or "",
            outlet=self.outlet or "",
            credits=self.credits or "",
            due=span(self.due, None, zone),
        )


class NewsForm(_Dated, _Amounts):
    """What a source says of a statement that is known: the keys that may change."""

    said: Day
    source: Words
    stage: Annotated[str, _one_of((*STAGES, POSITION))] | None = None
    standing: Standing | None = None
    approval: ApprovalForm | None = None
    domains: Domains = []
    limits: Limits = []
    caveats: list[Words] = []
    due: Day | None = None

    def noun(self, zone: ZoneInfo) -> News:
        """The news, its days turned into spans."""
        return News(
            said=Interval.days(self.said, self.said_until or self.said, zone),
            source=self.source,
            stage=self.stage,
            standing=self.standing,
            approval=None if self.approval is None else self.approval.noun(zone),
            low=self.low,
            high=self.high,
            unit=self.unit,
            domains=tuple(one for one in DOMAINS if one in self.domains),
            limits=tuple(self.limits),
            caveats=tuple(self.caveats),
            due=span(self.due, None, zone),
        )


class NeedForm(_Amounts):
    """One entry of `needs`: what the plan needs."""

    id: Identifier
    priority: Priority
    item: Words | None = None
    what: Words
    unit: Words
    domains: Domains = []
    standing: Standing
    source: Words

    @model_validator(mode="after")
    def _amount(self) -> NeedForm:
        if (self.low, self.high) == (None, None):
            raise ValueError("a need without a number cannot be held against anything")
        return self

    def noun(self) -> Need:
        """The need as the views know it."""
        return Need(
            id=self.id,
            priority=self.priority,
            item=self.item or "",
            what=self.what,
            low=self.low,
            high=self.high,
            unit=self.unit,
            domains=tuple(one for one in DOMAINS if one in self.domains),
            standing=self.standing,
            source=self.source,
        )


class LedgerForm(_Form):
    """`commitments.yaml` whole."""

    timezone: Annotated[str, AfterValidator(_zone_exists)] | None = None
    needs: list[NeedForm] = []
    pledges: list[PledgeForm]


def span(first: date | None, last: date | None, zone: ZoneInfo) -> Interval | None:
    """The local days from `first` to `last` (or that one day); None where there is no day."""
    return None if first is None else Interval.days(first, last or first, zone)
