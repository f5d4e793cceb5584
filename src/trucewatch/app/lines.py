"""What the commands print for people."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.app.intake import Delivered
    from trucewatch.evidence.audit import Audit


SHOWN_REASONS = 10


def ingest_data(delivered: Sequence[Delivered]) -> dict[str, Any]:
    """The outcome of an ingest, delivery by delivery and in all."""
    rows = [
        {
            "file": each.file,
            "source": each.count.source,
            "log_index": each.receipt.index,
            "payload_sha256": each.receipt.payload,
            "leaf_hash": each.receipt.leaf_hash,
            "received_before": each.receipt.repeated,
            "received": each.count.received,
            "accepted": each.count.accepted,
            "duplicate": each.count.duplicate,
            "quarantined": each.count.quarantined,
            **({"erased": each.count.erased, "refused": each.erased} if each.erased else {}),
            "reasons": dict(each.reasons),
        }
        for each in delivered
    ]
    keys = ["received", "accepted", "duplicate", "quarantined"]
    keys += ["erased"] if any(each.erased for each in delivered) else []
    return {
        "deliveries": rows,
        **{key: sum(int(str(row.get(key, 0))) for row in rows) for key in keys},
    }


def ingest(data: dict[str, Any]) -> list[str]:
    """One line a delivery, the reasons for what was quarantined, and the sum."""
    out = []
    for row in data["deliveries"]:
        known = ", received before" if row["received_before"] else ""
        out.append(f"{row['file']}  →  {row['source']}, log entry {row['log_index']}{known}")
        out.append(f"    {_counts(row)}")
        out += [f"    {row['refused']}"] if "refused" in row else []
        reasons = sorted(row["reasons"].items(), key=lambda pair: (-pair[1], pair[0]))
        out += [f"    quarantined {times}×: {why}" for why, times in reasons[:SHOWN_REASONS]]
        if len(reasons) > SHOWN_REASONS:
            out.append(f"    … and {len(reasons) - SHOWN_REASONS} more reasons (--json has all)")
    return [*out, f"In all: {_counts(data)}"]


def _counts(row: dict[str, Any]) -> str:
    return (
        f"{row['received']:,} received = {row['accepted']:,} accepted + "
        f"{row['duplicate']:,} duplicate + {row['quarantined']:,} quarantined"
        + (f" + {row['erased']:,} erased" if row.get("erased") else "")
    )


def run(summary: dict[str, Any]) -> list[str]:
    """What a run came to."""
    log = summary["log"]
    return [
        f"{summary['incidents']} incidents: {_tally(summary['incidents_by_nature'])}",
        f"Findings, {_reviewed(summary)}: {_findings(summary)}",
        f"Assessments: {_assessed(summary)}",
        f"Obligations: {_tally(summary['obligations']) or 'none'}{_awaiting(summary)}",
        *(f"Rate {name}: {rate(each)}" for name, each in summary["rates"].items()),
        f"Log: {log['size']} entries, root {log['root']}",
    ]


def _awaiting(summary: dict[str, Any]) -> str:
    """How many responses would open but for the grade of their records."""
    number = summary.get("awaiting", 0)
    more = f"; {number} not open: 'trucewatch obligations' says what it awaits"
    return more if number else ""


def _assessed(summary: dict[str, Any]) -> str:
    """Assessments by outcome, and how many pairs more are plainly outside."""
    number = summary.get("plainly_outside", 0)
    more = f"; {number:,} more pairs are plainly outside and only counted" if number else ""
    return _tally(summary["assessments"]) + more


def rate(each: dict[str, Any]) -> str:
    """A rate in words, with its interval and the days it stands on."""
    if each["per_day"] is None:
        return "no whole day in this period"
    low, high = each["interval_95"]
    days = "day" if each["days"] == 1 else "days"
    return (
        f"{each['per_day']:.1f} a day (95 % interval {low:.1f} to {high:.1f}; "
        f"{each['count']} in {each['days']} whole {days})"
    )


def _findings(summary: dict[str, Any]) -> str:
    return (
        "; ".join(
            f"{nature.replace('_', ' ')}s: {_tally(states)}"
            for nature, states in summary["findings_by_nature"].items()
        )
        or "none"
    )


def _reviewed(summary: dict[str, Any]) -> str:
    """How far people have come with them."""
    reviewed, stale, attributed = (summary[key] for key in ("reviewed", "stale", "attributed"))
    first = f"{reviewed} reviewed, the others provisional" if reviewed else "all provisional"
    again = f", {stale} to be looked at again" if stale else ""
    who = f"{attributed} attributed by a body" if attributed else "attribution withheld"
    return f"{first}{again}, {who}"


def _tally(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {word.replace('_', ' ')}" for word, n in counts.items()) or "none"


def bulletins(data: dict[str, Any]) -> list[str]:
    """Where the bulletins lie and what they say."""
    out = []
    for each in data["bulletins"]:
        again = "" if each["new"] else " (unchanged since it was issued)"
        out.append(f"Bulletin {each['number']}{again}: {each['headline']}")
        out += [f"    {name}" for name in each["files"]]
        out += [f"    what changed since the issue before: {name}" for name in each["changes"]]
    return out


def demonstration(summary: dict[str, Any], *, program: str = "trucewatch") -> list[str]:
    """What the demonstration says at its end; the last lines are commands to type as they stand."""
    intake = "; ".join(f"{name}: {_counts(row)}" for name, row in summary["intake"].items())
    rates = summary["rates"]
    log = summary["log"]
    return [
        f"{summary['name']}: {summary['headline'] or 'no bulletin yet'}",
        f"Received    {intake}",
        f"Incidents   {summary['incidents']}: {_tally(summary['incidents_by_nature'])}",
        f"Findings    {_findings(summary)}; {_reviewed(summary)}",
        f"Assessed    {_assessed(summary)}",
        "Reported    " + "; ".join(f"{name} {rate(each)}" for name, each in rates.items()),
        f"Unobserved  {summary['unobserved']}",
        f"Evidence    log of {log['size']} entries, root {log['root']}",
        f"Look at     {summary['look_at'] or 'no bulletin: ' + summary['withheld']}",
        "Ask why     "
        + shlex.join([program, "explain", "--mission", summary["folder"], summary["ask"]]),
        f"In browser  {shlex.join([program, 'serve', '--mission', summary['folder']])}",
    ]


def audit_data(
    result: Audit,
    *,
    inside: Sequence[str] = (),
    federated: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The auditor's verdict; `inside` are the faults of the log of what stays inside.

    `federated` are those of the copies of other logs, by origin, an empty list for one that holds.
    """
    copies = federated or {}
    faults = [f"inside: {fault}" for fault in inside]
    faults += [f"{origin}: {fault}" for origin, found in copies.items() for fault in found]
    return {
        "ok": result.ok and not faults,
        "origin": result.origin,
        "size": result.size,
        "root": result.root,
        "entries_by_kind": dict(sorted(result.entries_by_kind.items())),
        "payloads": result.payloads,
        "bytes": result.bytes,
        **({"erased": result.erased} if result.erased else {}),
        **({"federated": [*copies]} if copies else {}),
        "problems": [*result.problems, *faults],
        **({"clocks": list(result.clocks)} if result.clocks else {}),
    }


def _payloads(number: int) -> str:
    return "1 payload" if number == 1 else f"{number} payloads"


def audit(data: dict[str, Any]) -> list[str]:
    """The auditor's verdict, in words."""
    verdict = "The log holds." if data["ok"] else "THE LOG DOES NOT HOLD."
    return [
        verdict,
        f"{data['size']} entries of {data['origin']!r}: {_tally(data['entries_by_kind'])}",
        f"{data['payloads']} payloads, {data['bytes']:,} bytes, each hashed anew",
        *([f"{_payloads(data['erased'])} erased"] if "erased" in data else []),
        f"Root {data['root']}",
        *(f"The copy of {origin!r} was checked too" for origin in data.get("federated", ())),
        *(f"PROBLEM: {problem}" for problem in data["problems"]),
        *(f"CLOCK: {doubt}" for doubt in data.get("clocks", ())),
    ]
