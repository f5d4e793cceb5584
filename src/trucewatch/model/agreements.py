"""What was agreed, as data, and what an incident is under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.model.times import Interval, Window, utc

if TYPE_CHECKING:
    from datetime import timedelta

    from trucewatch.model.places import Area

ALWAYS = Window(None, None)
"""The window that is open at both ends."""

PROOF = (
    "none",
    "reasonable suspicion",
    "reasonable grounds to believe",
    "balance of probabilities",
    "clear and convincing",
    "beyond reasonable doubt",
)
"""Standards of proof in rising order; "none" where nothing is taken as shown."""

NEVER = Window(datetime(9999, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
"""The window of what does not hold yet: empty, after all that can happen. Ask `Window.empty`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of the agreement; `name` is how it is called in print."""

    id: str
    name: str


class Edition(StrEnum):
    """What sort of version a text is; a draft binds nobody, and nothing is assessed under it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    AMENDED = "amended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One version of one text. `standing`: reported, announced, signed, in_force or lapsed.

    Versions of one text share `text` (empty: the text has this version alone). `holds` is when
    this version's words are those that count: where a later version takes over, it ends. It is
    NEVER for a draft and for what is not in force yet: then nothing is assessed under it.
    """

    id: str
    title: str
    standing: str
    version: str
    source: str
    accepted_by: tuple[str, ...] = ()
    announced_by: tuple[str, ...] = ()
    text: str = ""
    edition: Edition = Edition.PUBLISHED
    holds: Window = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Whoever decides: a commission, a mission's lead, a parliament, a government.

    `decides` says on what: breach, attribution, obligation, exemption, approval. `members` are
    ids of parties, guarantors or states. `standing` is that of the text that sets it up.
    """

    id: str
    name: str
    decides: tuple[str, ...]
    members: tuple[str, ...] = ()
    standing: str = "reported"
    source: str = ""


class Drawn(StrEnum):
    """How a zone was drawn; a line or a corridor is held as the polygon of its buffer."""

    POLYGON = "polygon"
    LINE = "line"
    CORRIDOR = "corridor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where a provision holds, for as long as `holds` lasts.

    One code may stand several times with windows that do not overlap: a zone that moved. `area`
    includes the buffer of `buffer_m` metres to each side. `side` is the party on whose side of the
    line it lies, where that is agreed.
    """

    code: str
    name: str
    drawn: Drawn
    area: Area
    buffer_m: float = 0.0
    holds: Window = ALWAYS
    side: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """What a provision does not mean. All parts given must hold; none excepts nothing.

    `condition` is a CEL expression over the facts of docs/agreements.md.
    """

    kinds: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    window: Window = ALWAYS
    condition: str | None = None
    words: str = ""


class Duty(StrEnum):
    """What a provision does with the acts it names."""

    FORBID = "forbid"
    REQUIRE = "require"
    PERMIT = "permit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A numbered term: which kinds of act, by whom, where and when, with the source's own words.

    `zones` are codes of the agreement's zones; empty means that the words name no place, so it
    holds everywhere. `kinds` name nodes of the kind tree and `weapons` of the weapon tree,
    descendants included; no `weapons` means any. It holds where its `window` and that of its
    instrument overlap. `condition` is a CEL expression that must hold, too.
    """

    id: str
    instrument: str
    duty: Duty
    kinds: tuple[str, ...]
    parties: tuple[str, ...]
    zones: tuple[str, ...]
    window: Window
    exceptions: tuple[Exemption, ...]
    words: str
    source: str
    weapons: tuple[str, ...] = ()
    condition: str | None = None


class Clock(StrEnum):
    """From when a deadline runs: from the event, or from the day that a body determined it."""

    EVENT = "event"
    DETERMINATION = "determination"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung of a response: who does what by when, and which body decides on it.

    Nothing follows by itself: it waits for `decided_by` (the id of a body). `after` runs from
    `clock`; None is a step without an hour in its source. With `calendar` (the IANA name of a time
    zone) `after` counts whole local days: ask `due`. `follows` is the step that must have been
    taken, or have run out, before this one opens. `standard` is the standard of proof that the
    finding must meet. `condition` is a CEL expression over what has happened since. `approval`
    names the bodies whose approval is needed in each state that acts.
    """

    id: str
    duty: str
    duty_of: tuple[str, ...]
    decided_by: str
    clock: Clock
    after: timedelta | None
    standard: str
    standing: str
    source: str
    follows: str | None = None
    condition: str | None = None
    approval: tuple[str, ...] = ()
    words: str = ""
    calendar: str | None = None

    def due(self, start: datetime) -> datetime | None:
        """When the time is over that began at `start`, in UTC; None where there is no hour.

        Calendar days end at midnight after the last one, whose length the clocks may change; the
        day of the start is not counted.
        """
        if self.after is None:
            return None
        if self.calendar is None:
            return utc(start) + self.after
        zone = ZoneInfo(self.calendar)
        last = utc(start).astimezone(zone).date() + self.after
        return Interval.days(last, last, zone).latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Which breaches open a response: how many, of which provisions, how grave, where and by whom.

    `kinds`, `zones` and `by` narrow it where they are given; `by` are parties, and then a breach
    counts only once a body has attributed it to one of them. `at_least` are counts that the
    breaches must reach together, such as ("killed", 5).
    """

    id: str
    provisions: tuple[str, ...]
    count: int
    within: timedelta
    steps: tuple[Step, ...]
    source: str
    kinds: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    at_least: tuple[tuple[str, int], ...] = ()
    window: Window = ALWAYS
    condition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything that was agreed in one mission, in the version that one log entry holds.

    `regions` are for reporting by area and say nothing of where a provision holds.
    `standards` maps a state of a finding to the standard of proof it meets; `needed` maps what is
    to be decided (publish, open, attribute) to the standard that it takes. `lead` leads the
    monitoring. `states` take part and are neither parties nor guarantors. `truce` is NEVER where
    no hours are known.
    """

    id: str
    name: str
    parties: tuple[Party, ...]
    guarantors: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    provisions: tuple[Provision, ...]
    regions: tuple[Area, ...]
    zones: tuple[Zone, ...]
    truce: Window
    standards: tuple[tuple[str, str], ...]
    triggers: tuple[Trigger, ...] = ()
    bodies: tuple[Body, ...] = ()
    lead: str | None = None
    needed: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What an incident is under one provision."""

    BREACH = "breach"
    EXEMPT = "exempt"
    OUTSIDE = "outside"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A finding against a provision: provisional, and silent on who is responsible.

    `share` is the probability that the event, if it happened as reported, falls under the
    provision's time and place. `near_misses` name the conditions that nearly held, or failed.
    """

    id: str
    incident: str
    finding: str
    provision: str
    outcome: Outcome
    share: float
    reasons: tuple[str, ...]
    near_misses: tuple[str, ...]
