"""The words and topics that comparison goes by, read from the files beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from trucewatch.language import words


class Sort(StrEnum):
    """What sort of answer a topic takes."""

    QUANTITY = "quantity"
    HOLDERS = "holders"
    MEMBERS = "members"
    STANCE = "stance"
    DAY = "day"
    DAYS = "days"
    PRESENCE = "presence"
    QUOTATION = "quotation"
    TEXT = "text"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class TopicClass:
    """What is known of one class of topic; see `topics.toml`."""

    sort: Sort
    state: bool
    followed_by: str = ""
    one_place: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Cue:
    """A run of words that tells whether an event lies ahead (0), runs (1) or is over (2).

    `alone` cues speak of a meeting by themselves; others count beside a noun of one.
    """

    phase: int
    words: tuple[str, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Tenses:
    """How the tense of an event is told; `cues` by their first word."""

    events: frozenset[str]
    cues: dict[str, tuple[Cue, ...]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words."""

    questions: dict[str, str]
    ambiguous: tuple[tuple[frozenset[str], tuple[str, ...]], ...]
    counted: tuple[frozenset[str], ...]
    measures: frozenset[str]
    signs: frozenset[str]
    plurals: dict[str, str]
    small: frozenset[str]
    turning: frozenset[str]
    tenses: Tenses


@cache
def topic_classes() -> dict[str, TopicClass]:
    """Every class of topic that has a line in `topics.toml`."""
    data = tomllib.loads((files(__package__) / "topics.toml").read_text("utf-8"))
    return {
        name: TopicClass(
            sort=Sort(entry["sort"]),
            state=entry.get("state", False),
            followed_by=entry.get("followed_by", ""),
            one_place=entry.get("one_place", False),
        )
        for name, entry in data.items()
    }


def vocabulary(language: str) -> Vocabulary | None:
    """The words of a language; None where there is no folder for it, never another language's."""
    if not (language.isascii() and language.isalpha()):
        return None
    return _read(language) if (files(__package__) / language / "words.toml").is_file() else None


def english() -> Vocabulary:
    """The words in which questions and reasons are written."""
    return _read("en")


@cache
def _read(language: str) -> Vocabulary:
    file = files(__package__) / language / "words.toml"
    data = tomllib.loads(file.read_text("utf-8"))
    tense = data["tense"]
    return Vocabulary(
        questions=data["questions"],
        ambiguous=tuple(
            (frozenset(one["nouns"]), tuple(one["topics"])) for one in data["ambiguous"]
        ),
        counted=tuple(frozenset(one["nouns"]) for one in data["counted"]),
        measures=frozenset(data["measures"]["units"]),
        signs=frozenset(data["measures"]["signs"]),
        plurals=data["plurals"],
        small=frozenset(data["small"]["words"]),
        turning=frozenset(data["turning"]["words"]),
        tenses=Tenses(
            events=frozenset(tense["events"]),
            cues=_cues(tense),
        ),
    )


def _cues(tense: dict[str, list[str]]) -> dict[str, tuple[Cue, ...]]:
    found = sorted(
        Cue(phase, words(run), alone)
        for phase, name in enumerate(("ahead", "under_way", "over"))
        for key, alone in ((name, False), (f"{name}_alone", True))
        for run in tense.get(key, [])
    )
    firsts = {cue.words[0] for cue in found}
    return {first: tuple(cue for cue in found if cue.words[0] == first) for first in firsts}
