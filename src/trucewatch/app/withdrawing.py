"""Taking back what was received: the bytes stay, and what was read of them stops counting."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trucewatch.app.federation.copies import TakenEntry
from trucewatch.app.in_force import OPERATOR
from trucewatch.app.intake import read_log
from trucewatch.app.withdrawal import Target, Withdrawal
from trucewatch.commitments import Loss
from trucewatch.errors import NotFound
from trucewatch.evidence import EntryKind, NewEntry
from trucewatch.model import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.app.mission import Mission
    from trucewatch.app.withdrawal import Withdrawn

_NUMBER = re.compile(r"[0-9]{1,18}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def standing(mission: Mission) -> Iterator[Report]:
    """Every report that still counts, by id, without the claims that were withdrawn.

    A report stands as long as one delivery of it does. Nothing is taken out of the projection:
    what was received can be looked up as before.
    """
    withdrawn = mission.in_force().withdrawn
    if not withdrawn:
        yield from mission.store.reports()
        return
    claims = {t.name for t in withdrawn if t.what == "claim"}
    for report in mission.store.reports():
        if _of_report(mission, report):
            continue
        gone = {claim.id for claim in report.claims} & claims
        if gone:
            yield replace(report, claims=tuple(c for c in report.claims if c.id not in gone))
        else:
            yield report


def withdrawn_by(mission: Mission, report: Report, claim: str | None = None) -> list[Withdrawn]:
    """The withdrawals in force by which a report, or one claim of it, does not count; or none."""
    found = _of_report(mission, report)
    target = Target(what="claim", source=report.source, name=claim or "")
    one = mission.in_force().withdrawn.get(target)
    return [*found, one] if one is not None else found


def _of_report(mission: Mission, report: Report) -> list[Withdrawn]:
    withdrawn = mission.in_force().withdrawn
    whole = withdrawn.get(Target(what="report", source=report.source, name=report.id))
    if whole is not None:
        return [whole]
    if not any(t.what == "delivery" and t.source == report.source for t in withdrawn):
        return []
    payloads = {raw.payload for _, raw in mission.store.report_entries(report.id)}
    targets = [Target(what="delivery", source=report.source, name=name) for name in payloads]
    if all(target in withdrawn for target in targets):
        return [withdrawn[target] for target in sorted(targets)]
    return []


def losses(mission: Mission) -> tuple[Loss, ...]:
    """What was withdrawn and by which entry, in the order of the log."""
    if not mission.in_force().withdrawn:
        return ()
    found: dict[Target, tuple[Withdrawn, set[str]]] = {}
    for report in mission.store.reports():
        for claim in report.claims:
            for each in withdrawn_by(mission, report, claim.id):
                found.setdefault(each.withdrawal.target, (each, set()))[1].add(claim.id)
    ordered = sorted(found.values(), key=lambda pair: pair[0].entry.index)
    return tuple(
        Loss(
            at=each.entry.received,
            claims=frozenset(claims),
            by=OPERATOR,
            reason=each.withdrawal.reason,
        )
        for each, claims in ordered
    )


def withdraw(
    mission: Mission, identifier: str, *, reason: str, undo: bool = False
) -> dict[str, Any]:
    """Enter in the log that a claim, a report or a delivery no longer counts; or, that it does.

    A delivery is named by its receipt: the log index, or one of the two hashes that `ingest`
    printed. Raises NotFound for what is none of these, and where `undo` finds nothing to undo.
    What is withdrawn already is not entered again. ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("a withdrawal has a reason")
    mission.sync_settings()
    read_log(mission, mission.configuration())
    target = _target(mission, identifier)
    known = mission.in_force().withdrawn.get(target)
    if undo and known is None:
        raise NotFound(f"{target.what} {target.name} is not withdrawn: there is nothing to undo")
    if undo or known is None:
        made = Withdrawal(target=target, reason=reason.strip(), stands=not undo)
        entry = NewEntry(
            kind=EntryKind.WITHDRAWAL,
            source=OPERATOR,
            payload=made.encode(),
            media="application/json",
        )
        (receipt,) = mission.log.append([entry], received=mission.now())
        mission.log.publish()
        index, new = receipt.index, True
    else:
        made, index, new = known.withdrawal, known.entry.index, False
    return {
        "what": target.what,
        "source": target.source,
        "name": target.name,
        "reason": made.reason,
        "withdrawn": made.stands,
        "log_index": index,
        "new": new,
    }


def _target(mission: Mission, identifier: str) -> Target:
    if _NUMBER.fullmatch(identifier) or _DIGEST.fullmatch(identifier):
        for entry in mission.entries():
            # The number of what was taken over is that of the entry that did so, not its own.
            number = "" if isinstance(entry, TakenEntry) else str(entry.index)
            if entry.kind is EntryKind.REPORT and identifier in {
                number,
                entry.leaf_hash,
                entry.payload,
            }:
                return Target(what="delivery", source=entry.source, name=entry.payload)
        raise NotFound(f"no delivery in the log has the receipt {identifier!r}")
    found = mission.store.find(identifier)
    if isinstance(found, Claim | Report):
        what = "claim" if isinstance(found, Claim) else "report"
        return Target(what=what, source=found.source, name=found.id)
    raise NotFound(f"{identifier!r} cannot be withdrawn: name a claim, a report or a receipt")


def lines(data: dict[str, Any]) -> list[str]:
    """What was entered, for people."""
    named = f"{data['what'].capitalize()} {data['name']} of {data['source']}"
    said = "no longer counts" if data["withdrawn"] else "counts again"
    again = "" if data["new"] else " (as the log said before)"
    return [
        f"{named} {said}{again}: {data['reason']}",
        f"  log entry {data['log_index']}; the bytes stay as they were received",
        "Next: 'trucewatch run' brings everything up to date.",
    ]
