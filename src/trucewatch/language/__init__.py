"""Running text in, its parts out: words, names, links, runs of words.

A layer below the stages, for all of them; it knows strings and no nouns of the field.
"""

from trucewatch.language.words import (
    LEAST_WORDS,
    link,
    name,
    names_nobody,
    shingles,
    words,
)

__all__ = ["LEAST_WORDS", "link", "name", "names_nobody", "shingles", "words"]
