"""An explanation as people read it: from the verdict down to the bytes."""

from __future__ import annotations

from typing import Any

from trucewatch.app.erasing.told import erased_lines
from trucewatch.app.explaining.opened import lines as opened
from trucewatch.app.findings.listing import said_line
from trucewatch.app.lineage import history_lines, withdrawn_lines
from trucewatch.app.lineage import lines as became_lines
from trucewatch.app.obligations.why import lines as why_open
from trucewatch.app.parameters.lines import parameters, standing


def explanation(data: dict[str, Any]) -> list[str]:
    """What `explain` prints for a bulletin, an incident, an obligation or a report."""
    if "erased" in data:
        return erased_lines(data["erased"])
    if "bulletin" in data:
        return _bulletin_lines(data)
    if "report" in data:
        return [
            *_report_lines(data["report"]),
            *withdrawn_lines(data["withdrawn"]),
            f"Incidents: {', '.join(data['incidents']) or 'none'}",
        ]
    if "was" in data:
        return became_lines(data)
    if "obligation" in data:
        return why_open(data)
    finding = data["finding"]
    place = data["place"]
    out = [
        f"{data['incident']}: {data['kind']} ({data['nature'].replace('_', ' ')})",
        f"  when   {data['when']['earliest']} to {data['when']['latest']}",
        (
            f"  where  {place['latitude']}, {place['longitude']} "
            f"± {place['standard_error_m']:,} m (one standard error), "
            f"{data['region'] or 'no region'}"
        ),
        f"  P(it happened) = {data['probability']:.4f}, from log-odds in nats:",
        *(f"    {term['nats']:+8.3f}  {term['words']}" for term in data["log_odds_terms"]),
        *(f"  {reason}" for reason in data["reasons"]),
        *opened(data),
        *parameters(data["parameters"]),
        (
            f"Finding {finding['id']}: {finding['state']} "
            f"({'provisional' if finding['provisional'] else 'reviewed'}; "
            f"standard: {finding['standard']}; attribution {finding['attribution']})"
        ),
        *(f"  {reason}" for reason in finding["reasons"]),
        *(f"  {said_line(said)}" for said in finding["said"]),
    ]
    for each in data["assessments"]:
        out.append(f"Provision {each['provision']}: {each['outcome']} (share {each['share']:.3f})")
        out += [f"  {reason}" for reason in each["reasons"]]
        out += [f"  nearly: {reason}" for reason in each["near_misses"]]
    if data["plainly_outside"]:
        out.append(
            f"{data['plainly_outside']} more provisions plainly do not reach it: another kind or "
            "weapon, over 24 hours, or over 10 km and five standard errors"
        )
    out.append(_origins(len(data["origins"]), finding["independence"]))
    for origin in data["origins"]:
        voice = f", a voice of {origin['party']}" if origin["party"] else ""
        out.append(f"  {origin['label']}{voice} ({origin['claims_in_all']} claims in all)")
    out.append(f"Claims: {len(data['claims'])}")
    for claim in data["claims"]:
        out.append(
            f"  {claim['id']} ({claim['source']}): {claim['kind']}, {claim['when']['earliest']} "
            f"to {claim['when']['latest']}: {claim['text']}"
        )
        out += [f"    said by {said}" for said in claim["said_by"]]
        out += [f"    it names {party}: an allegation, no finding" for party in claim["alleged"]]
        out += [f"    note: {note}" for note in claim["notes"]]
    for report in data["reports"]:
        out += _report_lines(report)
    return [*out, *history_lines(data["history"])]


def _origins(found: int, independence: dict[str, Any] | None) -> str:
    """How many origins there are, what they are worth together, and the ties that make it less."""
    line = f"Origins: {found}"
    if independence is None:
        return line
    line += f", worth {independence['effective_number']:.2f} independent ones"
    if independence["across_parties"]:
        line += f"; opposed parties tell of it: {' and '.join(independence['across_parties'])}"
    return "\n".join([line, *(f"  {tie}" for tie in independence["ties"])])


def _report_lines(report: dict[str, Any]) -> list[str]:
    out = [f"Report {report['id']} of {report['source']}"]
    for record in report["records"]:
        out.append(
            f"  log entry {record['log_index']}, payload {record['payload_sha256']}, "
            f"{record['pointer']}, bytes {record['start']}–{record['start'] + record['length']}:"
        )
        out += [f"    | {line}" for line in record["bytes"].splitlines()]
        if record["shown"] < record["length"]:
            out.append(f"    … {record['length'] - record['shown']} bytes more")
    return out


def _bulletin_lines(data: dict[str, Any]) -> list[str]:
    evidence, checkpoint = data["evidence"], data["checkpoint"]
    return [
        f"Bulletin {data['bulletin']}: {data['headline']}",
        (
            f"  computed by version {evidence['version']} from {evidence['size']} records "
            f"(evidence root {evidence['root']})"
        ),
        (
            f"  sealed at log size {checkpoint['size']}, root {checkpoint['root']}; "
            f"the seal is log entry {data['log_index_of_seal']}"
        ),
        *([f"  stands in place of {data['corrects']}"] if data["corrects"] else []),
        *(
            [f"  CORRECTED: {data['corrected_by']} stands in its place"]
            if data["corrected_by"]
            else []
        ),
        f"  {standing(data['parameters'])}",
        "Figures:",
        *(f"  {name}: {value}" for name, value in data["figures"].items()),
        *_behind(data["incidents"]),
    ]


def _behind(incidents: list[dict[str, Any]]) -> list[str]:
    """The incidents behind the figures, by what they are under the agreement."""
    out = []
    for certain, when in ((True, "certainly in the period"), (False, "perhaps in the period")):
        for outcome in sorted({each["outcome"] for each in incidents}):
            chosen = [e for e in incidents if e["outcome"] == outcome and e["certain"] is certain]
            if chosen:
                out.append(f"Incidents {when}, {outcome}: {len(chosen)} (explain any of these)")
                out += [
                    f"  {each['id']}  {each['kind']}, {each['region']}, {each['state']}"
                    for each in chosen
                ]
    return out
