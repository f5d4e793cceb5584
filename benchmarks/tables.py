"""The rows of a comparison as tables in Markdown."""

from __future__ import annotations

import datetime as dt
import platform
from importlib.metadata import PackageNotFoundError, version
from statistics import fmean
from typing import TYPE_CHECKING, Any

from benchmarks.peers import FAVOURED

if TYPE_CHECKING:
    from pathlib import Path

START, END = "<!-- table: start -->", "<!-- table: end -->"
OURS = "ours"
NAMES = {
    "text": "text signature alone",
    "plain": "5 km, 2 days, connected",
    "st-dbscan": "ST-DBSCAN, 2 km, 0.5 d, 2 reports",
    "one-a-day": "one a day, place and kind (VIINA)",
    "meltt": "MELTT's rule, best window",
    "splink": "splink, its own EM",
    "splink-trained": "splink, trained on true labels",
    OURS: "**ours**",
}
COLUMNS = (
    ("pair", "pair"),
    ("pair_own", "pair, no copies"),
    ("b3", "B³"),
    ("exact", "exact"),
    ("exact_own", "exact, no copies"),
    ("brier", "Brier"),
    ("ece", "ECE"),
    ("auc", "AUC"),
    ("rmse", "day-cell RMSE"),
    ("r", "r"),
)
PACKAGES = ("trucewatch", "numpy", "scipy", "polars", "numba", "splink", "duckdb")


def write_page(page: Path, rows: list[dict[str, Any]], machine: str) -> None:
    """Put the tables between the two markers of a page; raises ValueError where they lack."""
    text = page.read_text("utf-8")
    if START not in text or END not in text:
        raise ValueError(f"{page.name} lacks the markers of the table")
    before, rest = text.split(START, 1)
    middle = "\n".join([START, "", *tables(rows, machine), END])
    page.write_text(before + middle + rest.split(END, 1)[1], "utf-8")


def tables(rows: list[dict[str, Any]], machine: str) -> list[str]:
    """One table a kind of world, the mean over its seeds; worlds come in a fixed order."""
    day = dt.datetime.now(dt.UTC).date().isoformat()
    out = [f"Measured on {day}; {machine}; {_versions()}.", ""]
    kinds = sorted({_kind(row) for row in rows}, key=lambda k: (k[1] != "as stated", *k))
    for kind in kinds:
        mine = [row for row in rows if _kind(row) == kind]
        out += [*_table(kind, mine), ""]
    return out


def _kind(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["n"], row["change"], row["scenario"]


def _table(kind: tuple[int, str, str], rows: list[dict[str, Any]]) -> list[str]:
    n, change, scenario = kind
    seeds = sorted({row["seed"] for row in rows})
    reports = round(fmean(row["reports"] for row in rows), -2)
    changed = "" if change == "as stated" else f", {change}"
    said = f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"
    head = ["method", *(words for _, words in COLUMNS), "seconds", "× ours", "MB"]
    out = [
        f"### {scenario}, {n:,} events{changed}",
        "",
        f"About {reports:,.0f} reports, {said}.",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
    ]
    ours = [row for row in rows if row["method"] == OURS]
    base = _mean(ours, "seconds")
    for method, name in NAMES.items():
        mine = [row for row in rows if row["method"] == method]
        if not mine:
            continue
        star = " \\*" if method in FAVOURED else ""
        cells = [_shown(_mean(mine, key), 3) for key, _ in COLUMNS]
        seconds = _mean(mine, "seconds")
        ratio = None if seconds is None or not base else seconds / base
        cells += [_shown(seconds, 2), _shown(ratio, 2), _shown(_mean(mine, "mb"), 0)]
        fewer = len({row["seed"] for row in mine if "pair" in row})
        note = "" if fewer == len(seeds) else f" ({fewer} of {len(seeds)} seeds)"
        out.append(f"| {name}{star}{note} | {' | '.join(cells)} |")
    return out


def _mean(rows: list[dict[str, Any]], key: str) -> float | None:
    values = [row[key] for row in rows if row.get(key) is not None]
    return fmean(values) if values else None


def _shown(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _versions() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
