"""The ledger as records: statements, what the plan lacks, what is awaited, what is told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.ledger.views import day_words
from trucewatch.app.press.articles import ledger
from trucewatch.bulletins.views import Draft
from trucewatch.bulletins.wording import plain
from trucewatch.commitments import falls_due, overdue, states

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from zoneinfo import ZoneInfo

    from trucewatch.app.web.composing.material import Material
    from trucewatch.bulletins.veil import Veil

LONGEST = 600
_WORDS = ("what", "said_by", "occasion", "outlet", "credits", "origin", "basing")
"""The fields of a statement that hold somebody's own words."""


def pledges(material: Material) -> Iterator[Draft]:
    """Every statement as it stands, the needs, what is awaited, and what is told differently.

    Stages and standings are never added together. Those outside see the ledger as it stood before
    their delay, without words that would give a sealed source away.
    """
    data = material.books
    for order, row in enumerate(data["statements"]):
        yield _pledge({**row, "order": order}, material.veil)
    for row in data.get("needs", ()):
        yield Draft(sort="need", id=row["id"], exact=row)
    for row in data["told_differently"]:
        yield Draft(sort="difference", id=row["item"], exact={"id": row["item"], **row})
    yield from _awaited(material)


def _pledge(row: Mapping[str, Any], veil: Veil) -> Draft:
    exact = {
        **row,
        "states": list(states(row["state"])),
        "limits": [{"code": code, "words": words} for code, words in row["limits"].items()],
    }
    coarse: dict[str, Any] = {name: _said(row[name], veil) for name in _WORDS}
    coarse |= {
        "caveats": [kept for one in row["caveats"] if (kept := _said(one, veil))],
        "source": _link(row["source"], veil),
        "stage_source": _link(row["stage_source"], veil),
        "stages": [{**one, "source": _link(one["source"], veil)} for one in row["stages"]],
        "approvals": [{**one, "source": _link(one["source"], veil)} for one in row["approvals"]],
    }
    return Draft(sort="pledge", id=row["id"], exact=exact, coarse=coarse)


def _said(text: str | None, veil: Veil) -> str | None:
    return veil.words(text, longest=LONGEST) if text else None


def _link(text: str | None, veil: Veil) -> str | None:
    """A source as it stands: a web address may look like a measure, and is no place."""
    return None if not text or veil.gives_away(text) else plain(text)


def _awaited(material: Material) -> Iterator[Draft]:
    """What is awaited of each state; a page says what of it is overdue, by the hour it is asked."""
    zone: ZoneInfo = material.zone  # type: ignore[assignment] # made by ZoneInfo in `zone`
    held = ledger(material.mission, material.configuration)
    seen: dict[str, int] = {}
    awaited = (*overdue(held, material.at), *falls_due(held, material.at))
    for order, one in enumerate(awaited):
        name = f"{one.pledge}-{one.kind}"
        seen[name] = seen.get(name, 0) + 1
        yield Draft(
            sort="due",
            id=f"{name}-{seen[name]}",
            exact={
                "id": f"{name}-{seen[name]}",
                "order": order,
                "statement": one.pledge,
                "state": one.by,
                "kind": one.kind,
                "what": plain(one.what, LONGEST),
                "when": day_words(one.when, zone),
                "until": None if one.when is None else material.local(one.when.latest),
                "source": plain(one.source),
            },
            coarse={
                "what": _said(one.what, material.veil),
                "source": _link(one.source, material.veil),
            },
        )
