"""Incidents and their accounts, the mission, what changed, and exports: the rest of /api/v1."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from trucewatch.app.web.api import models
from trucewatch.app.web.api.answering import HEADERS, Asking, whole
from trucewatch.app.web.api.asking import MOST, Exporting, OfIncidents
from trucewatch.app.web.api.carrying import FORMATS, carried, head_of
from trucewatch.app.web.api.listing import (
    HEADERS_OF,
    LINKS,
    PROBLEM,
    Identifier,
    answer_list,
    one_of,
    unanswerable,
)
from trucewatch.app.web.api.problems import ProblemRoute, Told
from trucewatch.app.web.views.view import Query as ViewQuery
from trucewatch.app.web.views.view import Unanswerable, View
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Query, Response
    from fastapi.responses import StreamingResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

router = APIRouter(prefix="/api/v1", route_class=ProblemRoute)

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
ANSWER = PROBLEM | {200: {"headers": HEADERS_OF}}
LIST = PROBLEM | {200: {"headers": HEADERS_OF | LINKS}}


def _moment(value: object) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("a time with its offset, such as 2026-04-12T08:00:00+03:00")
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("there is no such time") from None


Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]


@router.get(
    "/incidents",
    operation_id="list_incidents",
    summary="Incidents, filtered by what you may see of them.",
    tags=["incidents"],
    response_model=models.Listed[models.Incident],
    response_description="One page, in a fixed order.",
    responses=LIST,
)
def incidents(asked: Asking, query: Annotated[OfIncidents, Query()]) -> Response:
    """Incidents in the order of their sort; the filters look at what you may see, and no further.

    A region that the mission does not have is not found, rather than quiet.
    """
    _known_regions(asked.view, query.region)
    return answer_list(asked, "incident", query)


@router.get(
    "/incidents/{identifier}",
    operation_id="get_incident",
    summary="One incident.",
    tags=["incidents"],
    response_model=models.Incident,
    response_description="The incident, as far as you may see it.",
    responses=ANSWER,
)
def incident(asked: Asking, identifier: Identifier) -> Response:
    """One incident; one that was renamed is found under its new name alone."""
    return one_of(asked, "incident", identifier)


@router.get(
    "/incidents/{identifier}/accounts",
    operation_id="list_accounts",
    summary="Who said what of an incident.",
    tags=["incidents"],
    response_model=models.Listed[models.Account],
    response_description="Every account that you may see.",
    responses=ANSWER,
)
def accounts(asked: Asking, identifier: Identifier) -> Response:
    """The accounts of an incident: for those inside, each with its entries of the log."""
    asked.bare()
    if asked.view.one("incident", identifier) is None:
        raise Told(404, "There is no such incident, or nothing of it that you may see.")

    def make() -> bytes:
        found = accounts_of(asked.view, identifier)
        return whole({"items": found, "matched": len(found), "after": None})

    return asked.answer(make)


def accounts_of(view: View, incident: str) -> list[dict[str, Any]]:
    """Every account of an incident that a view shows.

    They are found by the words of the incident's id, which the view has indexed however many there
    are, and then held to the id itself.
    """
    found: list[dict[str, Any]] = []
    after = None
    while True:
        page = view.page("account", ViewQuery(text=incident, after=after, limit=MOST))
        found += [body for body in page.bodies if body.get("incident") == incident]
        after = page.after
        if after is None:
            return found


@router.get(
    "/mission",
    operation_id="get_mission",
    summary="The mission, and what you are shown of it.",
    tags=["mission"],
    response_model=models.MissionOf,
    response_description="The mission as a whole.",
    responses=ANSWER,
)
def mission(asked: Asking) -> Response:
    """What is watched, its figures, and how coarse and how late you are told."""
    asked.bare()
    page = asked.view.page("mission", ViewQuery(limit=1))
    if not page.bodies:
        raise Told(404, "Nothing of the mission may be seen yet.")
    return asked.answer(lambda: whole(page.bodies[0]), kept=False)


class OfChanges(BaseModel):
    """Since when, and how many."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = Field(None, description="Changes after this time.")
    limit: int = Field(100, ge=1, le=MOST, description="The most changes of one answer.")


@router.get(
    "/changes",
    operation_id="list_changes",
    summary="What changed for you since you last looked.",
    tags=["mission"],
    response_model=models.Changes,
    response_description="The newest first.",
    responses=ANSWER,
)
def changes(asked: Asking, query: Annotated[OfChanges, Query()]) -> Response:
    """What became of records as you see them; `at` is when your view first showed it."""
    asked.once()

    def make() -> bytes:
        found = asked.view.changes(query.since, query.limit)
        return whole(
            {
                "items": [
                    {
                        "at": one.at.isoformat(),
                        "sort": one.sort,
                        "id": one.id,
                        "what": one.what,
                        "before": one.before,
                        "after": one.after,
                    }
                    for one in found
                ]
            }
        )

    return asked.answer(make, kept=False)


def shape(media: str) -> dict[str, str]:
    """How a file of a media type is described: JSON as such, all else as bytes."""
    if media.partition(";")[0].endswith("json"):
        return {"type": "object"}
    return {"type": "string", "contentMediaType": media.partition(";")[0]}


@router.get(
    "/export/{format}",
    operation_id="export",
    summary="Incidents as a file for other programs.",
    tags=["export"],
    response_class=Response,
    response_description="The file.",
    responses=PROBLEM
    | {
        200: {
            "content": {
                one.media.partition(";")[0]: {"schema": shape(one.media)}
                for one in FORMATS.values()
            },
            "headers": HEADERS_OF,
        }
    },
)
def export(
    asked: Asking,
    format: Annotated[str, Field(json_schema_extra={"enum": [*FORMATS]})],  # noqa: A002 -- the word of the address
    query: Annotated[Exporting, Query()],
) -> Response:
    """Incidents as GeoJSON, CSV, CSV with HXL tags, KML, Cursor on Target or GeoParquet.

    `cap` is a ZIP of the alerts that were sent to your audience; it takes no filters. Each file
    says of which mission and audience it is, when it was made, of which state, and whom to credit.
    """
    chosen = FORMATS.get(format)
    if chosen is None:
        raise Told(404, f"There is no such format; there are: {', '.join(FORMATS)}.")
    asked.once(many=frozenset({"state", "kind", "nature", "outcome", "region"}))
    asked.accepts(chosen.media)
    _known_regions(asked.view, query.region)
    made = asked.site.now().astimezone(UTC).replace(microsecond=0)
    asks = query.query()
    headers = {
        **HEADERS,
        "ETag": asked.tag(),
        "Content-Disposition": f'attachment; filename="incidents{chosen.suffix}"',
    }
    if asked.known():
        return Response(status_code=304, headers=headers)
    try:
        head = head_of(asked.view, asked.viewer, made=made)
        pieces = carried(asked.view, chosen, head, asks)
    except Unanswerable:
        raise unanswerable(asks) from None
    return StreamingResponse(pieces, media_type=chosen.media, headers=headers)


def _known_regions(view: View, codes: list[str]) -> None:
    """Told (404) for a region that there is not: an empty list would say that it is quiet."""
    if any(view.one("region", code) is None for code in codes):
        raise Told(404, "The mission has no such region: /api/v1/regions lists those there are.")
