"""What an article is known by: the roots of its words, its numbers and dates, what it answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.language import common, listed_languages, root, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
# A question that two articles both answer is like a common word; with the answer it is rare.
TOPIC = 0.05
# The day something happened. Articles of one week share days, whatever they tell of.
DAY = 0.02
_LETTERS = re.compile(r"[^\W\d_]+")


def traits(
    articles: Sequence[Article], statements: Iterable[Statement]
) -> tuple[list[tuple[str, ...]], dict[str, float]]:
    """The traits of each article, sorted, and the share, 0 to 1, of articles that have a trait.

    The shares blend a list of common words with the set at hand. Of an article in a language
    without such a list only the set at hand tells what is common there: two of them alone share
    nothing that counts, so what nobody can judge is never taken for one story.
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
    shares = _shares(here, sum(listed), foreign, len(listed) - sum(listed), _names(articles))
    kept = [
        sorted(
            (trait for trait in own if shares[trait] < EVERYWHERE),
            key=lambda trait: (shares[trait], trait),
        )[:MOST]
        for own in found
    ]
    return [tuple(sorted(own)) for own in kept], shares


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


def _shares(
    here: Mapping[str, int], n: int, foreign: Mapping[str, int], n_foreign: int, names: set[str]
) -> dict[str, float]:
    usual = common()
    weight = min(n, WEIGHT)
    shares = {}
    for trait in here.keys() | foreign.keys():
        rare = NAME if trait in names or not trait.isalpha() else NOUN
        prior = max(rare, _prior(trait, usual))
        seen = weight * here.get(trait, 0) / n if n else 0.0
        share = (BACKGROUND * prior + seen) / (BACKGROUND + weight)
        if trait in foreign:
            share = max(share, (foreign[trait] + 0.5) / (n_foreign + 1))
        # Two digits are more than is known, and few different values are quick to reckon with.
        shares[trait] = float(f"{share:.2g}")
    return shares


def _prior(trait: str, usual: Mapping[str, float]) -> float:
    if trait.startswith("topic:"):
        return TOPIC
    if trait.startswith("day:"):
        return DAY
    return usual.get(trait, 0.0)


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
