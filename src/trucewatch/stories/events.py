"""Which words, in one article or in several, tell of one event."""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.language import Unions, common, root, words
from trucewatch.stories.traits import EVERYWHERE, NOUN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Words this near to a word of saying tell who says it.
BESIDE = 3
# Cosine of two sentences above which "had" and "made" in them are taken for one; 0.5 to 0.8 do
# alike on the topics that this was chosen on.
SAME_SENTENCE = 0.6
# Of such words each is compared with so many before it, by id: they are in every sentence.
COMPARED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A verb or noun that names an event: `words[i]` for i in `heads`, in the words of a sentence.

    `sentence` counts the sentences of the article; it says only which mentions share one.
    """

    id: str
    article: str
    sentence: int
    words: tuple[str, ...]
    heads: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.heads or not all(0 <= i < len(self.words) for i in self.heads):
            raise ValueError("a mention's heads must be words of its sentence")


@dataclass(frozen=True, slots=True)
class _Words:
    """The vocabulary of events: classes of a phrase, words of saying, words that name little."""

    classes: dict[str, tuple[int, ...]]
    saying: frozenset[str]
    light: frozenset[str]
    joining: frozenset[str]


def one_event(
    mentions: Iterable[Mention], stories: Iterable[Sequence[str]]
) -> tuple[tuple[str, ...], ...]:
    """The ids of the mentions of each event, sorted; every mention is in exactly one.

    `stories` are the ids of articles as `group` gives them; mentions of two stories are never one
    event, and an article of none is a story of its own. Within a story one verb or noun, or two of
    a class of synonyms, is one event. Days and numbers beside them keep nothing apart: that two
    outlets count differently is what the desk looks for, and the day beside a word mostly dates
    another. What is said is one event only where the same word stands beside the word of saying;
    words that name hardly anything ("had") only in nearly the same sentence. English alone is read.
    """
    known = {mention.id: mention for mention in mentions}
    of = {article: story[0] for story in map(sorted, stories) for article in story}
    by_story: defaultdict[str, list[Mention]] = defaultdict(list)
    for _, mention in sorted(known.items()):
        by_story[of.get(mention.article, mention.article)].append(mention)
    found = [event for told in by_story.values() for event in _events(told)]
    return tuple(sorted(found))


def phrase(mention: Mention) -> str:
    """What a mention is compared by: the roots of its words, without small ones between."""
    small = _words().joining
    parts = [
        part
        for i in mention.heads
        for part in mention.words[i].lower().split("-")
        if part.isalnum() and part not in small
    ]
    return " ".join(map(root, parts))


def sorts(text: str) -> set[int]:
    """The classes of synonyms that single words of a text belong to, by their numbers."""
    known = _words()
    return {number for word in words(text) for number in known.classes.get(root(word), ())}


def _events(told: Sequence[Mention]) -> list[tuple[str, ...]]:
    """The events of one story; `told` in the order of their ids."""
    known = _words()
    same = Unions()
    plain: dict[str, list[Mention]] = {}
    light: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in told:
        same.find(_name(mention))
        key = phrase(mention)
        if key.split(" ")[0] in known.saying:
            for beside in _beside(mention):
                same.join(_name(mention), f"saying {key} {beside}")
        elif key in known.light or not key:
            light[key].append(mention)
        else:
            plain.setdefault(key, []).append(mention)
    for alike in light.values():
        _join_same_sentences(alike, same)
    kinds = Unions()
    for key in plain:
        kinds.find(f"phrase {key}")
        for number in known.classes.get(key, ()):
            kinds.join(f"phrase {key}", f"class {number}")
    by_kind: defaultdict[str, list[Mention]] = defaultdict(list)
    for key, mentions in sorted(plain.items()):
        by_kind[kinds.find(f"phrase {key}")] += mentions
    for alike in by_kind.values():
        for mention in alike:
            same.join(_name(alike[0]), _name(mention))
    of = {_name(mention): mention.id for mention in told}
    return [
        tuple(sorted(of[name] for name in event & of.keys()))
        for event in same.groups()
        if event & of.keys()
    ]


def _name(mention: Mention) -> str:
    """What a mention is called among sets that hold phrases as well."""
    return f"mention {mention.id}"


def _beside(mention: Mention) -> set[str]:
    usual = common()
    first = max(0, mention.heads[0] - BESIDE)
    near = range(first, min(len(mention.words), mention.heads[-1] + BESIDE + 1))
    found = {
        root(mention.words[i].lower())
        for i in near
        if i not in mention.heads and mention.words[i][:1].isalnum()
    }
    return {word for word in found if usual.get(word, 0.0) < EVERYWHERE}


def _join_same_sentences(alike: Sequence[Mention], same: Unions) -> None:
    vectors = [_sentence(mention) for mention in alike]
    for i, one in enumerate(vectors):
        for j in range(max(0, i - COMPARED), i):
            other = vectors[j]
            shared = sum(weight for word, weight in one.items() if word in other)
            if shared and shared >= SAME_SENTENCE * math.sqrt(
                sum(one.values()) * sum(other.values())
            ):
                same.join(_name(alike[i]), _name(alike[j]))


def _sentence(mention: Mention) -> dict[str, float]:
    """The words of a sentence with the square of their weight, -log of the share that has them."""
    usual = common()
    roots = {root(word.lower()) for word in mention.words if any(c.isalnum() for c in word)}
    shares = {word: max(usual.get(word, 0.0), NOUN) for word in sorted(roots)}
    return {word: math.log(s) ** 2 for word, s in shares.items() if s < EVERYWHERE}


@cache
def _words() -> _Words:
    text = files("trucewatch.stories").joinpath("en", "events.toml").read_text("utf-8")
    listed = tomllib.loads(text)
    classes: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(listed["classes"]):
        for listed_phrase in line.split():
            classes[" ".join(map(root, listed_phrase.split("-")))].append(number)
    return _Words(
        classes={words: tuple(numbers) for words, numbers in classes.items()},
        saying=frozenset(map(root, listed["saying"].split())),
        light=frozenset(" ".join(map(root, x.split("-"))) for x in listed["light"].split()),
        joining=frozenset(listed["joining"].split()),
    )
