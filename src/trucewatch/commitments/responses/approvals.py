"""The approvals that a step needs in each state that acts, and which are not on record."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from trucewatch.model import Awaited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from trucewatch.model import Agreement, Approval, Pledge, Step

GRANTED, REFUSED = "granted", "refused"


def awaited(step: Step, agreement: Agreement, pledges: Iterable[Pledge]) -> tuple[Awaited, ...]:
    """The approvals that a step needs in each state that acts, in the step's order.

    Only what the ledger holds as granted, with its day and its source, is an approval. A body that
    acts stands for its members. The ledger may name states and bodies as they are printed: "House
    of Commons" is the body house-of-commons.
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
            said.append(_awaited(f"{body} of {state}" if state else body, found))
    return tuple(dict.fromkeys(said))


def lacking(approvals: Iterable[Awaited], at: datetime | None = None) -> tuple[str, ...]:
    """What is not on record, in words such as "assembly of north: promised".

    With `at`, as far as it had been said by then: a day counts from its beginning on. Of several
    words the last by day counts, and where two of one day differ, none is taken for a grant.
    """
    words = []
    for one in approvals:
        told = [word for since, word in one.told if at is None or since < at]
        word = told[-1] if told else one.untold
        if word != GRANTED:
            words.append(f"{one.of}: {word}")
    return tuple(dict.fromkeys(words))


def _folded(name: str) -> str:
    """A name by its letters and figures alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def _awaited(of: str, found: Sequence[Approval]) -> Awaited:
    # A grant or a refusal needs a source of its own; any other word has that of its statement.
    days: dict[datetime, list[Approval]] = {}
    for one in found:
        if one.said is not None and (one.source.strip() or one.state not in {GRANTED, REFUSED}):
            days.setdefault(one.said.latest, []).append(one)
    told = [
        (
            min(one.said.earliest for one in days[day] if one.said is not None),
            " and ".join(sorted({one.state for one in days[day]})),
        )
        for day in sorted(days)
    ]
    undated = [one for one in found if one.said is None and one.state not in {GRANTED, REFUSED}]
    states = sorted({one.state for one in undated})
    return Awaited(of=of, told=tuple(told), untold=", ".join(states) if states else "not on record")
