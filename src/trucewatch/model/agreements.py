"""What was agreed, as data, and what an incident is under it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from trucewatch.model.places import Area
    from trucewatch.model.times import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of the agreement; `name` is how it is called in print."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One version of one text. `standing`: reported, announced, signed, in_force or lapsed."""

    id: str
    title: str
    standing: str
    version: str
    source: str
    accepted_by: tuple[str, ...] = ()
    announced_by: tuple[str, ...] = ()


class Duty(StrEnum):
    """What a provision does with the acts it names."""

    FORBID = "forbid"
    REQUIRE = "require"
    PERMIT = "permit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """A numbered term: which kinds of act, by whom, where and when, with the source's own words.

    `zones` are codes of the agreement's zones; empty means that the words name no place, so it
    holds everywhere. `kinds` and `exceptions` name nodes of the kind tree, descendants included.
    """

    id: str
    instrument: str
    duty: Duty
    kinds: tuple[str, ...]
    parties: tuple[str, ...]
    zones: tuple[str, ...]
    window: Window
    exceptions: tuple[str, ...]
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """When breaches open an obligation: how many, of which provisions, for whom, until when.

    Nothing follows by itself: the obligation waits for `decided_by`.
    """

    id: str
    provisions: tuple[str, ...]
    count: int
    within: timedelta
    duty_of: tuple[str, ...]
    duty: str
    deadline: timedelta
    decided_by: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything that was agreed in one mission, in the version that one log entry holds.

    `regions` are for reporting by area and say nothing of where a provision holds.
    `standards` maps a state of a finding to the standard of proof it meets.
    """

    id: str
    name: str
    parties: tuple[Party, ...]
    guarantors: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    provisions: tuple[Provision, ...]
    regions: tuple[Area, ...]
    zones: tuple[Area, ...]
    truce: Window
    standards: tuple[tuple[str, str], ...]
    triggers: tuple[Trigger, ...] = ()


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
