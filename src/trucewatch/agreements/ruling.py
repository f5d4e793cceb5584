"""What bodies have determined of breaches, beside what the rules say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.model import Determination, Outcome, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Agreement, Assessment, Entered


def ruled(
    assessments: Iterable[Assessment], decisions: Iterable[Entered], agreement: Agreement
) -> tuple[Assessment, ...]:
    """The assessments as determinations leave them, in the order given.

    What a body has determined to be no breach is held to be none: it is OUTSIDE, and its first
    reason says by whose word. No word makes a breach of what the rules hold to be none. `decisions`
    are those that count, each naming its incident of today; of several on one term the last by
    index holds.
    """
    last: dict[tuple[str, str], Determination] = {}
    for entered in sorted(decisions, key=lambda one: one.index):
        if isinstance(entered.decision, Determination):
            word = entered.decision
            last[word.incident, word.provision] = word
    names = {body.id: body.name for body in agreement.bodies}
    return tuple(_with(one, last.get((one.incident, one.provision)), names) for one in assessments)


def _with(one: Assessment, word: Determination | None, names: dict[str, str]) -> Assessment:
    if word is None or one.outcome is not Outcome.BREACH:
        return one
    body = names.get(word.body, word.body)
    said = "a breach" if word.breach else "no breach"
    reasons = (f"{body} has determined that it is {said}: {word.reason}", *one.reasons)
    if word.breach:
        return replace(one, reasons=reasons)
    return replace(
        one,
        id=content_id("asm", [one.id, word.body, "no breach"]),
        outcome=Outcome.OUTSIDE,
        reasons=reasons,
    )
