"""The words that the desk writes with, and what it knows of the sense of words."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.showing import shown_words

if TYPE_CHECKING:
    from trucewatch.model import Bound, Stance

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
"""Small numbers in words; the rest are put in figures."""

VALUES = {word: n for n, word in enumerate(NUMBERS) if n}
"""What a small number in words is worth; "no" is a negation, not a number."""

_ENDINGS = (
    ("ments", "ment", "ations", "ation", "ings", "ing", "ions", "ion", "ies", "ied"),
    ("ers", "er", "es", "ed", "ly", "s", "e", "y"),
)
_LEAST_STEM = 4
_MILLION = 1_000_000
# ICD 203, beside the words for a confidence: the two never share a sentence.
_LIKELIHOOD = re.compile(
    r"\b(almost no chance|(very )?(un)?likely|roughly even chance|almost certain)\b", re.IGNORECASE
)
_CONFIDENCE = re.compile(r"\bconfiden(ce|t)\b", re.IGNORECASE)


def figure(x: float) -> str:
    """A figure as English print puts it: "15,000", "2.5", "10 million"."""
    if x >= _MILLION and x * 10 % _MILLION == 0:
        return f"{x / _MILLION:,.10g} million"
    return f"{x:,.0f}" if x == int(x) else f"{x:,.10g}"


def stem(word: str) -> str:
    """A folded word without its ending, so that "deploying" and "deployment" are one."""
    for endings in _ENDINGS:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
                word = word[: -len(ending)]
                break
    return word


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text."""
    return frozenset(stem(one) for one in shown_words(text))


def mixes_measures(text: str) -> bool:
    """Whether a confidence and a likelihood stand in one sentence, which no reader can add up."""
    return bool(_LIKELIHOOD.search(text) and _CONFIDENCE.search(text))


@cache
def own_words(*, notes: bool = False) -> frozenset[str]:
    """The stems of the words that the desk may use of its own: none of them tells a story.

    `notes` adds those that only notes may use, which speak of the desk's work and cite nothing.
    """
    lists = _file()["own"]
    return frozenset(
        one for name, text in lists.items() if notes or name != "notes" for one in stems(text)
    )


@cache
def senses(name: str) -> frozenset[str]:
    """The stems of the words that deny ("negations") or put with reserve ("reserves")."""
    return stems(_file()["senses"][name])


@cache
def bound_words(bound: Bound) -> frozenset[str]:
    """Words of which one must stand where a number with this bound does; none for EXACT."""
    return frozenset(shown_words(_file()["bounds"].get(bound.value, "")))


@cache
def stance_words(stance: Stance) -> frozenset[str]:
    """The stems that a stance allows, whatever verb the article has."""
    return stems(_file()["stances"][stance.value])


@cache
def _file() -> dict[str, dict[str, str]]:
    raw = (files("trucewatch.bulletins.brief") / "en" / "own.toml").read_text("utf-8")
    return tomllib.loads(raw)
