"""What a script does to the mission of a drill: the same acts, by the same doors, as people's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.agreements.moments import read_moment
from trucewatch.app.deciding import enter, person_of
from trucewatch.app.exercise.script import (
    ApproveForm,
    AttributeForm,
    DecideForm,
    DetermineForm,
    DissentForm,
    NotifyForm,
    ReplyForm,
    ReviewForm,
    WithdrawForm,
)
from trucewatch.app.findings import reviewing
from trucewatch.app.intake import ingest
from trucewatch.app.notices import keeping as notices
from trucewatch.app.obligations import listing as obliging
from trucewatch.app.withdrawing import withdraw
from trucewatch.commitments import as_of
from trucewatch.evidence import EntryKind
from trucewatch.model import Act, Interval, Pledged, Progress, Ruling

if TYPE_CHECKING:
    from trucewatch.app.exercise.script import Script, Step
    from trucewatch.app.mission import Mission
    from trucewatch.model import Incident
    from trucewatch.store import Derived


class Acts:
    """The acts of one script on one mission."""

    def __init__(self, mission: Mission, script: Script) -> None:
        self.mission, self.script = mission, script
        self.derived: Derived

    def act(self, step: Step, derived: Derived) -> None:
        """Do one step, after what the last run `derived`; a fault that it knows names the line."""
        self.derived = derived
        mission, action = self.mission, step.action
        match action:
            case list():
                ingest(mission, [self.script.folder / name for name in action])
            case WithdrawForm():
                withdraw(mission, self._receipt(step, action.delivery), reason=action.reason)
            case ReviewForm():
                other = None if action.other is None else self._incident(step, action.other).id
                reviewing.review(
                    mission,
                    self._incident(step, action.of).id,
                    Ruling(action.ruling),
                    by=action.by,
                    reason=action.reason,
                    other=other,
                )
            case DetermineForm():
                reviewing.determine(
                    mission,
                    self._incident(step, action.of).id,
                    body=self._body(step, action.by),
                    provision=action.provision,
                    breach=action.breach,
                    standard=action.standard,
                    reason=action.reason,
                    by=action.by,
                )
            case AttributeForm():
                reviewing.attribute(
                    mission,
                    self._incident(step, action.of).id,
                    body=self._body(step, action.by),
                    party=action.party,
                    how=action.how,
                    standard=action.standard,
                    reason=action.reason,
                    by=action.by,
                )
            case NotifyForm():
                incident = self._incident(step, action.of).id
                reviewing.notify(mission, incident, party=action.party, by=action.by)
            case ReplyForm():
                incident = self._incident(step, action.of).id
                reviewing.reply(
                    mission, incident, party=action.party, by=action.by, words=action.words
                )
            case DissentForm():
                incident = self._incident(step, action.of).id
                reviewing.dissent(
                    mission, incident, state=action.state, by=action.by, words=action.words
                )
            case DecideForm():
                self._decide(step, action)
            case ApproveForm():
                self._approve(step, action)
            case dict():
                by = str(action.get("by", ""))
                notices.add(mission, {k: v for k, v in action.items() if k != "by"}, by=by)

    def _incident(self, step: Step, of: str) -> Incident:
        """The incident that a report of the script is on now."""
        source, _, name = of.partition("/")
        wanted = {
            claim.id
            for report in self.mission.store.reports()
            for claim in report.claims
            if (claim.source, claim.external_id) == (source, name)
        }
        for incident in self.derived.incidents:
            if wanted & {*incident.claims}:
                return incident
        raise self.script.refuse(step, f"no incident rests on a report {of!r} at this hour", "of")

    def _body(self, step: Step, by: str) -> str:
        body = person_of(self.mission, by).body
        if body is None:
            raise self.script.refuse(step, f"{by!r} speaks for no body", "by")
        return body

    def _decide(self, step: Step, action: DecideForm) -> None:
        incident = self._incident(step, action.of)
        found = [
            one.obligation
            for one in as_of(self.derived.obligations, step.at)
            if one.obligation.step == action.step
            and incident.id in one.obligation.incidents
            and one.obligation.progress is not Progress.CANCELLED
        ]
        if len(found) != 1:
            raise self.script.refuse(
                step, f"{len(found)} steps {action.step!r} are open on it at this hour", "step"
            )
        until = None
        if action.until is not None:
            try:
                until = read_moment(action.until, self.script.zone)
            except ValueError as fault:
                raise self.script.refuse(step, str(fault), "until") from None
        obliging.decide(
            self.mission,
            found[0].id,
            Act(action.act),
            body=self._body(step, action.by),
            by=action.by,
            reason=action.reason,
            until=until,
        )

    def _approve(self, step: Step, action: ApproveForm) -> None:
        known = {one.id: one for one in self.mission.configuration().pledges}
        if action.pledge not in known:
            raise self.script.refuse(step, f"the ledger has no {action.pledge!r}", "pledge")
        pledge = known[action.pledge]
        if action.body not in {one.body for one in pledge.approvals}:
            bodies = ", ".join(one.body for one in pledge.approvals) or "none"
            raise self.script.refuse(step, f"it asks for no such body ({bodies})", "body")
        day = step.at.astimezone(self.script.zone).date()
        told = tuple(
            replace(
                one,
                state=action.state,
                said=Interval.days(day, day, self.script.zone),
                source=action.source,
            )
            if one.body == action.body
            else one
            for one in pledge.approvals
        )
        enter(
            self.mission,
            Pledged(pledge=replace(pledge, approvals=told), reason=action.source),
            by=action.by,
        )

    def _receipt(self, step: Step, delivery: str) -> str:
        name = delivery.rsplit("/", 1)[-1]
        for entry in self.mission.entries():
            if entry.kind is EntryKind.REPORT and entry.name == name:
                return str(entry.index)
        raise self.script.refuse(step, f"{delivery!r} was not delivered", "delivery")
