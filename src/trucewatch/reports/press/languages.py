"""Which language a text is written in."""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "und"
LEAST_LETTERS = 40
"""Fewer letters do not tell a language."""

SURE = 0.9
"""A language is named where its probability is at least this."""

SAMPLE = 4000
"""How many characters of a text are looked at."""

PRESS = (
    "ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id it ja ka kk ko lt lv mk "
    "ms nl no pl ps pt ro ru sk sl sq sr sv sw ta th tr uk ur vi zh"
)
"""The languages told apart: those in which much of the press is written. Others have so little
text that naming them is wrong oftener than right."""


class _Identifier(Protocol):
    def set_languages(self, langs: list[str]) -> None: ...
    def classify(self, text: str) -> tuple[str, float]: ...


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text's language, "und" where it is too short or not plain."""
    sample = text[:SAMPLE]
    if sum(c.isalpha() for c in sample) < LEAST_LETTERS:
        return UNKNOWN
    code, probability = _identifier().classify(sample)
    return str(code) if probability >= SURE else UNKNOWN


@cache
def _identifier() -> _Identifier:
    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(PRESS.split())
    return cast("_Identifier", made)
