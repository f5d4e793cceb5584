"""What may be published. Only `redact` makes these; nothing else in the package may."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from trucewatch.bulletins.beside import Heard
    from trucewatch.bulletins.content import Clause, DayRow
    from trucewatch.bulletins.situation import Evidence
    from trucewatch.model import Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The centre of a grid cell, in degrees: where something is told to have been.

    `spread_m` is the standard error of the place, rounded up to whole cells.
    """

    lat: float
    lon: float
    spread_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What an incident is under one provision; no `share` is told where a zone has a part in it."""

    provision: str
    outcome: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One incident as it is told: a cell and local days, never the point or the minute.

    `accounts` is text, as a small count may be "fewer than 3". `certain` says whether it surely
    falls into the period, `share` how much of its time does. `heard` is what people said of it; it
    is no field of the JSON where nobody said anything.
    """

    id: str
    nature: str
    kind: str
    region: str
    cell: Cell
    first_day: date
    last_day: date
    certain: bool
    share: float
    state: str
    provisional: bool
    standard: str
    attribution: str
    probability: float
    likelihood: str
    origins: int
    origin_labels: tuple[str, ...]
    accounts: str
    observations: int
    sources: tuple[str, ...]
    seen_share: float | None
    outcome: str
    held: tuple[Held, ...]
    reasons: tuple[str, ...]
    heard: Heard | None = field(default=None, metadata={"if_any": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts of one region in one period."""

    firm: int
    expected: float
    observations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One row of the table of regions; `sight` sums up its days in a word."""

    code: str
    name: str
    now: Figures
    previous: Figures | None
    sight: str
    reported: int
    quiet: int
    unobserved: int
    seen_low: float | None
    seen_high: float | None
    passes: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """A rate with its 95 % interval over whole local days."""

    period: str
    words: str
    days: int
    count: int
    per_day: float | None
    low: float | None
    high: float | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """How often access was denied on the whole days of the truce, by whom sources name."""

    party: str
    incidents: int
    observations: int
    days: int
    per_day: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRow:
    """One rate over another with its 95 % interval; a None in `high` has no upper bound."""

    of: str
    over: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideClaim:
    """What one side or another speaker said; a figure of theirs, never a count of ours."""

    speaker: str
    subject: str
    value: int | None
    quote: str
    first_day: date
    last_day: date
    outlet: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A statement on visibility: what share was hidden, of where and on which days."""

    where: str
    first_day: date
    last_day: date
    hidden_low: float
    hidden_high: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overpass:
    """How often one satellite left detections in the period, at the least."""

    platform: str
    passes: int
    detections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one source gave: records, reach and delay. Figures are None where they are withheld."""

    name: str
    kind: str
    party: str
    distinct: int | None
    accepted: int | None
    quarantined: int | None
    claims: int | None
    regions: int | None
    first_day: date | None
    last_day: date | None
    delay_days_median: float | None
    delay_days_max: float | None
    licence: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A reason for quarantine and how many distinct records it kept out."""

    source: str
    reason: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A provision in the source's own words."""

    id: str
    duty: str
    words: str
    window: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An obligation that was opened; nothing follows until the named body decides.

    `due_at` is `due` for machines; None: no hour is named, or its clock has not started. `clocks`
    tell of each clock in words. `missing` are approvals that are needed and not on record.
    `history` is what became of it, entry by entry, in words.
    """

    id: str
    duty_of: tuple[str, ...]
    duty: str
    opened: str
    due: str
    due_at: datetime | None
    clocks: tuple[str, ...]
    decided_by: str
    progress: str
    missing: tuple[str, ...]
    standing: str
    incidents: tuple[str, ...]
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One statement of the ledger; `what` is empty where its words may not be told.

    `sure` is False where the stage is not certain.
    """

    id: str
    by: str
    priority: str
    domains: tuple[str, ...]
    what: str
    sure: bool
    standing: str
    authorised: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The statements at one stage, and how many; amounts of stages are never added together."""

    stage: str
    pledges: int
    statements: tuple[Pledge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """One stretch of counts with its rate; `seen` None: nobody stated what could be seen."""

    words: str
    counted_days: float
    days: float
    count: int
    seen: float | None
    per_day: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """Whether the truce holds by what one source counted, and the figures behind the word."""

    source: str
    what: str
    verdict: str
    words: str
    reasons: tuple[str, ...]
    before: LevelRow | None
    levels: tuple[LevelRow, ...]
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A bulletin that may be read by one audience; the only thing that renderers accept."""

    mission: str
    number: str
    title: str
    exercise: bool
    audience: str
    grid_m: float
    min_count: int
    not_before: datetime
    zone: str
    first_day: date
    last_day: date
    previous_first_day: date | None
    previous_last_day: date | None
    agreement: str
    parties: tuple[str, ...]
    instruments: tuple[str, ...]
    truce: str
    provisions: tuple[Term, ...]
    headline: str
    clauses: tuple[Clause, ...]
    figures: dict[str, float | int | None]
    regions: tuple[Region, ...]
    days: tuple[DayRow, ...]
    rates: tuple[RateRow, ...]
    ratios: tuple[RatioRow, ...]
    caveats: tuple[str, ...]
    incidents: tuple[Item, ...]
    fires: tuple[Item, ...]
    static_sources: tuple[Item, ...]
    set_aside: tuple[Item, ...]
    side_claims: tuple[SideClaim, ...]
    visibility: tuple[Watched, ...]
    hidden_by: str
    overpasses: tuple[Overpass, ...]
    contributions: tuple[Contribution, ...]
    others_not_named: bool
    faults: tuple[Fault, ...]
    instrument_names_consequences: bool
    obligations: tuple[Due, ...]
    pledges: tuple[Stage, ...]
    evidence: Evidence
    outlines: tuple[Area, ...] = field(metadata={"drawn_only": True})
    courses: tuple[CourseRow, ...] = field(default=(), metadata={"if_any": True})
    access_denied: tuple[AccessRow, ...] = field(default=(), metadata={"if_any": True})
