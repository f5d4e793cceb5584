"""Lists of the API that are all alike, from a table: one line each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from trucewatch.app.web.api import models
from trucewatch.app.web.api.answering import JSON, Asked, Asking, whole
from trucewatch.app.web.api.asking import MOST_WORDS, Listing, Name, OfDays, given
from trucewatch.app.web.api.problems import ProblemRoute, Told
from trucewatch.app.web.views.view import Query as ViewQuery
from trucewatch.app.web.views.view import Unanswerable
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Path, Query, Response
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

WORD = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")]
WORDS = Annotated[list[WORD], Field(max_length=MOST_WORDS)]

_TOLD = {
    400: "The query is not right; what is wrong with it is listed.",
    403: "The caller's role or token does not allow this.",
    404: "There is no such thing, or nothing of it that the caller may see.",
    405: "This address takes other methods; Allow names them.",
    406: "The caller takes no media type that there is.",
    429: "Too many requests: Retry-After says when to come again.",
    503: "The mission cannot be read at this moment.",
}
PROBLEM: dict[int | str, dict[str, Any]] = {
    304: {"description": "The caller has it: If-None-Match named its ETag."},
    **{
        status: {
            "description": words,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status, words in _TOLD.items()
    },
}
"""How every route may say no."""

HEADERS_OF = {
    "ETag": {
        "description": "Send it back in If-None-Match to be told 304 where nothing changed.",
        "schema": {"type": "string"},
    }
}
LINKS = {
    "Link": {
        "description": "`first` and, where there is more, `next`.",
        "schema": {"type": "string"},
    }
}


class OfRegions(OfDays):
    """Coverage, by region and what was seen."""

    region: list[Name] = Field([], max_length=MOST_WORDS, description="Codes of regions.")
    sight: list[str] = Field(
        [], max_length=MOST_WORDS, description="reported, quiet or unobserved."
    )

    def where(self) -> dict[str, tuple[str, ...]]:
        """Filters by the fields of the records."""
        return given({"region": self.region, "sight": self.sight})


class OfPledges(Listing):
    """Pledges, by what they are about and how far they have come."""

    state: WORDS = Field([], description="Who said it.")
    priority: WORDS = Field([], description="What it is about.")
    stage: WORDS = Field([], description="How far it has come.")
    standing: WORDS = Field([], description="How firm the text is.")

    def where(self) -> dict[str, tuple[str, ...]]:
        """Filters by the fields of the records."""
        return given(
            {
                "state": self.state,
                "priority": self.priority,
                "stage": self.stage,
                "standing": self.standing,
            }
        )


class OfObligations(Listing):
    """Obligations, by how far they have come."""

    progress: WORDS = Field([], description="How far it has come.")

    def where(self) -> dict[str, tuple[str, ...]]:
        """Filters by the fields of the records."""
        return given({"progress": self.progress})


@dataclass(frozen=True, slots=True)
class List:
    """One list: its path and tag, the sort of its records, and what it may be asked."""

    path: str
    sort: str
    tag: str
    words: str
    model: type[models.Record]
    asks: type[Listing] = Listing


LISTS = (
    List("regions", "region", "ground", "The reporting regions.", models.Region),
    List("zones", "zone", "ground", "The zones of the agreement.", models.Zone),
    List(
        "coverage", "coverage", "ground", "Who could have seen what, by region and day.",
        models.Coverage, OfRegions,
    ),
    List("trend", "trend", "ground", "Days, the oldest first.", models.Day, OfDays),
    List("provisions", "provision", "agreement", "Terms of the agreement.", models.Provision),
    List(
        "obligations", "obligation", "commitments", "Steps that fell due.",
        models.Obligation, OfObligations,
    ),
    List("pledges", "pledge", "commitments", "What states have said.", models.Pledge, OfPledges),
    List("stories", "story", "press", "Stories of the press.", models.Story),
    List("bulletins", "bulletin", "published", "Issues of bulletins.", models.BulletinIssue),
    List("alerts", "alert", "published", "Alerts that were sent.", models.AlertSent),
    List("sources", "source", "sources", "Sources that may be named.", models.SourceOf),
)  # fmt: skip
"""Every list that is nothing but a list."""


def page_bytes(asked: Asked, sort: str, query: ViewQuery) -> tuple[bytes, str | None]:
    """A page of a list as JSON, and its cursor.

    Raises Told: 403 where a filter asks for what the caller does not see, 404 for a cursor that is
    none of this list.
    """
    try:
        page = asked.view.page(sort, query)
    except Unanswerable:
        raise unanswerable(query) from None
    body = {"items": page.bodies, "matched": page.matched, "after": page.after}
    return whole(body), page.after


def unanswerable(query: ViewQuery) -> Told:
    """Why a view cannot answer, in words that tell nothing of what it holds."""
    if query.after is not None:
        return Told(404, "There is no such place in this list: begin again without 'after'.")
    return Told(403, "A filter asks for a field that you do not see here: leave it out.")


def answer_list(asked: Asked, sort: str, asks: Listing) -> Response:
    """One page of a list, made once for each view and question."""
    many = frozenset(
        name for name in type(asks).model_fields if isinstance(getattr(asks, name), list)
    )
    asked.once(many=many)
    asked.accepts(JSON)
    query = asks.query()
    body = asked.view.kept(
        f"list {asked.request.url.path}?{asked.query}", lambda: page_bytes(asked, sort, query)[0]
    )
    after = cursor_in(body)
    links = {"first": asked.href(after=None)}
    if after is not None:
        links["next"] = asked.href(after=after)
    return asked.answer(lambda: body, links=links, kept=False)


def cursor_in(body: bytes) -> str | None:
    """The cursor at the end of a page of JSON, which is read no further."""
    _, _, last = body.rpartition(b'"after":')
    word = last.removesuffix(b"}").strip(b'"').decode("ascii")
    return None if word == "null" else word


def one_of(asked: Asked, sort: str, identifier: str) -> Response:
    """One record; Told (404) where there is none that the caller may see."""
    asked.bare()
    body = asked.view.one(sort, identifier)
    if body is None:
        raise Told(404, f"There is no such {sort}, or nothing of it that you may see.")
    return asked.answer(lambda: whole(body), kept=False)


def list_router() -> APIRouter:
    """The routes of every list in the table."""
    router = APIRouter(prefix="/api/v1", route_class=ProblemRoute)
    for each in LISTS:
        _add(router, each)
    return router


def _add(router: APIRouter, each: List) -> None:
    router.add_api_route(
        f"/{each.path}",
        _lister(each.sort, each.asks),
        methods=["GET"],
        operation_id=f"list_{each.path}",
        summary=each.words,
        tags=[each.tag],
        response_model=models.Listed[each.model],  # type: ignore[name-defined] # it is known at run time alone
        response_description="One page, in a fixed order.",
        responses=PROBLEM | {200: {"headers": HEADERS_OF | LINKS}},
    )
    router.add_api_route(
        f"/{each.path}/{{identifier}}",
        _giver(each.sort),
        methods=["GET"],
        operation_id=f"get_{each.sort}",
        summary=f"One {each.sort}.",
        tags=[each.tag],
        response_model=each.model,
        response_description="The record.",
        responses=PROBLEM | {200: {"headers": HEADERS_OF}},
    )


Identifier = Annotated[
    str, Path(description="The `id` of the record.", min_length=1, max_length=300)
]


def _lister(sort: str, asks: type[Listing]) -> Callable[..., Response]:
    def lister(asked: Asking, query: Listing) -> Response:
        return answer_list(asked, sort, query)

    # FastAPI reads what may be asked off the annotation, and each list has its own.
    lister.__annotations__["query"] = Annotated[asks, Query()]
    return lister


def _giver(sort: str) -> Callable[..., Response]:
    def giver(asked: Asking, identifier: Identifier) -> Response:
        return one_of(asked, sort, identifier)

    return giver
