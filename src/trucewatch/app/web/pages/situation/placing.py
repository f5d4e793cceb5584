"""Where marks and names stand on a drawn map: none lies over another, none beyond the edge.

Marks that would lie over one another become one, which counts them. Each has a part of the map for
itself, cut from the whole between places: a mark is moved only as far as its part asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.bulletins.map import ORDER, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

HIGH, SHAPE, DIGIT, APART, EDGE = 18.0, 15.0, 8.4, 3.0, 3.5
"""Units of a mark: its height, a shape, a digit beside it, the room after it, and around all."""
LEAST_GAP = 0.5
"""Places nearer than this, in units, are not told apart."""
CLOSEST = 1.5
"""Two names or a name and a mark are at least so far apart."""
ASIDE, UP = range(-96, 97, 16), range(-60, 61, 10)
"""How far a name is moved off the middle of its region to stand free, the nearest first."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of the drawing, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, wide: float, high: float) -> bool:
        """Whether something of this size fits into it."""
        return self.right - self.left >= wide and self.bottom - self.top >= high

    def meets(self, other: Rect, apart: float = 0.0) -> bool:
        """Whether two of them share ground, or lie nearer than `apart`."""
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the drawing: where it is, and how many of each shape stand there."""

    x: float
    y: float
    shapes: Mapping[str, int]

    @classmethod
    def of(cls, x: float, y: float, states: Mapping[str, int]) -> Place:
        """A place with incidents in these states; states that share a shape are one."""
        return cls(x, y, _summed({shape_of(state): n} for state, n in states.items()))


@dataclass(frozen=True, slots=True)
class Stand:
    """A mark as it is drawn: its middle, its shapes in their order, and the places in it."""

    x: float
    y: float
    shapes: Mapping[str, int]
    of: tuple[int, ...]

    def box(self, size: float = 1.0) -> Rect:
        """The ground that it covers, drawn so many times as large."""
        half, rise = width(self.shapes) * size / 2, HIGH * size / 2
        return Rect(self.x - half, self.y - rise, self.x + half, self.y + rise)


def width(shapes: Mapping[str, int]) -> float:
    """How wide a mark is: its shapes side by side, each with its number where there are several."""
    return EDGE * 2 - APART + sum(advance(count) for count in shapes.values())


def advance(count: int) -> float:
    """How wide one shape is with its number and the room after both."""
    return SHAPE + APART + (len(f"{count:,}") * DIGIT if count > 1 else 0.0)


def arranged(places: Sequence[Place], frame: Rect, *, size: float = 1.0) -> list[Stand]:
    """The marks for these places, drawn `size` times as large: none meets another or the frame.

    The same places make the same marks, in whatever order they come.
    """
    order = sorted(range(len(places)), key=lambda at: _key(places[at]))
    return [
        Stand(
            x=_between(_middle(places, part, 0), box.left, box.right, width(shapes) * size),
            y=_between(_middle(places, part, 1), box.top, box.bottom, HIGH * size),
            shapes=shapes,
            of=tuple(part),
        )
        for part, box in _parts(places, order, frame, size)
        for shapes in [_summed(places[at].shapes for at in part)]
    ]


def _key(place: Place) -> tuple[float, float, tuple[tuple[str, int], ...]]:
    return place.x, place.y, tuple(sorted(place.shapes.items()))


def _summed(each: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for shapes in each:
        for name, count in shapes.items():
            total[name] = total.get(name, 0) + count
    return {name: total[name] for name in ORDER if name in total}


def _parts(
    places: Sequence[Place], whole: list[int], frame: Rect, size: float
) -> Iterator[tuple[list[int], Rect]]:
    waiting = [(whole, frame)] if whole else []
    while waiting:
        part, box = waiting.pop()
        cut = _best_cut(places, part, box, size)
        if cut is None:
            yield part, box
        else:
            waiting += cut


def _best_cut(
    places: Sequence[Place], part: list[int], box: Rect, size: float
) -> list[tuple[list[int], Rect]] | None:
    """The cut through the widest gap that leaves room for the marks of both sides, if any does.

    A gap counts the more, the more places lie on its thinner side: few cuts then part many places.
    """
    best: tuple[float, list[tuple[list[int], Rect]]] | None = None
    for across in (True, False):
        line = sorted(part, key=lambda at: (places[at].x if across else places[at].y, at))
        before, after = _sums(places, line), _sums(places, line[::-1])
        for at, (one, other) in enumerate(pairwise(line), 1):
            low, high = (
                (places[one].x, places[other].x) if across else (places[one].y, places[other].y)
            )
            score = (high - low) * min(at, len(line) - at)
            if high - low < LEAST_GAP or (best is not None and score <= best[0]):
                continue
            cut = (low + high) / 2
            near, far = (
                (
                    Rect(box.left, box.top, cut, box.bottom),
                    Rect(cut, box.top, box.right, box.bottom),
                )
                if across
                else (
                    Rect(box.left, box.top, box.right, cut),
                    Rect(box.left, cut, box.right, box.bottom),
                )
            )
            if near.holds(before[at - 1] * size, HIGH * size) and far.holds(
                after[len(line) - at - 1] * size, HIGH * size
            ):
                best = score, [(line[:at], near), (line[at:], far)]
    return None if best is None else best[1]


def _sums(places: Sequence[Place], line: list[int]) -> list[float]:
    """How wide the mark is for the first place of a line, the first two, and so on."""
    total: dict[str, int] = {}
    out = []
    for at in line:
        for name, count in places[at].shapes.items():
            total[name] = total.get(name, 0) + count
        out.append(width(total))
    return out


def _middle(places: Sequence[Place], part: list[int], axis: int) -> float:
    weights = [sum(places[at].shapes.values()) for at in part]
    along = [(places[at].x, places[at].y)[axis] for at in part]
    return sum(w * x for w, x in zip(weights, along, strict=True)) / sum(weights)


def _between(middle: float, low: float, high: float, length: float) -> float:
    """A middle moved so that what is so long lies within its part; in the midst if it is longer."""
    if high - low < length:
        return (low + high) / 2
    return min(max(middle, low + length / 2), high - length / 2)


def free_spot(
    x: float, y: float, wide: float, high: float, taken: Sequence[Rect], frame: Rect
) -> Iterator[tuple[float, float, Rect]]:
    """Where something of this size stands free about a place, the nearest first."""
    moves = sorted(
        ((dx, dy) for dx in ASIDE for dy in UP), key=lambda m: (m[0] ** 2 + m[1] ** 2, m)
    )
    for dx, dy in moves:
        box = Rect(x + dx - wide / 2, y + dy - high / 2, x + dx + wide / 2, y + dy + high / 2)
        inside = (
            box.left >= frame.left
            and box.right <= frame.right
            and box.top >= frame.top
            and box.bottom <= frame.bottom
        )
        if inside and not any(box.meets(other, CLOSEST) for other in taken):
            yield x + dx, y + dy, box
