"""An incident as a picture on one sheet: where, when, what each account brings, what else it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.explaining.bars import bars, patterns
from trucewatch.app.explaining.drawing import (
    HEAD,
    INK,
    MARGIN,
    SOFT,
    heading,
    paragraph,
    shortened,
    text,
)
from trucewatch.app.explaining.opened import CANNOT, alternative_words, between, nats
from trucewatch.app.explaining.panels import MOST_NEAR, Plan, time_axis
from trucewatch.app.explaining.veil import drawable
from trucewatch.app.terminal import clean
from trucewatch.bulletins.drawing import element, number
from trucewatch.errors import NotFound

if TYPE_CHECKING:
    from markupsafe import Markup

    from trucewatch.app.explaining.veil import Data

WIDTH = 760
PANEL, PANELS_TOP = 340, 92
COLUMNS, NARROW = 100, 47
"""Letters of 12 units that surely fit a line, and a line of the right half."""

STEPS = (
    "log W, in nats, is how much likelier one happening is than one each: 1 nat is 2.7 times, "
    "3 nats 20 times, 7 nats 1,100 times."
)
INSIDE = (
    "For those inside the mission: exact places. Sources under seal are neither named nor drawn."
)


def picture(data: Data) -> bytes:
    """The picture of what `explain` said of an incident, as SVG; the same data, the same bytes.

    Raises NotFound for anything but an incident of the last run, and where that run was made of
    something else than holds now. Sources under seal are neither named nor placed.
    """
    if "opened" not in data:
        raise NotFound("only an incident of the last run has a picture")
    if data["opened"] is None:
        raise NotFound(CANNOT)
    shown = drawable(data)
    right = MARGIN + PANEL + 24
    when, end = time_axis(shown, left=right, top=PANELS_TOP, width=WIDTH - MARGIN - right)
    else_, end = _words(shown, right, end)
    below, height = _below(shown, max(PANELS_TOP + PANEL, end) + 34)
    drill = "EXERCISE: " if data.get("exercise") else ""
    title = f"{drill}Incident {data['incident']}: {data['kind']}"
    svg = element(
        "svg",
        element("title", clean(title), id="title"),
        element("desc", clean(_description(shown)), id="desc"),
        element("defs", *patterns()),
        element("rect", width=WIDTH, height=number(height), fill="#fff"),
        text(MARGIN, 28, title, font_size=18, font_weight="700"),
        *paragraph(MARGIN, 47, _summary(shown), columns=COLUMNS),
        *Plan(shown, left=MARGIN, top=PANELS_TOP, size=PANEL).draw(),
        *when,
        *else_,
        *below,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(height)}",
        width="190mm",
        role="img",
        aria_labelledby="title desc",
        font_family="'Noto Sans','Liberation Sans','DejaVu Sans',Arial,sans-serif",
        font_size=12,
        fill=INK,
    )
    return f"{svg}\n".encode()


def _summary(shown: Data) -> str:
    told = shown["opened"]
    count = len(told["accounts"])
    parts = [
        f"P(it happened) {shown['probability']:.4f}",
        "1 account" if count == 1 else f"{count} accounts, log W {nats(told['log_w_nats'])} nats",
    ]
    if shown["veiled"]:
        return f"{'; '.join(parts)}; its place and time rest on a source under seal."
    place = shown["place"]
    return "; ".join(
        [
            *parts,
            f"{between(shown['when'])} ({told['time_zone']})",
            f"{place['latitude']:.4f}, {place['longitude']:.4f} ± {place['standard_error_m']:,} m",
            shown["region"] or "no region",
        ]
    )


def _description(shown: Data) -> str:
    """All that is drawn, in words, for who cannot see it."""
    told = shown["opened"]
    out = [_summary(shown)]
    for each in told["accounts"]:
        words = f"{each['label']}, {each['name']}"
        if each["when"]:
            words += f": {each['kind']}, {between(each['when'])}"
        if len(told["accounts"]) > 1:
            words += (
                f"; brings {nats(each['log_w_nats'])} nats; "
                f"P without it {each['probability_without']:.4f}"
            )
        out.append(f"{words}.")
    out += [
        f"Not joined: {each['incident']}, {each['km']:,.1f} km and {each['days']:.1f} days away, "
        f"{nats(each['log_w_nats'])} nats."
        for each in told["near"]
    ]
    return " ".join([*out, alternative_words(told)])


def _words(shown: Data, left: float, top: float) -> tuple[list[Markup], float]:
    """The next best reading and the neighbours, beside the plan; and where they end."""
    told = shown["opened"]
    blocks = [("What else it could be", [alternative_words(told)])]
    near = [
        f"{n}  {each['incident']}: {_joining(each['log_w_nats'])}; "
        f"{each['km']:,.1f} km, {each['days']:.1f} days away; {_first(each['names'])}"
        for n, each in enumerate(told["near"][:MOST_NEAR], 1)
    ]
    if near:
        blocks.append(("Near and not joined", near))
    parts: list[Markup] = []
    for title, texts in blocks:
        parts.append(heading(left, top, title))
        top += 2
        for words in texts:
            rows = paragraph(left, top + HEAD, words, columns=NARROW)
            parts += rows
            top += HEAD * len(rows) + 3
        top += 20
    return parts, top - 20


def _joining(value: float | None) -> str:
    if value is None:
        return "never, as one witness tells of both"
    return f"{nats(value)} nats for the best reading that joins any of it"


def _first(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _below(shown: Data, top: float) -> tuple[list[Markup], float]:
    """The bars and what they mean, and where they end."""
    accounts = shown["opened"]["accounts"]
    several = len(accounts) > 1
    parts, y = bars(shown, top) if several else _alone(accounts[0], top)
    for words in (STEPS, INSIDE) if several else (INSIDE,):
        rows = paragraph(MARGIN, y, words, columns=COLUMNS, fill=SOFT)
        parts += rows
        y += HEAD * len(rows) + 3
    return parts, y


def _alone(account: Data, top: float) -> tuple[list[Markup], float]:
    words = f"A  {account['name']}"
    return [
        heading(MARGIN, top, "One account"),
        text(MARGIN, top + HEAD + 2, shortened(words, COLUMNS)),
    ], top + HEAD + 22
