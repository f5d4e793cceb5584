"""What an audience may read of obligations: clocks, approvals, and what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins import published as pub
from trucewatch.bulletins.wording import moment, plain
from trucewatch.model import Act

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.veil import Veil
    from trucewatch.model import Agreement, Happening, Obligation, Timer

LONGEST_REASON = 300
"""How many characters of a body's reason are printed."""

_DONE = {
    Act.TAKE: "taken",
    Act.DECLINE: "declined",
    Act.PAUSE: "paused",
    Act.RESUME: "resumed",
    Act.DISPUTE: "disputed",
    Act.SETTLE: "dispute settled",
    Act.EXTEND: "extended",
    Act.ESCALATE: "escalated",
    Act.FULFIL: "fulfilled",
}
_GONE = "the evidence no longer shows the breach"


class DueParts:
    """The obligations of one bulletin for one audience.

    Of those who enter something only bodies, parties and states are named, and only their reasons
    are printed: why somebody in the mission withdrew a report is not for everybody.
    """

    def __init__(self, agreement: Agreement, veil: Veil, zone: ZoneInfo) -> None:
        self.veil, self.zone = veil, zone
        self.bodies = {one.id: one.name for one in agreement.bodies}
        self.sides = {one.id: one.name for one in agreement.parties}
        self.sides |= {one: one for one in (*agreement.guarantors, *agreement.states)}

    def dues(self, obligations: Iterable[Obligation]) -> tuple[pub.Due, ...]:
        """The obligations in the order given."""
        return tuple(
            pub.Due(
                id=o.id,
                duty_of=tuple(sorted(plain(d) for d in o.duty_of)),
                duty=plain(o.duty),
                opened=moment(o.opened, self.zone),
                due=self._due(o),
                due_at=o.due,
                clocks=tuple(self._clock(timer) for timer in o.timers),
                decided_by=self._name(o.decided_by),
                progress=o.progress.value,
                missing=tuple(sorted(plain(m) for m in o.missing)),
                standing=plain(o.standing),
                incidents=tuple(sorted(set(o.incidents))),
                history=tuple(
                    told for one in o.history if (told := self._happened(one)) is not None
                ),
            )
            for o in obligations
        )

    def _name(self, who: str) -> str:
        return plain(self.bodies.get(who, self.sides.get(who, who)))

    def _due(self, o: Obligation) -> str:
        if o.due is not None:
            return moment(o.due, self.zone)
        if any(timer.due is not None for timer in o.timers):
            return "once its clock has started"
        return "no hour is named"

    def _clock(self, timer: Timer) -> str:
        """One clock of an obligation in words; a clock that has not started says so."""
        if timer.start is None:
            return f"from the {timer.clock.value}: not started"
        due = "no hour is named" if timer.due is None else f"due {moment(timer.due, self.zone)}"
        return f"from the {timer.clock.value}: {moment(timer.start, self.zone)}, {due}"

    def _happened(self, one: Happening) -> str | None:
        """One entry in words; None for what stands elsewhere, or counts for nothing."""
        when = moment(one.at, self.zone)
        by = None if one.by is None else f" by {self._name(one.by)}"
        said = self._because(one)
        if one.void:
            contested = one.what == Act.DISPUTE and one.by in self.sides
            return f"{when}: disputed{by}, and the clocks go on{said}" if contested else None
        if one.what == "determined":
            return f"{when}: determined to be a breach{by}{said}"
        if one.what == "ran out":
            return f"{when}: ran out before anything was decided"
        if one.what == "cancelled":
            if one.by in self.bodies:
                return f"{when}: cancelled{by}{said}"
            return f"{when}: cancelled, as {_GONE}"
        if one.what not in {*Act}:
            return None
        until = f" until {moment(one.until, self.zone)}" if one.until else ""
        return f"{when}: {_DONE[Act(one.what)]}{until}{by or ''}{said}"

    def _because(self, one: Happening) -> str:
        """The reason that a body, a party or a state gave, where it gives nobody away."""
        if one.by not in self.bodies and one.by not in self.sides:
            return ""
        words = self.veil.words(one.reason, longest=LONGEST_REASON)
        return f" ({words})" if words else ""
