"""What the pages of the reviewers share: who looks, what they are shown, how a fault is told."""

from __future__ import annotations

from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from trucewatch.app.findings.seen import Repeated, Stale
from trucewatch.app.web.acting.rights import NotSignedIn
from trucewatch.app.web.acting.wording import seen_text
from trucewatch.app.web.faults import told
from trucewatch.app.web.pages.errors import error_page
from trucewatch.app.web.policy import policy
from trucewatch.errors import LogBusy, MissingExtra, NotFound, TrucewatchError

try:
    from fastapi import Request
    from fastapi.responses import JSONResponse, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trucewatch.app.web.viewer import Viewer

LONGEST_NUMBER = 7
MOST_FIELDS, LONGEST_FIELD = 400, 60_000


def is_inside(viewer: Viewer) -> bool:
    """Whether somebody works in the mission: single accounts and log entries are shown to them."""
    return policy().inside(viewer)


def wants_json(request: Request) -> bool:
    """Whether a script of ours asks, rather than a form."""
    return "application/json" in request.headers.get("accept", "")


def status_of(fault: TrucewatchError) -> tuple[int, str]:
    """The status and the words for a fault of an act."""
    if isinstance(fault, NotSignedIn):
        return 401, str(fault)
    if isinstance(fault, Stale | Repeated):
        return 409, str(fault)
    if isinstance(fault, LogBusy):
        return 503, str(fault)
    return told(fault)


def fault_data(fault: TrucewatchError) -> dict[str, Any]:
    """The same as data; of what has changed it says what, and what there is to see now."""
    data: dict[str, Any] = {"detail": status_of(fault)[1]}
    if isinstance(fault, Stale):
        data["changes"] = list(fault.changes)
        now = seen_text(fault.now.claims, fault.now.entries)
        data |= {"other": fault.other, "seen_other": now} if fault.other else {"seen": now}
    return data


def refused(request: Request, fault: TrucewatchError) -> Response:
    """The answer to a fault: data for a script, a page for a person."""
    status, words = status_of(fault)
    if wants_json(request):
        return JSONResponse(fault_data(fault), status_code=status)
    # What there is not and what may not be seen are told in the same words.
    return error_page(request, status, "" if isinstance(fault, NotFound) else words)


KEPT = frozenset({"by", "what"})
"""Filters that the next page of a list goes by, too."""

T = TypeVar("T")


def stretch(
    request: Request, rows: Sequence[T], size: int
) -> tuple[Sequence[T], str | None, str | None]:
    """The rows from the parameter `skip` on, and the addresses of the first and the next page.

    Anything that is no number begins at the beginning.
    """
    asked = request.query_params.get("skip", "")
    number = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER
    skip = int(asked) if number else 0
    kept = [(name, it) for name, it in request.query_params.multi_items() if name in KEPT]

    def page(begin: int) -> str:
        return f"{request.url.path}?{urlencode([*kept, ('skip', begin)])}"

    more = skip + size < len(rows)
    return rows[skip : skip + size], page(0) if skip else None, page(skip + size) if more else None


P = ParamSpec("P")


def paged(route: Callable[P, Response]) -> Callable[P, Response]:
    """A route of which every fault of the house is told as a page, or as data to a script."""
    if iscoroutinefunction(route):
        raise TypeError("a page reads files: it is no coroutine")

    @wraps(route)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return route(*args, **kwargs)
        except TrucewatchError as fault:
            request = next(each for each in (*args, *kwargs.values()) if isinstance(each, Request))
            return refused(request, fault)

    return answered


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, bounded; a file or a field that comes twice is left out."""
    async with request.form(
        max_files=0, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    ) as form:
        return {
            name: value
            for name, value in form.items()
            if isinstance(value, str) and len(value) <= LONGEST_FIELD
        }
