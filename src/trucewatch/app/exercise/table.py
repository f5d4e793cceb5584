"""What became of a drill, hour by hour, for people: every block is marked as an exercise."""

from __future__ import annotations

from typing import Any

MARK = "EXERCISE"
_COLUMNS = ("step", "progress", "by event", "left", "by determination", "left")


def lines(data: dict[str, Any]) -> list[str]:
    """The two-clock table at every hour at which something changed."""
    out = [
        f"{MARK} {MARK} {MARK}",
        f"{data['name']}. {data['about']}",
        f"All times are those of {data['zone']}.",
    ]
    for hour in data["hours"]:
        out += ["", f"{MARK} {hour['at']}"]
        out += [f"  {what}" for what in hour["what"]]
        out += _table(hour["steps"])
        out += [
            f"  alert to {one['audience']}: {one['message']}, {one['headline']}"
            for one in hour["alerts"]
        ]
        out += [
            f"  bulletin to {one['audience']}: {one['issue']}, {one['headline']}"
            for one in hour["bulletins"]
        ]
    return [*out, "", f"{MARK} {MARK} {MARK} The mission is in {data['mission']}."]


def _table(steps: list[dict[str, Any]]) -> list[str]:
    if not steps:
        return ["  no step of a response is open"]
    rows = [_COLUMNS, *(_cells(one) for one in steps)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(_COLUMNS))]
    table = [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return table + [
        f"  {' and '.join(names)} lack: {'; '.join(missing)}"
        for missing, names in _lacking(steps).items()
    ]


def _lacking(steps: list[dict[str, Any]]) -> dict[tuple[str, ...], list[str]]:
    """Approvals that are not on record, and the steps that wait for just these."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in steps:
        if one["missing"] and one["waiting"]:
            found.setdefault(tuple(one["missing"]), []).append(one["step"])
    return found


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        one["step"],
        one["progress"],
        _clock(one, "event"),
        one["event_left"] or "–",
        _clock(one, "determination"),
        one["determination_left"] or "–",
    )


def _clock(one: dict[str, Any], clock: str) -> str:
    if one[f"{clock}_since"] is None:
        return "not started"
    due = one[f"{clock}_due"]
    return "no hour" if due is None else due[5:]
