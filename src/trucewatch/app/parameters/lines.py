"""The parameters in force as people read them."""

from __future__ import annotations

from typing import Any

WORDS = {
    "detection": "reports {:.0%} of what happens",
    "false_share": "{:.0%} of its reports are false",
    "place_scale": "its stated errors of place times {:.2f}",
    "tau_days": "time known to ± {:.2f} d beside what it states",
    "coverage": "its silence counts on {:.0%} of the ground",
}
PEAKS = "rate_peaks."
NOBODY = "nobody has learnt or given any"


def standing(data: dict[str, Any]) -> str:
    """Which parameters, how they came into force, and since when."""
    name = str(data.get("fingerprint") or data.get("values"))[:12]
    how = {"learnt": "learnt from the reports", "given": "given by a person"}.get(data["how"])
    came = f"{how}, in force since {data['since']}" if how else f"the defaults: {NOBODY}"
    return f"Parameters in force: {name}, {came}"


def parameters(data: dict[str, Any]) -> list[str]:
    """What is in force for each source, and where each value came from."""
    out = [standing(data)]
    if data["log_index"] is not None:
        out.append(f"  log entry {data['log_index']}, by version {data['version']}")
    if data["reason"]:
        out.append(f"  reason: {data['reason']}")
    if data["learnt_from"]:
        rest = data["learnt_from"]
        out.append(
            f"  learnt from {rest['reports']:,} reports, of which {rest['joined']:,} share a "
            f"happening with another source; {rest['records']:,} records, "
            f"evidence root {rest['root']}"
        )
    out.append(
        f"  rate: {data['rate_per_km2_day']:.3g} happenings per km² and day "
        f"({data['rate_came']}), more around {_places(data['rate_peaks'])}"
    )
    for row in data["sources"]:
        out.append(f"  {row['source']} ({row['kind']})")
        out += [f"    {WORDS[key].format(row[key])} ({row['came'][key]})" for key in WORDS]
    return out


def learning(data: dict[str, Any]) -> list[str]:
    """What was learnt, old and new, and what it rests on."""
    if data["refused"]:
        return [f"Nothing is learnt: {data['refused']}.", standing(data["in_force"])]
    whole = f"{data['reports']:,} reports, of which {data['joined']:,}"
    out = [
        f"{whole} share a happening with another source:",
        *(
            f"  {row['source']}: {row['reports']:,} reports, {row['joined']:,} joined, "
            f"{row['beyond_one']:,} of them beyond one partner: {row['note']}"
            for row in data["sources"]
        ),
        f"  more acts than elsewhere around {_places(len(data['rate_peaks']))}",
        *(
            f"    {peak['lat']:.3f}, {peak['lon']:.3f}: {peak['per_day']:.2g} a day more within "
            f"about {peak['spread_m'] / 1000:.0f} km"
            for peak in data["rate_peaks"]
        ),
    ]
    out += changed(data["changes"])
    if data["dry_run"]:
        out.append("Nothing was written (--dry-run).")
    elif not data["written"]:
        out.append("Nothing was written: it is what is in force already.")
    return [*out, standing(data["in_force"])]


def given(data: dict[str, Any]) -> list[str]:
    """What a person changed, and what is in force now."""
    return [*changed(data["changes"]), *parameters(data)]


def changed(changes: list[dict[str, Any]]) -> list[str]:
    """Each value that differs, old and new."""
    out = []
    peaks = [each for each in changes if each["field"].startswith(PEAKS)]
    for each in changes:
        if each in peaks:
            continue
        name = f"{each['source']} {each['field']}".strip()
        out.append(f"  {name}: {_value(each['old'])} → {_value(each['new'])}")
    if peaks:
        out.append(f"  rate peaks: {len(peaks)} values, which --json shows")
    return ["Changed:", *out] if out else ["No value is changed."]


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count or 'no'} places"


def _value(value: float | bool | None) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else f"{value:.4g}"
