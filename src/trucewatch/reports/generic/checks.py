"""What a value of a mapping file must be, beyond its type; each raises ValueError with a reason."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from trucewatch.model import kind_tree, weapon_tree

_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)


def known_kind(kind: str) -> str:
    """The kind itself, if the tree has it."""
    if kind not in kind_tree():
        raise ValueError(f"{kind[:40]!r} is no kind of the tree")
    return kind


def known_weapon(weapon: str) -> str:
    """The weapon itself, if the tree of weapons has it."""
    if weapon not in weapon_tree():
        raise ValueError(f"{weapon[:40]!r} is no weapon of the tree")
    return weapon


def known_zone(name: str) -> str:
    """The name of a time zone, if there is such a zone."""
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"{name[:40]!r} is no IANA time zone") from None
    return name


def known_encoding(name: str) -> str:
    """The name of an encoding that leaves ASCII, so delimiters and line ends, as it is."""
    every = bytes(range(128))
    try:
        found = codecs.lookup(name).name
        plain = every.decode(found) == every.decode("ascii")
    except (LookupError, TypeError, ValueError, AttributeError):
        plain = False
    if not plain:
        raise ValueError(f"{name[:40]!r} is no encoding in which ASCII stays as it is")
    return name


def time_format(pattern: str) -> str:
    """A form of time that says the year and can be read back."""
    if pattern in {"iso", "epoch", "epoch_ms"}:
        return pattern
    if "%" not in pattern:
        raise ValueError("a time format is iso, epoch, epoch_ms or a pattern with % signs")
    directives = set(_DIRECTIVE.findall(pattern))
    if not directives & {"Y", "y", "G"}:
        raise ValueError("a time pattern must hold the year, such as %Y")
    if "I" in directives and "p" not in directives:
        raise ValueError("%I without %p does not say which half of the day")
    moment = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    try:
        # Only tries the pattern; re.error is what a directive that stands twice comes to.
        datetime.strptime(moment.strftime(pattern), pattern)  # noqa: DTZ007 - as above
    except (ValueError, re.error):
        raise ValueError("this time pattern cannot be read back") from None
    return pattern
