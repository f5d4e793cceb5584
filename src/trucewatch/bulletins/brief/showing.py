"""Words of others on a line, with what would steer a display shown instead of obeyed."""

from __future__ import annotations

import re
import unicodedata

from trucewatch.language import words

LONGEST = 400
"""How many characters are shown of one piece of text."""

# Both join or part letters in scripts that need it, and turn nothing round.
_JOINERS = frozenset("\u200c\u200d")
_DROPPED = frozenset("\u00ad\ufeff")
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SHOWN = re.compile(r"‹U\+[0-9A-F]{4,6}›")


def shown(text: str) -> str:
    """Text on one line of at most 400 characters; a control character shows as "‹U+202E›"."""
    line = " ".join("".join(map(_visible, text[: 4 * LONGEST])).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _visible(character: str) -> str:
    if character.isspace() or character in _JOINERS:
        return character
    if character in _DROPPED:
        return ""
    if unicodedata.category(character) in _STEERING:
        return f"‹U+{ord(character):04X}›"
    return character


def shown_words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared, whether it was made ready to be shown or not."""
    # What Python calls printable holds nothing that steers.
    plain = text if text.isprintable() else "".join(map(_visible, text))
    return words(_SHOWN.sub(" ", plain) if "‹" in plain else plain)
