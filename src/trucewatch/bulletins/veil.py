"""What a reader may not learn: whom to leave unnamed, which words give them away, which cell."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, TypeVar

from trucewatch.bulletins.wording import plain
from trucewatch.errors import Withheld
from trucewatch.model import SourceKind
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucewatch.bulletins.situation import Audience
    from trucewatch.model import Claim, Source

ANOTHER = "another source"
_SHORTEST_TEXT = 12
_MOST_KNOWN = 50_000
_RUN = 6
"""So many words on end that a sealed source has used, too, are a quotation of it."""

# A distance or a coordinate finer than the grid would undo it, three of them would find a place.
_MEASURE = re.compile(r"\d\s?(?:km|m|metres?|kilometres?|°)(?!\w)|\d\.\d{3}", re.IGNORECASE)
# In words that are not ours a place may be told in more ways: decimals with a comma, a pair of
# them, degrees, minutes and seconds, or a grid reference.
_PLACE = re.compile(
    r"\d,\d{4}"
    r"|(?<![\d.,])\d{1,3}[.,](?:\d{2}|\d{4,9})[ °]{0,2}[NSEW]?[ ,;/]{1,3}"
    r"\d{1,3}[.,](?:\d{2}|\d{4,9})(?![\d.,])"
    r"|\d{1,3}[ °]{1,2}\d{1,2}[ ′'’]{1,2}(?:\d{1,2}(?:[.,]\d{1,9})?[ ″\"”]{0,2})?[NSEW](?!\w)"
    r"|(?<!\w)\d{1,2}[C-X] ?[A-Z]{2} ?\d{2,5} ?\d{2,5}(?!\w)",
)
_DATE = re.compile(r"(?<!\d)\d{1,2}\.\d{1,2}\.\d{4}(?!\d)")
_ON_THE_GROUND = frozenset({SourceKind.PATROL, SourceKind.SENSOR})
_METRES_A_DEGREE = EARTH_RADIUS_M * math.pi / 180


class Veil:
    """Names for an audience. A source that is not registered is treated as sealed."""

    def __init__(
        self, sources: Iterable[Source], claims: Iterable[Claim], audience: Audience
    ) -> None:
        self._audience = audience
        self._open = {s.id: s for s in sources if not s.sealed}
        sealed = [s for s in sources if s.sealed]
        self._names = _pattern([*(s.id for s in sealed), *(s.name for s in sealed)])
        # An owner may also be a party or a guarantor, whose name is public elsewhere: it takes
        # words away from free text, but does not stop a bulletin.
        delicate = [s.owner for s in sealed if s.owner]
        if not audience.show_sources:
            delicate += [word for s in self._open.values() for word in (s.id, s.name)]
        self._delicate = _pattern(delicate)
        self._said: dict[str, bool] = {}
        self._freed: dict[str, str | None] = {}
        self._texts = sorted(
            {
                text
                for claim in claims
                if claim.source not in self._open
                for text in (claim.text, claim.external_id or "")
                if len(text) >= _SHORTEST_TEXT
            }
        )
        # A text can only hold a secret that begins as some stretch of it does.
        self._begun: dict[str, list[str]] = {}
        for text in self._texts:
            self._begun.setdefault(text[:_SHORTEST_TEXT], []).append(text)
        self._bare = [
            re.compile(rf"(?<!\S){re.escape(bare)}(?!\S)")
            for bare in sorted({_bare(word) for s in sealed for word in (s.id, s.name)} - {""})
        ]
        self._sealed_runs: set[str] | None = None
        self._source_of = {claim.id: claim.source for claim in claims}

    def is_open(self, source: str) -> bool:
        """Whether a source may be named to anybody."""
        return source in self._open

    def is_open_claim(self, claim: str) -> bool:
        """Whether a claim is known and comes from a source that may be named."""
        return self.is_open(self._source_of.get(claim, ""))

    def name(self, source: str) -> str:
        """How a source is called for this audience."""
        known = self._open.get(source)
        if known is None:
            return ANOTHER
        if not self._audience.show_sources:
            return _of_sort(known)
        return plain(known.name)

    def names(self, sources: Iterable[str], *, fold: bool = True) -> tuple[str, ...]:
        """The names of some sources, each once, those that may not be named last.

        Without `fold` these are left out altogether. A patrol or a sensor is called by its sort:
        its name beside a cell and a day would tell where it was.
        """
        sources = tuple(sources)
        named = {self._seen_as(s) for s in sources if self.is_open(s)}
        hidden = {ANOTHER} if fold and any(not self.is_open(s) for s in sources) else set()
        return (*sorted(named), *sorted(hidden))

    def _seen_as(self, source: str) -> str:
        known = self._open.get(source)
        on_the_ground = known is not None and known.kind in _ON_THE_GROUND
        return _of_sort(known) if known is not None and on_the_ground else self.name(source)

    def reporters(self, sources: Iterable[str]) -> tuple[str, ...]:
        """The names of sources that told of a place, without those that stand where they report.

        That a patrol or a sensor reported from a region on a day tells where it was.
        """
        return self.names(
            (s for s in sources if self.is_open(s) and self._open[s].kind not in _ON_THE_GROUND),
            fold=False,
        )

    def free(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Sentences of other stages, without those that would give somebody or a place away."""
        freed = (self._free(text) for text in texts)
        return tuple(text for text in freed if text is not None)

    def _free(self, text: str) -> str | None:
        if text not in self._freed:
            kept = not (self.gives_away(text) or self._is_delicate(text) or _MEASURE.search(text))
            _remember(self._freed, text, plain(text) if kept else None)
        return self._freed[text]

    def words(self, text: str, *, longest: int) -> str | None:
        """Somebody's own words on one line; None where they would give a source or a place away."""
        line = plain(text, longest)
        if self.gives_away(line) or self._is_delicate(line) or self._hints_at(line):
            return None
        rest = _DATE.sub("", line)
        return None if _MEASURE.search(rest) or _PLACE.search(rest) else line

    def gives_away(self, text: str) -> bool:
        """Whether a text holds a name, or the words, of a source that may not be named."""
        if text not in self._said:
            _remember(self._said, text, self._gives_away(text))
        return self._said[text]

    def _gives_away(self, text: str) -> bool:
        if self._names is not None and self._names.search(text):
            return True
        if not self._begun:
            return False
        return any(
            text.startswith(secret, at)
            for at in range(len(text) - _SHORTEST_TEXT + 1)
            for secret in self._begun.get(text[at : at + _SHORTEST_TEXT], ())
        )

    def gives_away_any(self, thing: object) -> bool:
        """Whether any string within names, or quotes, a source that may not be named."""
        return any(self.gives_away(text) for _, text in _strings(thing, ""))

    def _hints_at(self, text: str) -> bool:
        """Whether free words name or quote a sealed source in another spelling than its own."""
        if self._sealed_runs is None:
            self._sealed_runs = {run for each in self._texts for run in _runs(_bare(each))}
        bare = _bare(text)
        named = any(name.search(bare) for name in self._bare)
        return named or not self._sealed_runs.isdisjoint(_runs(bare))

    def _is_delicate(self, text: str) -> bool:
        return self._delicate is not None and self._delicate.search(text) is not None

    def sweep(self, published: object) -> None:
        """Look at every string once more; raises Withheld, naming the field and not the secret."""
        for path, text in _strings(published, type(published).__name__):
            if self.gives_away(text):
                raise Withheld(f"{path} would name a source that is sealed: nothing was published")


