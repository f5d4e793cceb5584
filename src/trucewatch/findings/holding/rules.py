"""The words, and the figure that each needs. The thresholds were set before any data were read.

Which rules came later, and of what, is said in docs/validation.md.
"""

from __future__ import annotations

from trucewatch.model import Course

HALF = 0.5
"""A truce holds below this share of the rate before it, and has collapsed above it."""

UNSEEN_FACTOR = 2.0
"""How much more, or less, may happen where nobody sees than where somebody does."""

SURE = 0.95
"""The least probability of a change that is called one; intervals are of the same level."""

EVEN = 0.5
"""Where a rise is more probable than this, a truce is not said to hold."""

LEAST_SEEN = 0.1
"""Where less than this share of the counted time and ground could be seen, it is unobserved."""


def allowance(seen: float) -> float:
    """The factor by which a ratio may be off, both ways, where the share `seen` was seen.

    1 where all was, `UNSEEN_FACTOR` where nothing was, or where nobody stated it (`seen` 0). It is
    a bound that is set, not an estimate: what the verdict withstands (as in Rosenbaum's bounds).
    """
    return float(UNSEEN_FACTOR ** (1 - seen))


def verdict(
    *, ratio: tuple[float, float] | None, upwards: bool, perhaps_upwards: bool
) -> tuple[Course, str]:
    """The word for a truce of which there are counts, and the rule by which it is given.

    `ratio` is the widened interval of the rate now over the rate before the truce, None without a
    rate before. `upwards` is a change for the worse that withstands the allowance,
    `perhaps_upwards` one that is more likely than not, without it.
    """
    low, high = ratio if ratio is not None else (0.0, float("inf"))
    if low > HALF:
        return Course.COLLAPSED, "the rate now is above half of that before, by its whole interval"
    if upwards:
        return Course.ERODING, "the rate has risen within the truce"
    if high <= HALF and not perhaps_upwards:
        return Course.HOLDING, "the rate now is at most half of that before, by its whole interval"
    if ratio is None:
        return Course.UNTOLD, "there is no rate before the truce to hold it against"
    if high <= HALF:
        return Course.UNTOLD, "the rate may have risen within the truce"
    return Course.UNTOLD, "the interval holds both less and more than half of the rate before"
