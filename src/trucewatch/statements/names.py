"""Names of persons in running text, and the offices and countries that stand with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucewatch.language import Form

if TYPE_CHECKING:
    from trucewatch.language import Named
    from trucewatch.statements.reading import Sentence
    from trucewatch.statements.rules import Rules

MOST_NAMES = 4
POSSESSIVE = "'s"
_MOST_BEFORE = 5
_NO_NAMES = ("names.never", "groups.nouns", "groups.documents", "offices.honorifics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office held by somebody named with it: "Danish Prime Minister" and the name.

    `rank` is "leads" for whoever speaks for a country; `country` "" where none is named with it.
    """

    sentence: int
    first: int
    last: int
    office: str
    rank: str
    country: str
    person: str
    past: bool


@dataclass(slots=True)
class People:
    """Whom an article names, by full name; filled by `name_all`."""

    full: dict[str, str] = field(default_factory=dict)
    country: dict[str, str] = field(default_factory=dict)
    leaders: dict[str, str] = field(default_factory=dict)
    # By country and kind of office.
    holders: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    offices: list[Office] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def fullest(self, name: str) -> str:
        """The full name that a surname means in this article; the name itself where two do."""
        return self.full.get(name.lower(), name)


def kind_of(office: str) -> str:
    """An office as it is told apart from others: "special envoy" is an "envoy"."""
    return office.replace("special ", "").replace(" ", "-")


def is_name(sentence: Sentence, at: int, rules: Rules, small: frozenset[str]) -> bool:
    """Whether a word can be part of a person's name: a capital, and nothing known."""
    token = sentence.tokens[at]
    return (
        token.capital
        and token.text[0].isalpha()
        and not any(token.lower in rules.words[key] for key in _NO_NAMES)
        and token.lower not in small
        and token.lower != POSSESSIVE
        and not any(n.first <= at < n.last for n in sentence.named)
        and not any(d.start <= token.start < d.end for d in sentence.dates)
    )


def name_end(
    sentence: Sentence, at: int, rules: Rules, small: frozenset[str], most: int = MOST_NAMES
) -> int:
    """Where a name that begins at a word ends; `at` itself where none begins."""
    end, count = at, 0
    while end < len(sentence.tokens) and count < most:
        if is_name(sentence, end, rules, small):
            initial = len(sentence.tokens[end].text) == 1
            end, count = end + 1, count + 1
            if initial and end < len(sentence.tokens) and sentence.lower[end] == ".":
                end += 1
            continue
        follows = end + 1 < len(sentence.tokens) and is_name(sentence, end + 1, rules, small)
        if end > at and follows and sentence.lower[end] in rules.words["offices.particles"]:
            end += 1
            continue
        if _article_joined(sentence, end, rules, small):
            end += 2
            continue
        if end > at and follows and sentence.lower[end] == "-" and _close(sentence, end):
            end += 1
            count -= 1
            continue
        if count > 1 and _second_half(sentence, end, rules):
            end += 2
            continue
        break
    while end > at and not sentence.tokens[end - 1].text[0].isalpha():
        end -= 1
    return end


def _second_half(sentence: Sentence, at: int, rules: Rules) -> bool:
    """Whether "-myung" stands here: a name's small half, and no word such as "-led"."""
    if at + 1 >= len(sentence.tokens) or sentence.lower[at] != "-" or not _close(sentence, at):
        return False
    half = sentence.tokens[at + 1].text
    known = half in rules.every_verb or half in rules.words["names.suffixes"]
    return half.isalpha() and half.islower() and not known and not half.endswith(("ed", "ing"))


def _article_joined(sentence: Sentence, at: int, rules: Rules, small: frozenset[str]) -> bool:
    """Whether "al-" stands here, and a name behind it."""
    return (
        at + 2 < len(sentence.tokens)
        and sentence.lower[at] in rules.words["offices.particles"]
        and sentence.lower[at + 1] == "-"
        and is_name(sentence, at + 2, rules, small)
    )


def _close(sentence: Sentence, at: int) -> bool:
    """Whether no blank stands around a mark."""
    before, mark, after = sentence.tokens[at - 1 : at + 2]
    return before.end == mark.start and mark.end == after.start


def country_before(sentence: Sentence, at: int, rules: Rules) -> tuple[int, Named | None]:
    """The country whose adjective or possessive stands before a word, adjectives between."""
    first = at
    for _ in range(_MOST_BEFORE):
        if first == 0:
            break
        before = first - 1
        if sentence.lower[before] == POSSESSIVE and before:
            before -= 1
        named = next((n for n in sentence.named if n.last == before + 1), None)
        if named is not None and (named.form is not Form.CAPITAL or before + 1 < first):
            return named.first, named
        if sentence.lower[first - 1] in rules.words["offices.adjectives"]:
            first -= 1
            continue
        break
    return first, None


def country_after(sentence: Sentence, at: int, rules: Rules) -> Named | None:
    """The country of "… of Kenya" behind a word."""
    if at >= len(sentence.tokens) or sentence.lower[at] not in rules.words["offices.of"]:
        return None
    at += 2 if sentence.lower[at + 1 : at + 2] == ["the"] else 1
    return next((n for n in sentence.named if n.first == at and n.form is Form.NAME), None)
