"""Obligations: what stands at an hour, what would open, and a body's decision on one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trucewatch.agreements import AgreementTerms, assess, read_agreement
from trucewatch.app.deciding import enter, person_of
from trucewatch.app.findings.reviewing import incident_of, words_of
from trucewatch.app.listing import current
from trucewatch.app.obligations.awaiting import awaiting
from trucewatch.commitments import (
    AsOf,
    as_of,
    caught_up,
    known_as,
    ledger_at,
    objection,
    open_obligations,
    would_open,
)
from trucewatch.errors import NotFound, Refused
from trucewatch.model import Act, Decided, Entered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta, tzinfo
    from pathlib import Path

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.commitments import Would
    from trucewatch.model import Agreement, Obligation, Person, Window

BINDING = frozenset({"signed", "in_force"})
"""The standings of a text under which somebody is bound."""


def stand(
    mission: Mission,
    *,
    at: datetime | None = None,
    only_open: bool = False,
    overdue: bool = False,
    due_within: timedelta | None = None,
) -> dict[str, Any]:
    """What had opened by `at` (None: by now), as the entries up to then had left it.

    The filters let through what passes any of them that is given. Raises NotFound before the first
    run.
    """
    derived, configuration = current(mission), mission.configuration()
    moment = mission.now() if at is None else at
    rows = [
        row
        for row in as_of(derived.obligations, moment)
        if not (only_open or overdue or due_within is not None)
        or (only_open and not row.settled)
        or (overdue and row.overdue)
        or (due_within is not None and row.due_within(due_within))
    ]
    return head_of(configuration, moment) | {
        "opened": sum(one.opened <= moment for one in derived.obligations),
        "obligations": [row_of(row, configuration) for row in rows],
        **({"awaiting": waiting} if (waiting := awaiting(mission, derived)) else {}),
    }


def would(mission: Mission, identifier: str) -> dict[str, Any]:
    """What one incident would open if it were verified as a breach; nothing is entered."""
    derived, configuration = current(mission), mission.configuration()
    incident = incident_of(mission, identifier)
    found = would_open(
        incident,
        derived.assessments,
        derived.incidents,
        configuration.agreement,
        findings=derived.findings,
        pledges=ledger_at(configuration.pledges, mission.decisions()),
        terms=AgreementTerms(configuration.agreement),
    )
    return head_of(configuration, mission.now()) | _would(found, configuration)


def _would(found: Would, configuration: Configuration) -> dict[str, Any]:
    return {
        "incident": found.incident,
        "assumed": list(found.assumed),
        "now": found.now,
        "opens": _beginning(found.opens, configuration),
        "joins": _beginning(found.joins, configuration),
    }


def _beginning(found: Sequence[Obligation], configuration: Configuration) -> list[dict[str, Any]]:
    """Obligations as they stand at the moment each opens."""
    return [row_of(row, configuration) for one in found for row in as_of([one], one.opened)]


def dry_run(mission: Mission, *, trigger_file: Path | None, span: Window) -> dict[str, Any]:
    """What the triggers of an agreement would have opened on what is known; enters nothing.

    The findings are those of the last run, reviews included; what bodies decided on obligations is
    left out. Only incidents that may have happened in `span` are taken. The file is read with the
    mission's zones; a fault in it raises ConfigurationError.
    """
    derived, configuration = current(mission), mission.configuration()
    agreement = configuration.agreement
    if trigger_file is not None:
        agreement = _agreement_in(trigger_file, configuration)
    incidents = tuple(
        one
        for one in derived.incidents
        if (span.end is None or one.when.earliest < span.end)
        and (span.start is None or one.when.latest >= span.start)
    )
    names = {one.id for one in incidents}
    findings = tuple(one for one in derived.findings if one.incident in names)
    decisions = [one for one in mission.decisions() if not isinstance(one.decision, Decided)]
    found = open_obligations(
        assess(incidents, findings, agreement),
        incidents,
        agreement,
        findings=findings,
        decisions=decisions,
        pledges=ledger_at(configuration.pledges, decisions),
        terms=AgreementTerms(agreement),
    )
    return head_of(configuration, mission.now()) | {
        "agreement": agreement.id,
        "triggers": [one.id for one in agreement.triggers],
        "incidents": len(incidents),
        "entered": False,
        "obligations": _beginning(found, configuration),
    }


def _agreement_in(path: Path, configuration: Configuration) -> Agreement:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path.name} is not UTF-8 text") from None
    zones = {
        name: raw.decode("utf-8-sig")
        for name, raw in configuration.files.items()
        if name.startswith("zones/")
    }
    return read_agreement(text, file=path.name, zone_files=zones)


def decide(
    mission: Mission,
    identifier: str,
    act: Act,
    *,
    body: str,
    by: str,
    reason: str,
    until: datetime | None = None,
) -> dict[str, Any]:
    """Enter a body's decision on an obligation, named by a unique beginning of its id.

    Raises Refused, and writes nothing, for who may not decide it and for an act that does not fit
    how far it has come, decisions entered since the last run included.
    """
    derived = current(mission)
    mission.sync_settings()
    configuration = mission.configuration()
    obligation = caught_up(
        _named(derived.obligations, identifier, configuration.agreement),
        mission.decisions(),
        configuration.agreement,
    )
    person = person_of(mission, by)
    reason = words_of(reason, "the reason")
    if (until is not None) is not (act is Act.EXTEND):
        raise Refused("an extension, and no other decision, says until when")
    claims = {
        claim for one in derived.incidents if one.id in obligation.incidents for claim in one.claims
    }
    decided = Decided(
        body=body,
        obligation=obligation.id,
        act=act,
        reason=reason,
        until=until,
        about=replace(obligation, history=()),
        claims=tuple(sorted(claims)),
    )
    now = mission.now()

    def against(who: Person) -> str:
        entry = Entered(index=mission.size, at=now, by=who.id, decision=decided, person=who)
        return objection(obligation, entry, configuration.agreement)

    if why := against(person):
        may = [
            f"{one.id} ({one.name})" for one in configuration.people.values() if not against(one)
        ]
        who = f"; may enter it: {', '.join(sorted(may))}" if may else ""
        raise Refused(f"{why}; nothing was entered{who}")
    entered = enter(mission, decided, by=by)
    holds = body == obligation.decided_by
    return head_of(configuration, entered.at) | {
        "obligation": obligation.id,
        "step": obligation.step,
        "act": act.value,
        "body": body,
        "by": by,
        "office": person.name,
        "until": None if until is None else times(until, configuration.zone),
        "log_index": entered.index,
        "counts": holds,
    }


def _named(obligations: Iterable[Obligation], identifier: str, agreement: Agreement) -> Obligation:
    """The one obligation that is meant: by its id or a beginning of it, or by an id it had once."""
    known = tuple(obligations)
    for meant in (
        [one for one in known if one.id == identifier],
        [one for one in known if one.id.startswith(identifier)],
        [one for one in known if identifier in known_as(one, agreement)],
    ):
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise NotFound(f"{len(meant)} obligations begin with {identifier!r}")
    raise NotFound(f"no obligation begins with {identifier!r}: 'trucewatch obligations' lists them")


def times(moment: datetime | None, zone: tzinfo) -> dict[str, str] | None:
    """One moment in the mission's zone and in UTC, to the minute."""
    if moment is None:
        return None
    return {
        "local": moment.astimezone(zone).isoformat(timespec="minutes"),
        "utc": f"{moment:%Y-%m-%dT%H:%MZ}",
    }


