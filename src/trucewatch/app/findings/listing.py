"""Findings and the review queue, as the commands list them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.listing import current, known, local, voices
from trucewatch.app.withdrawing import standing
from trucewatch.findings import GRAVITY, unplaced, waiting
from trucewatch.model import Nature, Outcome, State, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.findings import Age, Waiting
    from trucewatch.model import Finding, Incident, Said
    from trucewatch.store import Derived

_HOURS_TOLD = 72.0
"""What waits longer is told in days."""

SORTS = {nature.value for nature in Nature}


def findings(
    mission: Mission,
    *,
    state: str | None,
    nature: str | None,
    provisional: bool,
    reviewed: bool,
    stale: bool,
    overdue: bool,
    limit: int,
) -> dict[str, Any]:
    """Findings in order of time, each with what people have said of it and how long it waits.

    Every filter that is given must let a finding through. Observed violations and incidents are
    counted apart, over all that the filters let through. NotFound for an unknown state or sort.
    """
    derived = current(mission)
    known("state", state, set(State))
    known("sort", nature, SORTS)
    waits = {one.finding.incident: one for one in waits_of(mission, derived)}
    of = {finding.incident: finding for finding in derived.findings}
    chosen = [
        (incident, of[incident.id])
        for incident in derived.incidents
        if (nature is None or incident.nature.value == nature)
        and (state is None or of[incident.id].state.value == state)
        and (not provisional or of[incident.id].provisional)
        and (not reviewed or not of[incident.id].provisional)
        and (not stale or of[incident.id].stale)
        and (not overdue or (incident.id in waits and waits[incident.id].overdue))
    ]
    configuration = mission.configuration()
    lost = unplaced(derived.incidents, mission.decisions(), agreement=configuration.agreement)
    breaches = _breaches(derived)
    rows = [
        _row(incident, finding, waits.get(incident.id), breaches, configuration.zone)
        for incident, finding in chosen[:limit]
    ]
    return {
        **_counted((incident for incident, _ in chosen), derived),
        "shown": len(rows),
        "zone": configuration.mission.mission.timezone,
        "findings": rows,
        "entries_on_what_is_no_more": [one.index for one in lost],
    }


def queue(mission: Mission, *, overdue: bool, limit: int) -> dict[str, Any]:
    """What waits for a reviewer, the gravest and oldest first, with both clocks of each."""
    derived, configuration = current(mission), mission.configuration()
    rules = configuration.mission.review
    found = [one for one in waits_of(mission, derived) if one.overdue or not overdue]
    breaches = _breaches(derived)
    rows = [
        _row(one.incident, one.finding, one, breaches, configuration.zone) for one in found[:limit]
    ]
    return {
        **_counted((one.incident for one in found), derived),
        "shown": len(rows),
        "at": local(mission.now(), configuration.zone),
        "zone": configuration.mission.mission.timezone,
        "two_person": rules.two_person,
        "target_hours": rules.target_hours,
        "limit_days": rules.limit_days,
        "past_limit": {
            "from_receipt": _past(one.from_receipt for one in found),
            "from_event": _past(one.from_event for one in found),
        },
        "queue": rows,
    }


def _past(ages: Iterable[Age | None]) -> int:
    return sum(age is not None and age.past_limit for age in ages)


def waits_of(mission: Mission, derived: Derived) -> tuple[Waiting, ...]:
    """What waits for a reviewer now, the gravest first, by the promises of mission.toml."""
    rules = mission.configuration().mission.review
    return waiting(
        derived.findings,
        derived.incidents,
        derived.assessments,
        received=receipts(mission),
        at=mission.now(),
        target=timedelta(hours=rules.target_hours),
        limit=timedelta(days=rules.limit_days),
    )


def receipts(mission: Mission) -> dict[str, datetime]:
    """When each claim that counts was first received, by the log."""
    at = mission.once(_received)
    entries = mission.store.entries_of_all()
    found: dict[str, datetime] = {}
    for report in standing(mission):
        first = min(at[index] for index in entries[report.id])
        found |= dict.fromkeys((claim.id for claim in report.claims), first)
    return found


def _received(mission: Mission) -> dict[int, datetime]:
    return {entry.index: entry.received for entry in mission.entries()}


def _counted(incidents: Iterable[Incident], derived: Derived) -> dict[str, int]:
    """The counts that are never one: incidents, and the single observations in them.

    Observed violations are those in incidents that are held to be a breach.
    """
    kept, breaches = list(incidents), _breaches(derived)
    return {
        "incidents": len(kept),
        "observations": sum(one.observations for one in kept),
        "incidents_breach": sum(one.id in breaches for one in kept),
        "observed_violations": sum(one.observations for one in kept if one.id in breaches),
    }


def _breaches(derived: Derived) -> set[str]:
    return {one.incident for one in derived.assessments if one.outcome is Outcome.BREACH}


def _row(
    incident: Incident,
    finding: Finding,
    waits: Waiting | None,
    breaches: set[str],
    zone: tzinfo,
) -> dict[str, Any]:
    return {
        "id": finding.id,
        "incident": incident.id,
        "nature": incident.nature.value,
        "kind": incident.kind,
        "kind_name": kind_tree()[incident.kind].name,
        "from": local(incident.when.earliest, zone),
        "to": local(incident.when.latest, zone),
        "region": incident.region,
        "state": finding.state.value,
        "provisional": finding.provisional,
        "stale": finding.stale,
        "asked": finding.asked,
        "reviewed_by": list(finding.reviewed_by),
        "duplicate_of": finding.duplicate_of,
        "attribution": finding.responsibility.value,
        "party": finding.party,
        "body": finding.body,
        "standard": finding.standard,
        "probability": round(finding.probability, 4),
        "origins": finding.independent_origins,
        "observations": incident.observations,
        "breach": incident.id in breaches,
        "said": [said_row(one, zone) for one in finding.said],
        "waits": None if waits is None else _wait(waits, zone),
    }


def said_row(said: Said, zone: tzinfo) -> dict[str, Any]:
    """One entry on a finding, with its place in the log."""
    return {
        "log_index": said.index,
        "at": local(said.at, zone),
        "by": said.by,
        "what": said.what,
        "of": said.of,
        "word": said.word,
        "words": said.words,
        "standard": said.standard,
        "effect": said.effect.value,
        "why": said.why,
        "until": None if said.until is None else local(said.until, zone),
        "late": said.late,
    }


def _wait(waits: Waiting, zone: tzinfo) -> dict[str, Any]:
    return {
        "why": list(waits.why),
        "gravity": GRAVITY[waits.gravity],
        "overdue": waits.overdue,
        "from_receipt": _age(waits.from_receipt, zone),
        "from_event": _age(waits.from_event, zone),
    }


def _age(age: Age | None, zone: tzinfo) -> dict[str, Any] | None:
    if age is None:
        return None
    return {
        "since": local(age.since, zone),
        "hours": round(age.waited / timedelta(hours=1), 1),
        "past_target": age.past_target,
        "past_limit": age.past_limit,
    }


def findings_lines(data: dict[str, Any]) -> list[str]:
    """Findings for people: one line each, and one for each entry on it."""
    out = []
    for row in data["findings"]:
        out.append(_line(row))
        out += [f"    {said_line(one)}" for one in row["said"]]
    if lost := data["entries_on_what_is_no_more"]:
        named = ", ".join(str(one) for one in lost)
        out.append(f"On incidents that are no more, log entries {named}: 'explain' tells of them.")
    return [*out, _sum(data, "findings")]


def queue_lines(data: dict[str, Any]) -> list[str]:
    """The queue for people, with both clocks of each."""
    out = []
    for row in data["queue"]:
        waits = row["waits"]
        clocks = (
            ("receipt", waits["from_receipt"]),
            ("event", waits["from_event"]),
        )
        out += [
            _line(row),
            f"    {waits['gravity']}; {'; '.join(waits['why'])}",
            f"    waits {', '.join(_clock(name, age) for name, age in clocks)}",
        ]
    late = data["past_limit"]
    return [
        *out,
        (
            f"Past the limit of {data['limit_days']:g} days: {late['from_receipt']} from receipt, "
            f"{late['from_event']} from the event (target {data['target_hours']:g} h)"
        ),
        _sum(data, "findings wait"),
    ]


def _sum(data: dict[str, Any], what: str) -> str:
    return (
        f"{data['shown']} of {data['incidents']} {what} shown: incidents: {data['incidents']}; "
        f"observations: {data['observations']}; observed violations: "
        f"{data['observed_violations']} (incidents held to be a breach: "
        f"{data['incidents_breach']}). Times in {data['zone']}."
    )


def _clock(name: str, age: dict[str, Any] | None) -> str:
    if age is None:
        return f"since an unknown {name}"
    past = (
        "PAST THE LIMIT" if age["past_limit"] else "past the target" if age["past_target"] else ""
    )
    hours = age["hours"]
    waited = f"{hours:.1f} h" if hours < _HOURS_TOLD else f"{hours / 24:.1f} days"
    return f"{waited} since {name}{f' ({past})' if past else ''}"


def _line(row: dict[str, Any]) -> str:
    by = f", by {' and '.join(row['reviewed_by'])}" if row["reviewed_by"] else ""
    return (
        f"{row['incident']}  {row['from']} – {row['to']}  {row['region'] or 'no region':<9} "
        f"{row['kind_name']}, {row['state']} "
        f"({'provisional' if row['provisional'] else f'reviewed{by}'}"
        f"{', stale' if row['stale'] else ''}), {voices(row['origins'])}, "
        f"{_observed(row)}, attribution {row['attribution']}"
        + (f": {row['party']}, by {row['body']}" if row["party"] else "")
    )


def _observed(row: dict[str, Any]) -> str:
    noun = "observed violation" if row["breach"] else "observation"
    return f"{row['observations']} {noun}{'' if row['observations'] == 1 else 's'}"


def said_line(said: dict[str, Any]) -> str:
    """One entry on a finding, for people."""
    of = f" of {said['of']}" if said["of"] and said["of"] != said["word"] else ""
    until = f", until {said['until']}" if said["what"] == "notified" else ""
    standard = f" ({said['standard']})" if said["standard"] else ""
    late = ", late" if said["late"] else ""
    words = f": {said['words']}" if said["words"] else ""
    why = f" [{said['why']}]" if said["why"] else ""
    return (
        f"log {said['log_index']}, {said['at']}, {said['by']}: {said['what']}{of} "
        f"{said['word']}{standard}{until}{late}, {said['effect']}{words}{why}"
    )
