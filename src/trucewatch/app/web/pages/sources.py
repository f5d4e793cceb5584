"""Who reports: what came in, how late, how available, and whether both sides are heard alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.pages.asking import every
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.words import VIEWS
from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.app.web.views.view import Body, View

router = APIRouter()
DAYS = 31
"""How many days the calendar shows at once."""


@router.get("/sources", response_class=HTMLResponse, include_in_schema=False)
def sources(request: Request, site: Served) -> HTMLResponse:
    """The sources as one page."""
    viewer = site.viewer(request)
    view, inside = site.view(viewer), policy().inside(viewer)
    feeds = every(view, "feed")
    calendar = _calendar(view, request.query_params.get("until", ""))
    audit = view.one("audit", "symmetry")
    live = any("received" in row for row in feeds)
    return render(
        request,
        "sources.html.j2",
        feeds=feeds,
        live=live,
        as_of=next((row["as_of"] for row in feeds if row.get("as_of")), None),
        lead=_lead(feeds, live=live, inside=inside),
        watching=[row for row in feeds if row.get("availability")],
        rated=[row for row in feeds if row.get("parameters")],
        held=view.one("log", next((row["id"] for row in every(view, "log")), "")),
        reasons=[
            (row["name"], one["reason"], one["records"]) for row in feeds for one in row["reasons"]
        ],
        calendar=calendar,
        audit=audit,
        views=_views(view) if audit else [],
        sections=[
            ("received", _("Received"), len(feeds)),
            ("availability", _("Availability"), None),
            ("quarantined", _("Set aside"), None),
            ("coverage", _("Coverage"), None),
            *([("reliability", _("Reliability"), None)] if live else []),
            *([("symmetry", _("Both sides alike"), None)] if audit else []),
        ],
    )


def _lead(feeds: Sequence[Body], *, live: bool, inside: bool) -> str:
    if not feeds and inside:
        return _("No source that may be named has given anything yet.")
    if not feeds:
        # That nothing is told here does not say that nothing came in.
        return _("What came in is told with each bulletin, and no bulletin has told of it yet.")
    quarantined = sum(row["quarantined"] or 0 for row in feeds)
    if live:
        words = _(
            "%(received)s records received = %(accepted)s accepted + %(duplicate)s duplicate + "
            "%(quarantined)s set aside%(erased)s."
        )
        erased = sum(row["erased"] for row in feeds)
        return words % {
            "received": sum(row["received"] for row in feeds),
            "accepted": sum(row["accepted"] for row in feeds),
            "duplicate": sum(row["duplicate"] for row in feeds),
            "quarantined": quarantined,
            "erased": _(" + %(count)s erased") % {"count": erased} if erased else "",
        }
    words = _("%(distinct)s different records = %(accepted)s accepted + %(quarantined)s set aside.")
    return words % {
        "distinct": sum(row["distinct"] or 0 for row in feeds),
        "accepted": sum(row["accepted"] or 0 for row in feeds),
        "quarantined": quarantined,
    }


def _calendar(view: View, until: str) -> dict[str, Any] | None:
    """Region by day for a month that ends at `until`, or with the last day there is."""
    regions = every(view, "region")
    last = max((row["last_day"] for row in regions if row.get("last_day")), default=None)
    first = min((row["first_day"] for row in regions if row.get("first_day")), default=None)
    if last is None or first is None:
        return None
    try:
        end = min(date.fromisoformat(until), date.fromisoformat(last))
    except ValueError:
        end = date.fromisoformat(last)
    begin = max(end - timedelta(days=DAYS - 1), date.fromisoformat(first))
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]
    cells: dict[str, dict[str, Body]] = {}
    after = None
    while True:
        page = view.page("coverage", Query(first=begin, last=end, after=after, limit=1000))
        for row in page.bodies:
            cells.setdefault(row["region"], {})[row["first_day"]] = row
        after = page.after
        if after is None:
            break
    return {
        "days": [day.isoformat() for day in days],
        "rows": [
            (row, [cells.get(row["id"], {}).get(day.isoformat()) for day in days])
            for row in sorted(regions, key=lambda row: row["name"])
        ],
        "earlier": (begin - timedelta(days=1)).isoformat() if begin.isoformat() > first else None,
        "later": min(end + timedelta(days=DAYS), date.fromisoformat(last)).isoformat()
        if end.isoformat() < last
        else None,
    }


def _views(view: View) -> list[dict[str, Any]]:
    """The symmetry audit by view: a row a party, and what its tests show."""
    rows, tests = every(view, "symmetry"), every(view, "comparison")
    found = []
    for name in VIEWS:
        told = [one for one in tests if one["view"] == name]
        found.append(
            {
                "view": name,
                "rows": [row for row in rows if row["view"] == name],
                "shown": [one for one in told if one["p"] is not None],
                "few": sum(one["p"] is None for one in told),
                "tests": len(told),
            }
        )
    return found