def head_of(configuration: Configuration, at: datetime) -> dict[str, Any]:
    """What every answer begins with: the zone, its hour, and whether all is an exercise."""
    return {
        "zone": configuration.mission.mission.timezone,
        "at": times(at, configuration.zone),
        "exercise": configuration.mission.mission.exercise,
    }


def row_of(row: AsOf, configuration: Configuration) -> dict[str, Any]:
    """One obligation with both clocks; hours left are elapsed hours, negative once run out."""
    one, zone = row.obligation, configuration.zone
    names = {body.id: body.name for body in configuration.agreement.bodies}
    left = dict(row.left)
    return {
        "id": one.id,
        "trigger": one.trigger,
        "step": one.step,
        "follows": one.follows,
        "duty": one.duty,
        "duty_of": list(one.duty_of),
        "decided_by": one.decided_by,
        "decided_by_name": names.get(one.decided_by, one.decided_by),
        "stands": row.word,
        "progress": one.progress.value,
        "opened": times(one.opened, zone),
        "due": times(one.due, zone),
        "clock": one.clock.value,
        "clocks": {
            timer.clock.value: {
                "earliest": times(timer.earliest, zone),
                "start": times(timer.start, zone),
                "due": times(timer.due, zone),
                "hours_left": _hours(left[timer.clock]),
            }
            for timer in one.timers
        },
        "missing": list(one.missing),
        "standing": one.standing,
        "binds": one.standing in BINDING,
        "source": one.source,
        "incidents": list(one.incidents),
        "history": [
            {
                "at": times(each.at, zone),
                "what": each.what,
                "by": each.by,
                "person": each.person,
                "until": times(each.until, zone),
                "reason": each.reason,
                "void": each.void,
            }
            for each in one.history
        ],
    }


def _hours(left: timedelta | None) -> float | None:
    return None if left is None else round(left.total_seconds() / 3600, 2)