def _of_sort(source: Source) -> str:
    return f"a source of the sort {source.kind.value!r}"


_Told = TypeVar("_Told", bool, "str | None")


def _remember(known: dict[str, _Told], text: str, told: _Told) -> None:
    """Keep an answer: the same few sentences are asked of again and again."""
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[text] = told


def _pattern(words: list[str]) -> re.Pattern[str] | None:
    """Any of these as whole words, without regard to case."""
    parts = sorted({re.escape(w.strip()) for w in words if w.strip()})
    if not parts:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _bare(text: str) -> str:
    """Words alone: no case, no accents, no wide forms, and one blank for all that parts them."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", kept))


def _runs(bare: str) -> set[str]:
    words = bare.split()
    return {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def _strings(thing: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(thing, str):
        yield path, thing
    elif is_dataclass(thing):
        for each in fields(thing):
            yield from _strings(getattr(thing, each.name), f"{path}.{each.name}")
    elif isinstance(thing, dict):
        for key, value in thing.items():
            yield from _strings(value, f"{path}.{key}")
    elif isinstance(thing, tuple | list):
        for index, value in enumerate(thing):
            yield from _strings(value, f"{path}[{index}]")


def cell_centre(lat: float, lon: float, grid_m: float) -> tuple[float, float]:
    """The centre of the grid cell that holds a point, to 3 decimals of a degree.

    Rows are `grid_m` high; the columns of a row are `grid_m` wide at its middle.
    """
    height = grid_m / _METRES_A_DEGREE
    row = max(-90.0, min(90.0, (math.floor(lat / height) + 0.5) * height))
    width = height / max(math.cos(math.radians(row)), 0.01)
    column = (math.floor(lon / width) + 0.5) * width
    return round(row, 3), round((column + 180) % 360 - 180, 3)


def spread(error_m: float, grid_m: float) -> float:
    """A standard error rounded up to whole cells, so that it gives no exact figure away."""
    return math.ceil(error_m / grid_m) * grid_m
