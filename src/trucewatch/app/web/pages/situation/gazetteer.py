"""Names of places that a mission brings along, so that people can search by them.

`places.csv` in the mission's folder holds public geography and nothing that was reported: a name
found in it says nothing of an incident, and it is used only to turn a name into a position.
"""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "places.csv"
LARGEST = 16 * 2**20
HALF_A_DEGREE = 0.5
LONGEST_NAME = 4
"""A name is looked for in as many words."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Named:
    """A place of that name; of several with one name the one with more people comes first."""

    people: int
    name: str
    lat: float
    lon: float


def folded(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents, apostrophes and marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c if c.isalnum() else " " if c.isspace() or c in "-–,;." else "" for c in plain)
    return tuple(kept.split())


def places(folder: Path) -> Mapping[tuple[str, ...], Named]:
    """The places of a mission by every name, folded; none where it brings no list of them."""
    path = folder / FILE
    try:
        about = path.stat()
    except FileNotFoundError:
        return {}
    if about.st_size > LARGEST:
        return {}
    return _read(path, about.st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _: int) -> Mapping[tuple[str, ...], Named]:
    found: dict[tuple[str, ...], Named] = {}
    for row in csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8", "replace"))):
        place = _place(row)
        if place is None:
            continue
        for name in (place.name, *(row.get("other_names") or "").split("|")):
            words = folded(name)
            if words and (words not in found or found[words] < place):
                found[words] = place
    return found


def _place(row: Mapping[str, str | None]) -> Named | None:
    try:
        return Named(
            people=int(row.get("population") or 0),
            name=(row.get("name") or "").strip(),
            lat=float(row.get("lat") or ""),
            lon=float(row.get("lon") or ""),
        )
    except ValueError:
        # One bad line of a list of names costs that name alone.
        return None


def nearest(known: Mapping[tuple[str, ...], Named], lat: float, lon: float) -> Named | None:
    """The place next to a position, of those that lie within half a degree; None for none.

    Give it a position as the viewer sees it, never another.
    """
    shrink = math.cos(math.radians(lat))

    def squared(place: Named) -> float:
        return (place.lat - lat) ** 2 + ((place.lon - lon) * shrink) ** 2

    around = [
        place
        for place in set(known.values())
        if abs(place.lat - lat) <= HALF_A_DEGREE and abs(place.lon - lon) <= HALF_A_DEGREE
    ]
    # Of two as near the one with more people, so that the answer hangs on no order.
    return min(around, key=lambda place: (squared(place), -place.people, place.name), default=None)


def spans(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Every run of words that may be a name, the longest first."""
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield start, start + length
