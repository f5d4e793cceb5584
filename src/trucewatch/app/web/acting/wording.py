"""What an act came to, in words; and what its maker saw, as a form and a call carry it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trucewatch.app.findings.seen import Seen
from trucewatch.app.web.speaking import gettext as _
from trucewatch.app.web.speaking import mark
from trucewatch.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_SEEN = 60_000
"""So many characters what somebody saw may have: it is bounded before it is read."""

_CLAIM = re.compile(r"[a-z]{3}-[0-9a-f]{4,64}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")

WORDS = {
    "confirm": mark("confirm"),
    "refute": mark("refute"),
    "unverifiable": mark("unverifiable"),
    "exempt": mark("exempt"),
    "duplicate": mark("duplicate"),
    "ask": mark("ask for more"),
    "release": mark("taken back"),
    "split": mark("split"),
    "merge": mark("merge"),
}


def seen_text(claims: Iterable[str], entries: Iterable[int]) -> str:
    """What there was to see, on one line: accounts, a bar, log entries."""
    return f"{' '.join(sorted(claims))}|{' '.join(map(str, sorted(entries)))}"


def read_seen(text: str) -> Seen:
    """The same, read back; Refused for anything else, so that nobody rules on nothing."""
    claims, bar, entries = text.partition("|")
    if len(text) > LONGEST_SEEN or not bar:
        raise Refused("say what you saw: load the page anew")
    return read_parts(claims.split(), entries.split())


def read_parts(claims: Iterable[str], entries: Iterable[str]) -> Seen:
    """What somebody saw, from its parts; Refused for what names no account or no log entry."""
    claims, entries = list(claims), list(entries)
    if not claims or not all(_CLAIM.fullmatch(one) for one in claims):
        raise Refused("say which accounts you saw: load the page anew")
    if not all(_INDEX.fullmatch(one) for one in entries):
        raise Refused("say which log entries you saw: load the page anew")
    return Seen.of(claims, map(int, entries))


def outcome_words(data: dict[str, Any], ruling: str) -> str:
    """What was entered, with its place in the log, and what it still waits for."""
    parts = [
        _("Entered as log entry %(index)s: %(ruling)s.")
        % {"index": data["log_index"], "ruling": _(WORDS[ruling])}
    ]
    if data.get("needs_second"):
        parts.append(_("A second reviewer is awaited, unless one has said the same."))
    parts.append(_("What follows from it is being derived."))
    return " ".join(parts)
