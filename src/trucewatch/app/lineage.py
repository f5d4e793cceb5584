"""What became of an incident that was named once, and what changed since a bulletin."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from trucewatch.app.deciding import called
from trucewatch.app.replaying import replayed
from trucewatch.app.withdrawing import withdrawn_by
from trucewatch.errors import NotFound
from trucewatch.findings import OnFinding
from trucewatch.incidents import changes, founded_by
from trucewatch.model import Claim, Fate, Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucewatch.app.mission import Mission
    from trucewatch.app.withdrawal import Withdrawn
    from trucewatch.evidence import StoredEntry
    from trucewatch.model import Change
    from trucewatch.store import Derived

SEAL = ".seal.json"
FIRST = "-issue-1"


def issue_named(mission: Mission, identifier: str) -> tuple[str, StoredEntry] | None:
    """A bulletin's name in the log and its seal's entry, by number or by issue; None if unknown.

    A number alone names the last issue, and with "-issue-1" behind it the first.
    """
    issued = mission.in_force().issued
    stem = identifier.rsplit("/", 1)[-1]
    if stem.endswith(FIRST):
        name = f"{mission.bulletins.name}/{stem.removesuffix(FIRST)}"
        first = issued.get(f"{name}{SEAL}")
        return None if first is None else (name, first)
    name, number = f"{mission.bulletins.name}/{stem}", 2
    while f"{mission.bulletins.name}/{stem}-issue-{number}{SEAL}" in issued:
        name = f"{mission.bulletins.name}/{stem}-issue-{number}"
        number += 1
    sealed = issued.get(f"{name}{SEAL}")
    return None if sealed is None else (name, sealed)


def next_issue(mission: Mission, name: str) -> str | None:
    """The stem of the issue that stands in place of this one; None for the last."""
    for sealed, entry in mission.in_force().issued.items():
        corrects = json.loads(mission.log.payload(entry.payload)).get("corrects", {})
        folder, _, stem = sealed.removesuffix(SEAL).rpartition("/")
        if f"{folder}/{corrects.get('stem')}" == name:
            return stem
    return None


def since_bulletin(
    mission: Mission, derived: Derived, identifier: str
) -> tuple[str, tuple[Change, ...]]:
    """The issue that is meant, and what changed since; raises NotFound for no bulletin.

    The state of that day is computed anew from the entries of the log that its seal names.
    """
    known = issue_named(mission, identifier)
    if known is None:
        raise NotFound(f"no bulletin has been issued as {identifier!r}")
    name, sealed = known
    issue = f"{mission.log.origin}/{name.rsplit('/', 1)[-1]}"
    size = json.loads(mission.log.payload(sealed.payload))["checkpoint"]["size"]
    with replayed(mission, size) as (_, before):
        found = changes(before.incidents, derived.incidents, since=f"bulletin {issue}")
    return issue, tuple(change for change in found if change.fate is not Fate.UNCHANGED)


def history(mission: Mission, identifier: str) -> list[dict[str, Any]]:
    """Every recorded change that names an incident, in the order of the log.

    Only what an issue of a bulletin corrected is on record.
    """
    return [
        {
            "log_index": entry.index,
            "corrects": record["corrects"],
            "issue": record["issue"],
            "fate": change["fate"],
            "before": change["before"],
            "after": change["after"],
            "why": change["why"],
        }
        for entry, record in _records(mission)
        for change in record["changes"]
        if identifier in (*change["before"], *change["after"])
    ]


def became(mission: Mission, derived: Derived, identifier: str) -> dict[str, Any] | None:
    """What became of an incident that is no more, by a unique beginning of its id; None if unknown.

    Its claims are those on record when it was last named in a correction; where it never was, its
    founding claim alone, which its id is made from.
    """
    recorded: dict[str, set[str]] = {}
    for _, record in _records(mission):
        for change in record["changes"]:
            for side in ("before", "after"):
                for name in change[side]:
                    recorded[name] = {
                        claim
                        for move in change["moves"]
                        if move[side] == name
                        for claim in move["claims"]
                    }
    names = {name for name in recorded if name.startswith(identifier)}
    founders: dict[str, Claim] = {}
    if identifier.startswith("inc-"):
        for claim in _claims(mission.store.reports()):
            if (name := founded_by(claim.id)).startswith(identifier):
                founders[name] = claim
    # A claim that founds nothing now may have founded something once; nobody can say which.
    names = {identifier} & (names | founders.keys()) or names or set(founders)
    if not names:
        return None
    if len(names) > 1:
        raise NotFound(f"{len(names)} incidents, past or present, begin so: {identifier!r}")
    (name,) = names
    claims = recorded.get(name) or {founders[name].id}
    homes = {claim: incident.id for incident in derived.incidents for claim in incident.claims}
    tally = Counter(homes[claim] for claim in claims if claim in homes)
    return {
        "was": name,
        "known_by": "its claims on record" if name in recorded else "its founding claim",
        "claims": sorted(claims),
        "now": [{"incident": one, "claims": tally[one]} for one in sorted(tally)],
        "in_none": [_gone(mission, claim) for claim in sorted(claims - homes.keys())],
        "entered": _entered(mission, name),
        "history": history(mission, name),
    }


def _entered(mission: Mission, name: str) -> list[dict[str, Any]]:
    """What people entered on an incident while it bore this name."""
    return [
        {
            "log_index": one.index,
            "by": one.by if one.person is None else one.person.name,
            "what": called(one.decision),
        }
        for one in mission.decisions()
        if isinstance(one.decision, OnFinding) and one.decision.incident == name
    ]


def withdrawals(mission: Mission, report: Report, claim: str | None = None) -> list[dict[str, Any]]:
    """Why a report or a claim of it does not count, with the log index of each decision."""
    return [_told(each) for each in withdrawn_by(mission, report, claim)]


def _gone(mission: Mission, claim: str) -> dict[str, Any]:
    """A claim that is in no incident, and why, as far as anybody has said."""
    try:
        found = mission.store.find(claim)
        report = mission.store.find(found.report) if isinstance(found, Claim) else None
    except NotFound:
        report = None
    known = isinstance(report, Report)
    return {
        "claim": claim,
        "read": known,
        "withdrawn": withdrawals(mission, report, claim) if isinstance(report, Report) else [],
    }


def _told(withdrawn: Withdrawn) -> dict[str, Any]:
    target = withdrawn.withdrawal.target
    return {
        "what": target.what,
        "name": target.name,
        "reason": withdrawn.withdrawal.reason,
        "log_index": withdrawn.entry.index,
        "received": withdrawn.entry.received.isoformat(timespec="seconds"),
    }


def _records(mission: Mission) -> Iterator[tuple[StoredEntry, dict[str, Any]]]:
    for entry in mission.in_force().corrections:
        yield entry, json.loads(mission.log.payload(entry.payload))


def _claims(reports: Iterable[Report]) -> Iterator[Claim]:
    for report in reports:
        yield from report.claims


def row(change: Change) -> dict[str, Any]:
    """One change as the lists show it."""
    return {
        "fate": change.fate.value,
        "before": list(change.before),
        "after": list(change.after),
        "aspects": list(change.aspects),
        "why": list(change.why),
    }


def lines(data: dict[str, Any]) -> list[str]:
    """What became of an incident, for people."""
    out = [f"{data['was']} is no longer an incident (known by {data['known_by']})"]
    out += [
        f"  {each['claims']} of its claims are in {each['incident']} now" for each in data["now"]
    ]
    for each in data["in_none"]:
        why = "; ".join(_reason(one) for one in each["withdrawn"])
        fallback = "is in no incident" if each["read"] else "is no longer read from the log"
        out.append(f"  {each['claim']} {why or fallback}")
    out += [
        f"  log entry {each['log_index']}: {each['what']} by {each['by']}, which stands with "
        "what its claims are in now"
        for each in data["entered"]
    ]
    return [*out, *history_lines(data["history"])]


def history_lines(past: list[dict[str, Any]]) -> list[str]:
    """The recorded changes of an incident, for people."""
    out = []
    for each in past:
        was, now = (" and ".join(each[side]) or "nothing" for side in ("before", "after"))
        out.append(
            f"Changed in {each['issue']} (log entry {each['log_index']}): {each['fate']}, "
            f"{was} → {now}"
        )
        out += [f"  {why}" for why in each["why"]]
    return out


def withdrawn_lines(found: list[dict[str, Any]]) -> list[str]:
    """The withdrawals of a report, for people."""
    return [f"Does not count: {_reason(each)}" for each in found]


def _reason(each: dict[str, Any]) -> str:
    return (
        f"the {each['what']} was withdrawn by log entry {each['log_index']} "
        f"({each['received']}): {each['reason']}"
    )
