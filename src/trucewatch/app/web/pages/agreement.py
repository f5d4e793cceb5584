"""What was agreed, term by term, with what of it holds and how many incidents fall under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from trucewatch.app.web.pages.asking import every, grouped
from trucewatch.app.web.pages.drawing import zone_map
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.situation.asked import ANY
from trucewatch.app.web.pages.words import OUTCOMES
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import ngettext
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra
from trucewatch.model import PROOF

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.app.web.views.view import Body, View

router = APIRouter()
NOT_YET = "not yet"


@router.get("/agreement", response_class=HTMLResponse, include_in_schema=False)
def agreement(request: Request, site: Served) -> HTMLResponse:
    """The agreement as one page."""
    view = site.view(site.viewer(request))
    found = every(view, "agreement")
    about = found[0] if found else None
    texts, provisions = every(view, "instrument"), every(view, "provision")
    bodies, triggers, zones = every(view, "body"), every(view, "trigger"), every(view, "zone")
    pending = _pending(about, texts, bodies, triggers) if about else []
    return render(
        request,
        "agreement.html.j2",
        agreement=about,
        lead=_lead(about, texts) if about else "",
        texts=list(grouped(texts, "text").items()),
        provisions=provisions,
        bodies=bodies,
        triggers=triggers,
        zones=zones,
        map=zone_map(zones, every(view, "region")) if zones else None,
        standards=_standards(about) if about else [],
        pending=pending,
        outcomes=tuple(OUTCOMES),
        tallies=_tallies(view, provisions),
        counted=bool(provisions),
        list_of=list_of,
        sections=[
            ("texts", _("Texts"), len(texts)),
            ("provisions", _("Provisions"), len(provisions)),
            ("zones", _("Zones"), len(zones)),
            ("who", _("Who"), None),
            ("standards", _("Standards"), None),
            ("responses", _("Responses"), len(triggers)),
            ("not-yet", _("Not yet"), len(pending)),
        ],
    )


def list_of(provision: str, outcome: str) -> str:
    """The address of the list of incidents that have this outcome under a provision."""
    return "/incidents?" + urlencode({"provision": f"{provision}:{outcome}", "nature": ANY})


def _tallies(view: View, provisions: Sequence[Body]) -> dict[str, dict[str, int]]:
    """How many of the incidents that the viewer sees have which outcome, by provision."""
    found: dict[str, dict[str, int]] = {}
    for one in provisions:
        found[one["id"]] = {
            outcome: view.page(
                "incident",
                Query(where={"outcomes": (f"{one['id']}:{outcome}",)}, limit=1),
            ).matched
            for outcome in OUTCOMES
        }
    return found


def _lead(about: Body, texts: Sequence[Body]) -> str:
    """The agreement in a sentence or two: what binds, and whether a truce holds."""
    bound = sum(1 for one in texts if one["binds"])
    count = len(texts)
    if not count:
        first = _("No text is on record.")
    elif bound:
        words = ngettext(
            "%(bound)s of %(num)s text binds those who accepted it.",
            "%(bound)s of %(num)s texts bind those who accepted them.",
            count,
        )
        first = words % {"bound": bound, "num": count}
    else:
        words = ngettext(
            "%(num)s text is on record, and it binds nobody yet.",
            "%(num)s texts are on record, and none of them binds anybody yet.",
            count,
        )
        first = words % {"num": count}
    if about["truce"]["holds"] == NOT_YET:
        return f"{first} {_('No hour is known at which a truce begins.')}"
    return first


def _standards(about: Body) -> list[dict[str, Any]]:
    """The standards of proof that this agreement names, rising, with what each is good for."""
    named = {one["standard"] for one in (*about["standards"], *about["needed"])}
    return [
        {
            "standard": standard,
            "states": [o["state"] for o in about["standards"] if o["standard"] == standard],
            "needed": [o["to"] for o in about["needed"] if o["standard"] == standard],
        }
        for standard in sorted(
            named, key=lambda one: PROOF.index(one) if one in PROOF else len(PROOF)
        )
    ]


def _pending(
    about: Body, texts: Sequence[Body], bodies: Sequence[Body], triggers: Sequence[Body]
) -> list[tuple[str, str]]:
    """What is on record and does not count yet, each with where it stands on the page."""
    found = []
    if about["truce"]["holds"] == NOT_YET:
        found.append((_("The truce: no hour is known at which it begins."), ""))
    found += [
        (one["title"], f"#text-{one['id']}")
        for one in texts
        if one["edition"] != "draft" and one["holds"]["holds"] == NOT_YET
    ]
    found += [(one["name"], "#who") for one in bodies if one["standing"] in _TO_BE_SET_UP]
    found += [
        (step["duty"], f"#trigger-{one['id']}")
        for one in triggers
        for step in one["steps"]
        if not step["binds"]
    ]
    return found


_TO_BE_SET_UP = frozenset({"reported", "announced"})
"""The standings of a text by which a body that it names does not stand yet."""
