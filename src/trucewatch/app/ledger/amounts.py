"""A support tracker's table as data and as lines: committed, and beside it allocated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.ledger.views import plain
from trucewatch.commitments import by_donor, read_tracker
from trucewatch.commitments.tracker import ALLOCATED, COMMITTED, PARTS, add_up, reasons

if TYPE_CHECKING:
    from decimal import Decimal

    from trucewatch.commitments import Table

NEVER = "Committed and allocated are two stages of the same money: never added."


def amounts(text: str, *, file: str) -> dict[str, Any]:
    """What each donor committed and allocated in all months, in euros, as decimal text.

    Raises SourceUnavailable for what is no such table.
    """
    table = read_tracker(text)
    committed = by_donor(table.amounts, stage=COMMITTED)
    allocated = by_donor(table.amounts, stage=ALLOCATED)
    parts = {kind: by_donor(table.amounts, stage=ALLOCATED, kind=kind) for kind in PARTS}
    months = sorted({one.month for one in table.amounts})
    return {
        "file": file,
        "currency": "EUR",
        "first_month": f"{months[0]:%Y-%m}" if months else None,
        "last_month": f"{months[-1]:%Y-%m}" if months else None,
        "donors": [
            {
                "donor": donor,
                "committed": plain(committed[donor]),
                "allocated": plain(allocated[donor]),
                **{kind: plain(parts[kind][donor]) for kind in PARTS},
            }
            for donor in committed
        ],
        "all": {
            "committed": plain(_all(table, COMMITTED)),
            "allocated": plain(_all(table, ALLOCATED)),
        },
        "received": table.received,
        "accepted": table.accepted,
        "duplicates": table.duplicates,
        "quarantined": len(table.quarantined),
        "reasons": reasons(table),
        "rows": [f"{one.pointer}: {one.reason}" for one in table.quarantined],
    }


def lines(data: dict[str, Any]) -> list[str]:
    """The same for people, in millions."""
    head = ("donor", "committed", "allocated", *PARTS)
    whole = data["all"]
    both = (_million(whole["committed"]), _million(whole["allocated"]))
    count = (
        f"{data['received']} rows = {data['accepted']} accepted + {data['duplicates']} duplicate + "
        f"{data['quarantined']} quarantined"
    )
    return [
        f"{data['first_month']} to {data['last_month']}, EUR million. {NEVER}",
        "",
        _row(head),
        *(
            _row((row["donor"], *(_million(row[key]) for key in head[1:])))
            for row in data["donors"]
        ),
        _row(("all donors", *both)),
        "",
        count,
        *(f"  {row}" for row in data["rows"]),
    ]


def _all(table: Table, stage: str) -> Decimal:
    return add_up(one for one in table.amounts if (one.stage, one.kind) == (stage, "whole"))


def _million(euros: str) -> str:
    """Euros in millions; rounded, as only people read it."""
    return f"{float(euros) / 1e6:,.1f}"


def _row(cells: tuple[str, ...]) -> str:
    return f"{cells[0][:28]:<28}" + "".join(f"{cell:>14}" for cell in cells[1:])
