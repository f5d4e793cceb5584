"""What stands on many pages of one outlet is the outlet's, not an article's."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.model import Block, Dropped, Role
from trucewatch.reports.press.vocabulary import bare, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Article

LEAST_PAGES = 3
"""With fewer different pages nothing can be said to recur."""

SHARE = 0.5
"""A line recurs where it stands on at least this share of an outlet's pages, and on three."""

LONGEST = 25
"""A longer run of words may be the background that an outlet repeats in each of its articles."""


def without_recurring(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles, sorted by id, without short lines that recur on pages of their outlet.

    What is taken out goes to `dropped`. Titles, quotations, labels ("Key points") and lines with a
    number stay, and so does a whole article of which nothing else would be left: an outlet that
    prints one list in three articles means it. The id stays that of the article as it was read.
    """
    by_outlet: defaultdict[str, list[Article]] = defaultdict(list)
    for one in sorted(articles, key=lambda each: each.id):
        by_outlet[one.outlet].append(one)
    found = [
        _without(article, lines)
        for pages in by_outlet.values()
        for lines in [_recurring(pages)]
        for article in pages
    ]
    return tuple(sorted(found, key=lambda each: each.id))


def _recurring(pages: Sequence[Article]) -> frozenset[str]:
    # One text twice is one page, under whatever link it came.
    different = {one.text: one for one in pages}
    if len(different) < LEAST_PAGES:
        return frozenset()
    counts = Counter(line for one in different.values() for line in set(_lines(one).values()))
    least = max(LEAST_PAGES, SHARE * len(different))
    return frozenset(line for line, count in counts.items() if count >= least)


def _lines(article: Article) -> dict[Block, str]:
    """The blocks that may be of the frame, each with its words laid bare."""
    found = {}
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.role in {Role.TITLE, Role.QUOTE} or any(sign.isdigit() for sign in text):
            continue
        line = bare(text)
        if line and line not in vocabulary().labels and len(line.split()) <= LONGEST:
            found[block] = line
    return found


def _without(article: Article, lines: frozenset[str]) -> Article:
    gone = [block for block, line in _lines(article).items() if line in lines]
    kept = [block for block in article.blocks if block not in gone]
    if not gone or all(block.role is Role.TITLE for block in kept):
        return article
    runs = [article.text[block.start : block.end] for block in kept]
    blocks, at = [], 0
    for block, run in zip(kept, runs, strict=True):
        blocks.append(Block(role=block.role, start=at, end=at + len(run)))
        at += len(run) + 1
    return replace(
        article,
        text="\n".join(runs),
        blocks=tuple(blocks),
        dropped=(
            *article.dropped,
            *(
                Dropped(
                    text=article.text[block.start : block.end],
                    reason="recurs on the outlet's pages",
                )
                for block in gone
            ),
        ),
    )
