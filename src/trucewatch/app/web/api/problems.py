"""How the API says no: problem details (RFC 9457), in words that tell what to do."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from trucewatch.app.web.faults import told
from trucewatch.app.web.views.view import Unanswerable
from trucewatch.errors import MissingExtra, TrucewatchError

try:
    from fastapi import Response
    from fastapi.exceptions import RequestValidationError
    from fastapi.routing import APIRoute
    from starlette.exceptions import HTTPException
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from fastapi import Request

MEDIA = "application/problem+json"
MOST_FAULTS = 20
LONGEST = 300


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    name: str = Field(description="The parameter.", examples=["limit"])
    detail: str = Field(description="What is wrong with it, and what it may be.")


class Problem(BaseModel):
    """Why a request was not answered, by RFC 9457."""

    type: str = Field(default="about:blank", description="Always about:blank: the status says it.")
    title: str = Field(description="The status in words.", examples=["Bad Request"])
    status: int = Field(description="The HTTP status.", examples=[400])
    detail: str = Field(description="What happened, and what to do.")
    faults: list[Fault] | None = Field(default=None, description="Each parameter that is wrong.")


class Told(Exception):
    """A request that cannot be answered, with the status and the words for whoever asked."""

    def __init__(self, status: int, detail: str, faults: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, tuple(faults)


def problem(
    status: int,
    detail: str,
    faults: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that tells of it; nothing that the caller sent stands in it."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if found := [{"name": name[:LONGEST], "detail": words[:LONGEST]} for name, words in faults]:
        body["faults"] = found[:MOST_FAULTS]
    return Response(
        json.dumps(body, ensure_ascii=True).encode(),
        status_code=status,
        media_type=MEDIA,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


class ProblemRoute(APIRoute):
    """A route whose every refusal is a problem document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with what it raises told."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except Told as fault:
                return problem(fault.status, fault.detail, fault.faults)
            except RequestValidationError as fault:
                if all(one["loc"][0] == "path" for one in fault.errors()):
                    return problem(404, "There is no such address.")
                return problem(
                    400,
                    "Something in the query is not right: mend what is listed, and ask again.",
                    [_named(one) for one in fault.errors()],
                )
            except Unanswerable:
                return problem(
                    404, "There is no such place in this list: begin again without 'after'."
                )
            except HTTPException as fault:
                return problem(fault.status_code, str(fault.detail), headers=fault.headers)
            except TrucewatchError as fault:
                return problem(*told(fault))

        return handled


def _named(fault: Mapping[str, Any]) -> tuple[str, str]:
    where = [str(part) for part in fault["loc"][1:2]]
    if fault["type"] == "extra_forbidden":
        # The name is the caller's own: it is not told back.
        return "query", "it holds a parameter that this address does not know: leave it out"
    return "".join(where), str(fault["msg"])
