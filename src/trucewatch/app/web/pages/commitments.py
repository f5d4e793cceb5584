"""What was promised and what falls due: the matrix, the clocks, what is missing and awaited."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trucewatch.app.ledger.lines import span
from trucewatch.app.ledger.picture import LETTERS
from trucewatch.app.web.pages.asking import every, grouped, hour
from trucewatch.app.web.pages.rendering import render
from trucewatch.app.web.pages.words import DOMAINS, PRIORITIES, STAGES, STANDINGS
from trucewatch.app.web.site import Served  # noqa: TC001 -- FastAPI reads it at run time
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import ngettext
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter, Request
    from fastapi.responses import HTMLResponse
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.app.web.views.view import Body, View

router = APIRouter()
FORCE = "multinational-force"
"""The one priority whose domains have columns of their own."""

_FILTERS = ("state", "priority", "standing")


@router.get("/commitments", response_class=HTMLResponse, include_in_schema=False)
def commitments(request: Request, site: Served) -> HTMLResponse:
    """The ledger as one page; its filters narrow the statements, never what falls due by breach."""
    view = site.view(site.viewer(request))
    now = hour(site, view)
    held = every(view, "pledge")
    asked = {name: request.query_params.get(name, "") for name in _FILTERS}
    shown = [row for row in held if _passes(row, asked)]
    names = {row["id"] for row in shown}
    awaited = [row for row in every(view, "due") if row["statement"] in names]
    late = [row for row in awaited if row["until"] and datetime.fromisoformat(row["until"]) <= now]
    dues = [clocked(row, now) for row in every(view, "obligation")]
    columns = _columns(shown)
    return render(
        request,
        "commitments.html.j2",
        now=now,
        lead=_lead(held, dues, late),
        held=held,
        shown=shown,
        asked=asked,
        choices=_choices(held),
        obligations=dues,
        known=_known(view, dues),
        columns=columns,
        matrix=_matrix(shown, columns),
        letters=LETTERS,
        standings=list(STANDINGS),
        by_stage=_by_stage(shown),
        needs=every(view, "need"),
        differences=[
            row
            for row in every(view, "difference")
            if {one for origin in row["origins"] for one in origin["statements"]} <= names
        ],
        rows={row["id"]: row for row in held},
        late=late,
        awaited=[row for row in awaited if row not in late],
        by_state=_by_state(shown),
        span=span,
        sections=[
            ("obligations", _("Falling due by breach"), len(dues)),
            ("readiness", _("Readiness"), len(shown)),
            *((("stages", _("Stages"), None),) if shown else ()),
            ("needs", _("What is missing"), None),
            ("awaited", _("Awaited"), len(awaited)),
            ("differently", _("Told differently"), None),
            *((("statements", _("Statements"), len(shown)),) if shown else ()),
        ],
    )


def clocked(row: Body, now: datetime) -> Body:
    """An obligation with what each of its clocks has left at this hour, in hours."""
    clocks = []
    overdue = False
    for one in row["clocks"]:
        left, run = one["left_hours"], None
        if left is None and one["due"] and one["start"] and not row["settled"]:
            left = (datetime.fromisoformat(one["due"]) - now).total_seconds() / 3600
        if one["start"] and one["due"] and left is not None:
            start, due = (datetime.fromisoformat(one[end]) for end in ("start", "due"))
            whole = (due - start).total_seconds() / 3600
            run = min(1.0, max(0.0, 1 - left / whole)) if whole > 0 else 1.0
        if one["rules"] and row["progress"] == "open" and left is not None and left < 0:
            overdue = True
        clocks.append({**one, "left": left, "run": run})
    waits = row["progress"] == "open" and any(
        one["rules"] and one["start"] is None and one["clock"] == "determination"
        for one in row["clocks"]
    )
    stands = "overdue" if overdue else "waits" if waits else row["progress"]
    return {**row, "clocks": clocks, "stands": stands}


def _known(view: View, dues: Sequence[Body]) -> dict[str, bool]:
    """Which of the incidents behind obligations this viewer may look at."""
    names = {name for row in dues for name in row["incidents"]}
    return {name: view.one("incident", name) is not None for name in names}


def _passes(row: Body, asked: dict[str, str]) -> bool:
    return (
        (not asked["state"] or asked["state"] in row["states"])
        and asked["priority"] in {"", row["priority"]}
        and asked["standing"] in {"", row["standing"]}
    )


def _choices(held: Sequence[Body]) -> dict[str, list[str]]:
    """What the ledger can be narrowed to."""
    return {
        "state": sorted({state for row in held for state in row["states"]}),
        "priority": _in_order((row["priority"] for row in held), PRIORITIES),
        "standing": _in_order((row["standing"] for row in held), STANDINGS),
    }


def _in_order(found: Iterable[str], order: Iterable[str]) -> list[str]:
    there, known = {*found}, list(order)
    return [*(one for one in known if one in there), *sorted(there - {*known})]


def _columns(shown: Sequence[Body]) -> list[tuple[str, str]]:
    """The columns that hold anything; the force has one for each domain."""
    columns = []
    for priority in _in_order((row["priority"] for row in shown), PRIORITIES):
        domains = {""}
        if priority == FORCE:
            domains = {
                domain
                for row in shown
                if row["priority"] == FORCE
                for domain in row["domains"] or [""]
            }
        columns += [(priority, domain) for domain in ("", *DOMAINS) if domain in domains]
    return columns


def _matrix(
    shown: Sequence[Body], columns: Sequence[tuple[str, str]]
) -> list[tuple[str, list[list[Body]]]]:
    """A row a state: in each column its statements, one for several standing with each."""
    states = sorted({state for row in shown for state in row["states"]})
    return [
        (
            state,
            [
                [
                    row
                    for row in shown
                    if state in row["states"]
                    and row["priority"] == priority
                    and (priority != FORCE or domain in (row["domains"] or [""]))
                ]
                for priority, domain in columns
            ],
        )
        for state in states
    ]


def _by_stage(shown: Sequence[Body]) -> list[dict[str, Any]]:
    """How many statements stand at each stage, by standing: beside one another, never added."""
    counts = Counter((row["stage"], row["standing"]) for row in shown)
    return [
        {
            "stage": stage,
            "count": sum(n for (one, _), n in counts.items() if one == stage),
            "standings": [(name, counts[stage, name]) for name in STANDINGS if counts[stage, name]],
        }
        for stage in STAGES
    ]


def _by_state(shown: Sequence[Body]) -> list[tuple[str, list[Body]]]:
    return sorted(grouped(shown, "state").items())


def _lead(held: Sequence[Body], dues: Sequence[Body], late: Sequence[Body]) -> str:
    """The ledger in two sentences: what is binding, and what is late."""
    if not held and not dues:
        return _("Nothing is promised on record, and nothing has fallen due.")
    count, firm = len(held), sum(row["standing"] in {"signed", "in_force"} for row in held)
    words = ngettext(
        "%(num)s statement, of which %(firm)s stands in a text that is signed or in force.",
        "%(num)s statements, of which %(firm)s stand in a text that is signed or in force.",
        count,
    )
    first = words % {"num": count, "firm": firm}
    overdue = sum(row["stands"] == "overdue" for row in dues)
    said = [first]
    if overdue:
        words = ngettext(
            "%(num)s step of a response is overdue.",
            "%(num)s steps of a response are overdue.",
            overdue,
        )
        said.append(words % {"num": overdue})
    if late:
        words = ngettext(
            "%(num)s promised day has passed.", "%(num)s promised days have passed.", len(late)
        )
        said.append(words % {"num": len(late)})
    if not overdue and not late:
        said.append(_("Nothing is overdue."))
    return " ".join(said)
