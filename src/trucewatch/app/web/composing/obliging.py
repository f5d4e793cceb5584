"""Obligations as records: both clocks, what is missing, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.obligations.listing import BINDING
from trucewatch.bulletins.redact_dues import LONGEST_REASON
from trucewatch.bulletins.views import Draft
from trucewatch.bulletins.wording import plain
from trucewatch.commitments import as_of
from trucewatch.model import Act, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.web.composing.material import Material
    from trucewatch.commitments import AsOf
    from trucewatch.model import Happening

STOPPED = frozenset({Progress.PAUSED, Progress.DISPUTED})
"""While it is so, no clock of an obligation runs."""


def obligations(material: Material) -> Iterator[Draft]:
    """Every obligation that has opened, as it stood then: what is left of its time, a page reckons.

    Those outside see it as it stood before their delay, and of its history what bodies, parties
    and states did, with their reasons where these give nobody away.
    """
    made = _Dues(material)
    rows = as_of(material.derived.obligations, material.at)
    for order, row in enumerate(sorted(rows, key=lambda row: row.obligation.opened)):
        yield made.draft(row, order)


class _Dues:
    def __init__(self, material: Material) -> None:
        agreement = material.configuration.agreement
        self._material = material
        self._bodies = frozenset(one.id for one in agreement.bodies)
        parties = (one.id for one in agreement.parties)
        self._sides = frozenset((*parties, *agreement.guarantors, *agreement.states))

    def draft(self, row: AsOf, order: int) -> Draft:
        one, local = row.obligation, self._material.local
        history = [self._happened(each) for each in one.history]
        told = [self._told(each) for each in one.history]
        return Draft(
            sort="obligation",
            id=one.id,
            exact={
                "id": one.id,
                "order": order,
                "trigger": one.trigger,
                "step": one.step,
                "follows": one.follows,
                "duty": plain(one.duty),
                "duty_of": [self._name(each) for each in one.duty_of],
                "decided_by": self._name(one.decided_by),
                "progress": one.progress.value,
                "stopped": one.progress in STOPPED,
                "settled": row.settled,
                "opened": local(one.opened),
                "clock": one.clock.value,
                "due": local(one.due),
                "clocks": self._clocks(row),
                "missing": [plain(each) for each in one.missing],
                "standing": one.standing,
                "binds": one.standing in BINDING,
                "source": plain(one.source),
                # What joined it since may be too fresh to be told of.
                "incidents": sorted({*one.incidents} & {*self._material.incidents}),
                "history": history,
            },
            coarse={"history": [each for each in told if each is not None]},
            ended=one.opened,
        )

    def _clocks(self, row: AsOf) -> list[dict[str, Any]]:
        """Each clock; `left_hours` stands where it is stopped, as then it does not change."""
        one, left = row.obligation, dict(row.left)
        stopped = one.progress in STOPPED
        clocks = []
        for timer in one.timers:
            rest = left[timer.clock] if stopped else None
            clocks.append(
                {
                    "clock": timer.clock.value,
                    "rules": timer.clock is one.clock,
                    "earliest": self._material.local(timer.earliest),
                    "start": self._material.local(timer.start),
                    "due": self._material.local(timer.due),
                    "left_hours": None if rest is None else round(rest.total_seconds() / 3600, 2),
                }
            )
        return clocks

    def _happened(self, one: Happening) -> dict[str, Any]:
        return {
            "at": self._material.local(one.at),
            "what": one.what,
            "by": None if one.by is None else self._name(one.by),
            "person": one.person,
            "until": self._material.local(one.until),
            "reason": plain(one.reason, LONGEST_REASON),
            "void": plain(one.void),
        }

    def _told(self, one: Happening) -> dict[str, Any] | None:
        """The same for those outside; None for what counts for nothing and no side contests."""
        spoken = one.by in self._bodies or one.by in self._sides
        if one.void and not (one.what == Act.DISPUTE and one.by in self._sides):
            return None
        words = None
        if spoken:
            words = self._material.veil.words(one.reason, longest=LONGEST_REASON)
        return {
            **self._happened(one),
            "by": self._name(one.by) if spoken and one.by is not None else None,
            "person": None,
            "reason": words or "",
        }

    def _name(self, who: str) -> str:
        known = who in self._bodies or who in self._sides
        return self._material.names.of(who) if known else plain(who)
