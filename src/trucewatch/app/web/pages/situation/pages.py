"""The situation, and the list of incidents: what is known, where, how surely, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.kinds import below
from trucewatch.app.web.pages.frame import frame_of
from trucewatch.app.web.pages.rendering import dressed
from trucewatch.app.web.pages.situation import telling
from trucewatch.app.web.pages.situation.asked import (
    ANY,
    EVENTS,
    FIRES,
    NATURES,
    OUTCOMES,
    STATES,
    Asked,
    asked_of,
)
from trucewatch.app.web.pages.situation.charted import draw_trend
from trucewatch.app.web.pages.situation.gazetteer import nearest, places
from trucewatch.app.web.pages.situation.mapped import (
    MOST_DAYS,
    MOST_REGIONS,
    ground_of,
    kept_map,
    tiles_of,
    undrawn,
)
from trucewatch.app.web.pages.situation.marks import bounds_of, region_at
from trucewatch.app.web.policy import policy
from trucewatch.app.web.site import Served, site_of
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import moment_words
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request, Response
    from fastapi.responses import HTMLResponse  # noqa: TC002  # FastAPI reads it at run time
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.app.web.pages.frame import Frame
    from trucewatch.app.web.pages.situation.gazetteer import Named
    from trucewatch.app.web.views.view import Body, Page, View

LISTED = 12
A_PAGE = 50
FIRES_LISTED = 5
LOOKED = "looked"
A_VISIT = timedelta(minutes=30)
"""Two calls within it are one visit: "since I last looked" is since the visit before."""
MOST_CHANGES = 200
_EVENTS = Query(where={"nature": (EVENTS,)})

router = APIRouter(include_in_schema=False)


@router.api_route("/", methods=["GET", "HEAD"])
def situation(request: Request, site: Served) -> HTMLResponse:
    """The first page: the headline, the map, the incidents, the trend, and what went unseen."""
    frame = frame_of(request)
    view = site.view(frame.viewer)
    known = places(site.folder)
    regions = view.page("region", Query(limit=MOST_REGIONS)).bodies
    asked = _asked(request, frame, regions, known)
    page = view.page("incident", asked.query(limit=LISTED))
    days = _trend(view)
    seen = telling.sight_of(regions, days)
    since, looked = _since(request, site.now())
    answer = dressed(
        frame,
        "situation.html.j2",
        asked=asked,
        listed=_rows(page.bodies, known),
        matched=page.matched,
        more="/incidents" + asked.address(),
        choices=_choices(view, asked, regions),
        headline=telling.headline(frame.mission, seen, frame.zone) if frame.mission else "",
        sentences=telling.sentences(frame.mission, seen),
        seen=seen,
        regions=_by_incidents(regions),
        holding=view.page("holding", Query(limit=20)).bodies,
        days=days,
        trend=draw_trend(days, title=_("Events a day"), address="/incidents?from="),
        drawn=kept_map(view, asked, regions),
        undrawn=undrawn(view, asked, page.matched),
        zones=view.page("zone", Query(limit=100)).bodies,
        notices=_notices(view, frame),
        changed=_changed(view, since),
        since=None if since is None else moment_words(since, frame.zone),
        states=view.tally("incident", "state", _EVENTS),
        here=view.tally("incident", "state", replace(asked, after=None).query(limit=1)),
        day=asked.first if asked.first == asked.last else None,
        outcomes=view.tally("incident", "outcome", _EVENTS),
        tiles=tiles_of(asked),
        bounds=bounds_of(asked, regions),
    )
    secure = request.url.scheme == "https"
    answer.set_cookie(
        LOOKED, looked, max_age=365 * 86400, httponly=True, samesite="lax", secure=secure
    )
    return answer


@router.api_route("/incidents", methods=["GET", "HEAD"])
def incidents(request: Request, site: Served) -> HTMLResponse:
    """All that fits what is asked for, page by page."""
    frame = frame_of(request)
    view = site.view(frame.viewer)
    known = places(site.folder)
    regions = view.page("region", Query(limit=MOST_REGIONS)).bodies
    asked = _asked(request, frame, regions, known)
    page = view.page("incident", asked.query(limit=A_PAGE))
    fires = _fires(view, asked)
    return dressed(
        frame,
        "incidents.html.j2",
        asked=asked,
        listed=_rows(page.bodies, known),
        matched=page.matched,
        first="/incidents" + asked.address() if asked.after else None,
        following="/incidents" + asked.address(after=page.after) if page.after else None,
        choices=_choices(view, asked, regions),
        coverage=_coverage(view, asked, regions),
        unsure=_unsure(view, asked, page.matched),
        unsure_address="/incidents" + replace(asked, whole=True).address(),
        ever=_other_days(view, asked),
        ever_address="/incidents" + _undated(asked),
        fires=fires,
        fire_rows=_rows(fires.bodies, known) if fires else [],
    )


@router.get("/map/ground.json")
def ground(request: Request, site: Served) -> Response:
    """Outlines of regions and zones, and what was seen of each region on each day."""
    view = site.view(site.viewer(request))
    body = view.kept("pages:ground", lambda: ground_of(view))
    return Response(body, media_type="application/json")


def _asked(
    request: Request,
    frame: Frame,
    regions: Iterable[Body],
    known: Mapping[tuple[str, ...], Named],
) -> Asked:
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    last = frame.mission.get("last_day")
    return asked_of(
        given,
        known=known,
        regions={each["id"]: each.get("name") or "" for each in regions},
        year=date.fromisoformat(last).year
        if last
        else site_of(request).now().astimezone(frame.zone).year,
    )


def _rows(
    bodies: Iterable[Body], known: Mapping[tuple[str, ...], Named]
) -> list[tuple[Body, str | None]]:
    """Incidents, each with the name of the place next to where this viewer sees it."""
    found = []
    for body in bodies:
        place = body.get("place") or {}
        near = None
        if known and place.get("lat") is not None and place.get("error_m", 0) <= VAGUEST_M:
            near = nearest(known, place["lat"], place["lon"])
        found.append((body, near.name if near else None))
    return found


VAGUEST_M = 30_000.0
"""Of a place known no better than this no town is named: it would seem to be known better."""


def _choices(view: View, asked: Asked, regions: Iterable[Body]) -> dict[str, Any]:
    """What the form offers, each with how many there are of what is asked for beside it."""
    tallies = {
        name: view.tally("incident", name, replace(asked, after=None, **without).query(limit=1))
        for name, without in (
            ("state", {"states": ()}),
            ("outcome", {"outcomes": ()}),
            ("kind", {"kind": ""}),
            ("region", {"region": ""}),
        )
    }
    names = {each["id"]: each.get("name") or each["id"] for each in regions}
    return {
        "states": [(state, tallies["state"].get(state, 0)) for state in STATES],
        "outcomes": [(each, tallies["outcome"].get(each, 0)) for each in OUTCOMES],
        "kinds": [
            (kind, sum(tallies["kind"].get(one, 0) for one in below(kind)))
            for kind in sorted(tallies["kind"])
        ],
        "regions": sorted(
            ((code, names.get(code, code), n) for code, n in tallies["region"].items() if code),
            key=lambda each: each[1],
        ),
        "natures": (*NATURES, ANY),
    }


def _trend(view: View) -> list[Body]:
    days = view.page("trend", Query(limit=MOST_DAYS)).bodies
    return sorted(days, key=lambda each: each["first_day"])


def _by_incidents(regions: Iterable[Body]) -> list[Body]:
    return sorted(regions, key=lambda each: (-(each.get("incidents") or 0), each.get("name") or ""))


def _notices(view: View, frame: Frame) -> tuple[Body, ...] | None:
    """Notices for those who may; None is whoever may not know whether there are any."""
    if not policy().sees(frame.viewer, "notice"):
        return None
    return view.page("notice", Query(limit=50)).bodies


def _fires(view: View, asked: Asked) -> Page | None:
    """The fires without a report beside the events at a place that is named; None for no place."""
    if asked.near is None or asked.nature != EVENTS:
        return None
    return view.page("incident", replace(asked, nature=FIRES, after=None).query(limit=FIRES_LISTED))


def _coverage(view: View, asked: Asked, regions: Iterable[Body]) -> Body | None:
    """What was seen of the one region and day that are asked for, or that a named place lies in."""
    if asked.first is None or asked.first != asked.last:
        return None
    region = asked.region or (region_at(regions, asked.near) if asked.near else None)
    return view.one("coverage", f"{region}.{asked.first}") if region else None


def _unsure(view: View, asked: Asked, matched: int) -> int:
    """How many of what is found may lie on other days than those that are asked for."""
    if asked.whole or (asked.first is None and asked.last is None):
        return 0
    sure = replace(asked, whole=True, after=None)
    return matched - view.page("incident", sure.query(limit=1)).matched


def _undated(asked: Asked) -> str:
    """The query string of the same on any day."""
    words = (asked.near.name if asked.near else "", asked.words)
    ever = replace(asked, text="", first=None, last=None, whole=False)
    return ever.address(q=" ".join(part for part in words if part))


def _other_days(view: View, asked: Asked) -> int:
    """How many there are of the same on any day, where a day is asked for."""
    if asked.first is None and asked.last is None:
        return 0
    ever = replace(asked, first=None, last=None, whole=False, after=None)
    return view.page("incident", ever.query(limit=1)).matched


def _since(request: Request, now: datetime) -> tuple[datetime | None, str]:
    """When they looked before this visit, and what the browser is told to remember."""
    before, _, last = request.cookies.get(LOOKED, "").partition("|")
    earlier, latest = _moment(before), _moment(last)
    if latest is not None and now - latest > A_VISIT:
        earlier = latest
    kept = earlier.isoformat(timespec="seconds") if earlier else ""
    return earlier, f"{kept}|{now.isoformat(timespec='seconds')}"


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.utcoffset() is not None else None


def _changed(view: View, since: datetime | None) -> dict[str, Any] | None:
    """What is other since a time, of incidents alone; None for whoever has not looked before."""
    if since is None:
        return None
    found = [c for c in view.changes(since, MOST_CHANGES) if c.sort == "incident"]
    return {
        "new": [c for c in found if c.what == "new"],
        "state": [c for c in found if c.what == "state"],
        "other": [c for c in found if c.what == "changed"],
        "gone": [c for c in found if c.what == "gone"],
    }
