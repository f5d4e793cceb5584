"""The readiness matrix: who has said what, how far it has come, who has approved, with caveats."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from trucewatch.commitments.ledger.lasting import standings
from trucewatch.commitments.ledger.voices import origins, states
from trucewatch.commitments.words import DOMAINS, PRIORITIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.commitments.ledger.lasting import Standing
    from trucewatch.model import Pledge

NO_DOMAIN = ""
"""The column of what names no domain; it is not spread over the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """All that is on record of one state, one priority and one domain; nothing in it is merged."""

    by: str
    priority: str
    domain: str
    entries: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Statements on one item that tell it differently, side by side, none preferred.

    `differs` names the fields. `voices` are the statements of each origin: what several outlets
    have from one is one origin.
    """

    item: str
    entries: tuple[Standing, ...]
    differs: tuple[str, ...]
    voices: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The ledger at a time; what is for several domains or states stands in the cell of each."""

    at: datetime
    cells: tuple[Cell, ...]
    disagreements: tuple[Disagreement, ...]
    origins: dict[str, str]


def matrix(pledges: Iterable[Pledge], at: datetime) -> Matrix:
    """State by priority by domain at a time, whatever the order of the statements.

    What had not been said by then is left out; what is withdrawn or lapsed stays and says so.
    """
    entries = standings(pledges, at)
    found: defaultdict[tuple[str, str, str], list[Standing]] = defaultdict(list)
    for one in entries:
        for by, domain in product(states(one.pledge.by), one.pledge.domains or (NO_DOMAIN,)):
            found[by, one.pledge.priority, domain].append(one)
    behind = origins(one.pledge for one in entries)
    return Matrix(
        at=at,
        cells=tuple(
            Cell(
                by=by, priority=priority, domain=domain, entries=tuple(found[by, priority, domain])
            )
            for by, priority, domain in sorted(found, key=_place)
        ),
        disagreements=disagreements(entries, behind),
        origins=behind,
    )


def disagreements(entries: Iterable[Standing], behind: dict[str, str]) -> tuple[Disagreement, ...]:
    """The items of which two statements or more tell something differently, by item."""
    items: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in entries:
        if one.pledge.item:
            items[one.pledge.item].append(one)
    found = []
    for item, said in sorted(items.items()):
        differs = tuple(field for field, values in _told(said).items() if len({*values}) > 1)
        if len(said) > 1 and differs:
            found.append(
                Disagreement(
                    item=item, entries=tuple(said), differs=differs, voices=_voices(said, behind)
                )
            )
    return tuple(found)


def _told(said: list[Standing]) -> dict[str, list[object]]:
    pledges = [one.pledge for one in said]
    return {
        "amount": [_amount(one) for one in pledges],
        "stage": [one.stages for one in said],
        "standing": [one.standing for one in pledges],
        "approval": [
            tuple((each.body, each.state) for each in one.authorisation.latest) for one in said
        ],
        "domains": [one.domains for one in pledges],
        "basing": [one.basing for one in pledges],
        "limits": [one.limits for one in pledges],
        "who": [one.by for one in pledges],
    }


def _amount(pledge: Pledge) -> object:
    """The quantity; a unit alone is none."""
    given = (pledge.low, pledge.high) != (None, None)
    return (pledge.low, pledge.high, pledge.unit) if given else None


def _voices(
    said: list[Standing], behind: dict[str, str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in said:
        found[behind[one.pledge.id]].append(one.pledge.id)
    return tuple((voice, tuple(found[voice])) for voice in sorted(found))


def _place(key: tuple[str, str, str]) -> tuple[str, int, str, int]:
    by, priority, domain = key
    known = PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)
    return (by, known, priority, DOMAINS.index(domain) if domain in DOMAINS else len(DOMAINS))
