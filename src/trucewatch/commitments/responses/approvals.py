"""The approvals that a step needs in each state that acts, and which are not on record."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Agreement, Approval, Pledge, Step

GRANTED, REFUSED = "granted", "refused"


def missing(step: Step, agreement: Agreement, pledges: Iterable[Pledge]) -> tuple[str, ...]:
    """What is not on record, in words such as "assembly of north: promised", in the step's order.

    Only what the ledger holds as granted, with its day and its source, is an approval; of several
    entries the last by day counts, and where two of one day differ, none is taken. A body that acts
    stands for its members. The ledger may name states and bodies as they are printed: "House of
    Commons" is the body house-of-commons.
    """
    ledger = sorted(pledges, key=lambda one: one.id)
    members = {one.id: one.members for one in agreement.bodies}
    names = {one.id: {_folded(one.id), _folded(one.name)} for one in agreement.bodies}
    doers = tuple(dict.fromkeys(s for one in step.duty_of for s in members.get(one, ()) or (one,)))
    said = []
    for body in step.approval:
        concerned = [state for state in doers if state in members.get(body, ())]
        for state in concerned or (() if members.get(body) else doers) or (None,):
            found = [
                approval
                for pledge in ledger
                if state is None or _folded(pledge.by) == _folded(state)
                for approval in pledge.approvals
                if _folded(approval.body) in names.get(body, {_folded(body)})
            ]
            word = _word(found)
            if word is not None:
                said.append(f"{body} of {state}: {word}" if state else f"{body}: {word}")
    return tuple(dict.fromkeys(said))


def _folded(name: str) -> str:
    """A name by its letters and figures alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _word(found: Sequence[Approval]) -> str | None:
    """How far it has come, in a word; None where it is granted."""
    # A grant or a refusal needs a source of its own; any other word has that of its statement.
    told = [
        one
        for one in found
        if one.said is not None and (one.source.strip() or one.state not in {GRANTED, REFUSED})
    ]
    if not told:
        states = sorted({one.state for one in found if one.state not in {GRANTED, REFUSED}})
        return ", ".join(states) if states else "not on record"
    last = max(one.said.latest for one in told if one.said is not None)
    states = sorted({one.state for one in told if one.said and one.said.latest == last})
    if states == [GRANTED]:
        return None
    return " and ".join(states)
