"""One incident as its page shows it: grouped, drawn and put into words, out of a view alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from trucewatch.app.web.pages.vocabulary import spoken
from trucewatch.app.web.speaking import days_words, decimal_words, signed_words
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.views.view import Query
from trucewatch.bulletins.told import NO_REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.app.web.views.view import View

MOST_ACCOUNTS = 400
"""So many accounts of one incident a page lists; of more their number is told."""

_HALF = 100.0
"""Half the width of the drawing of a term, in its own units."""


class Shown(dict[str, Any]):
    """A record as a template asks it: what the viewer may not see is none."""

    def __missing__(self, key: str) -> None:
        return None


def accounts_of(view: View, incident: str) -> list[Shown]:
    """The single accounts of an incident that these viewers may see, in their order."""
    # By its words, as an id tells records apart and has no column.
    found = view.page("account", Query(text=incident.removeprefix("inc-"), limit=MOST_ACCOUNTS))
    return [Shown(body) for body in found.bodies if body.get("incident") == incident]


def by_origin(accounts: Iterable[Shown]) -> list[dict[str, Any]]:
    """Accounts grouped by the origins they stand on; those under seal last, as one group."""
    groups: dict[tuple[str, ...], list[Shown]] = {}
    for account in accounts:
        groups.setdefault(tuple(account["origin_labels"] or ()), []).append(account)
    ordered = sorted(groups.items(), key=lambda group: (not group[0], -len(group[1]), group[0]))
    return [{"labels": labels, "accounts": found} for labels, found in ordered]


def heading(body: Shown) -> str:
    """What an incident is called: its kind, its region and its days."""
    kind = spoken(body["kind_name"]) or _("incident")
    parts = [kind[:1].upper() + kind[1:], spoken(body["region_name"] or NO_REGION)]
    if body["first_day"]:
        parts.append(days_words(body["first_day"], body["last_day"]))
    return ", ".join(parts)


def terms_of(body: Shown) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The terms of the probability, each drawn against the largest, and their sum."""
    terms = body["terms"] or []
    most = max((abs(term["nats"]) for term in terms), default=0.0) or 1.0
    drawn = []
    for term in terms:
        width = abs(term["nats"]) / most * _HALF
        left = _HALF if term["nats"] >= 0 else _HALF - width
        drawn.append(
            {
                "words": term["words"],
                "nats": term["nats"],
                "x": f"{left:.1f}",
                "width": f"{max(width, 0.8):.1f}",
                "factor": factor_words(term["nats"]),
                "figure": signed_words(term["nats"], 2),
            }
        )
    total = sum(term["nats"] for term in terms)
    return drawn, {"factor": odds_words(total), "figure": signed_words(total, 2)}


def factor_words(nats: float) -> str:
    """How much likelier, or less likely, one term makes it."""
    if abs(nats) < 0.005:
        return _("changes nothing")
    times = _times(abs(nats))
    if nats > 0:
        return _("%(times)s times likelier") % {"times": times}
    return _("%(times)s times less likely") % {"times": times}


def odds_words(nats: float) -> str:
    """Odds, as two whole sides where that reads well."""
    if nats >= 0:
        return _("odds of %(times)s to 1 that it happened") % {"times": _times(nats)}
    return _("odds of %(times)s to 1 against it") % {"times": _times(-nats)}


def _times(nats: float) -> str:
    value = math.exp(min(nats, 30.0))
    if value < 10:
        return decimal_words(value, 1)
    # Two figures are as exact as any of this is.
    digits = 1 - math.floor(math.log10(value))
    return decimal_words(round(value, digits), 0)
