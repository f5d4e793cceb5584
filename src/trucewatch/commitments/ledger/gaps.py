"""What the plan needs beside what is pledged, stage by stage and standing by standing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from trucewatch.commitments.ledger.lasting import standings
from trucewatch.commitments.words import EXITS, LIMITS, POSITION, STAGES, STANDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from trucewatch.commitments.ledger.lasting import Standing
    from trucewatch.model import Need, Pledge

SEVERAL, UNSAID = "several", "not said"
"""The columns of what names several domains, and of what names none: neither is split up."""

NO_NUMBER, OTHER_UNIT = "no number given", "counted in another unit"
NO_SUM = (NO_NUMBER, OTHER_UNIT)
"""Why a promise that holds adds nothing: how such a reason begins."""

NO_TROOPS, PERSONNEL = "no-troops", "personnel"
"""The limit that keeps a promise out of a need of people, and the unit of such a need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How much is pledged at one stage and standing; `high` None is an open end.

    What one state says of one item counts once, from the least to the most that is said of it.
    What is not certain at that stage adds to `high` alone.
    """

    stage: str
    standing: str
    low: Decimal
    high: Decimal | None
    pledges: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sum beside the need: what is missing at least and at most, None where that has no bound."""

    sum: Sum
    short_low: Decimal
    short_high: Decimal | None
    domains: tuple[tuple[str, Sum], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One need beside the statements of its priority; the lines are never added together.

    Every statement of the priority stands either in lines (in more than one where its stage is not
    certain) or in `left`, with the reason why it adds nothing.
    """

    need: Need
    lines: tuple[Line, ...]
    left: tuple[tuple[str, str], ...]


def gap(pledges: Iterable[Pledge], needs: Iterable[Need], at: datetime) -> tuple[Gap, ...]:
    """What is missing of each need at a time, by need; the order of the arguments is nothing.

    Only quantities of the need's own unit count. Stages are never added, nor are standings: what is
    only reported fills no gap of what is signed.
    """
    entries = standings(pledges, at)
    return tuple(_gap(need, entries) for need in sorted(set(needs), key=lambda one: one.id))


def amount(value: float) -> Decimal:
    """A quantity as it was written, in decimal: 0.1 is 0.1."""
    return Decimal(repr(value))


def _gap(need: Need, entries: Sequence[Standing]) -> Gap:
    counted: list[Standing] = []
    left: list[tuple[str, str]] = []
    for one in entries:
        if one.pledge.priority != need.priority:
            continue
        reason = _no_part(one, need)
        if reason is None:
            counted.append(one)
        else:
            left.append((one.pledge.id, reason))
    lines = []
    for stage in (one for one in STAGES if one not in EXITS):
        for standing in STANDINGS:
            whole = total(counted, stage, standing)
            if whole is not None:
                lines.append(_line(need, whole, counted))
    told = {name for line in lines for name in line.sum.pledges}
    left += [
        (one.pledge.id, "suspended or withdrawn") for one in counted if one.pledge.id not in told
    ]
    return Gap(need=need, lines=tuple(lines), left=tuple(sorted(left)))


def _no_part(one: Standing, need: Need) -> str | None:
    """Why a statement adds nothing to what is pledged towards a need; None if it may."""
    pledge = one.pledge
    if one.stages <= {None, POSITION}:
        return "a position, no promise"
    if one.valid != "yes":
        return "lapsed" if one.valid == "lapsed" else "not valid yet"
    if pledge.domains and need.domains and not {*pledge.domains} & {*need.domains}:
        return "another domain"
    if NO_TROOPS in pledge.limits and need.unit.casefold() == PERSONNEL:
        return LIMITS[NO_TROOPS]
    if pledge.low is None and pledge.high is None:
        return NO_NUMBER
    if (pledge.unit or "").casefold() != need.unit.casefold():
        return f"{OTHER_UNIT}: {pledge.unit}"
    return None


def total(entries: Iterable[Standing], stage: str, standing: str) -> Sum | None:
    """What is pledged at one stage and one standing, in one unit; None where nothing is.

    Each state's item counts once: the low end is the least that any statement on it says, or
    nothing where one of them may have been withdrawn; the high end is the most. So withdrawing
    never raises either, and a line more of another standing changes neither.
    """
    items: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in entries:
        if one.pledge.standing == standing:
            items[one.pledge.by, one.pledge.item or f"\0{one.pledge.id}"].append(one)
    low, high, told = Decimal(0), Decimal(0), []
    unbounded = False
    for said in items.values():
        here = [one for one in said if stage in one.stages]
        if not here:
            continue
        told += [one.pledge.id for one in here]
        low += min(
            [_low(one, stage) for one in here]
            + [Decimal(0) for one in said if one not in here and one.out]
        )
        ends = [one.pledge.high for one in here]
        unbounded = unbounded or None in ends
        high += max((amount(end) for end in ends if end is not None), default=Decimal(0))
    if not told:
        return None
    return Sum(
        stage=stage,
        standing=standing,
        low=low,
        high=None if unbounded else high,
        pledges=tuple(sorted(told)),
    )


def _low(one: Standing, stage: str) -> Decimal:
    """The least that a statement says, nothing where it may stand at another stage."""
    certain = one.stages == {stage} and one.pledge.low is not None
    return amount(one.pledge.low) if certain and one.pledge.low is not None else Decimal(0)


def _line(need: Need, whole: Sum, counted: Sequence[Standing]) -> Line:
    columns: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in counted:
        columns[_column(one.pledge)].append(one)
    domains = []
    for name in sorted(columns):
        part = total(columns[name], whole.stage, whole.standing)
        if part is not None:
            domains.append((name, part))
    least = Decimal(0)
    if need.low is not None and whole.high is not None:
        least = max(least, amount(need.low) - whole.high)
    most = None if need.high is None else max(Decimal(0), amount(need.high) - whole.low)
    return Line(sum=whole, short_low=least, short_high=most, domains=tuple(domains))


def _column(pledge: Pledge) -> str:
    if len(pledge.domains) == 1:
        return pledge.domains[0]
    return SEVERAL if pledge.domains else UNSAID
