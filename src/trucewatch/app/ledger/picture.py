"""The readiness matrix as a picture: a row a state, a column a priority, a mark a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.commands.common import MARK
from trucewatch.app.explaining.drawing import INK, MARGIN, RULE, SOFT, paragraph, shortened, text
from trucewatch.app.ledger.lines import sure
from trucewatch.app.terminal import clean
from trucewatch.bulletins.drawing import element, number
from trucewatch.commitments import POSITION, STAGES
from trucewatch.commitments.words import DOMAINS, PRIORITIES

if TYPE_CHECKING:
    from markupsafe import Markup

Data = dict[str, Any]

SIDE, STEP = 16, 29
NAMES, COLUMN, TOP = 168, 88, 126
LINE, LEAST = SIDE + 4, 760
ACROSS = COLUMN // STEP
LETTERS = {POSITION: "p", **dict(zip(STAGES, "ACULDEVSW", strict=True))}
"""One letter a stage: it says without colour what the stage is."""

BLUE, GREEN, RED = "#0072b2", "#00795a", "#a03030"
LOOKS: dict[str, dict[str, object]] = {
    "reported": {"stroke_dasharray": "2 2", "stroke": SOFT, "fill": "#fff"},
    "announced": {"stroke": INK, "fill": "#fff"},
    "signed": {"stroke": BLUE, "fill": "#dcebf6"},
    "in_force": {"stroke": GREEN, "fill": "#d8ece5"},
    "lapsed": {"stroke": RULE, "fill": "#f1f1f1"},
}
"""How each standing looks: the outline tells them apart in grey, too."""

_APPROVED = {"granted": ("✓", GREEN), "refused": ("×", RED), "outstanding": ("○", INK)}
_HEADS = {
    "framework": ("Framework", ""),
    "monitoring": ("Monitoring", ""),
    "armed-forces-support": ("Armed", "forces"),
    "multinational-force": ("Force", ""),
    "response-to-aggression": ("Response", "to attack"),
    "long-term-defence-cooperation": ("Long-term", "defence"),
}
Column = tuple[str, str | None]


def picture(data: Data) -> str:
    """The matrix as SVG; the same data gives the same text. Each mark tells its own statement."""
    rows = {row["id"]: row for row in data["statements"]}
    states = sorted({cell["state"] for cell in data["cells"]})
    columns = _columns(data)
    cells = {
        (cell["state"], cell["priority"], cell["domain"]): cell["statements"]
        for cell in data["cells"]
    }
    drawn, y = [], float(TOP)
    for state in states:
        height, marks = _row(state, columns, cells, rows, y)
        drawn += marks
        y += height
    width = max(LEAST, MARGIN * 2 + NAMES + COLUMN * len(columns))
    legend, bottom = _legend(width, y + 26)
    mark = f"{MARK}: " if data["exercise"] else ""
    title = f"{mark}Readiness: {data['mission']}, {data['at']}"
    return str(
        element(
            "svg",
            element("title", clean(title)),
            element("rect", width=width, height=number(bottom), fill="#fff"),
            text(MARGIN, 30, title, font_size=17, font_weight="700", fill=RED if mark else INK),
            *paragraph(
                MARGIN,
                50,
                f"One mark is one statement ({len(rows)}, of {data['origins']} origins). Nothing "
                f"is added together. Days and hours: {data['timezone']}.",
                columns=width // 7,
                fill=SOFT,
            ),
            *_heads(columns),
            *drawn,
            *legend,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {width} {number(bottom)}",
            width=width,
            height=number(bottom),
            font_family="system-ui, sans-serif",
            font_size=12,
            fill=INK,
            role="img",
        )
    )


def _columns(data: Data) -> list[Column]:
    """The columns that hold anything, in the order of the priorities; the force by its domains."""
    known = [*PRIORITIES, *sorted({cell["priority"] for cell in data["cells"]} - {*PRIORITIES})]
    held = {(cell["priority"], cell["domain"]) for cell in data["cells"]}
    return [
        (priority, domain)
        for priority in known
        for domain in (*DOMAINS, None)
        if (priority, domain) in held
    ]


def _heads(columns: list[Column]) -> list[Markup]:
    found = []
    for place, (priority, domain) in enumerate(columns):
        x = MARGIN + NAMES + place * COLUMN
        first, second = _HEADS.get(priority, (shortened(priority, 12), ""))
        below = domain or _undivided(priority, columns)
        found.append(text(x, TOP - 36, first, font_weight="700"))
        if second:
            found.append(text(x, TOP - 22, second, font_weight="700"))
        found.append(text(x, TOP - (8 if second else 22), below, fill=SOFT))
    return found


def _undivided(priority: str, columns: list[Column]) -> str:
    """The head of the column without a domain, where the same priority has others."""
    return "no domain" if any(one[0] == priority and one[1] for one in columns) else ""


def _row(
    state: str,
    columns: list[Column],
    cells: dict[tuple[str, str, str | None], list[str]],
    rows: dict[str, Data],
    y: float,
) -> tuple[float, list[Markup]]:
    """One state's marks, and how high its row is."""
    most = max(len(cells.get((state, *column), ())) for column in columns)
    height = 12 + LINE * max(1, -(-most // ACROSS))
    found = [
        element("path", d=f"M{MARGIN} {number(y)}h{NAMES + COLUMN * len(columns)}", stroke=RULE),
        text(MARGIN, y + 20, shortened(state, 26)),
    ]
    for place, column in enumerate(columns):
        for n, name in enumerate(cells.get((state, *column), ())):
            x = MARGIN + NAMES + place * COLUMN + (n % ACROSS) * STEP
            found.append(_mark(x, y + 7 + (n // ACROSS) * LINE, rows[name]))
    return height, found


def _mark(x: float, y: float, row: Data) -> Markup:
    out = row["stage"] in {"suspended", "withdrawn"} or row["valid"] == "lapsed"
    parts = [
        element("title", clean(_told(row))),
        element(
            "rect",
            x=number(x),
            y=number(y),
            width=SIDE,
            height=SIDE,
            rx=3,
            stroke_width=1.5,
            opacity="0.45" if out else "1",
            **LOOKS["lapsed" if out else row["standing"]],
        ),
        text(
            x + SIDE / 2,
            y + 12,
            LETTERS.get(row["stage"], "") + ("" if sure(row) else "?"),
            text_anchor="middle",
            font_size=11,
            font_weight="700",
        ),
    ]
    if row["authorised"] in _APPROVED:
        sign, ink = _APPROVED[row["authorised"]]
        parts.append(
            text(x + SIDE + 6, y + 12, sign, text_anchor="middle", font_size=11, fill=ink,
                 font_weight="700")
        )  # fmt: skip
    if row["limits"]:
        parts.append(element("path", d=f"M{number(x)} {number(y + SIDE + 2)}h{SIDE}", stroke=RED))
    return element("g", *parts)


def _told(row: Data) -> str:
    limits = "; ".join(row["limits"].values())
    said = row["stage_said"] or "on a day not on record"
    return (
        f"{row['id']} {row['state']}: {row['what']} ({row['stage']} {said}, standing "
        f"{row['standing']}, authorised: {row['authorised']}{'; ' if limits else ''}{limits})"
    )


def _legend(width: float, y: float) -> tuple[list[Markup], float]:
    stages = ", ".join(f"{letter} {stage}" for stage, letter in LETTERS.items())
    words = (
        f"Letter: {stages}; with ? it is not certain. Outline: dotted is only reported, thin is "
        "announced, blue is signed, green is in force, pale is lapsed or has been taken back. "
        "Beside the mark: ✓ a national approval is granted, × refused, ○ outstanding; no sign: "
        "none is on record, which does not say that none is needed. A line below the mark: it has "
        "limits."
    )
    lines = paragraph(MARGIN, y, words, columns=int(width // 6.6), fill=SOFT)
    return lines, y + 15 * len(lines) + 8
