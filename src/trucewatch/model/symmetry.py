"""Whether one side is treated like another: rates beside one another, and what they can show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class View(StrEnum):
    """By what incidents are put beside one another."""

    REPORTS = "reports"
    ACCUSED = "accused"
    SIDE = "side"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """How many of some findings reached something, with a 95 % interval (Wilson 1927).

    `share`, `low` and `high` are None where there are too few to tell.
    """

    measure: str
    count: int
    among: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long something took, in hours: the median, with an exact 95 % interval.

    `known` is of how many it is known at all; median and interval are None for too few.
    """

    measure: str
    known: int
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Events per 1,000 square kilometres that could be seen for a day, with an exact interval.

    `area_days` is None where nobody has stated what could be seen, and the rest with it.
    """

    count: int
    area_days: float | None
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SymmetryRow:
    """One party under one view. In the view of those who report, an incident may stand in several.

    `by_kind` counts the incidents that each kind of source tells of.
    """

    view: View
    party: str
    incidents: int
    by_kind: tuple[tuple[str, int], ...]
    parts: tuple[Part, ...]
    delays: tuple[Delay, ...]
    watched: Watched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One party held against all others in one measure.

    `p` is two-sided and corrected for the number of tests (Holm 1979), None for too few. `unseen`
    is how great a difference may well go unnoticed with so many cases, in the measure's own unit
    (None where that cannot be said). `words` say what it shows, and what it cannot.
    """

    view: View
    measure: str
    party: str
    p: float | None
    unseen: float | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Symmetry:
    """Rates for each party beside one another, as a check of bias; parties that swap swap rows.

    `fewest` is how many cases a share or a test needs, `tests` how many tests were made, and
    `without` how many events no party could be told for, by view.
    """

    rows: tuple[SymmetryRow, ...]
    differences: tuple[Difference, ...]
    fewest: int
    tests: int
    without: tuple[tuple[str, int], ...]
    caveats: tuple[str, ...]
