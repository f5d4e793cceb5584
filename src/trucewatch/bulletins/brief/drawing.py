"""The small pictures of a brief: which articles go back to which origin, and shapes of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from trucewatch.model import Verdict

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.content import Row

STEP, WIDE, DOT = 12, 64, 4
MOST_DRAWN = 12
"""How many articles a fan is drawn for; beyond, the words beside it must do."""

_SHAPES = {
    Verdict.AGREED: '<circle class="solid" cx="8" cy="8" r="6"/>',
    Verdict.COMPATIBLE: (
        '<circle class="open" cx="8" cy="8" r="6"/><path class="solid" d="M8 2a6 6 0 0 1 0 12z"/>'
    ),
    Verdict.DISPUTED: (
        '<path class="open" d="M7 2v12L1.5 8z"/><path class="solid" d="M9 2v12L14.5 8z"/>'
    ),
    Verdict.CHANGED: '<path class="line" d="M1.5 8h12M9 3.5 13.5 8 9 12.5"/>',
    Verdict.SINGLE_ORIGIN: (
        '<circle class="open" cx="8" cy="8" r="6"/><circle class="solid" cx="8" cy="8" r="2"/>'
    ),
}


def verdict_shape(verdict: Verdict) -> Markup:
    """The shape of a verdict; the word stands beside it, so it is hidden from readers aloud."""
    return Markup(  # noqa: S704  # shapes of this file
        f'<svg class="shape" viewBox="0 0 16 16" aria-hidden="true">{_SHAPES[verdict]}</svg>'
    )


def fan(row: Row) -> Markup:
    """Lines from the articles of an answer to the origins behind them; "" where nothing is known.

    Every number in it is of our own making: no word of an article comes in.
    """
    n, k = len(row.labels), len(row.origins)
    if not k or n > MOST_DRAWN or k > MOST_DRAWN:
        return Markup("")
    high = STEP * max(n, k)
    left = {label: high * (i + 0.5) / n for i, label in enumerate(row.labels)}
    right = [high * (i + 0.5) / k for i in range(k)]
    lines = "".join(
        f'<path class="line" d="M{DOT} {left[label]:g}L{WIDE - DOT} {y:g}"/>'
        for y, origin in zip(right, row.origins, strict=True)
        for label in origin.labels
        if label in left
    )
    dots = "".join(f'<circle class="solid" cx="{DOT}" cy="{y:g}" r="3.4"/>' for y in left.values())
    ends = "".join(
        f'<rect class="end" x="{WIDE - 2 * DOT}" y="{y - DOT:g}" width="8" height="8"/>'
        for y in right
    )
    return Markup(  # noqa: S704  # numbers only
        f'<svg class="fan" viewBox="0 0 {WIDE} {high}" width="{WIDE}" height="{high}" '
        f'aria-hidden="true">{lines}{dots}{ends}</svg>'
    )
