"""Instruments and their versions: which words count when."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from trucewatch.model import NEVER, Edition, Instrument, Window

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from trucewatch.agreements.reading.checks import Checks
    from trucewatch.agreements.reading.forms import InstrumentForm


def read_instruments(
    forms: Sequence[InstrumentForm], check: Checks, signers: Collection[str]
) -> tuple[Instrument, ...]:
    """The instruments in the order of the file, each with the window in which it holds.

    Of several versions of one text each holds until the next begins. A draft holds never.
    """
    read: list[Instrument] = []
    for place, form in enumerate(forms):
        path = ("instruments", place)
        check.known(form.announced_by, signers, (*path, "announced_by"), "party")
        check.known(form.accepted_by, signers, (*path, "accepted_by"), "party")
        holds = check.holds(form.holds, (*path, "holds"))
        if form.edition == "draft":
            if form.holds is not None:
                check.note((*path, "holds"), "a draft holds at no time: leave it out")
            holds = NEVER
        read.append(
            Instrument(
                id=form.id,
                title=form.title,
                standing=form.standing,
                version=form.version,
                source=form.source,
                accepted_by=tuple(form.accepted_by),
                announced_by=tuple(form.announced_by),
                text=form.text or "",
                edition=Edition(form.edition),
                holds=holds,
            )
        )
    for text in sorted({one.text for one in read if one.text}):
        _follow(text, read, check)
    return tuple(read)


def _follow(text: str, read: list[Instrument], check: Checks) -> None:
    """End each version of a text where the next begins."""
    places = [place for place, one in enumerate(read) if one.text == text and not one.holds.empty]
    places.sort(key=lambda place: (_start(read[place]), place))
    for place, after in pairwise(places):
        this, following = read[place].holds, read[after].holds
        path = ("instruments", after, "holds")
        before = read[place].id
        if following.start is None:
            check.note(path, f"says no beginning, as does {before!r}, a version of the same text")
        elif this.start == following.start:
            check.note(path, f"begins with {before!r}, a version of the same text")
        elif this.end is None:
            read[place] = replace(read[place], holds=Window(this.start, following.start))
        elif this.end > following.start:
            check.note(path, f"begins before {before!r} ends, a version of the same text")


def _start(one: Instrument) -> tuple[bool, float]:
    start = one.holds.start
    return (start is not None, 0.0 if start is None else start.timestamp())
