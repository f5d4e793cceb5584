"""What is missing and what falls due as tables, for the pages of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trucewatch.app.ledger.lines import span, whose

if TYPE_CHECKING:
    from collections.abc import Iterator

Data = dict[str, Any]
MISSING = ("Stage", "Standing", "Domain", "Pledged", "Missing", "Statements")
DUE = ("When", "What is awaited", "State", "Statement", "Words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Some rows under one title, with what is said before and after them."""

    title: str
    before: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    after: tuple[str, ...] = ()


def tables(data: Data) -> Iterator[Table]:
    """A table for each need, then what is overdue and awaited; none for what is not in `data`."""
    for need in data.get("needs", ()):
        yield _missing(need)
    if "falls_due" in data:
        yield _due(data)


def _missing(need: Data) -> Table:
    whole = span(need["low"], need["high"])
    domains = f" ({', '.join(need['domains'])})" if need["domains"] else ""
    rows = []
    for line in need["lines"]:
        missing = span(line["missing_low"], line["missing_high"])
        told = ", ".join(line["statements"])
        pledged = span(line["low"], line["high"])
        rows.append((line["stage"], line["standing"], "all", pledged, missing, told))
        for name, part in line["domains"].items():
            told = ", ".join(part["statements"])
            pledged = span(part["low"], part["high"])
            # What the plan needs of each domain is not said, so nothing is missing "of" one.
            rows.append((line["stage"], line["standing"], name, pledged, "not said", told))
    if not rows:
        rows.append(("–", "–", "all", f"nothing with a number in {need['unit']}", whole, "–"))
    return Table(
        title=f"Missing: {need['what']}",
        before=(
            f"The plan: {whole} {need['unit']}{domains}.",
            f"It is itself {need['standing']}: {need['source']}",
        ),
        head=MISSING,
        rows=tuple(rows),
        after=tuple(
            f"{domain.capitalize()}, promised without a number: {whose(rows)}."
            for domain, rows in need["without_a_number"].items()
        ),
    )


def _due(data: Data) -> Table:
    late = [(row, "overdue since ") for row in data["overdue"]]
    rows = [*late, *((row, "") for row in data["falls_due"])]
    return Table(
        title="What falls due",
        before=(f"{len(late)} overdue, {len(rows) - len(late)} awaited.",),
        head=DUE,
        rows=tuple(
            (
                f"{mark}{row['when'] or 'no day given'}",
                row["kind"],
                row["state"],
                row["statement"],
                row["what"],
            )
            for row, mark in rows
        ),
    )
