"""The review queue: what waits, the gravest first, with both clocks of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from trucewatch.app.web.acting.rights import Act, NotSignedIn, may
from trucewatch.app.web.acting.wording import seen_text
from trucewatch.app.web.guard.forms import csrf_token
from trucewatch.app.web.pages.incident import RULINGS
from trucewatch.app.web.pages.looking import is_inside, paged
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.showing import Shown
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import decimal_words, ngettext
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.views.view import Query
from trucewatch.errors import MissingExtra, NotAllowed
from trucewatch.findings import GRAVITY

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import Response  # noqa: TC002 -- FastAPI reads it at run time
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.app.web.views.view import View

router = APIRouter()
ROWS = 25
_HOURS_TOLD = 72.0
"""What waits longer is told in days."""

UNREVIEWED = "nobody has reviewed it"
KEYED = (
    ("c", "confirm"),
    ("r", "refute"),
    ("u", "unverifiable"),
    ("d", "duplicate"),
    ("a", "ask"),
    ("m", "merge"),
)
"""Keys and the acts that they are for."""

FILTERS = ("gravity", "region", "state")


@router.get("/queue", include_in_schema=False)
@paged
def queue(request: Request, site: Served) -> Response:
    """What waits for a reviewer; to those who work in the mission."""
    viewer = site.viewer(request)
    if not viewer.signed_in:
        raise NotSignedIn("the review queue is for those who work in the mission")
    if not is_inside(viewer):
        raise NotAllowed("the review queue is for those who work in the mission")
    view = site.view(viewer)
    chosen = {
        name: value for name in (*FILTERS, "overdue") if (value := request.query_params.get(name))
    }
    query = Query(
        where={name: (value,) for name, value in chosen.items()},
        limit=ROWS,
        after=request.query_params.get("after"),
    )
    found = view.page("waiting", query)
    rules = Shown(view.one("rules", "review") or {})
    now = site.now()
    picked = request.query_params.get("pick", "")
    first = view.one("waiting", picked) if picked else None
    bodies = [body for body in found.bodies if body["id"] != picked]
    rows = [_row(body, rules, now) for body in ([first] if first else []) + bodies]
    kept = urlencode(chosen)
    return render(
        request,
        "queue.html.j2",
        rows=rows,
        picked=picked if first else "",
        matched=found.matched,
        late=view.tally("waiting", "overdue", query).get("true", 0),
        rules=rules,
        filters=_filters(view),
        chosen=chosen,
        first_page=f"/queue?{kept}" if query.after else None,
        next_page=f"/queue?{urlencode({**chosen, 'after': found.after})}" if found.after else None,
        may_review=may(viewer, Act.REVIEW),
        token=csrf_token(request),
        unreviewed=UNREVIEWED,
        rulings=[(key, act, _(RULINGS[act])) for key, act in KEYED if act in RULINGS],
        keys=_keys(),
        words=_words(),
    )


def _row(body: Mapping[str, Any], rules: Shown, now: datetime) -> Shown:
    row = Shown(body)
    row["seen"] = seen_text(body.get("claims") or (), body.get("entries") or ())
    for name, since in (("from_receipt", row["received"]), ("from_event", row["happened"])):
        row[name] = _age(since, rules, now)
    return row


def _age(since: str | None, rules: Shown, now: datetime) -> dict[str, Any] | None:
    """How long something waits by the clock of now, and how that stands to what was promised."""
    if since is None:
        return None
    waited = now - datetime.fromisoformat(since)
    hours = waited / timedelta(hours=1)
    if hours < _HOURS_TOLD:
        words = _("%(hours)s h") % {"hours": decimal_words(hours, 0)}
    else:
        days = round(hours / 24)
        words = ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    return {
        "since": since,
        "words": words,
        "past_target": waited > timedelta(hours=rules["target_hours"] or 0),
        "past_limit": waited > timedelta(days=rules["limit_days"] or 0),
    }


def _filters(view: View) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    names = {
        body["id"]: body.get("name") or body["id"]
        for body in view.page("region", Query(limit=1000)).bodies
    }
    words = {
        "gravity": lambda value: _(GRAVITY[int(value)]),
        "region": lambda value: names.get(value, value) or _("no region can be told"),
        "state": _,
    }
    labels = {"gravity": _("Gravity"), "region": _("Region"), "state": _("State")}
    found = []
    for name in FILTERS:
        counts = view.tally("waiting", name)
        options = [(value, words[name](value), count) for value, count in counts.items() if value]
        if name == "gravity":
            options.reverse()
        else:
            options.sort(key=lambda option: option[1])
        found.append((name, labels[name], options))
    return found


def _keys() -> list[tuple[str, str]]:
    return [
        ("j k", _("next, previous")),
        ("Enter", _("open the incident")),
        *((key, _(RULINGS[act])) for key, act in KEYED if act in RULINGS),
        ("s", _("Split: choose the accounts on its page")),
        ("z", _("Undo the last one")),
        ("Esc", _("leave it")),
        ("?", _("this list")),
    ]


def _words() -> dict[str, Any]:
    """What the script of the queue says."""
    return {
        "other": ["duplicate", "merge"],
        "undoable": ["confirm", "refute", "unverifiable", "duplicate", "merge"],
        "armed": _("{act}: write why, then Enter. Esc leaves it."),
        "undo_armed": _("Take back {act} (log entry {index}): Enter. Esc leaves it."),
        "undo_reason": _("Entered in error."),
        "undo": _("Undo"),
        "no_reason": _("A ruling has a reason: write why."),
        "no_other": _("Name the other incident."),
        "choose_act": _("Choose first what you rule: a button, or its key."),
        "stale": _("Nothing was entered:"),
        "look": _("Look again"),
        "failed": _("It was not entered (answer {status})."),
        "offline": _("The server could not be reached. Nothing is known to have been entered."),
    }
