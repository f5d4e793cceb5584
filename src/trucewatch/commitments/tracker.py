"""Aid by donor and month, in the form of the Kiel Institute's support tracker (data_explorer.csv).

Two stages stand beside one another there: what was committed, and what was allocated. They are two
stages of the same money, so their sum would count it twice.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from trucewatch.errors import RecordRejected, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMMITTED, ALLOCATED = "committed", "allocated"
WHOLE = "whole"
"""The kind of an amount that is all kinds together."""

PARTS = ("financial", "humanitarian", "military")
COLUMNS = ("country", "iso", "year", "month", "total", *PARTS, "commitments", "to_be_allocated")
"""The columns that are read; the file may have more."""

Key = TypeVar("Key", str, date)

_BILLION = Decimal(10) ** 9
# No exponent and no more digits than money has: what a person cannot read is no amount.
_AMOUNT = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,11})?", re.ASCII)
_YEAR = re.compile(r"(19|20)[0-9]{2}", re.ASCII)
_MONTH = re.compile(r"0?[1-9]|1[0-2]", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What one donor committed or allocated in one month, in euros, exact.

    `month` is its first day; `kind` is "whole", or of allocations "financial", "humanitarian" or
    "military".
    """

    donor: str
    month: date
    stage: str
    kind: str
    euros: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A delivery as it was read: received = accepted + duplicates + quarantined, in rows."""

    amounts: tuple[Amount, ...]
    received: int
    duplicates: int
    quarantined: tuple[RecordRejected, ...]

    @property
    def accepted(self) -> int:
        """How many rows were taken in."""
        return self.received - self.duplicates - len(self.quarantined)


def read_tracker(text: str) -> Table:
    """The amounts of a table, sorted; a row that does not hold together is quarantined.

    The parts of an allocation must make its total, and commitments less allocations what is still
    to be allocated, to the last digit. Of rows that contradict one another none is taken, whatever
    their order. Raises SourceUnavailable where a column is missing.
    """
    try:
        lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
        if missing:
            raise SourceUnavailable(f"the table has no column {', '.join(missing)}")
        rows = [(lines.line_num, row) for row in lines]
    except csv.Error as fault:
        raise SourceUnavailable(f"this is no CSV table: {fault}") from None
    found: defaultdict[tuple[str, date], dict[tuple[Amount, ...], list[int]]] = defaultdict(dict)
    refused: list[RecordRejected] = []
    for number, row in rows:
        try:
            amounts = _read(row, number)
        except RecordRejected as fault:
            refused.append(fault)
        else:
            key = (amounts[0].donor, amounts[0].month)
            found[key].setdefault(amounts, []).append(number)
    taken: list[Amount] = []
    duplicates = 0
    for alike in found.values():
        if len(alike) == 1:
            ((amounts, numbers),) = alike.items()
            taken += amounts
            duplicates += len(numbers) - 1
            continue
        refused += [
            RecordRejected("another row of this donor and month says otherwise", pointer=_at(one))
            for numbers in alike.values()
            for one in numbers
        ]
    return Table(
        amounts=tuple(sorted(taken, key=lambda one: (one.donor, one.month, one.stage, one.kind))),
        received=len(rows),
        duplicates=duplicates,
        quarantined=tuple(sorted(refused, key=lambda one: _line(one.pointer))),
    )


def add_up(amounts: Iterable[Amount]) -> Decimal:
    """The sum of some amounts, exact.

    ValueError where they are of two stages, or where a whole stands beside its own parts: either
    would count the same money twice.
    """
    each = tuple(amounts)
    if len({one.stage for one in each}) > 1:
        raise ValueError("commitments and allocations are never added together")
    kinds = {one.kind for one in each}
    if WHOLE in kinds and len(kinds) > 1:
        raise ValueError("a whole is not added to its own parts")
    return sum((one.euros for one in each), Decimal(0))


def by_donor(amounts: Iterable[Amount], *, stage: str, kind: str = WHOLE) -> dict[str, Decimal]:
    """What each donor committed, or what it allocated, in all months, sorted by name."""
    return _grouped(((one.donor, one) for one in amounts), stage, kind)


def by_month(amounts: Iterable[Amount], *, stage: str, kind: str = WHOLE) -> dict[date, Decimal]:
    """What all donors committed, or what they allocated, in each month, in order."""
    return _grouped(((one.month, one) for one in amounts), stage, kind)


def reasons(table: Table) -> dict[str, int]:
    """Why rows were quarantined, and how many for each reason."""
    return dict(sorted(Counter(one.reason for one in table.quarantined).items()))


def _grouped(pairs: Iterable[tuple[Key, Amount]], stage: str, kind: str) -> dict[Key, Decimal]:
    found: defaultdict[Key, list[Amount]] = defaultdict(list)
    for key, one in pairs:
        if (one.stage, one.kind) == (stage, kind):
            found[key].append(one)
    return {key: add_up(found[key]) for key in sorted(found)}


def _read(row: Mapping[str | None, object], number: int) -> tuple[Amount, ...]:
    """The amounts of one row: the commitment, the allocation and its parts."""
    donor = str(row["country"] or "").strip()
    year, month = str(row["year"] or "").strip(), str(row["month"] or "").strip()
    if None in row or None in row.values():
        raise RecordRejected("has too many or too few fields", pointer=_at(number))
    if not donor:
        raise RecordRejected("names no donor", pointer=_at(number))
    if not _YEAR.fullmatch(year) or not _MONTH.fullmatch(month):
        raise RecordRejected("has no month of any year", pointer=_at(number))
    first = date(int(year), int(month), 1)
    told = {name: _euros(row, name, number) for name in ("total", *PARTS, "commitments")}
    if sum(told[name] for name in PARTS) != told["total"]:
        raise RecordRejected("its parts do not make its total", pointer=_at(number))
    left = _euros(row, "to_be_allocated", number, signed=True)
    if told["commitments"] - told["total"] != left:
        raise RecordRejected(
            "commitments less allocations are not what is to be allocated", pointer=_at(number)
        )
    found = [(COMMITTED, WHOLE, told["commitments"]), (ALLOCATED, WHOLE, told["total"])]
    found += [(ALLOCATED, name, told[name]) for name in PARTS]
    return tuple(
        Amount(donor=donor, month=first, stage=stage, kind=kind, euros=euros)
        for stage, kind, euros in found
    )


def _euros(
    row: Mapping[str | None, object], name: str, number: int, *, signed: bool = False
) -> Decimal:
    """A cell in billions as euros, exact."""
    text = str(row[name]).strip()
    if not _AMOUNT.fullmatch(text):
        raise RecordRejected(f"{name} is no amount", pointer=_at(number))
    euros = Decimal(text) * _BILLION
    if euros < 0 and not signed:
        raise RecordRejected(f"{name} is below nought", pointer=_at(number))
    return euros


def _at(number: int) -> str:
    return f"line {number}"


def _line(pointer: str) -> int:
    return int(pointer.removeprefix("line "))
