"""How well established an incident is, and the rates that findings add up to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from trucewatch.model.compliance import TruceCourse
    from trucewatch.model.incidents import Independence
    from trucewatch.model.times import Window


class State(StrEnum):
    """The ladder of an incident. Only people lift it to VERIFIED or take an exit."""

    ALLEGATION = "allegation"
    REPORTED = "reported"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"
    UNVERIFIABLE = "unverifiable"
    REFUTED = "refuted"
    EXEMPT = "exempt"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


class Responsibility(StrEnum):
    """Whether anybody has said who did it; a machine only ever says WITHHELD."""

    WITHHELD = "withheld"
    ASSESSED = "assessed"
    DETERMINED = "determined"


class Effect(StrEnum):
    """What an entry does to a finding now.

    A reply, a dissent or a notification is RECORDED and sets nothing; WAITS is a ruling that needs
    a second reviewer; VOID counts for nothing, as somebody entered it who may not.
    """

    HOLDS = "holds"
    WAITS = "waits for a second"
    SUPERSEDED = "superseded"
    TAKEN_BACK = "taken back"
    RECORDED = "recorded"
    VOID = "counts for nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one person entered of one incident, as it is printed beside the finding.

    `what` is the sort of entry (review, determination, attribution, notified, reply, dissent),
    `word` its gist (a ruling, a party, a provision), `by` the office that entered it, `of` the
    body, party or state that speaks through it. `why` says why it counts for nothing or what is
    out of the ordinary. `standard` is the standard of proof of a body's word. `until` is the
    deadline for a reply; what came later is printed all the same.
    """

    index: int
    at: datetime
    by: str
    what: str
    word: str
    words: str
    of: str = ""
    effect: Effect = Effect.RECORDED
    why: str = ""
    standard: str = ""
    until: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether a reply came after its deadline."""
        return self.what == "reply" and self.until is not None and self.at > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An incident, how well established, and under what coverage.

    `provisional` is True until named people have reviewed it. `standard` is the standard of
    proof that the mission attaches to this state; it says that *it happened*, never who did it.
    `seen_share` is what share of the place could be seen by those who watch; None is unknown.
    `independent_origins` are whole voices: what is tied to another in part is not counted in full,
    and `independence` tells by what; None where nobody has looked for ties. `said` is what people
    have said of it, by log index. `stale` is True where the evidence is no longer what people
    looked at. `party` is set only where `responsibility` is not WITHHELD, and `body` is who said
    so. `reviewed_by` are the offices whose ruling holds; `duplicate_of` is an incident. `asked` is
    True while a reviewer's question waits for a ruling.
    """

    id: str
    incident: str
    state: State
    provisional: bool
    responsibility: Responsibility
    standard: str
    independent_origins: int
    probability: float
    seen_share: float | None
    reasons: tuple[str, ...]
    independence: Independence | None = None
    said: tuple[Said, ...] = ()
    stale: bool = False
    party: str | None = None
    body: str | None = None
    reviewed_by: tuple[str, ...] = ()
    duplicate_of: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """Coded events and incidents of one local day.

    `expected` spreads events whose day is not known evenly over the days they may have happened
    on. `firm` counts only those that certainly fall on this day.
    """

    day: date
    firm: int
    expected: float
    thermal: int
    static: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Events a day over whole local days, with an exact 95 % Poisson interval (Garwood 1936).

    Days that lie only partly in the period are left out, and so named in `left_out`.
    """

    period: str
    window: Window
    days: int
    count: int
    per_day: float | None
    low: float | None
    high: float | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRate:
    """How often access was denied by a party, as sources name it: allegations, no attribution.

    `party` None is for incidents of which nobody is named, or more than one. Whole local days, with
    an exact 95 % Poisson interval; None without a whole day.
    """

    party: str | None
    incidents: int
    observations: int
    days: int
    per_day: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """One rate over another with an exact 95 % interval (conditional binomial); None: no days."""

    of: str
    over: str
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compliance:
    """Rates before, during and after a truce. It measures what was reported, not what happened.

    `courses` say whether the truce holds, by each source that counts and by reported incidents.
    """

    days: tuple[DayCount, ...]
    rates: tuple[Rate, ...]
    ratios: tuple[RateRatio, ...]
    caveats: tuple[str, ...]
    courses: tuple[TruceCourse, ...] = ()
