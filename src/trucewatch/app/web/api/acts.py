"""Acts on one incident as calls: rulings and what takes them back, notifications, replies."""

import json
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from trucewatch.app.findings.seen import Seen, Stale
from trucewatch.app.web.acting import acts
from trucewatch.app.web.acting.rights import Act, require
from trucewatch.app.web.pages.looking import status_of
from trucewatch.app.web.site import Served
from trucewatch.errors import MissingExtra, TrucewatchError
from trucewatch.model import Ruling

try:
    from fastapi import APIRouter, Path, Request, Response
    from fastapi.exceptions import RequestValidationError
    from fastapi.routing import APIRoute
    from starlette.exceptions import HTTPException
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

MEDIA = "application/problem+json"
Identifier = Annotated[
    str,
    Path(pattern=r"^inc-[0-9a-f]{4,64}$", description="The incident.", examples=["inc-0123abcd"]),
]
Claim = Annotated[str, Field(pattern=r"^clm-[0-9a-f]{4,64}$")]
Incident = Annotated[str, Field(pattern=r"^inc-[0-9a-f]{4,64}$")]
Index = Annotated[int, Field(ge=0, le=2**53)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Looked(_Body):
    """What you had before you: its accounts, and the log entries of people on it."""

    claims: list[Claim] = Field(min_length=1, max_length=5000)
    entries: list[Index] = Field(max_length=5000)

    def noun(self) -> Seen:
        """The same as the acts take it."""
        return Seen.of(self.claims, self.entries)


class ReviewBody(_Body):
    """A ruling on an incident; `other` is the incident that it duplicates or is merged with.

    With a merge `seen_other` is what you had before you of that one.
    """

    ruling: str = Field(
        json_schema_extra={"enum": [*(one.value for one in acts.RULINGS), "merge", "split"]}
    )
    reason: Words
    seen: Looked
    other: Incident | None = None
    seen_other: Looked | None = None
    part: list[Claim] = Field(
        default=[], max_length=5000, description="With a split: the accounts that do not belong."
    )


class UndoBody(_Body):
    """Which of one's rulings is taken back, by its log entry, and why."""

    entry: Index
    reason: Words


class NotificationBody(_Body):
    """Which party was told."""

    party: str = Field(min_length=1, max_length=64)


class ReplyBody(_Body):
    """A party's own words."""

    party: str = Field(min_length=1, max_length=64)
    words: Words


class Entered(BaseModel):
    """What stands in the log now. What follows from it is derived after this answer."""

    incident: str
    what: str
    by: str
    log_index: int = Field(description="The number of the log entry, counted from 0.")
    at: str
    needs_second: bool = Field(description="Whether a second reviewer must give the same ruling.")
    deadline: str | None = Field(default=None, description="Until when a party may reply.")
    late: bool | None = None
    seen: dict[str, list[Any]] | None = Field(
        default=None, description="What there is to see now: send it with the next act."
    )


class ActRoute(APIRoute):
    """A route whose every refusal is a problem document; nothing was entered then."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with what it raises told."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as fault:
                wrong = ", ".join(
                    sorted({".".join(str(p) for p in one["loc"][1:3]) for one in fault.errors()})
                )
                # The name of a field that is not known is the caller's own: it is cut.
                return _problem(400, f"Not of the form that is taken: {wrong[:200] or 'the body'}.")
            except HTTPException as fault:
                return _problem(fault.status_code, str(fault.detail))
            except TrucewatchError as fault:
                return _refused(fault)

        return handled


def _refused(fault: TrucewatchError) -> Response:
    status, words = status_of(fault)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    more: dict[str, Any] = {}
    if isinstance(fault, Stale):
        now = {"claims": sorted(fault.now.claims), "entries": sorted(fault.now.entries)}
        more = {"changes": list(fault.changes), "seen_other" if fault.other else "seen": now}
    return _problem(status, words, **more)


def _problem(status: int, detail: str, **more: object) -> Response:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status)}
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        json.dumps({**body, "detail": detail, **more}),
        status_code=status,
        media_type=MEDIA,
        headers=headers,
    )


router = APIRouter(prefix="/api/v1", route_class=ActRoute, tags=["acts"])
_SAID = {
    400: "Not of the form that is taken, or without what it needs.",
    401: "Nobody is known to call: send a token.",
    403: "Your roles or your token do not allow it.",
    404: "No such incident that you may see.",
    409: "It has changed since you looked, or you have said so already.",
    413: "Too large.",
    429: "Too often: wait.",
    503: "Somebody else writes at this moment: try again.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {MEDIA: {"schema": {"type": "object"}}}}
    for status, words in _SAID.items()
}


@router.post(
    "/incidents/{identifier}/reviews",
    operation_id="review_incident",
    summary="A reviewer's ruling, with the scope `review`.",
    status_code=201,
    response_model=Entered,
    responses=RESPONSES,
)
def review(identifier: Identifier, body: ReviewBody, site: Served, request: Request) -> Any:  # noqa: ANN401 -- response_model says what it is
    """Enter a ruling on what you saw; it is refused where that has changed since."""
    viewer = site.viewer(request)
    require(viewer, Act.REVIEW)
    seen = body.seen.noun()
    if body.ruling == "merge":
        looked = None if body.seen_other is None else body.seen_other.noun()
        return acts.merge(
            site,
            viewer,
            identifier,
            body.other or "",
            reason=body.reason,
            seen=seen,
            seen_other=looked,
        )
    if body.ruling == "split":
        return acts.split(site, viewer, identifier, body.part, reason=body.reason, seen=seen)
    if body.ruling not in set(acts.RULINGS):
        return _problem(400, f"A ruling is {', '.join(acts.RULINGS)}, merge or split.")
    return acts.rule(
        site,
        viewer,
        identifier,
        Ruling(body.ruling),
        reason=body.reason,
        seen=seen,
        other=body.other,
    )


@router.post(
    "/incidents/{identifier}/undo",
    operation_id="undo_review",
    summary="Takes one's own ruling, split or merge back by its log entry.",
    status_code=201,
    response_model=Entered,
    responses=RESPONSES,
)
def undo(identifier: Identifier, body: UndoBody, site: Served, request: Request) -> Any:  # noqa: ANN401 -- response_model says what it is
    """Enter what supersedes it: the first entry stays in the log."""
    viewer = site.viewer(request)
    return acts.undo(site, viewer, identifier, body.entry, reason=body.reason)


@router.post(
    "/incidents/{identifier}/notifications",
    operation_id="notify_party",
    summary="That a party was told of a finding, with the scope `review`.",
    status_code=201,
    response_model=Entered,
    responses=RESPONSES,
)
def notify(identifier: Identifier, body: NotificationBody, site: Served, request: Request) -> Any:  # noqa: ANN401 -- response_model says what it is
    """Enter it; the party's time to reply runs from now."""
    return acts.notify(site, site.viewer(request), identifier, party=body.party)


@router.post(
    "/incidents/{identifier}/replies",
    operation_id="reply_to_finding",
    summary="A party's own words on a finding, with the scope `reply`.",
    status_code=201,
    response_model=Entered,
    responses=RESPONSES,
)
def reply(identifier: Identifier, body: ReplyBody, site: Served, request: Request) -> Any:  # noqa: ANN401 -- response_model says what it is
    """Enter them; late ones are entered, too, and told as such."""
    viewer = site.viewer(request)
    return acts.reply(site, viewer, identifier, party=body.party, words=body.words)
