"""The vocabulary by which statements are found, one folder of TOML a language beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds phrases in a run of words: each by its words in lower case."""

    index: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]

    def at(self, words: list[str], at: int) -> tuple[int, str] | None:
        """The end of the longest phrase that begins at a place, and what it stands for."""
        for phrase, meaning in self.index.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return at + len(phrase), meaning
        return None

    def first(self, words: list[str], start: int, end: int) -> tuple[int, int, str] | None:
        """The first phrase within `words[start:end]`."""
        for at in range(start, end):
            found = self.at(words, at)
            if found is not None and found[0] <= end:
                return at, *found
        return None

    def all(self, words: list[str], start: int, end: int) -> list[tuple[int, int, str]]:
        """Every phrase within `words[start:end]`, none over another."""
        found = []
        at = start
        while (one := self.first(words, at, end)) is not None:
            found.append(one)
            at = one[1]
        return found


def finder(table: Iterable[tuple[str, str]]) -> Finder:
    """A finder of phrases with what each stands for; the longest phrase is tried first."""
    index: dict[str, dict[tuple[str, ...], str]] = {}
    for phrase, meaning in table:
        words = tuple(phrase.lower().replace("-", " - ").split())
        if words:
            index.setdefault(words[0], {}).setdefault(words, meaning)
    return Finder(
        {
            first: tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0])))
            for first, found in index.items()
        }
    )


