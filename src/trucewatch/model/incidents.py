"""What the reports are taken to describe: origins behind them, and incidents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model.places import Point
    from trucewatch.model.reports import Count
    from trucewatch.model.times import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An independent beginning of information, with the claims that stand on it.

    `party` is set when the origin speaks for a side. One claim may stand on several origins, and
    fifty reposts of one post are one origin. `reasons` say why the claims were put together.
    """

    id: str
    label: str
    party: str | None
    claims: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Independence:
    """How many independent origins stand behind something, and why there are not more.

    `number` is 0 for none, else between 1 and the number of origins; it is whole unless a tie
    between two of them is uncertain. `across_parties` are the opposed parties that all tell of it,
    empty below two; they are no part of the number's ties. `reasons` name origins by id alone.
    """

    number: float
    across_parties: tuple[str, ...]
    reasons: tuple[str, ...]


class Nature(StrEnum):
    """What sort of thing an incident is taken to be."""

    EVENT = "event"
    FIRE = "fire"
    STATIC_SOURCE = "static_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a sum of log-odds, in nats, and what it stands for in plain words."""

    name: str
    nats: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Claims judged to describe one event, with place, time, kind and P(it happened).

    `id` is made from the claim that was made first by its own date, so it depends on no order
    and stays when others join. `observations` is how many single observations the claims count,
    `claims` how many accounts there are, and `origins` how many independent beginnings: three
    different numbers. `terms` sum to the log-odds of `probability`. `place.error_m` is the
    standard error after joining. `weapons` are those that any account names. `counts` hold what is
    said of casualties: `low` is the least that any account with that count gives.
    """

    id: str
    nature: Nature
    kind: str
    place: Point
    when: Interval
    region: str | None
    probability: float
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    origins: tuple[str, ...]
    observations: int
    terms: tuple[Term, ...]
    reasons: tuple[str, ...]
    weapons: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
