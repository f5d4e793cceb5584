"""Running text cut into words and marks, each with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

# A number is one word with its commas, and so are letters with full stops between them ("U.S.");
# the ending of a possessive is a word of its own, other apostrophes within a word are not; every
# mark stands alone.
_TOKEN = re.compile(
    r"\d++(?:[.,]\d++)++|[^\W\d_](?:\.[^\W\d_])++\b\.?|['’]s\b|[^\W_]++(?:['’](?!s\b)[^\W_]++)*+|[^\w\s]|_"
)


class Token(NamedTuple):
    """A word or a mark: `text[start:end]`, and the same in lower case with plain apostrophes."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def word(self) -> bool:
        """Whether it is a word or number, no mark."""
        return self.text[0].isalnum()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The words and marks of `text[start:end]`, in their order; offsets count in `text`."""
    found = _TOKEN.finditer(text, start, len(text) if end is None else end)
    return [
        Token(word, word.lower().replace("’", "'"), match.start(), match.end())
        for match in found
        for word in (match.group(),)
    ]
