"""The description of the whole API (OpenAPI 3.1), and what its routes cannot say themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch import __version__
from trucewatch.app.web.api.ogc_forms import CollectionOf, Feature, FeatureCollection
from trucewatch.app.web.api.problems import Problem
from trucewatch.errors import MissingExtra

try:
    from fastapi.openapi.utils import get_openapi
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from fastapi import FastAPI

OURS = ("/api/v1/", "/ogc/")
DESCRIPTION = """\
What a monitoring mission may show you, as your role allows: whoever is not signed in sees what the
public sees. Fields that your role does not see are absent; places are cells and times are days for
those outside. Every list has a fixed order, `limit` and a cursor `after`; every answer has an ETag.
Identifiers are stable: they are made from content. What is wrong with a request is told as problem
details (RFC 9457). Parameters that an address does not know are refused.
"""
TAGS = {
    "incidents": "Reports judged to be of one event, and what was found of them.",
    "ground": "Regions, zones, who could have seen what, and the trend.",
    "agreement": "What was agreed, in its source's words.",
    "commitments": "What falls due, and what states have said.",
    "press": "One story from many articles.",
    "published": "Bulletins and alerts.",
    "sources": "Who reports.",
    "mission": "The mission as a whole, and what changed.",
    "acts": "What people enter on an incident: it goes into the log, and nothing takes it out.",
    "export": "Files for other programs.",
    "OGC API Features": "The same incidents, zones and regions for GIS programs.",
}
REFUSALS = {
    "304": "The caller has it: If-None-Match named its ETag.",
    "400": "It cannot be asked so.",
    "404": "There is no such thing, or nothing of it that the caller may see.",
    "409": "What is there is not what was published: it is withheld.",
    "429": "Too many requests: Retry-After says when to come again.",
    "503": "It cannot be answered at this moment.",
}
"""How addresses beside the API may say no."""

SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token with the scope `read`; without one you see what the public sees.",
    }
}


def describe(app: FastAPI) -> None:
    """Have an application describe itself so; call it when every router is in."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _made(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # as its documentation has it done


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="Trucewatch",
        version=__version__,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS.items()],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/"}],
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for model in (Problem, CollectionOf, Feature, FeatureCollection):
        whole = model.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, inner in whole.pop("$defs", {}).items():
            schemas.setdefault(name, inner)
        schemas.setdefault(model.__name__, whole)
    parts.setdefault("securitySchemes", {}).update(SECURITY)
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            if path.startswith(OURS):
                # What is wrong with a query is told with 400; acts are nobody's without a token.
                operation["responses"].pop("422", None)
                acts = method != "get"
                operation["security"] = [{"token": []}] if acts else [{}, {"token": []}]
            else:
                for status, words in REFUSALS.items():
                    operation["responses"].setdefault(status, {"description": words})
    return made
