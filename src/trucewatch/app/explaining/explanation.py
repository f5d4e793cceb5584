"""Why: from a bulletin's figure down to the bytes of each raw record."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from trucewatch.app import lineage
from trucewatch.app.counted import plainly_outside
from trucewatch.app.erasing.told import erased_entry
from trucewatch.app.explaining.opened import opened
from trucewatch.app.findings.listing import said_row
from trucewatch.app.listing import current
from trucewatch.app.obligations import why as obliging_why
from trucewatch.app.parameters.changing import in_force
from trucewatch.errors import NotFound
from trucewatch.model import (
    Area,
    Claim,
    Finding,
    Incident,
    Obligation,
    PeriodCount,
    Report,
    kind_tree,
)

if TYPE_CHECKING:
    from datetime import tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.evidence import StoredEntry
    from trucewatch.model import Attribution, Interval, Place
    from trucewatch.store import Derived

SHOWN_BYTES = 2000
"""How many bytes of a raw record are printed; the JSON says where the rest stands."""


def explain(mission: Mission, identifier: str) -> dict[str, Any]:
    """Explain a bulletin (by its number), an incident, finding, obligation, claim or report.

    An erased entry is named by its log index, and answered with why it is.

    A unique beginning of an identifier will do. An incident that is no more is answered with what
    became of it. Raises NotFound otherwise.
    """
    if identifier.isascii() and identifier.isdigit():
        return {"erased": erased_entry(mission, int(identifier))}
    derived = current(mission)
    issue = lineage.issue_named(mission, identifier)
    if issue is not None:
        return _bulletin(mission, *issue)
    try:
        found = mission.store.find(identifier)
    except NotFound:
        was = lineage.became(mission, derived, identifier)
        if was is None and mission.in_force().erased:
            raise NotFound(
                f"nothing here is called {identifier!r}; what stood on an entry that was erased is "
                "gone with it ('trucewatch erase --list')"
            ) from None
        if was is None or any(i.id.startswith(identifier) for i in derived.incidents):
            raise
        return was
    if isinstance(found, Finding):
        found = mission.store.incident(found.incident)
    if isinstance(found, Incident):
        return _incident(mission, derived, found)
    if isinstance(found, Obligation):
        return obliging_why.explained(mission, derived, found)
    claim = found.id if isinstance(found, Claim) else None
    if isinstance(found, Claim | PeriodCount):
        found = mission.store.find(found.report)
    if isinstance(found, Report):
        return {
            "report": _report(mission, found),
            "withdrawn": lineage.withdrawals(mission, found, claim),
            "incidents": [
                incident.id
                for incident in derived.incidents
                if any(claim.id in incident.claims for claim in found.claims)
            ],
        }
    raise NotFound(f"{identifier!r} has nothing to explain: name an incident, claim or report")


def _bulletin(mission: Mission, name: str, sealed: StoredEntry) -> dict[str, Any]:
    """The figures of a bulletin, the incidents behind them, and the log it was computed from.

    Raises NotFound where its JSON is not in the folder, or is not what the log's seal names.
    """
    seal = json.loads(mission.log.payload(sealed.payload))
    try:
        raw = (mission.folder / f"{name}.json").read_bytes()
    except FileNotFoundError:
        raise NotFound(f"{name}.json is not here: 'trucewatch bulletin' writes it") from None
    if hashlib.sha256(raw).hexdigest() != seal["bodies"][f"{name.rsplit('/', 1)[-1]}.json"]:
        raise NotFound(f"{name}.json is not what was sealed: 'trucewatch bulletin' writes it anew")
    body = json.loads(raw)
    return {
        "bulletin": body["number"],
        "headline": body["headline"],
        "log_index_of_seal": sealed.index,
        "corrects": seal.get("corrects", {}).get("stem"),
        "corrected_by": lineage.next_issue(mission, name),
        "evidence": seal["evidence"],
        "checkpoint": seal["checkpoint"],
        "parameters": body["evidence"]["parameters"],
        "figures": body["figures"],
        "incidents": [
            {key: each[key] for key in ("id", "kind", "region", "state", "outcome", "certain")}
            for each in body["incidents"]
        ],
    }


def _incident(mission: Mission, derived: Derived, incident: Incident) -> dict[str, Any]:
    """One incident, opened into its arithmetic, its verdicts and its reports."""
    zone = mission.configuration().zone
    finding = next(f for f in derived.findings if f.incident == incident.id)
    claims = [_claim_of(mission, claim) for claim in incident.claims]
    reports = {claim.report for claim in claims}
    return {
        "incident": incident.id,
        "nature": incident.nature.value,
        "kind": kind_tree()[incident.kind].name,
        "when": _span(incident.when, zone),
        "place": _place(incident.place),
        "region": incident.region,
        "probability": incident.probability,
        "log_odds_terms": [
            {"name": term.name, "nats": term.nats, "words": term.words} for term in incident.terms
        ],
        "reasons": list(incident.reasons),
        "opened": opened(mission, derived, incident),
        "parameters": in_force(mission, only=incident.sources),
        "finding": {
            "id": finding.id,
            "state": finding.state.value,
            "provisional": finding.provisional,
            "stale": finding.stale,
            "reviewed_by": list(finding.reviewed_by),
            "duplicate_of": finding.duplicate_of,
            "attribution": finding.responsibility.value,
            "party": finding.party,
            "body": finding.body,
            "standard": finding.standard,
            "independent_origins": finding.independent_origins,
            "independence": None
            if finding.independence is None
            else {
                "effective_number": finding.independence.number,
                "across_parties": list(finding.independence.across_parties),
                "ties": list(finding.independence.reasons),
            },
            "seen_share": finding.seen_share,
            "reasons": list(finding.reasons),
            "said": [said_row(said, zone) for said in finding.said],
        },
        "assessments": [
            {
                "provision": each.provision,
                "outcome": each.outcome.value,
                "share": each.share,
                "reasons": list(each.reasons),
                "near_misses": list(each.near_misses),
            }
            for each in derived.assessments
            if each.incident == incident.id
        ],
        "plainly_outside": plainly_outside(mission, derived, incident.id),
        "origins": [
            {
                "id": origin.id,
                "label": origin.label,
                "party": origin.party,
                "claims_here": [claim for claim in origin.claims if claim in incident.claims],
                "claims_in_all": len(origin.claims),
                "recognised_by": list(origin.reasons),
            }
            for origin in derived.origins
            if origin.id in incident.origins
        ],
        "claims": [
            {
                "id": claim.id,
                "source": claim.source,
                "kind": kind_tree()[claim.kind].name,
                "when": _span(claim.when, zone),
                "place": _place(claim.place),
                "text": claim.text,
                "said_by": [_attribution(one, zone) for one in claim.attributions],
                "alleged": list(claim.alleged),
                "notes": list(claim.notes),
                "report": claim.report,
            }
            for claim in claims
        ],
        "reports": [_report(mission, _report_of(mission, report)) for report in sorted(reports)],
        "history": lineage.history(mission, incident.id),
    }


def _attribution(said: Attribution, zone: tzinfo) -> str:
    """Outlet, day, headline and informant, as far as the report tells them."""
    # The middle of a whole day lies on that day in any zone near the source's own.
    day = said.published.middle.astimezone(zone).date().isoformat() if said.published else None
    headline = f"“{said.headline}”" if said.headline else None
    quoted = f"quoting {said.informant}" if said.informant else None
    parts = (said.outlet, day, headline, quoted, said.link)
    return ", ".join(part for part in parts if part) or "nobody is named"


def _claim_of(mission: Mission, identifier: str) -> Claim:
    found = mission.store.find(identifier)
    if not isinstance(found, Claim):
        raise NotFound(f"{identifier!r} is not a claim of this projection: run again")
    return found


def _report_of(mission: Mission, identifier: str) -> Report:
    found = mission.store.find(identifier)
    if not isinstance(found, Report):
        raise NotFound(f"{identifier!r} is not a report of this projection: run again")
    return found


def _report(mission: Mission, report: Report) -> dict[str, Any]:
    """A report with every place in the log where its record stands, and the bytes there."""
    records = []
    taken = mission.taken()
    for index, raw in mission.store.report_entries(report.id):
        payload = mission.payload(raw.payload)
        stretch = payload[raw.start : raw.start + raw.length] if raw.length else payload
        records.append(
            {
                "log_index": index,
                **({"taken_from": taken[index]} if index in taken else {}),
                "payload_sha256": raw.payload,
                "pointer": raw.pointer,
                "start": raw.start,
                "length": raw.length or len(payload),
                "bytes": stretch[:SHOWN_BYTES].decode("utf-8", "backslashreplace"),
                "shown": min(len(stretch), SHOWN_BYTES),
            }
        )
    return {
        "id": report.id,
        "source": report.source,
        "text": report.text,
        "claims": [claim.id for claim in report.claims],
        "records": records,
    }


def _span(when: Interval, zone: tzinfo) -> dict[str, str]:
    return {
        "earliest": when.earliest.astimezone(zone).isoformat(timespec="minutes"),
        "latest": when.latest.astimezone(zone).isoformat(timespec="minutes"),
    }


def _place(place: Place) -> dict[str, Any]:
    if isinstance(place, Area):
        return {"area": place.code, "name": place.name}
    return {
        "latitude": round(place.lat, 6),
        "longitude": round(place.lon, 6),
        "standard_error_m": round(place.error_m),
    }