def forms(verb: str) -> tuple[str, ...]:
    """A verb's forms: "say/said" gives say, says, saying, said; "rule_out" ruled out and so on."""
    first, *irregular = verb.split("/")
    base, _, particle = first.partition("_")
    made = [base]
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        made += [f"{base[:-1]}ies", f"{base}ing"]
        past = f"{base[:-1]}ied"
    elif base.endswith("e"):
        made += [f"{base}s", f"{base[:-1]}ing"]
        past = f"{base}d"
    else:
        hiss = base.endswith(("s", "sh", "ch", "x", "z"))
        made += [f"{base}es" if hiss else f"{base}s", f"{base}ing"]
        past = f"{base}ed"
    made += irregular or [past]
    return tuple(dict.fromkeys(f"{one} {particle}".strip() for one in made))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one language's files say; `verbs.toml`, `people.toml`, `topics.toml` of "en" explain it.

    `verbs` holds the finders of each list of verbs in all their forms, `words` sets of single
    words, `phrases` finders of phrases; all are named by their table and key ("saying.verbs").
    """

    language: str
    verbs: Mapping[str, Finder]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, Finder]
    topics: Mapping[str, Any]
    every_verb: frozenset[str]


_VERB_LISTS = (
    ("saying", "verbs"),
    ("saying", "documents"),
    ("saying", "citing"),
    ("figures", "attend"),
    ("figures", "include"),
    ("figures", "kill"),
    ("figures", "wound"),
    ("figures", "displace"),
    ("figures", "capture"),
    ("asking", "from"),
    ("asking", "to"),
    ("roles", "lead"),
    ("roles", "represent"),
    ("roles", "feature"),
    ("actions", "meet"),
    ("actions", "post"),
)


@cache
def rules(language: str) -> Rules | None:
    """The rules of an ISO 639-1 code; None for a language that has no folder here."""
    if not (language.isascii() and language.isalpha() and len(language) == 2):
        return None
    folder = files("trucewatch.statements") / language.lower()
    if not (folder / "verbs.toml").is_file():
        return None
    verbs = tomllib.loads((folder / "verbs.toml").read_text("utf-8"))
    people = tomllib.loads((folder / "people.toml").read_text("utf-8"))
    topics = tomllib.loads((folder / "topics.toml").read_text("utf-8"))
    lists = {f"{table}.{key}": _verbs(verbs[table][key]) for table, key in _VERB_LISTS}
    lists["stances"] = [
        (form, stance) for stance, text in verbs["stances"].items() for form, _ in _verbs(text)
    ]
    words = {
        f"{table}.{key}": _words(text)
        for name in (verbs, people)
        for table, rows in name.items()
        for key, text in rows.items()
        if isinstance(text, str)
    }
    words |= {
        "lists.opens": _words(topics["lists"]["opens"]) - {":"},
        "approvals.needs": _words(topics["approvals"]["needs"]),
    }
    single = {form for rows in lists.values() for form, _ in rows if " " not in form}
    return Rules(
        language=language.lower(),
        verbs={name: finder(rows) for name, rows in lists.items()},
        words=words,
        phrases=_phrases(verbs, people, topics),
        topics=topics,
        every_verb=frozenset(single | words["saying.plain"]),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace("|", " ").split())


def _split(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|") if phrase.strip()]


def _verbs(text: str) -> list[tuple[str, str]]:
    """Each form of each verb of a list, with its base."""
    return [
        (form, entry.split("/")[0].replace("_", " "))
        for entry in text.split()
        for form in forms(entry)
    ]


def _phrases(
    verbs: Mapping[str, Any], people: Mapping[str, Any], topics: Mapping[str, Any]
) -> dict[str, Finder]:
    offices = people["offices"]
    made = {
        "offices": [
            *((phrase, "leads") for phrase in _split(offices["leads"])),
            *((phrase, "others") for phrase in _split(offices["others"])),
            *((phrase, "plural") for phrase in _split(offices["plurals"])),
        ],
        "according": [(p, p) for p in _split(verbs["saying"]["according"])],
        "earlier": [(p, p) for p in _split(verbs["saying"]["earlier"])],
        "doubts": [(p, p) for p in _split(verbs["doubts"]["phrases"])],
        "again": [(p, p) for p in _split(verbs["figures"]["again"])],
        "among": [(p, p) for p in _split(verbs["figures"]["among"])],
        "displace": [(p, p) for p in _split(verbs["figures"]["displaced"])],
        "will": [(p, p) for p in _split(verbs["unsettled"]["will"])],
        "absent": [(p, p) for p in _split(verbs["roles"]["absent"])],
        "posts": [(p, p) for p in _split(verbs["actions"]["post_phrases"])],
        "stances": [(p, s) for s, text in verbs["phrases"].items() for p in _split(text)],
        "objects": _plural(topics["objects"]),
        "mechanisms": _plural(topics["mechanisms"]),
        "approvals": [(p, p) for p in _split(topics["approvals"]["phrases"])],
        "approvers": [(p, p) for p in _split(topics["approvals"]["who"])],
        "before": [(p, key) for key, text in topics["before"].items() for p in _split(text)],
        "lists": _plural({"list": topics["lists"]["nouns"]}),
    }
    return {name: finder(rows) for name, rows in made.items()}


def _plural(table: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each phrase of a table in the singular and in the plural."""
    return [
        (form, key)
        for key, text in table.items()
        for phrase in _split(text)
        for form in (phrase, plural(phrase))
    ]


def plural(noun: str) -> str:
    """The plural of an English noun or noun phrase: "head of state" gives "heads of state"."""
    head, of, rest = noun.partition(" of ")
    if head in _PLURALS:
        return f"{_PLURALS[head]}{of}{rest}"
    if head.endswith("y") and head[-2:-1] not in _VOWELS:
        return f"{head[:-1]}ies{of}{rest}"
    if head.endswith(("s", "sh", "ch", "x")):
        return f"{head}es{of}{rest}"
    return f"{head}s{of}{rest}"


_PLURALS = {
    "person": "persons", "people": "people", "man": "men", "woman": "women", "child": "children",
    "life": "lives", "personnel": "personnel", "military personnel": "military personnel",
    "policeman": "policemen", "serviceman": "servicemen", "servicewoman": "servicewomen",
}  # fmt: skip


def singular(noun: str) -> str:
    """A plural noun in the singular, as far as English endings tell; a singular stays."""
    for one, many in _PLURALS.items():
        if noun == many:
            return one
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        return noun[:-1]
    return noun


# Plurals that do not end in "s".
IRREGULAR = frozenset(many for many in _PLURALS.values() if not many.endswith("s"))
