"""What an article is known by: the roots of its words, its numbers and dates, what it answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language import common, listed_languages, root, vocabulary, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Article, Statement

# The list of common words is believed like this many articles; the set at hand weighs as many
# articles as it has, up to WEIGHT: a flood of one story must not make that story's names common.
BACKGROUND = 1000
WEIGHT = 200
# A trait in more than this share of articles tells no two events apart.
EVERYWHERE = 0.3
# The rarest traits of an article that count: a page of a million words is no more than a page.
MOST = 400
# What is on no list: a name or a number is in one article in 2,000, another word in one in 300.
NAME = 0.0005
NOUN = 0.003
# A country, its people or its capital, which many stories on one dispute share.
LAND = 0.01
# A question that two articles both answer is like a common word; with the answer it is rare.
TOPIC = 0.05
# The day something happened. Articles of one week share days, whatever they tell of.
DAY = 0.02
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of each article, sorted, and the share, 0 to 1, of articles that have a trait.

    `usual` are the shares in the press at large, `shares` blend them with the set at hand.
    """

    of: list[tuple[str, ...]]
    usual: dict[str, float]
    shares: dict[str, float]


def traits(articles: Sequence[Article], statements: Iterable[Statement]) -> Traits:
    """What tells the articles apart and together, by the words they use and what they answer.

    Of an article in a language without a list of common words only the set at hand tells what is
    common there: two of them alone share nothing that counts, so what nobody can judge is never
    taken for one story.
    """
    known = listed_languages()
    said = _said(statements)
    found = [
        {
            root(word)
            for word in words(f"{article.title}\n{article.text}")
            if len(word) > 1 or word.isdigit()
        }
        | said[article.id]
        for article in articles
    ]
    listed = [article.language in known for article in articles]
    here: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    for own, is_listed in zip(found, listed, strict=True):
        (here if is_listed else foreign).update(own)
    usual = _usual(here.keys() | foreign.keys(), _names(articles))
    n, n_foreign = sum(listed), len(listed) - sum(listed)
    weight = min(n, WEIGHT)
    shares = {}
    for trait, share in usual.items():
        seen = weight * here[trait] / n if n else 0.0
        share = (BACKGROUND * share + seen) / (BACKGROUND + weight)
        if trait in foreign:
            here_only = (foreign[trait] + 0.5) / (n_foreign + 1)
            usual[trait] = max(usual[trait], here_only)
            share = max(share, here_only)
        # Two digits are more than is known, and few different values are quick to reckon with.
        shares[trait] = float(f"{share:.2g}")
    kept = [
        sorted(
            (trait for trait in own if shares[trait] < EVERYWHERE),
            key=lambda trait: (shares[trait], trait),
        )[:MOST]
        for own in found
    ]
    return Traits([tuple(sorted(own)) for own in kept], usual, shares)


def _words(article: Article) -> tuple[str, ...]:
    return words(f"{article.title}\n{article.text}")


def _names(articles: Iterable[Article]) -> set[str]:
    """The roots of words that are nowhere in the set without a capital.

    A word at the beginning of a sentence or in a headline mostly stands in lower case elsewhere.
    """
    capital: set[str] = set()
    small: set[str] = set()
    for article in articles:
        for word in set(_LETTERS.findall(article.text)):
            (capital if word[0].isupper() else small).update(map(root, words(word)))
    return capital - small


def _usual(traits: Iterable[str], names: set[str]) -> dict[str, float]:
    """The share of articles of the press that have a trait, as far as lists tell."""
    listed = common()
    lands = _lands()
    out = {}
    for trait in sorted(traits):
        if trait.startswith("topic:"):
            out[trait] = TOPIC
        elif trait.startswith("day:"):
            out[trait] = DAY
        elif trait in listed:
            out[trait] = listed[trait]
        elif trait in lands:
            out[trait] = LAND
        else:
            out[trait] = NAME if trait in names or not trait.isalpha() else NOUN
    return out


@cache
def _lands() -> frozenset[str]:
    """The roots of the names of countries, of their capitals and seats."""
    found: set[str] = set()
    for language in listed_languages():
        known = vocabulary(language)
        if known is not None:
            rows = [*known.countries.values(), known.seats]
            found |= {root(word) for row in rows for form in row for word in words(form)}
    return frozenset(found)


def _said(statements: Iterable[Statement]) -> defaultdict[str, set[str]]:
    """Traits that are no words; the colon keeps them apart from words, which have none."""
    out: defaultdict[str, set[str]] = defaultdict(set)
    for statement in statements:
        own = out[statement.article]
        own.add(f"topic:{statement.topic}")
        if statement.quantity is not None:
            q = statement.quantity
            own.add(f"answer:{statement.topic}:{q.low}:{q.high}")
        elif statement.value is not None:
            own.add(f"answer:{statement.topic}:{statement.value}")
        if statement.when is not None and statement.when.length <= timedelta(days=2):
            own.add(f"day:{statement.when.middle.date().isoformat()}")
    return out
