"""What stands on many pages of one outlet is the outlet's, not an article's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trucewatch.reports.press.features import shape
from trucewatch.reports.press.reading import lines_of_page, read_articles
from trucewatch.reports.press.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trucewatch.errors import RecordRejected
    from trucewatch.model import Article

LEAST_PAGES = 3
"""With fewer different pages nothing can be said to recur."""

SHARE = 0.5
"""A line recurs where it stands on at least this share of an outlet's pages, and on three."""


def recurring_lines(pages: Iterable[bytes]) -> frozenset[str]:
    """The lines, bare, that stand on at least half of an outlet's different pages.

    The same page twice counts once, and the order of the pages makes no difference. Labels of an
    article's own structure ("Key points") recur too, and are left out. Empty for fewer than three
    pages: two pages may be two versions of one article.
    """
    seen = {lines for raw in pages if (lines := lines_of_page(raw))}
    if len(seen) < LEAST_PAGES:
        return frozenset()
    counts = Counter(line for lines in seen for line in lines)
    least = max(LEAST_PAGES, SHARE * len(seen))
    labels = vocabulary().labels
    return frozenset(
        line
        for line, count in counts.items()
        if count >= least and line and line not in labels and shape(line).words
    )


def read_outlet(
    deliveries: Iterable[tuple[str, bytes]],
    *,
    outlet: str | None = None,
    received: datetime | None = None,
) -> Iterator[Article | RecordRejected]:
    """The articles of many deliveries (name, bytes) of one outlet, its recurring lines dropped.

    Give it one outlet's deliveries only: lines that recur across outlets are what they copied.
    """
    known = sorted(deliveries, key=lambda delivery: (delivery[1], delivery[0]))
    lines = recurring_lines(raw for _, raw in known)
    for name, raw in known:
        yield from read_articles(raw, name=name, outlet=outlet, received=received, recurring=lines)
