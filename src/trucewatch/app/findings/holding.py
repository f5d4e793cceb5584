"""Whether the truce holds, as the last run found it: for people, programs and the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.app.listing import current, up_to_date

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.model import ChangePoint, Level, TruceCourse, Window

SHOWN_LEFT_OUT = 5


def compliance(mission: Mission) -> dict[str, Any]:
    """Each course of the truce, with every figure behind its verdict; NotFound before a run."""
    derived = current(mission)
    configuration = mission.configuration()
    zone = configuration.zone
    return {
        "mission": mission.log.origin,
        "zone": configuration.mission.mission.timezone,
        "courses": [_course(one, zone) for one in derived.compliance.courses],
        "up_to_date": up_to_date(mission),
    }


def _course(one: TruceCourse, zone: tzinfo) -> dict[str, Any]:
    return {
        "source": one.source,
        "what": one.what,
        "verdict": one.verdict.value,
        "reasons": list(one.reasons),
        **_window(one.window, zone),
        "ratio": one.ratio,
        "interval_95": None if one.before is None else [one.low, one.high],
        "allowance": one.allowance,
        "dispersion": one.dispersion,
        "before": None if one.before is None else _level(one.before, zone),
        "levels": [_level(level, zone) for level in one.levels],
        "changes": [_change(change, zone) for change in one.changes],
        "rise": None if one.rise is None else _change(one.rise, zone),
        "series": [
            {
                "from": _local(each.when.earliest, zone),
                "to": _local(each.when.latest, zone),
                "count": each.count,
                "seen": each.seen,
                "stated": each.stated,
            }
            for each in one.series
        ],
        "left_out": list(one.left_out),
        "notes": list(one.notes),
    }


def _window(window: Window, zone: tzinfo) -> dict[str, str | None]:
    return {
        "from": None if window.start is None else _local(window.start, zone),
        "to": None if window.end is None else _local(window.end, zone),
    }


def _level(level: Level, zone: tzinfo) -> dict[str, Any]:
    return {
        **_window(level.window, zone),
        "periods": level.periods,
        "days": level.days,
        "of_days": level.of_days,
        "count": level.count,
        "seen": level.seen,
        "adjusted": level.adjusted,
        "per_day": level.per_day,
        "interval_95": [level.low, level.high],
    }


def _change(change: ChangePoint, zone: tzinfo) -> dict[str, Any]:
    return {
        "at": _local(change.at, zone),
        "earliest": _local(change.earliest, zone),
        "latest": _local(change.latest, zone),
        "probability": change.probability,
        "ratio": change.ratio,
        "interval_95": [change.low, change.high],
    }


def _local(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def lines(data: dict[str, Any]) -> list[str]:
    """The verdicts for people; times are those of the mission's zone."""
    if not data["courses"]:
        return ["No course: the truce has no start, or nobody has told or counted anything."]
    out = []
    for one in data["courses"]:
        out += _course_lines(one)
    return [*out, f"Times are in {data['zone']}. The word is of what was counted, and no blame."]


def _course_lines(one: dict[str, Any]) -> list[str]:
    out = [
        f"{one['verdict'].upper()}: {one['what']}, {one['source']}, {one['from']} to {one['to']}",
        *(f"    because {reason}" for reason in one["reasons"]),
    ]
    if one["before"] is not None:
        out.append(f"    before: {_rate(one['before'])}")
    out += [f"    from {level['from']}: {_rate(level)}" for level in one["levels"]]
    if one["before"] is not None:
        low, high = one["interval_95"]
        out.append(f"    now over before: {_ratio(one['ratio'], low, high)}")
    for name, change in [
        *(("change", change) for change in one["changes"]),
        *([("now over the calmest stretch", one["rise"])] if one["rise"] else []),
    ]:
        low, high = change["interval_95"]
        out.append(
            f"    {name}: at {change['at']} ({change['earliest']} to {change['latest']}, "
            f"P {change['probability']:.2f}), {_ratio(change['ratio'], low, high)}"
        )
    if one["dispersion"] is not None:
        out.append(
            f"    counts of a day vary by m + {one['dispersion']:.2g}·m² around their mean m"
        )
    left = one["left_out"]
    out += [f"    left out: {reason}" for reason in left[:SHOWN_LEFT_OUT]]
    if len(left) > SHOWN_LEFT_OUT:
        out.append(f"    … and {len(left) - SHOWN_LEFT_OUT} more left out (--json has all)")
    return [*out, *(f"    note: {note}" for note in one["notes"])]


def _rate(level: dict[str, Any]) -> str:
    low, high = level["interval_95"]
    seen = "not stated what could be seen" if level["seen"] is None else f"{level['seen']:.0%} seen"
    return (
        f"{level['per_day']:.4g} a day (95 % {low:.4g} to {high:.4g}): {level['count']:,} in "
        f"{level['days']:.4g} of {level['of_days']:.4g} days, {seen}"
    )


def _ratio(ratio: float | None, low: float, high: float | None) -> str:
    value = "not to be told" if ratio is None else f"{ratio:.3g}×"
    return f"{value} (95 % {low:.3g} to {'any' if high is None else f'{high:.3g}'})"
