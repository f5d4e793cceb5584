"""Deconfliction: what was notified, and the contacts between parties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.times import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A deconfliction notice: no permission and no guarantee, and never public.

    `sort` is "movement" or "site", `domain` sea, land or air. `route` holds (longitude, latitude)
    of WGS 84: one place for a site, two or more for a movement; `width_m` is how far to each side
    it reaches. The id stays when a notice is amended.
    """

    id: str
    organisation: str
    contact: str
    sort: str
    domain: str
    place: str
    route: tuple[tuple[float, float], ...]
    width_m: float
    window: Window
    submitted: datetime
    emergency: bool
    note: str = ""


class NoticeState(StrEnum):
    """How far a notice has come; only a person acknowledges it."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    AMENDED = "amended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeStatus:
    """A notice as its last version says, with what became of it.

    `late` is True where it came with less than the lead time (48 hours, 24 in an emergency);
    `lead_hours` is what it came with, negative for what had begun.
    """

    notice: Notice
    state: NoticeState
    versions: tuple[Notice, ...]
    acknowledged: datetime | None
    lead_hours: float
    late: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMatch:
    """An incident that may have touched what was notified: for those inside, never published.

    `share` is the probability that time and place of the incident lie in those of the notice as
    it stood by then, in the `version` of that number. `distance_m` runs to the route itself, not to
    the edge of its width. `near_misses` say in words what failed by little: where there are any,
    it is no match.
    """

    notice: str
    incident: str
    share: float
    distance_m: float
    reasons: tuple[str, ...]
    near_misses: tuple[str, ...]
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact between parties over the hotline, as whoever kept the log wrote it down."""

    id: str
    at: datetime
    parties: tuple[str, ...]
    channel: str
    subject: str
    outcome: str
    answered: bool
