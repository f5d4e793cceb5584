"""What may be asked of a list: parameters that are read strictly, and refused where unknown."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from trucewatch.app.web.api.problems import Told
from trucewatch.app.web.kinds import below
from trucewatch.app.web.views.view import Query
from trucewatch.model import Nature, State, kind_tree

MOST = 1000
MOST_EXPORTED = 100_000
MOST_WORDS = 20

_NUMBER = r"(?:\.\d{1,9})?"
_LON = rf"-?(?:180(?:\.0{{1,9}})?|(?:1[0-7]\d|\d{{1,2}}){_NUMBER})"
_LAT = rf"-?(?:90(?:\.0{{1,9}})?|[0-8]?\d{_NUMBER})"
BBOX = rf"^{_LON},{_LAT},{_LON},{_LAT}$"
_BBOX = re.compile(BBOX, re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NAME = r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$"

Box = tuple[float, float, float, float]


def _box(value: str) -> str:
    if not _BBOX.fullmatch(value):
        raise ValueError("four degrees: west,south,east,north, such as 36.1,49.2,38.0,50.1")
    return value


def box_of(text: str | None) -> Box | None:
    """A bounding box out of its text, the lower latitude first."""
    if text is None:
        return None
    west, one, east, other = (float(part) for part in text.split(","))
    return west, min(one, other), east, max(one, other)


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("a day such as 2026-04-12")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day") from None


def _kind(value: str) -> str:
    if value not in kind_tree():
        raise ValueError(f"a kind of event: {', '.join(kind_tree())}")
    return value


Bbox = Annotated[str, AfterValidator(_box), WithJsonSchema({"type": "string", "pattern": BBOX})]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Kind = Annotated[
    str, AfterValidator(_kind), WithJsonSchema({"type": "string", "enum": list(kind_tree())})
]
Name = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
OutcomeWord = Literal["breach", "exempt", "outside", "undetermined", "not assessed"]


class Listing(BaseModel):
    """What every list may be asked."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=MOST, description="The most records of one answer.")
    after: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{1,1000}$",
        description="Where to go on: `after` of the answer before, or its `next` link.",
    )
    text: Text | None = Field(
        None, description="Words that stand in the record; each also as the beginning of a word."
    )

    def where(self) -> dict[str, tuple[str, ...]]:
        """Filters by the fields of the records."""
        return {}

    def query(self) -> Query:
        """As a view is asked."""
        return Query(
            text=self.text,
            where=self.where() or None,
            after=self.after,
            limit=self.limit,
        )


class OfDays(Listing):
    """A list of what has days."""

    first: Day | None = Field(None, description="The first local day, itself included.")
    last: Day | None = Field(None, description="The last local day, itself included.")

    def query(self) -> Query:
        """As a view is asked; ValueError where the days run backwards."""
        if self.first is not None and self.last is not None and self.last < self.first:
            raise Told(400, "The days run backwards: 'first' comes before 'last'.")
        return replace(super().query(), first=self.first, last=self.last)


class OfIncidents(OfDays):
    """The filters of incidents, alike for lists and exports."""

    bbox: Bbox | None = Field(
        None,
        description="West,south,east,north in degrees: places as they are shown to you, so "
        "the centre of a cell where only that is. The latitudes may stand in either order; west "
        "may lie east of east, across the date line.",
        examples=["36.1,49.2,38.0,50.1"],
    )
    state: list[State] = Field([], max_length=MOST_WORDS, description="Rungs of the ladder.")
    kind: list[Kind] = Field(
        [], max_length=MOST_WORDS, description="Kinds of event; a vague kind takes those below it."
    )
    nature: list[Nature] = Field([], max_length=MOST_WORDS, description="What sort of thing it is.")
    outcome: list[OutcomeWord] = Field(
        [], max_length=MOST_WORDS, description="What it is under the agreement, gravest first."
    )
    region: list[Name] = Field(
        [], max_length=MOST_WORDS, description="Codes of the mission's regions."
    )
    min_probability: float | None = Field(
        None, ge=0, le=1, allow_inf_nan=False, description="The least probability that it happened."
    )

    def where(self) -> dict[str, tuple[str, ...]]:
        """Filters by the fields of the records."""
        return given(
            {
                "state": self.state,
                "kind": [one for kind in self.kind for one in below(kind)],
                "nature": self.nature,
                "outcome": self.outcome,
                "region": self.region,
            }
        )

    def query(self) -> Query:
        """As a view is asked; ValueError where the days run backwards."""
        return replace(
            super().query(), bbox=box_of(self.bbox), least_probability=self.min_probability
        )


class Exporting(OfIncidents):
    """What an export may be asked: as a list of incidents, and more of them at once."""

    limit: int = Field(10_000, ge=1, le=MOST_EXPORTED, description="The most incidents of a file.")


def given(words: Mapping[str, list[Any]]) -> dict[str, tuple[str, ...]]:
    """The filters that are there; none for an empty list."""
    return {name: tuple(str(one) for one in each) for name, each in words.items() if each}
