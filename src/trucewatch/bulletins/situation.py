"""What a bulletin may draw on, for which days, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trucewatch.model import (
        AccessRate,
        Agreement,
        Assessment,
        Claim,
        Compliance,
        Coverage,
        Figure,
        Finding,
        Incident,
        IntakeCount,
        Obligation,
        Origin,
        Quarantined,
        Source,
    )

SMALLEST_GRID_M = 100.0
WAYS = ("defaults", "learnt", "given")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersInForce:
    """With which parameters reports were joined: told by their content, not by a place in a log.

    `values` is the SHA-256 (hex) over the values; `how` is "defaults", "learnt" or "given" (by a
    person); `since` is when that was decided, None for the defaults of the version.
    """

    values: str
    how: str
    since: datetime | None = None

    def __post_init__(self) -> None:
        if self.how not in WAYS:
            raise ValueError(f"parameters come into force as {', '.join(WAYS)}")
        if (self.since is None) is not (self.how == "defaults"):
            raise ValueError("parameters have a time, save for the defaults")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a bulletin rests on, told without regard to the order in which it came.

    `size` counts distinct log entries; `root` is made over their sorted hashes. Neither may
    depend on arrival, on repetition or on batches: those belong into the seal.
    """

    origin: str
    size: int
    root: str
    version: str
    parameters: ParametersInForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A statement of the ledger as it stands at a time; `authorised` is the answer in words.

    `sure` is False where its stage at that time is not certain. `limits` are its caveats in the
    words of their codes.
    """

    id: str
    by: str
    priority: str
    domains: tuple[str, ...]
    what: str
    stage: str
    sure: bool
    standing: str
    authorised: str
    limits: tuple[str, ...]


class Pledges(Protocol):
    """The ledger of commitments, to be asked for a time."""

    def __call__(self, at: datetime, /) -> Iterable[Commitment]:
        """The statements as they stand at `at`: a bulletin asks for the end of its period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a bulletin may draw on; the order within each tuple means nothing.

    There is no place for deconfliction notices, so that none can be published. Intake counts are
    of distinct records: how often something was delivered must not reach a body.
    """

    mission: str
    zone: str
    agreement: Agreement
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]
    origins: tuple[Origin, ...]
    claims: tuple[Claim, ...]
    statements: tuple[Figure, ...]
    coverage: Coverage
    compliance: Compliance
    obligations: tuple[Obligation, ...]
    pledges: Pledges
    intake: tuple[IntakeCount, ...]
    quarantined: tuple[Quarantined, ...]
    sources: tuple[Source, ...]
    evidence: Evidence
    exercise: bool = False
    access: tuple[AccessRate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole local days, the first and the last included; `number` is the bulletin's own."""

    first: date
    last: date
    title: str
    number: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day of a period lies before the first")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who will read it, and how much is held back from them.

    `grid_m` is the side of the cells in which places are told; `delay` runs from the end of the
    period to the earliest release; without `show_sources` a source is named by its sort alone;
    a count of contributing accounts under `min_count` is given as "fewer than". `finer` are the
    grids, in metres, of audiences of the mission that see finer ones.
    """

    name: str
    grid_m: float
    delay: timedelta
    show_sources: bool
    min_count: int
    finer: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not self.grid_m >= SMALLEST_GRID_M:
            raise ValueError(f"the grid of an audience is at least {SMALLEST_GRID_M:g} m")
        if self.delay < timedelta(0):
            raise ValueError("the delay of an audience is not negative")
        if any(not SMALLEST_GRID_M <= each < self.grid_m for each in self.finer):
            raise ValueError("the finer grids of an audience are finer than its own")
        if self.min_count < 0:
            raise ValueError("the smallest count of an audience is not negative")
