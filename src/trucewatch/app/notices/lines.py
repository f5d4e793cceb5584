"""What the commands on notices and the hotline print for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


def added(data: dict[str, Any]) -> list[str]:
    """What was entered and what was refused, counted, with the disclaimers."""
    out = [line for row in data["notices"] for line in _notice(row)]
    out += [f"refused {one['where']}: {one['reason']}" for one in data["refusals"]]
    counts = f"{data['received']} received = {data['entered']} entered + {data['refused']} refused"
    return [*out, counts, *_fine_print(data)]


def listed(data: dict[str, Any]) -> list[str]:
    """Every notice with its state, and the acts that found none."""
    out = [line for row in data["notices"] for line in _notice(row)]
    out += [
        f"entry {one['entry']} ({one['act']} by {one['by']}) names {one['id']}, which is not known"
        for one in data.get("strays", ())
    ]
    return [*(out or ["No notice has been entered."]), *_fine_print(data)]


def _notice(row: dict[str, Any]) -> list[str]:
    urgent = ", emergency" if row["emergency"] else ""
    late = ", LATE" if row["late"] else ""
    end = row["to"] or "no end stated"
    way = " → ".join(f"{lat:.5f} {lon:.5f}" for lon, lat in row["route"])
    what = f"{row['sort']} ({row['domain']}): {row['place']}"
    when = f"{row['from']} – {end} ({row['zone']}); {row['lead_hours']:.1f} h ahead"
    return [
        f"{row['id']}  {row['state']}{urgent}{late}  {what}",
        f"    {when}; version {row['versions']}",
        f"    {way} (latitude longitude), {row['width_m']:g} m around it",
        f"    {row['organisation']}; contact: {row['contact']}",
        *([f"    {row['note']}"] if row["note"] else []),
        *(f"    {reason}" for reason in row["reasons"]),
    ]


def matched(data: dict[str, Any]) -> list[str]:
    """Matches first, then what nearly was one."""
    out = [line for row in data["matches"] for line in _match(row)]
    out += [line for row in data["near_misses"] for line in _match(row)]
    counts = f"{len(data['matches'])} matches, {len(data['near_misses'])} near misses."
    return [*out, counts, *_fine_print(data)]


def _match(row: dict[str, Any]) -> list[str]:
    what = "near miss" if row["near_misses"] else f"P {row['share']:.2f}"
    when = f"{row['earliest']} – {row['latest']} ({row['zone']})"
    return [
        f"{row['notice']} and {row['incident']}  {what}: {row['kind_name']}, {when}",
        *(f"    {miss}" for miss in row["near_misses"]),
        *(f"    {reason}" for reason in row["reasons"]),
    ]


def contacts(data: dict[str, Any]) -> list[str]:
    """The hotline's log."""
    out = []
    for row in data["contacts"]:
        answer = "answered" if row["answered"] else "not answered"
        out.append(
            f"{row['at']} ({row['zone']})  {', '.join(row['parties'])} over {row['channel']}, "
            f"{answer}: {row['subject']}"
        )
        out += [f"    {row['outcome']}"] if row["outcome"] else []
    return out or ["No contact has been entered."]


def _fine_print(data: dict[str, Any]) -> Iterable[str]:
    return ["", *data["disclaimers"], "For those inside: nothing of this may be passed on."]
