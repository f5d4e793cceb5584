"""Text on its way into a file that other programs open: no formula, no broken XML."""

from __future__ import annotations

import re

# What a spreadsheet takes for the start of a formula, also behind blanks and wide forms.
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠|%]")
# What XML 1.0 cannot hold at all, escaped or not.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def cell(text: str) -> str:
    """A text as a spreadsheet may open it: an apostrophe stands before what might be a formula.

    Numbers are not passed through here: a negative one stays a number.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def xml(text: str) -> str:
    """A text without the characters that XML cannot hold; each is shown as U+FFFD."""
    return _NOT_XML.sub("�", text)
