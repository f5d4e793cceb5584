"""The words of page frames, read from one folder a language."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
)
_SPACE = re.compile(r"\s+")
_EDGE = " \t.,:;!?…-–—|•·*#>›»«→←↑↓▼▲/\\()[]{}\"'+✓✔✕×✖⨯≡☰⋮\u200b\u200e\u200f"
_NUMBER = re.compile(r"\d[\d.,]*[km]?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of all languages together: a page may speak two, and a frame often does.

    `whole`, `rest` and `lists` give the reason for a line that is nothing else, `starts` for how a
    short line begins, `within` for a phrase in a line.
    """

    whole: Mapping[str, str]
    rest: Mapping[str, str]
    lists: Mapping[str, str]
    starts: tuple[tuple[str, re.Pattern[str]], ...]
    within: tuple[tuple[str, re.Pattern[str]], ...]
    leads: Mapping[str, tuple[str, ...]]
    signs: Mapping[str, frozenset[str]]
    labels: frozenset[str]
    headline: frozenset[str]
    biography: Mapping[str, tuple[str, ...]]
    credit: Mapping[str, tuple[str, ...]]
    outlet: frozenset[str]
    months: Mapping[str, int]
    agencies: Mapping[str, str]


def plain(text: str) -> str:
    """A line as it is compared: no case, typographic marks as typed ones, single spaces."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return _SPACE.sub(" ", folded).strip()


def bare(text: str) -> str:
    """A line without marks at its edges and without counters: "Comments (12):" is "comments"."""
    return _SPACE.sub(" ", _NUMBER.sub(" ", plain(text))).strip(_EDGE)


@cache
def vocabulary() -> Vocabulary:
    """The tables as they ship."""
    folder = files("trucewatch.reports.press").joinpath("vocabulary")
    trees = [
        tomllib.loads(entry.joinpath("frame.toml").read_text("utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda e: e.name)
        if entry.is_dir()
    ]
    wires = tomllib.loads(folder.joinpath("wires.toml").read_text("utf-8"))["agencies"]
    return Vocabulary(
        whole=_reasons(tree.get("whole", {}) for tree in trees),
        rest=_reasons(tree.get("opens", {}).get("rest", {}) for tree in trees),
        lists=_reasons(tree.get("opens", {}).get("list", {}) for tree in trees),
        starts=_within(tree.get("starts", {}) for tree in trees),
        within=_within(tree.get("within", {}) for tree in trees),
        leads={name: tuple(words) for name, words in _union(trees, "leads").items()},
        signs={name: frozenset(words) for name, words in _union(trees, "signs").items()},
        labels=frozenset(map(bare, _union(trees, "structure").get("labels", ()))),
        headline=frozenset(_union(trees, "structure").get("headline", ())),
        biography={name: tuple(words) for name, words in _union(trees, "biography").items()},
        credit={name: tuple(words) for name, words in _union(trees, "credit").items()},
        outlet=frozenset(_union(trees, "outlet").get("words", ())),
        months={name: number for tree in trees for name, number in tree.get("months", {}).items()},
        agencies={name.casefold(): name for name in wires},
    )


def alternatives(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases, at the edges of words; the longest first."""
    ordered = sorted(set(map(plain, words)), key=lambda word: (-len(word), word))
    inner = "|".join(re.escape(word) for word in ordered)
    return re.compile(rf"(?<!\w)(?:{inner})(?!\w)" if inner else r"(?!)")


def _reasons(tables: Iterable[Mapping[str, list[str]]]) -> dict[str, str]:
    return {
        bare(word): reason for table in tables for reason, words in table.items() for word in words
    }


def _within(tables: Iterable[Mapping[str, list[str]]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found: dict[str, list[str]] = {}
    for table in tables:
        for reason, words in table.items():
            found.setdefault(reason, []).extend(words)
    return tuple((reason, alternatives(words)) for reason, words in sorted(found.items()))


def _union(trees: Iterable[Mapping[str, Any]], part: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tree in trees:
        for name, words in tree.get(part, {}).items():
            found.setdefault(name, []).extend(words)
    return found
