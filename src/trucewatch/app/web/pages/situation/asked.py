"""What somebody looks for: a plain form, or words such as "near Kupol on 12 April"."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from babel.dates import get_month_names

from trucewatch.app.web.kinds import below
from trucewatch.app.web.pages.situation.gazetteer import folded, spans
from trucewatch.app.web.speaking import LANGUAGES
from trucewatch.app.web.views.view import Query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from trucewatch.app.web.pages.situation.gazetteer import Named

NEAR_KM = 30.0
"""How far around a named place is looked."""

STATES = (
    "verified",
    "corroborated",
    "reported",
    "allegation",
    "unverifiable",
    "refuted",
    "exempt",
    "duplicate",
    "superseded",
)
OUTCOMES = ("breach", "undetermined", "exempt", "outside", "not assessed")
NATURES = ("event", "fire", "static_source")
EVENTS = "event"
FIRES = "fire"
ANY = "any"
WHOLE = "whole"
LONGEST = 200
_KM_A_DEGREE = 111.195
_IDLE = frozenset(
    (
        *("near", "around", "at", "in", "on", "of", "the", "and", "from", "to", "about"),
        *("what", "happened", "who", "says", "is", "was"),
        *("біля", "поблизу", "коло", "у", "в", "на", "що", "сталося", "і", "та", "з"),
    )
)
"""Words of a question that say nothing of what is asked for."""
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for. `words` are those of `text` that named neither a place nor a day.

    `provision` is one with its outcome, as "P1:breach". `whole` leaves out what may lie on other
    days, too, as the figures of the rates do.
    """

    text: str = ""
    words: str = ""
    first: date | None = None
    last: date | None = None
    whole: bool = False
    states: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    provision: str = ""
    kind: str = ""
    region: str = ""
    nature: str = EVENTS
    near: Named | None = None
    box: tuple[float, float, float, float] | None = None
    after: str | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the usual is asked for."""
        return replace(self, after=None) != Asked()

    def query(self, *, limit: int) -> Query:
        """The same for a view."""
        where = {
            name: values
            for name, values in (
                ("state", self.states),
                ("outcome", self.outcomes),
                ("outcomes", (self.provision,) if self.provision else ()),
                ("kind", below(self.kind) if self.kind else ()),
                ("region", (self.region,) if self.region else ()),
                ("nature", () if self.nature == ANY else (self.nature,)),
            )
            if values
        }
        return Query(
            bbox=self.box if self.near is None else around(self.near),
            first=self.first,
            last=self.last,
            whole_days=self.whole,
            text=self.words or None,
            where=where or None,
            after=self.after,
            limit=limit,
        )

    def address(self, **changed: str | None) -> str:
        """The query string of it, with some parts changed; the cursor is left out."""
        parts: dict[str, Sequence[str]] = {
            "q": (self.text,),
            "from": (self._day(self.first),),
            "to": (self._day(self.last),),
            "days": (WHOLE if self.whole else "",),
            "state": self.states,
            "outcome": self.outcomes,
            "provision": (self.provision,),
            "kind": (self.kind,),
            "region": (self.region,),
            "nature": ("" if self.nature == EVENTS else self.nature,),
            "box": ("" if self.box is None else ",".join(f"{edge:g}" for edge in self.box),),
        }
        if self.text:
            # The days stand in the words.
            parts["from"] = parts["to"] = ()
        parts.update({name: () if value is None else (value,) for name, value in changed.items()})
        said = [(name, value) for name, values in parts.items() for value in values if value]
        return f"?{urlencode(said)}" if said else "?"

    def _day(self, given: date | None) -> str:
        return "" if given is None else given.isoformat()


def around(place: Named, km: float = NEAR_KM) -> tuple[float, float, float, float]:
    """West, south, east, north of a square around a place."""
    tall = km / _KM_A_DEGREE
    wide = min(tall / max(math.cos(math.radians(place.lat)), 0.01), 180.0)
    return place.lon - wide, place.lat - tall, place.lon + wide, place.lat + tall


def asked_of(
    given: Mapping[str, Sequence[str]],
    *,
    known: Mapping[tuple[str, ...], Named],
    regions: Mapping[str, str],
    year: int,
) -> Asked:
    """What the parameters of an address ask for; what is not of their form is left aside.

    `regions` are names by code, `year` the one that a day without one is of. A day of the form
    counts before one in the words.
    """

    def one(name: str) -> str:
        return given[name][-1].strip()[:LONGEST] if given.get(name) else ""

    text = one("q")
    words, near, region, day = understood(text, known=known, regions=regions, year=year)
    first, last = _day(one("from")), _day(one("to"))
    if first is None and last is None:
        first = last = day
    return Asked(
        text=text,
        words=words,
        first=first,
        last=last,
        whole=one("days") == WHOLE,
        states=tuple(each for each in STATES if each in (given.get("state") or ())),
        outcomes=tuple(each for each in OUTCOMES if each in (given.get("outcome") or ())),
        provision=one("provision"),
        kind=one("kind"),
        region=one("region") or region,
        nature=one("nature") if one("nature") in {*NATURES, ANY} else EVENTS,
        near=near,
        box=_box(one("box")),
        after=one("after") or None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _box(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (
        (west, south, east, north)
        if -180 <= west <= east <= 180 and -90 <= south <= north <= 90
        else None
    )


def understood(
    text: str, *, known: Mapping[tuple[str, ...], Named], regions: Mapping[str, str], year: int
) -> tuple[str, Named | None, str, date | None]:
    """The words that remain, the place, the code of a region, and the day that a text names."""
    # In one case, as a letter may be written with more than one in another.
    text, day = _without_day(text.casefold(), year)
    words = [word for word in folded(text) if word not in _IDLE]
    near = None
    for start, end in spans(words):
        near = known.get(tuple(words[start:end]))
        if near is not None:
            # A town's name with the word for a region behind it is the region's.
            whole = folded(regions.get(_region(words, regions), ""))
            if len(whole) > 1 and set(whole) <= set(words):
                near = None
                break
            del words[start:end]
            break
    code = "" if near else _region(words, regions)
    if code:
        name = set(folded(regions[code]))
        words = [word for word in words if word not in name]
    return " ".join(words), near, code, day


def _region(words: Sequence[str], regions: Mapping[str, str]) -> str:
    """The region whose whole name is said; else the one whose name but for a shared end is."""
    said = set(words)
    named = {code: folded(name) for code, name in sorted(regions.items())}
    ends = Counter(parts[-1] for parts in named.values() if len(parts) > 1)
    for code, parts in named.items():
        if parts and set(parts) <= said:
            return code
    for code, parts in named.items():
        if len(parts) > 1 and ends[parts[-1]] > 1 and set(parts[:-1]) <= said:
            return code
    return ""


def _without_day(text: str, year: int) -> tuple[str, date | None]:
    for found, parts in _days(text, year):
        try:
            day = date(*parts)
        except ValueError:
            continue
        return text[: found.start()] + " " + text[found.end() :], day
    return text, None


def _days(text: str, year: int) -> Iterator[tuple[re.Match[str], tuple[int, int, int]]]:
    for found in _ISO.finditer(text):
        yield found, (int(found[1]), int(found[2]), int(found[3]))
    for name, month in _months().items():
        both = rf"\b(?:(\d{{1,2}})\s+{name}|{name}\s+(\d{{1,2}}))\b(?:,?\s+(\d{{4}})\b)?"
        for found in re.finditer(both, text):
            yield found, (int(found[3] or year), month, int(found[1] or found[2]))
    for found in _DOTTED.finditer(text):
        yield found, (int(found[3] or year), int(found[2]), int(found[1]))


@cache
def _months() -> dict[str, int]:
    """Every name of a month in the languages of the pages, as a pattern without case."""
    found = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names = get_month_names(width, context=context, locale=language)
                for month, name in names.items():
                    found[re.escape(name.casefold().rstrip("."))] = month
    return found
