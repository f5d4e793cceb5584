"""The table of figures: one line for each row of the tries, summed over its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.torture.frame import ROWS

BEGIN, END = "<!-- figures: start -->", "<!-- figures: end -->"
HEAD = (
    "| try | tries | failed | saboteur | caught | of | seconds |",
    "|---|---:|---:|---|---:|---:|---:|",
)


def summed(seen: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One item for each way a row was tried and each saboteur, in the order of `ROWS`."""
    sums: dict[tuple[str, str, str], dict[str, Any]] = {}
    for part in seen:
        found = sums.setdefault(
            (part["row"], part["note"], part["saboteur"]),
            {**part, "tries": 0, "failures": 0, "seconds": 0.0},
        )
        for what in ("tries", "failures", "seconds"):
            found[what] += part[what]
    order = list(ROWS)
    return sorted(
        sums.values(), key=lambda item: (order.index(item["row"]), item["saboteur"], item["note"])
    )


def as_markdown(table: Iterable[Mapping[str, Any]]) -> str:
    """The table; a saboteur's line stands below that of its row."""
    lines = [*HEAD]
    for item in table:
        tries, failures = f"{item['tries']:,}", f"{item['failures']:,}"
        note = f" ({item['note']})" if item["note"] else ""
        cells = (
            ("", "", "", item["saboteur"] + note, failures, tries)
            if item["saboteur"]
            else (item["row"] + note, tries, failures, "", "", "")
        )
        lines.append("| " + " | ".join((*cells, f"{item['seconds']:.1f}")) + " |")
    return "\n".join(lines) + "\n"


def paste(page: str, table: str) -> str:
    """The page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n{END}{after}"
