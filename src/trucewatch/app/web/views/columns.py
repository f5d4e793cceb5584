"""What a record can be filtered by, out of its redacted body and nothing else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from trucewatch.bulletins.map import VAGUEST_M

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

MOST_VALUES = 5_000
"""A field with more values than this has no column: it tells records apart, and sorts none."""
LONGEST_VALUE = 200
LONGEST_TEXT = 20_000
NO_DAY = -1
FIRST_DAYS = ("first_day", "day", "earliest", "from", "holds_from", "at")
LAST_DAYS = ("last_day", "day", "latest", "until", "holds_until", "at")


def place_of(body: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, as the viewers of this body see them.

    Of a place known only within a region or more there is none: a mark in the middle of a country
    would tell of what is not known.
    """
    place = body.get("place", body)
    if not isinstance(place, dict) or (place.get("error_m") or 0) > VAGUEST_M:
        return None
    lat, lon = place.get("lat"), place.get("lon")
    if isinstance(lat, float | int) and isinstance(lon, float | int):
        return float(lat), float(lon)
    return None


def days_of(body: Mapping[str, Any]) -> tuple[int, int]:
    """The first and the last day as ordinals; `NO_DAY` where the body tells none."""
    first = next(_days(body, FIRST_DAYS), NO_DAY)
    last = next(_days(body, LAST_DAYS), first)
    return (first if first != NO_DAY else last), last


def _days(body: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[int]:
    for name in names:
        told = body.get(name)
        if isinstance(told, str):
            try:
                yield date.fromisoformat(told[:10]).toordinal()
            except ValueError:
                continue


def probability_of(body: Mapping[str, Any]) -> float:
    """The probability that a body tells; NaN, which nothing lets through, where it has none."""
    told = body.get("probability")
    return float(told) if isinstance(told, float | int) else float("nan")


def words_of(body: Mapping[str, Any]) -> str:
    """Everything in a body that a person could search for."""
    return " ".join(_texts(body))[:LONGEST_TEXT]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def values_of(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields by which a body can be filtered, with their values as text.

    A list gives each of its values, a table within gives "field.part".
    """
    for name, value in body.items():
        if isinstance(value, dict):
            for part, within in value.items():
                for told in _told(within):
                    yield f"{name}.{part}", told
        else:
            for told in _told(value):
                yield name, told


def _told(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for each in value:
            if not isinstance(each, list | tuple):
                yield from _told(each)
    elif value is None:
        yield ""
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, str) and len(value) <= LONGEST_VALUE:
        yield value


@dataclass(slots=True)
class Coding:
    """The values of one field over the records of a sort, as numbers, while they are gathered."""

    values: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)

    def add(self, row: int, value: str) -> None:
        """One value of one record; a field with too many forgets them all."""
        if len(self.values) > MOST_VALUES:
            return
        self.rows.append(row)
        self.codes.append(self.values.setdefault(value, len(self.values)))
        if len(self.values) > MOST_VALUES:
            self.rows.clear()
            self.codes.clear()

    @property
    def whole(self) -> bool:
        """Whether it can be asked."""
        return len(self.values) <= MOST_VALUES


class Columns:
    """The columns of one sort while its records are written, row by row in their order."""

    def __init__(self) -> None:
        self.size = 0
        self.lat: list[float] = []
        self.lon: list[float] = []
        self.first: list[int] = []
        self.last: list[int] = []
        self.probability: list[float] = []
        self.fields: defaultdict[str, Coding] = defaultdict(Coding)

    def add(self, body: Mapping[str, Any]) -> None:
        """The next record."""
        place = place_of(body)
        lat, lon = place if place is not None else (np.nan, np.nan)
        first, last = days_of(body)
        self.lat.append(lat)
        self.lon.append(lon)
        self.first.append(first)
        self.last.append(last)
        self.probability.append(probability_of(body))
        for name, value in values_of(body):
            self.fields[name].add(self.size, value)
        self.size += 1

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """The columns of numbers."""
        yield "lat", np.asarray(self.lat, dtype="<f8")
        yield "lon", np.asarray(self.lon, dtype="<f8")
        yield "first", np.asarray(self.first, dtype="<i4")
        yield "last", np.asarray(self.last, dtype="<i4")
        yield "probability", np.asarray(self.probability, dtype="<f8")
