"""What the HTML and the Markdown of a bulletin share: filters, groupings, the words on method."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins import wording
from trucewatch.bulletins.published import Published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.bulletins.published import Item

METHOD = (
    (
        "Three findings are kept apart: that something happened, that it breaches a provision, and "
        "who did it. This bulletin speaks of the first two; attribution is withheld."
    ),
    (
        "Reports of one event are joined into an incident by place, time and kind, each with its "
        "own precision. Copies and quotations of one another count as one voice, and so do all "
        "offices of one party."
    ),
    (
        "The probability that an incident happened is given in the words of ICD 203 with its "
        "figure; it is never shown as 0 % or 100 %."
    ),
    (
        "Machines propose and named people decide: all that is marked provisional has been "
        "reviewed by nobody."
    ),
    (
        "What is counted is what was reported. Fewer reports can mean fewer events, fewer eyes or "
        "later reports; later evidence can raise every figure."
    ),
    (
        "Places are told as cells and times as local days, and some sources are not named, so that "
        "nobody comes to harm."
    ),
    "Figures are rounded for print; the JSON of this bulletin holds them to six decimals.",
)


def only_published(p: object) -> None:
    """Raise TypeError for anything but what `redact` has let through."""
    if not isinstance(p, Published):
        raise TypeError("only what redact() has let through may be rendered")


def facts_of(p: Published) -> dict[str, Any]:
    """The groupings that both pages show."""
    rates = {r.period: r for r in p.rates if r.days}
    certain = [i for i in p.incidents if i.certain]
    known = [r.previous.observations for r in p.regions if r.previous is not None]
    return {
        "before": rates.get("before"),
        "during": rates.get("during"),
        "ratio_row": next((r for r in p.ratios if (r.of, r.over) == ("during", "before")), None),
        "corroborated": [i for i in certain if i.origins >= 2],
        "single": [i for i in certain if i.origins < 2],
        "possible": [i for i in p.incidents if not i.certain],
        "previous_observations": wording.whole(sum(known)) if known else "–",
        "heat_regions": _heat_regions(p.fires, p.static_sources),
    }


def _heat_regions(fires: Iterable[Item], static: Iterable[Item]) -> list[tuple[str, int, int]]:
    burning, always = Counter(i.region for i in fires), Counter(i.region for i in static)
    return [(name, burning[name], always[name]) for name in sorted({*burning, *always})]


def _when(item: Item) -> str:
    return wording.days(item.first_day, item.last_day)


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _km(x: float) -> str:
    return f"{x:g}" if x < 10 else f"{x:.0f}"


def _known(x: int | None) -> str:
    return "–" if x is None else wording.whole(x)


def _delay(x: float | None) -> str:
    return "not known" if x is None else wording.rate(x)


def _tenths(p: float) -> str:
    return f"{p * 100:.0f}"


def _day_counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{n} {word}" for word, n in counts if n)


FILTERS: dict[str, Callable[..., str]] = {
    "probability": wording.probability,
    "share": wording.share,
    "whole": wording.whole,
    "rate": wording.rate,
    "ratio": wording.ratio,
    "plural": wording.plural,
    "when": _when,
    "first_up": _first_up,
    "km": _km,
    "known": _known,
    "delay": _delay,
    "tenths": _tenths,
    "day_counts": _day_counts,
}
