"""When a provision holds: its own hours, within those in which its version of the text counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.model import ALWAYS, Edition, Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement, Instrument, Interval, Provision

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Term:
    """A provision, its version of the text, and when both hold; never an empty window."""

    provision: Provision
    instrument: Instrument
    holds: Window


def terms_of(agreement: Agreement) -> tuple[Term, ...]:
    """The provisions that anything is assessed under, by id.

    A draft binds nobody, and what holds for no moment, or not yet, is broken by nothing.
    """
    instruments = {one.id: one for one in agreement.instruments}
    terms = (
        Term(one, text, one.window.overlap(text.holds))
        for one in sorted(agreement.provisions, key=lambda one: one.id)
        if (text := instruments[one.instrument]).edition is not Edition.DRAFT
    )
    return tuple(term for term in terms if not term.holds.empty)


def pieces(whole: Window, windows: Iterable[Window]) -> tuple[Window, ...]:
    """`whole`, cut wherever a window begins or ends: in a piece each holds throughout or never."""
    cuts = sorted(
        {
            moment
            for window in windows
            for moment in (window.start, window.end)
            if moment is not None
            and (whole.start is None or whole.start < moment)
            and (whole.end is None or moment < whole.end)
        }
    )
    ends = [whole.start, *cuts, whole.end]
    return tuple(Window(a, b) for a, b in pairwise(ends))


def throughout(window: Window, piece: Window) -> bool:
    """Whether a window holds for the whole of a piece that was cut at its ends."""
    return window == ALWAYS or window.overlap(piece) == piece


def weight(when: Interval, piece: Window) -> int:
    """How much of an interval lies in a piece, in microseconds; an instant weighs 1 or nothing."""
    if not when.length:
        return int(piece.contains(when.earliest))
    start = when.earliest if piece.start is None else max(when.earliest, piece.start)
    end = when.latest if piece.end is None else min(when.latest, piece.end)
    return max(0, (end - start) // _TICK)


def length(when: Interval) -> int:
    """What the weights of all pieces of an interval add up to."""
    return when.length // _TICK or 1
