"""What states have promised, what the plan needs, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trucewatch.model.agreements import ALWAYS, Clock

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.times import Interval, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTerms:
    """The standing and the amount of a statement at one of its stages, before they changed."""

    standing: str
    low: float | None
    high: float | None
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One rung that a pledge has reached, when, and where that is written.

    `name` is announced, committed, authorised, allocated, delivered, deployed or verified, or an
    exit: suspended, withdrawn. `terms` are what the statement said on that rung, where it has
    changed since; None where it is as the statement is now.
    """

    name: str
    said: Interval | None
    source: str
    terms: StageTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A national approval that a pledge needs: which body, of what kind, and how far it has come.

    `state` is needed, promised, consultation, unclear, granted or refused. Only "granted", with
    its day and its source, is an approval. `due` is the day by which it was promised, if any was.
    """

    body: str
    kind: str
    state: str
    said: Interval | None = None
    source: str = ""
    due: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise of one state, at the stage its source shows.

    `stage` is announced, committed, authorised, allocated, delivered, deployed or verified, or
    "position" for a reported position that promises nothing; `standing` is reported, announced,
    signed, in_force or lapsed. `said` is None only where a report gives no day. Amounts of
    different stages are never added together. `item` groups what is said of one thing, so that
    contradictions stand side by side. `limits` are caveats as codes, such as "no-troops";
    `caveats` are the words. `unit` is "personnel", "company", or a currency (ISO 4217).
    `credits` is whom the outlet itself credits: several outlets with one credit are one origin.
    `due` is the day by which it was to be delivered or deployed, where one was named.
    """

    id: str
    by: str
    priority: str
    what: str
    stage: str
    standing: str
    said: Interval | None
    low: float | None
    high: float | None
    unit: str | None
    caveats: tuple[str, ...]
    source: str
    item: str = ""
    domains: tuple[str, ...] = ()
    basing: str | None = None
    limits: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    stages: tuple[Stage, ...] = ()
    valid: Window = ALWAYS
    said_by: str = ""
    occasion: str = ""
    outlet: str = ""
    credits: str = ""
    due: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a plan needs, so that pledges can be held against it; `standing` is the plan's own."""

    id: str
    priority: str
    item: str
    what: str
    low: float | None
    high: float | None
    unit: str
    domains: tuple[str, ...]
    standing: str
    source: str


class Progress(StrEnum):
    """How far an obligation has come. Only what a body has decided moves it past OPEN."""

    OPEN = "open"
    PAUSED = "paused"
    DISPUTED = "disputed"
    TAKEN = "taken"
    DECLINED = "declined"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """One of the two clocks of an obligation; `start` and `due` are None until it has started.

    `start` is the latest that it may have been and `earliest` the earliest: no clock runs on a
    guess. `named` is when it ran out by the text alone, `due` with the stops and extensions since;
    while the clock is stopped `due` is what it was then. Both are None where the source names no
    hour.
    """

    clock: Clock
    start: datetime | None
    due: datetime | None
    earliest: datetime | None = None
    named: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that became of an obligation, when, and by whose decision (None: by evidence).

    `what` is an act, or opened, determined, ran out, cancelled. `void` says why an entry
    counts for nothing; `until` is the deadline that an extension sets; `person` who entered it.
    """

    at: datetime
    what: str
    by: str | None
    reason: str
    until: datetime | None = None
    void: str = ""
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """An approval that a step needs: of which body in which state, and what was said of it when.

    `told` holds each word with the moment from which it counts, the last one last; where two of
    one day differ, the word names both. `untold` is its word before any of them.
    """

    of: str
    told: tuple[tuple[datetime, str], ...]
    untold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """A step of a response that breaches have opened; it waits for a body's decision.

    `opened` is when the trigger was met by the evidence. Of the two `timers`, from the event and
    from the determination, the one that the step names gives `due`; the other is shown beside it.
    `missing` are the approvals that are needed and not on record, by all that is known; from
    `approvals` an earlier hour can be told. `standing` is that of the text
    that sets out the step: under what is only reported, nobody is bound. A step may open at an hour
    that has not come yet, when the one before it runs out: ask `as_of` what is open at a time.
    """

    id: str
    trigger: str
    incidents: tuple[str, ...]
    duty_of: tuple[str, ...]
    duty: str
    opened: datetime
    due: datetime | None
    decided_by: str
    step: str = ""
    progress: Progress = Progress.OPEN
    timers: tuple[Timer, ...] = ()
    missing: tuple[str, ...] = ()
    standing: str = "in_force"
    source: str = ""
    history: tuple[Happening, ...] = ()
    clock: Clock = Clock.EVENT
    follows: str | None = None
    approvals: tuple[Awaited, ...] = ()
