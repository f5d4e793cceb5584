"""What the answers look like, for the description of the API and for whoever writes a client.

Records are answered as the view holds them: nothing is checked against these on the way out, the
tests do that. Each field may be absent, where the caller's role does not see it, so only `id` is
required; a field that is null is seen and holds nothing.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
Moment = Annotated[str, Field(description="ISO 8601, with the offset of the mission's zone.")]


class Record(BaseModel):
    """One record, with the fields that the caller may see."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="A stable identifier.")


class Listed(BaseModel, Generic[T]):
    """Some records of a list, in its fixed order."""

    items: list[T] = Field(description="The records.")
    matched: int = Field(description="How many records the filters let through in all.")
    after: str | None = Field(description="Where to go on; null on the last page.")


class PlaceOf(BaseModel):
    """Where: exact for those inside, the centre of a grid cell for everybody else."""

    lat: float = Field(ge=-90, le=90, description="Degrees north.")
    lon: float = Field(ge=-180, le=180, description="Degrees east.")
    error_m: float | None = Field(None, description="Standard error in metres.")
    exact: bool | None = Field(None, description="Whether it is a place, not a cell.")
    grid_m: float | None = Field(None, description="The side of the cell in metres; null if exact.")


class Incident(Record):
    """Reports judged to be of one event, and what was found of it."""

    nature: str | None = None
    kind: str | None = None
    kind_name: str | None = None
    place: PlaceOf | None = None
    region: str | None = None
    region_name: str | None = None
    first_day: str | None = Field(None, json_schema_extra={"format": "date"})
    last_day: str | None = Field(None, json_schema_extra={"format": "date"})
    earliest: Moment | None = None
    latest: Moment | None = None
    state: str | None = None
    provisional: bool | None = None
    stale: bool | None = None
    standard: str | None = None
    attribution: str | None = Field(None, description="'withheld' unless a body said otherwise.")
    probability: float | None = Field(None, ge=0, le=1)
    likelihood: str | None = Field(None, description="The same as a word (ICD 203).")
    origins: int | None = Field(None, description="Independent beginnings of information.")
    accounts: int | None = Field(None, description="Null where the count is too small to be told.")
    accounts_words: str | None = None
    observations: int | None = None
    sources: list[str] | None = None
    outcome: str | None = None
    held: list[dict[str, Any]] | None = Field(None, description="What it is under each provision.")
    reasons: list[str] | None = None


class Account(Record):
    """One source's account within an incident; for those inside."""

    incident: str | None = None
    report: str | None = None
    source: str | None = None
    kind: str | None = None
    place: PlaceOf | None = None
    text: str | None = None
    entries: list[int] | None = Field(None, description="Entries of the log with its bytes.")


class Region(Record):
    """A reporting region: its outline, its days, and what was reported there."""

    name: str | None = None
    polygons: list[Any] | None = Field(None, description="Coordinates of a GeoJSON MultiPolygon.")
    days_reported: int | None = None
    days_quiet: int | None = None
    days_unobserved: int | None = None
    incidents: int | None = None


class Zone(Record):
    """Where provisions of the agreement hold."""

    code: str | None = None
    name: str | None = None
    polygons: list[Any] | None = Field(None, description="Coordinates of a GeoJSON MultiPolygon.")
    holds_from: Moment | None = None
    holds_until: Moment | None = None
    provisions: list[str] | None = None


class Coverage(Record):
    """Who could have seen what: one region on one local day. Unobserved is never quiet."""

    region: str | None = None
    first_day: str | None = Field(None, json_schema_extra={"format": "date"})
    sight: str | None = Field(None, description="reported, quiet or unobserved.")
    seen_share: float | None = None
    reason: str | None = None


class Day(Record):
    """One local day of the trend."""

    first_day: str | None = Field(None, json_schema_extra={"format": "date"})
    firm: int | None = None
    expected: float | None = None
    truce_share: float | None = None
    unobserved: int | None = None


class Provision(Record):
    """A numbered term of the agreement, in its source's words."""

    instrument: str | None = None
    duty: str | None = None
    words: str | None = None


class Obligation(Record):
    """A step that fell due; nothing follows by itself, a named body decides."""

    duty: str | None = None
    progress: str | None = None
    opened: Moment | None = None
    incidents: list[str] | None = None


class Pledge(Record):
    """What a state has said or promised, and how far it has come."""

    state: str | None = None
    priority: str | None = None
    stage: str | None = None
    standing: str | None = None


class Story(Record):
    """One story from many articles: what is agreed, what is disputed, who said it first."""

    headline: str | None = None


class BulletinIssue(Record):
    """One issue of a bulletin that the caller's audience may read."""

    audience: str | None = None
    stem: str | None = None
    issue: int | None = None
    issued: Moment | None = None


class SourceOf(Record):
    """A source that may be named, and what came of it."""

    name: str | None = None
    kind: str | None = None
    licence: str | None = None
    citation: str | None = None


class AlertSent(Record):
    """A message of the Common Alerting Protocol that was sent to the caller's audience."""

    sent: Moment | None = None
    message: str | None = Field(None, description="Alert, Update or Cancel.")
    status: str | None = Field(None, description="Actual, or Exercise in a drill.")
    headline: str | None = None
    incidents: list[str] | None = None
    cap: str | None = Field(None, description="The message as CAP 1.2.")


class MissionOf(Record):
    """The mission as a whole: what it watches, its figures, and for whom this is."""

    name: str | None = None
    exercise: bool | None = None
    zone: str | None = Field(None, description="The IANA zone of its days.")
    agreement: str | None = None
    incidents: int | None = None
    audience: str | None = None
    grid_m: float | None = None
    delay_hours: float | None = None


class ChangeOf(BaseModel):
    """What became of one record for the caller."""

    at: str = Field(description="When the caller's view first showed it.")
    sort: str
    id: str
    what: str = Field(description="new, state, changed or gone.")
    before: str | None = Field(None, description="The state before, of what has one.")
    after: str | None = Field(None, description="The state now.")


class Changes(BaseModel):
    """What changed, the newest first."""

    items: list[ChangeOf]
