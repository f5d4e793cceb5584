"""What people said of an incident, as it may be published: printed beside it in every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins import wording

if TYPE_CHECKING:
    from datetime import date

WITHHELD = "withheld here: it would name a source or a place that is not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One thing that was said: by whom, through which office, on which local day.

    `words` are the speaker's own and empty where there are none; `note` is ours: that it came
    late, that it is withheld, or until when something may be said.
    """

    what: str
    who: str
    office: str
    day: date
    gist: str
    words: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What people have made of one incident; only `redact` makes it.

    `waiting` are rulings that need a second reviewer. `responsible` and `body` are empty where
    attribution is withheld, and `standard` is that of the body's word.
    """

    reviewed_by: tuple[str, ...]
    waiting: tuple[str, ...]
    stale: bool
    duplicate_of: str
    responsible: str
    body: str
    standard: str
    beside: tuple[Beside, ...]


def ruled(heard: Heard | None) -> str:
    """By which offices it was reviewed, as a tail of its state; empty where nobody has."""
    if heard is None or not heard.reviewed_by:
        return ""
    of = f", of {heard.duplicate_of}" if heard.duplicate_of else ""
    return f"reviewed by {' and '.join(heard.reviewed_by)}{of}"


def lines(heard: Heard | None, attribution: str) -> list[tuple[str, str]]:
    """What is printed beside an incident: our words, and the speaker's own or none."""
    if heard is None:
        return []
    out = [(f"One of two reviewers: {each}", "") for each in heard.waiting]
    if heard.stale:
        out.append(("Evidence has changed since people spoke: it is to be looked at again", ""))
    if heard.responsible:
        told = f"Responsible: {heard.responsible}, {attribution} by {heard.body}"
        out.append((f"{told} ({heard.standard})", ""))
    return [*out, *((_told(each), each.words) for each in heard.beside)]


def _told(each: Beside) -> str:
    gist = f": {each.gist}" if each.gist else ""
    through = "" if each.office in {"", each.who} else f", entered by {each.office}"
    note = f" ({each.note})" if each.note else ""
    of = f" of {each.who}" if each.who else ""
    return f"{each.what.capitalize()}{of}{gist}, {wording.day(each.day)}{through}{note}"
