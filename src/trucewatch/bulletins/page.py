"""What the HTML and the Markdown of a bulletin share: filters, groupings, the words on method."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins import wording
from trucewatch.bulletins.beside import lines, ruled
from trucewatch.bulletins.chart import cut_short, shown_days
from trucewatch.bulletins.published import Published
from trucewatch.model import Progress, utc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.bulletins.published import Due, Item, SideClaim

_BINDING = frozenset({"signed", "in_force"})
MOST = 120
"""How many incidents of a list a page holds; the rest stand in the JSON, and the page says so."""

APART = (
    "Three findings are kept apart: that something happened, that it breaches a provision, and who "
    "did it. "
)
METHOD = (
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


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the whole bulletin goes: what people have ruled, and whether anybody is named."""

    rulings: str
    attribution: str
    short: str
    method: str
    people: bool


def standing(p: Published) -> Standing:
    """What stands at the head and the foot of every page."""
    heard = [i.heard for i in items(p) if i.heard is not None]
    reviewed = any(each.reviewed_by for each in heard)
    named = any(each.responsible for each in heard)
    rulings = "PROVISIONAL where it is not marked as reviewed" if reviewed else "PROVISIONAL"
    short = "provisional where not reviewed" if reviewed else "provisional"
    if named:
        return Standing(
            rulings,
            "Attribution only where a named body has given it",
            f"{short} · attribution by named bodies only",
            APART + "The third is withheld, save where a named body has given it.",
            people=True,
        )
    return Standing(
        rulings,
        "Not an attribution: nobody is named as responsible",
        f"{short} · not an attribution",
        APART + "This bulletin speaks of the first two; attribution is withheld.",
        people=reviewed,
    )


def items(p: Published) -> tuple[Item, ...]:
    """Everything that a bulletin tells as an item, heat and what is set aside included."""
    return (*p.incidents, *p.fires, *p.static_sources, *p.set_aside)


def facts_of(p: Published) -> dict[str, Any]:
    """What both pages are given: the bulletin, its groupings, and how to put days and spans."""
    rates = {r.period: r for r in p.rates if r.days}
    # What people spoke of is printed first, so that no page leaves it to the JSON.
    told = sorted(p.incidents, key=lambda i: i.heard is None)
    certain = [i for i in told if i.certain]
    stands = standing(p)
    known = [r.previous.observations for r in p.regions if r.previous is not None]
    return {
        "p": p,
        "f": p.figures,
        "chart_days": shown_days(p),
        "chart_cut": cut_short(p),
        "standing": stands,
        "method": (stands.method, *METHOD),
        "heat_said": [i for i in (*p.fires, *p.static_sources) if i.heard is not None],
        "most": MOST,
        "day": wording.day,
        "days": wording.days,
        "span": wording.span,
        "share_span": wording.share_span,
        "before": rates.get("before"),
        "during": rates.get("during"),
        "ratio_row": next((r for r in p.ratios if (r.of, r.over) == ("during", "before")), None),
        "corroborated": [i for i in certain if i.origins >= 2],
        "single": [i for i in certain if i.origins < 2],
        "possible": [i for i in told if not i.certain],
        "set_aside": sorted(p.set_aside, key=lambda i: i.heard is None),
        "previous_observations": wording.whole(sum(known)) if known else "–",
        "heat_regions": _heat_regions(p.fires, p.static_sources),
    }


def _heat_regions(fires: Iterable[Item], static: Iterable[Item]) -> list[tuple[str, int, int]]:
    burning, always = Counter(i.region for i in fires), Counter(i.region for i in static)
    return [(name, burning[name], always[name]) for name in sorted({*burning, *always})]


def details(item: Item) -> str:
    """How well an incident is known, beyond its state and its probability, in one line."""
    held = "".join(
        f" ({h.provision}: {wording.share(h.share)} of its time within)"
        if h.share is not None and h.share < 1
        else f" ({h.provision})"
        for h in item.held
    )
    seen = (
        "how much of its region could be seen is not known"
        if item.seen_share is None
        else f"{wording.share(item.seen_share)} of its region could be seen"
    )
    return " · ".join(
        (
            wording.plural(item.origins, "independent voice"),
            f"{item.accounts} {'account' if item.accounts == '1' else 'accounts'}",
            wording.plural(item.observations, "observation"),
            f"under the agreement: {item.outcome}{held}",
            seen,
            f"place known to ±{_km(item.cell.spread_m / 1000)} km",
        )
    )


def voices(item: Item) -> str:
    """The sources of an incident, and whose voices they carry where that may be told."""
    told = f"Source: {'; '.join(item.sources)}"
    return told + (f". Voices: {'; '.join(item.origin_labels)}" if item.origin_labels else "")


def said_by(claim: SideClaim) -> str:
    """Whose figure it is, of which days, and where it was said."""
    figure = "" if claim.value is None else f"{wording.whole(claim.value)} "
    outlet = f"in {claim.outlet}, " if claim.outlet else ""
    return (
        f"{claim.speaker}: {figure}{claim.subject}; "
        f"{wording.days(claim.first_day, claim.last_day)}; {outlet}through {claim.source}"
    )


def falls_due(due: Due) -> str:
    """On whom an obligation falls, from when until when, how far it has come, and who decides."""
    said = [f"Falls to {', '.join(due.duty_of)}; opened {due.opened}; due: {due.due}."]
    if due.clocks:
        said.append(f"Clocks: {'; '.join(due.clocks)}.")
    if due.progress == Progress.OPEN:
        said.append(f"It waits for a decision of {due.decided_by}: nothing follows by itself.")
    else:
        said.append(f"It is {due.progress}; {due.decided_by} decides: nothing follows by itself.")
    if due.missing:
        said.append(f"Approvals not on record: {', '.join(due.missing)}.")
    if due.standing not in _BINDING:
        said.append(f"The text that sets it out is {due.standing}: it binds nobody.")
    if due.history:
        said.append(f"What became of it: {'; '.join(due.history)}.")
    return " ".join(said)


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


def _figure(x: float | None) -> str:
    """A figure under its bare name: whole, or to two decimals; None is not known."""
    if x is None:
        return "–"
    return wording.whole(x) if isinstance(x, int) else wording.ratio(x)


def _parameters_came(p: Published) -> str:
    """How the parameters came into force, and when; the log position is the seal's affair."""
    parameters = p.evidence.parameters
    if parameters.since is None:
        return "the defaults of this version"
    by = "learnt from the reports" if parameters.how == "learnt" else "given by a person"
    return f"{by} and in force since {utc(parameters.since):%Y-%m-%d %H:%M} UTC"


def _beside(item: Item) -> list[tuple[str, str]]:
    return lines(item.heard, item.attribution)


def _ruled(item: Item) -> str:
    return ruled(item.heard)


FILTERS: dict[str, Callable[..., object]] = {
    "probability": wording.probability,
    "share": wording.share,
    "whole": wording.whole,
    "rate": wording.rate,
    "ratio": wording.ratio,
    "plural": wording.plural,
    "details": details,
    "voices": voices,
    "said_by": said_by,
    "falls_due": falls_due,
    "beside": _beside,
    "ruled": _ruled,
    "when": _when,
    "first_up": _first_up,
    "km": _km,
    "known": _known,
    "delay": _delay,
    "tenths": _tenths,
    "day_counts": _day_counts,
    "figure": _figure,
    "parameters_came": _parameters_came,
}
