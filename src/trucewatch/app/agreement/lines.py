"""An agreement in lines for people: what was read, what is wrong, what may not be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def checked(data: dict[str, Any]) -> list[str]:
    """Every fault and every doubt on a line of its own, and the sum of it."""
    lines = [fault["words"] for fault in data["faults"]]
    if not data["ok"]:
        lines.append(
            f"{_many(len(data['faults']), 'faults')}. Names and times are looked at once all keys "
            "are right, so that more may wait behind these."
        )
        return lines
    told = ", ".join(_many(count, name) for name, count in data["counts"].items())
    lines.append(f"{data['file']} can be used: {told}.")
    if data["doubts"]:
        lines.append("")
        lines.append(f"{_many(len(data['doubts']), 'things')} that may not be meant:")
        lines += [f"  {doubt['words']}" for doubt in data["doubts"]]
    return lines


def _many(count: int, things: str) -> str:
    if count == 1:
        things = "body" if things == "bodies" else things.removesuffix("s")
    return f"{count} {things}"


def shown(data: dict[str, Any]) -> list[str]:
    """All of an agreement as plain tables."""
    return list(_shown(data))


def _shown(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['name']} ({data['id']})"
    yield f"Parties: {', '.join(one['name'] for one in data['parties'])}"
    for key in ("guarantors", "states"):
        if data[key]:
            yield f"{key.title()}: {', '.join(data[key])}"
    if data["lead"]:
        yield f"Lead of the monitoring: {data['lead']}"
    yield f"Hours of the truce: {data['truce']['words']}"
    yield f"Times are those of {data['timezone']}."
    yield from _part("Instruments and versions")
    yield from _table(
        ("id", "version", "edition", "standing", "holds", "title"),
        [
            (
                one["id"],
                one["version"],
                one["edition"],
                one["standing"],
                one["holds"]["words"],
                one["title"],
            )
            for one in data["instruments"]
        ],
    )
    yield from _part("Bodies")
    yield from _table(
        ("id", "decides on", "standing", "name", "members"),
        [
            (
                one["id"],
                _list(one["decides"], "nothing on record"),
                one["standing"],
                one["name"],
                _list(one["members"]),
            )
            for one in data["bodies"]
        ],
    )
    yield from _part("Zones")
    yield from _table(
        ("code", "drawn as", "area km²", "side", "holds", "name"),
        [
            (
                one["code"],
                _drawn(one),
                f"{one['area_km2']:,.0f}" if one["area_km2"] >= 100 else f"{one['area_km2']:g}",
                one["side"] or "-",
                one["holds"]["words"],
                one["name"],
            )
            for one in data["zones"]
        ],
    )
    yield from _part("Provisions")
    if not data["provisions"]:
        yield "  none"
    for one in data["provisions"]:
        yield from _provision(one)
    yield from _part("Responses")
    if not data["triggers"]:
        yield "  none"
    for one in data["triggers"]:
        yield from _trigger(one)
    yield from _part("Standards of proof")
    yield from _table(("state", "standard"), list(data["standards"].items()))
    if data["needed"]:
        yield from _table(("to", "it takes"), list(data["needed"].items()))


def _part(title: str) -> tuple[str, str]:
    return "", title


def _list(words: Sequence[str], none: str = "-") -> str:
    return ", ".join(words) or none


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return ["  none"]
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [
        "  "
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]


def _drawn(one: dict[str, Any]) -> str:
    if one["drawn"] == "line":
        return f"line, {one['buffer_km']:g} km to each side"
    if one["drawn"] == "corridor":
        return f"corridor, {2 * one['buffer_km']:g} km wide"
    return str(one["drawn"])


_VERBS = {"forbid": "forbids", "require": "requires", "permit": "permits"}


def _provision(one: dict[str, Any]) -> Iterator[str]:
    yield f"  {one['id']} ({one['instrument']}) {_VERBS[one['duty']]} {_list(one['kinds'])}"
    yield f"    holds: {one['holds']['words']}"
    yield f"    where: {_list(one['zones'], 'everywhere')}; binds: {_list(one['parties'])}"
    if one["weapons"]:
        yield f"    weapons: {_list(one['weapons'])}"
    if one["condition"]:
        yield f"    if: {one['condition']}"
    for each in one["exceptions"]:
        yield f"    but not: {_exception(each)}"
    yield f"    {one['words']}"
    yield f"    source: {one['source']}"


def _exception(one: dict[str, Any]) -> str:
    parts = [
        *([_list(one["kinds"])] if one["kinds"] else []),
        *([f"by {_list(one['weapons'])}"] if one["weapons"] else []),
        *([f"in {_list(one['zones'])}"] if one["zones"] else []),
        *([one["window"]["words"]] if one["window"]["words"] != "always" else []),
        *([f"if {one['condition']}"] if one["condition"] else []),
        *([f"({one['words']})"] if one["words"] else []),
    ]
    return ", ".join(parts)


def _trigger(one: dict[str, Any]) -> Iterator[str]:
    many = "a breach" if one["count"] == 1 else f"{one['count']} breaches"
    yield (
        f"  {one['id']}: {many} of {_list(one['provisions'], 'any provision')} within "
        f"{one['within_hours']:g} hours"
    )
    limits = [
        *([f"only {_list(one['kinds'])}"] if one["kinds"] else []),
        *([f"in {_list(one['zones'])}"] if one["zones"] else []),
        *([f"attributed to {_list(one['by'])}"] if one["by"] else []),
        *(f"{what} at least {count}" for what, count in one["at_least"].items()),
        *([f"if {one['condition']}"] if one["condition"] else []),
        *([one["window"]["words"]] if one["window"]["words"] != "always" else []),
        *(["nothing that holds can open it"] if one["can_open"]["never"] else []),
    ]
    if limits:
        yield f"    {'; '.join(limits)}"
    yield from (
        f"  {line}"
        for line in _table(
            ("step", "due", "standing", "standard", "decides", "who", "what"),
            [
                (
                    step["id"],
                    _due(step),
                    step["standing"],
                    step["standard"],
                    step["decided_by"],
                    _list(step["duty_of"]),
                    step["duty"],
                )
                for step in one["steps"]
            ],
        )
    )
    yield f"    source: {one['source']}"


def _due(step: dict[str, Any]) -> str:
    if step["after_calendar_days"] is not None:
        many = step["after_calendar_days"]
        time = f"{many} calendar day{'' if many == 1 else 's'}"
    elif step["after_hours"] is not None:
        time = f"{step['after_hours']:g} hours"
    else:
        return f"no hour{_after(step)}"
    return f"{time} from the {step['clock']}{_after(step)}"


def _after(step: dict[str, Any]) -> str:
    return f", after {step['follows']}" if step["follows"] else ""
