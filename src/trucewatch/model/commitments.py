"""What states have promised, and what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.times import Interval, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise of one state, at the stage its source shows.

    `stage` is announced, committed, authorised, allocated, delivered, deployed or verified, or
    "position" for a reported position that promises nothing; `standing` is reported, announced,
    signed, in_force or lapsed. `said` is None only where a report gives no day. Amounts of
    different stages are never added together.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Something that falls due because breaches met a trigger; it waits for a person's decision.

    `opened` is when the trigger was met by the evidence, `due` the deadline counted from it.
    """

    id: str
    trigger: str
    incidents: tuple[str, ...]
    duty_of: tuple[str, ...]
    duty: str
    opened: datetime
    due: datetime
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A deconfliction notice: no permission and no guarantee, and never public."""

    id: str
    organisation: str
    route_or_site: str
    window: Window
    submitted: datetime
    emergency: bool
