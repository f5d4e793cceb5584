"""Obligations for people: the table of two clocks, and what would open."""

from __future__ import annotations

from typing import Any

from trucewatch.app.findings.reviewing import NEXT

_WIDTH = 28


def stand(data: dict[str, Any]) -> list[str]:
    """The obligations at an hour, each with its two clocks and what became of it."""
    out = [heading(data, "As of")]
    for row in data["obligations"]:
        out += ["", *obligation(row), *history(row)]
    for each in data.get("awaiting", ()):
        whose = ", ".join(each["duty_of"])
        out += [
            "",
            f"NOT OPEN  {each['step']}: {each['duty']} (would fall to {whose})",
            f"  {each['why']}",
            f"  rests on {', '.join(each['incidents'])}",
        ]
    shown = len(data["obligations"])
    return [*out, "", f"{shown} of {data['opened']} obligations shown. {NOTHING}"]


NOTHING = "Nothing follows by itself: each step waits for the body that is named."


def would(data: dict[str, Any]) -> list[str]:
    """What one incident would open."""
    assumed = ", ".join(data["assumed"]) or "no provision"
    out = [
        heading(data, "Asked"),
        f"{data['incident']}: {data['now']}.",
        f"If it were verified, as a breach of {assumed}:",
    ]
    for word, rows in (("would open", data["opens"]), ("would join", data["joins"])):
        for row in rows:
            first, *more = obligation(row)
            out += ["", f"{word} {first}", *more]
    if not data["opens"] and not data["joins"]:
        out += ["", "It would open nothing."]
    return [*out, "", f"Nothing was entered. {NOTHING}"]


def dry_run(data: dict[str, Any]) -> list[str]:
    """What triggers would have opened on the mission's past."""
    triggers = ", ".join(data["triggers"]) or "none"
    out = [
        heading(data, "Dry run of"),
        f"Agreement {data['agreement']}, triggers: {triggers}; {data['incidents']} incidents",
    ]
    for row in data["obligations"]:
        out += ["", *obligation(row)]
    count = len(data["obligations"])
    return [*out, "", f"{count} obligations would have opened. Nothing was entered."]


def decided(data: dict[str, Any]) -> list[str]:
    """What was entered."""
    until = f" until {_time(data['until'])}" if data["until"] else ""
    told = [
        f"{data['obligation']} ({data['step']}): {data['act']}{until}, by {data['body']}",
        f"  entered by {data['by']} ({data['office']}), log entry {data['log_index']}",
    ]
    if not data["counts"]:
        told.append("  recorded beside it: the clocks stop once the deciding body takes it up")
    return [*told, NEXT]


def heading(data: dict[str, Any], word: str) -> str:
    """The first line: an exercise says so, and the zone is named."""
    exercise = "EXERCISE. " if data["exercise"] else ""
    return f"{exercise}{word} {_time(data['at'])}; local times are those of {data['zone']}."


def _time(moment: dict[str, str] | None) -> str:
    """A moment in the mission's zone, and in UTC."""
    if moment is None:
        return "–"
    local = moment["local"].replace("T", " ")
    return f"{local} ({moment['utc'].replace('T', ' ').replace('Z', ' UTC')})"


def obligation(row: dict[str, Any]) -> list[str]:
    """One obligation with the table of its two clocks."""
    binds = "" if row["binds"] else f" The text is {row['standing']}: it binds nobody."
    whose = f"falls to {', '.join(row['duty_of'])}; {row['decided_by_name']} decides."
    out = [
        f"{row['id']}  {row['step']}: {row['stands'].upper()}",
        f"  {row['duty']}: {whose}{binds}",
        f"  {'clock':<16}{'start':<{_WIDTH + 22}}{'due':<{_WIDTH + 22}}left",
    ]
    for name, clock in row["clocks"].items():
        mark = "*" if name == row["clock"] else " "
        if clock["start"] is None:
            out.append(f" {mark}{name:<16}not started")
            continue
        out.append(
            f" {mark}{name:<16}{_time(clock['start']):<{_WIDTH + 22}}"
            f"{_due(clock):<{_WIDTH + 22}}{_left(clock['hours_left'])}"
        )
        if clock["earliest"] != clock["start"]:
            out.append(f"    the hour is not known: not before {_time(clock['earliest'])}")
    if row["missing"]:
        out.append(f"  approvals not on record: {'; '.join(row['missing'])}")
    out.append(f"  rests on {', '.join(row['incidents'])}")
    return out


def _due(clock: dict[str, Any]) -> str:
    return "no hour is named" if clock["due"] is None else _time(clock["due"])


def _left(hours: float | None) -> str:
    if hours is None:
        return "–"
    minutes = round(abs(hours) * 60)
    sign = "-" if hours < 0 else ""
    return f"{sign}{minutes // 60} h {minutes % 60:02} min"


def history(row: dict[str, Any]) -> list[str]:
    """What became of it, entry by entry, with what counts for nothing."""
    out = []
    for each in row["history"]:
        by = f" by {each['by']}" if each["by"] else ""
        person = f" ({each['person']})" if each["person"] else ""
        until = f" until {_time(each['until'])}" if each["until"] else ""
        void = f" COUNTS FOR NOTHING: {each['void']}" if each["void"] else ""
        out.append(
            f"    {_time(each['at'])}  {each['what']}{by}{person}{until}: {each['reason']}{void}"
        )
    return out
