"""What the paths under /ogc take and give: their forms, and how a `datetime` is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from trucewatch.app.web.api.asking import MOST, Bbox, OfIncidents
from trucewatch.app.web.api.problems import Told

_STAMP = (
    r"[12]\d{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|[12]\d))"
    r"(?:[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?"
)
DATETIME = rf"^(?:{_STAMP}|(?:{_STAMP}|\.\.)?/(?:{_STAMP}|\.\.)?)$"
_DAY = len("2026-04-12")


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: the sort of its records, and what it says of itself."""

    sort: str
    title: str
    words: str


COLLECTIONS: Mapping[str, Collection] = {
    "incidents": Collection(
        "incident",
        "Incidents",
        "Reports judged to be of one event, at the place and on the days that you may know.",
    ),
    "zones": Collection("zone", "Zones", "Where provisions of the agreement hold."),
    "regions": Collection("region", "Regions", "The mission's reporting regions."),
}


TIMES = (
    "A day, a time, or an interval of them such as `../2026-04-12`. A time counts as the local day "
    "on which it falls: incidents are told by days."
)
Name = Literal["incidents", "zones", "regions"]


class Link(BaseModel):
    """A link by RFC 8288."""

    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Landing(BaseModel):
    """The landing page."""

    title: str
    description: str
    attribution: str | None = None
    links: list[Link]


class Conformance(BaseModel):
    """Which parts of the standard are kept."""

    conformsTo: list[str]  # noqa: N815 -- the standard's name


class CollectionOf(BaseModel):
    """One collection."""

    id: str
    title: str
    description: str
    extent: dict[str, Any] | None = None
    itemType: str  # noqa: N815 -- the standard's name
    crs: list[str]
    links: list[Link]


class Collections(BaseModel):
    """All of them."""

    links: list[Link]
    collections: list[CollectionOf]


class Feature(BaseModel):
    """A feature of GeoJSON."""

    model_config = ConfigDict(extra="allow")

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """A page of features."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    links: list[Link]
    numberMatched: int  # noqa: N815 -- the standard's name
    numberReturned: int  # noqa: N815 -- the standard's name


class OfItems(OfIncidents):
    """Bounding box, time and paging by the standard, and the filters of /api/v1/incidents."""

    limit: int = Field(10, ge=1, le=MOST, description="The most features of one page.")
    datetime_: str | None = Field(None, alias="datetime", pattern=DATETIME, description=TIMES)


class OfGround(BaseModel):
    """Bounding box, time and paging by the standard."""

    model_config = ConfigDict(extra="forbid")

    bbox: Bbox | None = Field(None, description="West,south,east,north in degrees.")
    datetime_: str | None = Field(None, alias="datetime", pattern=DATETIME, description=TIMES)
    limit: int = Field(10, ge=1, le=MOST, description="The most features of one page.")
    after: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,1000}$", description="Where to go on: the `next` link."
    )


def days_of(text: str | None, zone: ZoneInfo) -> tuple[date | None, date | None]:
    """The local days of a `datetime`, open where it is open; Told (400) for none that there are."""
    if text is None:
        return None, None
    begins, slash, ends = text.partition("/")
    first, last = _local(begins, zone), _local(ends if slash else begins, zone)
    if first is not None and last is not None and last < first:
        raise Told(400, "The interval of 'datetime' ends before it begins.")
    return first, last


def _local(text: str, zone: ZoneInfo) -> date | None:
    if text in {"", ".."}:
        return None
    try:
        if len(text) == _DAY:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text.upper()).astimezone(zone).date()
    except (ValueError, OverflowError):
        raise Told(400, "There is no such day or time in 'datetime'.") from None
