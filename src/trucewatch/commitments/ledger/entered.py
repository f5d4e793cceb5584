"""What people have entered, over what the mission's file lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import Pledged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Entered, Pledge


def ledger_at(pledges: Iterable[Pledge], decisions: Iterable[Entered]) -> tuple[Pledge, ...]:
    """The statements after all that people have entered, sorted by id.

    Decisions count in the order of the log, whatever the order in which they are handed in: a later
    one on the same statement supersedes the earlier, and any supersedes the file.
    """
    found = {one.id: one for one in pledges}
    for entered in sorted(decisions, key=lambda one: one.index):
        if isinstance(entered.decision, Pledged):
            found[entered.decision.pledge.id] = entered.decision.pledge
    return tuple(found[one] for one in sorted(found))
