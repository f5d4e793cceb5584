"""Reports of field teams as a call: a form with pictures in, its receipt out."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from trucewatch.app.web.api.problems import MEDIA, Problem, ProblemRoute, Told
from trucewatch.app.web.pages.reporting import PICTURES, reporter, sent, taken
from trucewatch.app.web.site import site_of
from trucewatch.errors import MissingExtra, Refused
from trucewatch.reports.field import FIELDS, MOST_PICTURES

try:
    from fastapi import APIRouter, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

REQUIRED = ("kind", "from")
FORM: dict[str, Any] = {
    "type": "object",
    "required": list(REQUIRED),
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string", "maxLength": 10_000} for name in FIELDS},
        PICTURES: {
            "type": "array",
            "maxItems": MOST_PICTURES,
            "items": {"type": "string", "format": "binary"},
        },
    },
}
WRONG: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {MEDIA: {"schema": Problem.model_json_schema()}}}
    for status, words in (
        (400, "It is no form, too much, or has a field of no report; nothing was entered."),
        (401, "Nobody is known to call: send a token."),
        (403, "Who calls is in no field team, or the token lacks the scope."),
        (408, "It took too long to arrive: send it again."),
        (413, "It is too large."),
        (429, "Too many requests: Retry-After says when to come again."),
        (503, "Nothing can be entered at this moment."),
    )
}


class PictureKept(BaseModel):
    """One picture; `refused` says why no copy of it is shown."""

    sha256: str
    refused: str


class Receipt(BaseModel):
    """What became of a report; a quarantined one is kept, and `reason` says what is wrong."""

    log: str
    log_index: int = Field(description="The number of the log entry, counted from 0.")
    leaf_hash: str
    payload: str = Field(description="SHA-256 of what is in the log.")
    received: str
    zone: str
    source: str
    outcome: str = Field(json_schema_extra={"enum": ["accepted", "quarantined"]})
    reason: str
    fields: dict[str, str]
    pictures: list[PictureKept]
    pictures_refused: int
    known_before: bool


router = APIRouter(prefix="/api/v1", route_class=ProblemRoute)


@router.post(
    "/reports",
    tags=["acts"],
    operation_id="send_report",
    summary="A report of a field team, with the scope `report`.",
    status_code=201,
    responses={
        201: {"model": Receipt, "description": "It is in the log."},
        200: {"model": Receipt, "description": "It was sent before."},
        **WRONG,
    },
    openapi_extra={
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}
    },
)
async def report(request: Request) -> Response:
    """Take in a report with up to four pictures; the answer is its receipt.

    All fields are texts: `kind` of the tree of kinds; `lat` and `lon` in degrees with `error_m`, or
    a `region`; `from` and `until` (ISO 8601, local to `zone`); `place`, `words`, `killed`,
    `wounded`. A report that cannot be used is kept and quarantined, and the receipt says why.
    """
    person = await run_in_threadpool(reporter, request)
    try:
        fields, pictures = await sent(request)
        data = await run_in_threadpool(taken, site_of(request), person, fields, pictures)
    except Refused as fault:
        raise Told(400, str(fault)) from None
    return JSONResponse(data, status_code=200 if data["known_before"] else 201)
