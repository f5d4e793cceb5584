"""Words of the mission's codes in the language that is spoken."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from trucewatch.app.web.pages.situation.asked import WHOLE
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import in_english
from trucewatch.app.web.speaking import mark as N_  # noqa: N812  # the usual name of a mark
from trucewatch.app.web.speaking.figures import LIKELIHOODS
from trucewatch.model import kind_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

# Codes of the model that are shown as they are; here so that they stand in the catalogues.
CODES = (
    N_("verified"),
    N_("corroborated"),
    N_("reported"),
    N_("allegation"),
    N_("unverifiable"),
    N_("refuted"),
    N_("exempt"),
    N_("duplicate"),
    N_("superseded"),
    N_("quiet"),
    N_("unobserved"),
    N_("partly unobserved"),
    N_("not looked at"),
    N_("incident"),
    N_("breach"),
    N_("undetermined"),
    N_("outside"),
    N_("not assessed"),
)
_OUTCOMES = {
    "breach": N_("held to be a breach"),
    "undetermined": N_("cannot be told"),
    "exempt": N_("exempt"),
    "outside": N_("outside the agreement"),
    "not assessed": N_("not assessed"),
}
_NATURES = {
    "event": N_("events"),
    "fire": N_("fires without a report"),
    "static_source": N_("places that are always hot"),
    "any": N_("all of these"),
}


def kind_word(kind: str, known: str | None = None) -> str:
    """The name of a kind of event; of one that the tree lacks what is given, or its code."""
    tree = kind_tree()
    name = tree[kind].name if kind in tree else known or kind
    words = _(name)
    return words[:1].upper() + words[1:]


_MEANINGS = {
    "verified": N_("reviewed by named people"),
    "corroborated": N_("two or more independent voices"),
    "reported": N_("one independent voice"),
    "allegation": N_("one party's word alone, or no known origin"),
}


def mark_words() -> dict[str, str]:
    """What the moving map says of one mark, where that is not English: states and likelihoods."""
    if in_english():
        return {}
    return {words: _(words) for words in (*CODES, *LIKELIHOODS)}


def state_meaning(state: str) -> str:
    """What it takes to stand at a state; nothing of one that is no step of the ladder."""
    return _(_MEANINGS.get(state, ""))


def outcome_word(outcome: str) -> str:
    """What an incident is under the agreement."""
    return _(_OUTCOMES.get(outcome, outcome))


def nature_word(nature: str) -> str:
    """What a nature of incidents is called where it is chosen."""
    return _(_NATURES.get(nature, nature))


def rate_days(rate: Mapping[str, Any], mission: Mapping[str, Any]) -> str:
    """The query of the incidents that a rate counts: whole local days about the truce."""
    zone = ZoneInfo(mission["zone"])
    start, end = _day(mission.get("truce_from"), zone), _day(mission.get("truce_until"), zone)
    span: tuple[date | None, date | None] = (None, None)
    days = timedelta(days=rate["days"])
    one = timedelta(days=1)
    if rate["period"] == "before" and start is not None:
        last = start - one
        span = (last - days + one, last)
    elif rate["period"] == "after" and end is not None:
        span = (end, end + days - one)
    elif rate["period"] == "during" and end is not None:
        span = (end - days, end - one)
    said = {"from": span[0], "to": span[1]}
    given = {name: day.isoformat() for name, day in said.items() if day}
    return "?" + urlencode({**given, "days": WHOLE})


def _day(moment: str | None, zone: ZoneInfo) -> date | None:
    return None if moment is None else datetime.fromisoformat(moment).astimezone(zone).date()
