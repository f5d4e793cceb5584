"""A bulletin in full detail, before anything is held back: never to be rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from trucewatch.bulletins.situation import Commitment, Evidence, Period
    from trucewatch.model import (
        AccessRate,
        Agreement,
        Assessment,
        Claim,
        Figure,
        Finding,
        Incident,
        IntakeCount,
        Obligation,
        Origin,
        Pass,
        Quarantined,
        Rate,
        RateRatio,
        RegionDay,
        Source,
        SourceCoverage,
        TruceCourse,
        Watch,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One incident with what was found of it; `share` of its time lies in the period.

    `firm` is True only where it certainly falls into the period.
    """

    incident: Incident
    finding: Finding | None
    assessments: tuple[Assessment, ...]
    share: float
    firm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A sentence of the finding, and the names of the figures that it was made from.

    `section` is the part of the bulletin that holds them.
    """

    text: str
    figures: tuple[str, ...]
    section: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Incidents and observations of one area in one period.

    `firm` certainly fall into the period, `expected` adds the shares of those that may; a None
    stands for a period that the sources do not reach.
    """

    firm: int
    expected: float
    observations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """One region in the period beside the previous one, with what could be seen of it.

    `reported`, `quiet` and `unobserved` count days; `seen_*` is None where nobody stated it.
    """

    code: str
    name: str
    now: Tally
    previous: Tally | None
    reported: int
    quiet: int
    unobserved: int
    seen_low: float | None
    seen_high: float | None
    passes: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One local day for the chart.

    `hidden_*` is the share that cloud or the like kept from view. A day without `passes` has no
    satellite record: its `thermal` of 0 means that nobody looked, and is never drawn as none.
    """

    day: date
    firm: int
    expected: float
    thermal: int
    static: int
    passes: int
    truce_share: float
    in_period: bool
    hidden_low: float | None
    hidden_high: float | None
    unobserved: int
    regions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """Everything one period comes to, as plain data in a settled order.

    It names sealed sources and exact places: `redact` is the only way on from here.
    """

    mission: str
    zone: str
    exercise: bool
    period: Period
    previous: Period | None
    agreement: Agreement
    evidence: Evidence
    headline: str
    clauses: tuple[Clause, ...]
    figures: tuple[tuple[str, float | int | None], ...]
    regions: tuple[RegionRow, ...]
    days: tuple[DayRow, ...]
    rates: tuple[Rate, ...]
    ratios: tuple[RateRatio, ...]
    caveats: tuple[str, ...]
    events: tuple[Case, ...]
    fires: tuple[Case, ...]
    static: tuple[Case, ...]
    set_aside: tuple[Case, ...]
    claims: tuple[Claim, ...]
    origins: tuple[Origin, ...]
    statements: tuple[Figure, ...]
    watches: tuple[Watch, ...]
    passes: tuple[Pass, ...]
    source_coverage: tuple[SourceCoverage, ...]
    obligations: tuple[Obligation, ...]
    pledges: tuple[Commitment, ...]
    intake: tuple[IntakeCount, ...]
    quarantined: tuple[Quarantined, ...]
    sources: tuple[Source, ...]
    courses: tuple[TruceCourse, ...] = ()
    access: tuple[AccessRate, ...] = ()
    region_days: tuple[RegionDay, ...] = ()
