"""Each report gives the count of the period before: held against that period's own report."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.model import PeriodCount


def broken_links(counts: Iterable[PeriodCount]) -> tuple[str, ...]:
    """How many links of the chain there are, and each that does not hold, in words.

    Both counts stay: a later report may correct an earlier one, and nobody here knows which is
    right. Empty where no two reports follow one another.
    """
    ends: dict[tuple[str, str, str, datetime], set[PeriodCount]] = defaultdict(set)
    listed = sorted(set(counts), key=lambda one: (one.when, one.source, one.what, one.region))
    for one in listed:
        ends[one.source, one.what, one.region, one.when.latest].add(one)
    links = 0
    broken = []
    for one in listed:
        own = ends.get((one.source, one.what, one.region, one.when.earliest))
        if one.previous is None or not own:
            continue
        links += 1
        told = sorted({each.count for each in own})
        if told != [one.previous]:
            broken.append(
                f"{one.region}, the period up to {one.when.earliest:%Y-%m-%dT%H:%MZ}: its own "
                f"report counts {' and '.join(str(n) for n in told)}, the next one says "
                f"{one.previous}"
            )
    if not links:
        return ()
    return (
        f"{links} counts are told again by the next report, {len(broken)} of them otherwise",
        *sorted(broken),
    )
