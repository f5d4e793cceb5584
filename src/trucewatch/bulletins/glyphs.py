"""Which characters a print can show: those that the fonts of its engine hold, measured once."""

from __future__ import annotations

import re
import unicodedata

MISSING = "□"

RANGES = (
    (0x0020, 0x007E), (0x00A0, 0x00AC), (0x00AE, 0x02FF), (0x037A, 0x037F), (0x0384, 0x038A),
    (0x038C, 0x038C), (0x038E, 0x03A1), (0x03A3, 0x0482), (0x048A, 0x04FF), (0x0531, 0x0556),
    (0x0559, 0x058A), (0x05D0, 0x05EA), (0x05EF, 0x05F4), (0x060C, 0x060C), (0x061B, 0x061B),
    (0x061F, 0x061F), (0x0621, 0x063A), (0x0640, 0x064A), (0x0660, 0x066D), (0x06F0, 0x06F9),
    (0x10D0, 0x10FF), (0x1E00, 0x1EFF), (0x2010, 0x2015), (0x2018, 0x2022), (0x2026, 0x2026),
    (0x202F, 0x202F), (0x2030, 0x2037), (0x2039, 0x203A), (0x2070, 0x2071), (0x2074, 0x208E),
    (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2199), (0x2212, 0x2212),
    (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265), (0x25A0, 0x25FF),
)  # fmt: skip
"""First and last code points of scripts and signs; whoever widens it runs its test."""

_LATIN = "A-Za-zÀ-ÖØ-öø-ſ"
_GOOD = "".join(rf"\U{first:08x}-\U{last:08x}" for first, last in RANGES)
_SHOWN = re.compile(
    rf"[{_LATIN}Α-Ωα-ωА-яЁёЄІЇєіїґҐ][\u0300-\u0304\u0306-\u030c]|"
    rf"[\u0621-\u063a\u0641-\u064a][\u064b-\u0652]|[{_GOOD}]"
)
_LONG = re.compile(r"[^\s\u200b]{40}(?=\S)")


def shown(text: str) -> tuple[str, int]:
    """The text with "□" for what the fonts do not hold, and how many characters that were.

    A mark that makes no character of its own with its letter is kept on letters that carry it.
    """
    text = unicodedata.normalize("NFC", text)
    parts: list[str] = []
    missing = at = 0
    while at < len(text):
        found = _SHOWN.match(text, at)
        parts.append(found[0] if found else MISSING)
        missing += found is None
        at = found.end() if found else at + 1
    return "".join(parts), missing


def breakable(text: str) -> str:
    """The text with a place to break after every 40 characters without a blank."""
    return _LONG.sub(lambda run: run[0] + "\u200b", text)
