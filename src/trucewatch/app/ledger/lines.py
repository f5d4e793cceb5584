"""The views of the ledger as lines for people, in 100 columns."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from trucewatch.commitments.words import PRIORITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

Data = dict[str, Any]
WIDE = 100
_COLUMNS = (21, 15, 13, 11, 16)
_INDENT = " " * 4
SHORT = {
    "armed-forces-support": "armed forces",
    "multinational-force": "multinational force",
    "response-to-aggression": "response",
    "long-term-defence-cooperation": "long-term defence",
}
"""Priorities in so few letters that a table holds them."""

NEVER = "Stages and standings are never added together, and neither are units."


def listing(data: Data) -> list[str]:
    """Every statement with its source, one after the other."""
    out = []
    for row in data["statements"]:
        out += _wrapped(f"{row['id']}  {row['state']}: {row['what']}", "")
        out += _wrapped("; ".join(_facts(row)), _INDENT)
        out += _wrapped("; ".join(_about(row)), _INDENT)
        out.append(f"{_INDENT}{row['source']}")
    return [*out, f"{_told(data)}, at {data['at']} ({data['timezone']})."]


def readiness(data: Data) -> list[str]:
    """The readiness matrix: a block a state, a row a statement, then what is told differently."""
    out = [f"Readiness at {data['at']} ({data['timezone']}). Each line is one statement."]
    head = ("priority", "domain", "stage", "standing", "authorised", "statement")
    for state, rows in by_state(data):
        out += ["", state, _row(head)]
        for row in rows:
            domains = " ".join(row["domains"]) or "–"
            out.append(
                _row(
                    (
                        SHORT.get(str(row["priority"]), str(row["priority"])),
                        domains,
                        stage_words(row),
                        row["standing"],
                        row["authorised"],
                        row["id"],
                    )
                )
            )
            out += _wrapped(row["what"] + quantity(row), _INDENT)
            if said := notes(row):
                out += _wrapped("; ".join(said), f"{_INDENT}! ")
    out += told_differently(data)
    return [*out, "", f"{_told(data)}. {NEVER}"]


def _told(data: dict[str, Any]) -> str:
    count, voices = len(data["statements"]), data["origins"]
    said = f"{count} statement" if count == 1 else f"{count} statements"
    return f"{said} of {voices} origin" if voices == 1 else f"{said} of {voices} origins"


def by_state(data: Data) -> list[tuple[str, list[Data]]]:
    """Each state with its statements; what is said for several stands under each of them."""
    held: defaultdict[str, set[str]] = defaultdict(set)
    for cell in data["cells"]:
        held[cell["state"]].update(cell["statements"])
    order = {name: place for place, name in enumerate(PRIORITIES)}
    rows = sorted(
        data["statements"],
        key=lambda row: (order.get(row["priority"], len(order)), row["priority"], row["id"]),
    )
    return [(state, [row for row in rows if row["id"] in held[state]]) for state in sorted(held)]


def told_differently(data: Data) -> list[str]:
    """The items of which statements tell different things, each with its origins."""
    if not data["told_differently"]:
        return []
    rows = {row["id"]: row for row in data["statements"]}
    out = ["", "Told differently (none is preferred)"]
    for one in data["told_differently"]:
        count = len(one["origins"])
        voices = "one origin" if count == 1 else f"{count} origins"
        out += _wrapped(f"{one['item']}: {', '.join(one['differs'])}; {voices}", "")
        for voice in one["origins"]:
            for name in voice["statements"]:
                row = rows[name]
                words = f"{name} ({row['state']}, {row['standing']}) {row['what']}{quantity(row)}"
                out += _wrapped(f"{words}. Origin: {voice['origin']}", _INDENT)
    return out


def gaps(data: Data) -> list[str]:
    """What the plan needs beside what is pledged, a line for each stage and standing."""
    out = _wrapped(f"Gap at {data['at']} ({data['timezone']}). {NEVER}", "")
    for need in data["needs"]:
        domains = f", {', '.join(need['domains'])}" if need["domains"] else ""
        whole = span(need["low"], need["high"])
        words = f"{need['id']}: {need['what']}: {whole} {need['unit']}{domains}"
        out += ["", *_wrapped(words, "")]
        out += _wrapped(f"the plan itself is {need['standing']}: {need['source']}", _INDENT)
        for line in need["lines"]:
            pledged = span(line["low"], line["high"])
            missing = span(line["missing_low"], line["missing_high"])
            out.append(
                f"{_INDENT}{line['stage']:<12} {line['standing']:<10} pledged {pledged:<18} "
                f"missing {missing}"
            )
            out += [
                f"{_INDENT * 2}{name}: {span(part['low'], part['high'])}"
                for name, part in line["domains"].items()
            ]
        if not need["lines"]:
            out.append(f"{_INDENT}nothing pledged has a number in {need['unit']}: missing {whole}")
        out += [
            line
            for domain, rows in need["without_a_number"].items()
            for line in _wrapped(f"{domain}, promised without a number: {whose(rows)}", _INDENT)
        ]
        out += _left(need["adds_nothing"])
    return out


def due(data: Data) -> list[str]:
    """What is overdue, then what is awaited."""
    out = [f"At {data['at']} ({data['timezone']})."]
    for title, rows in (("Overdue", data["overdue"]), ("Awaited", data["falls_due"])):
        out += ["", f"{title}: {len(rows)}"]
        for row in rows:
            when = row["when"] or "no day given"
            head = f"{when:<12}  {row['kind']:<8}  {row['statement']}"
            out += _wrapped(f"{head}  {row['state']}: {row['what']}", _INDENT)
    return out


def stage_words(row: Data) -> str:
    """A stage, with a question mark where it is not certain."""
    return f"{row['stage']}{'' if sure(row) else '?'}"


def sure(row: Data) -> bool:
    """Whether a statement stands at its stage for certain, and at no other."""
    return bool(row["certain"]) and not row["perhaps"]


def whose(rows: Iterable[Data]) -> str:
    """Statements by their states: "A (1, 2), B (3)"."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        told[row["state"]].append(row["statement"])
    each = (f"{state} ({', '.join(names)})" for state, names in sorted(told.items()))
    return ", ".join(each) or "nothing"


def _left(rows: Iterable[Data]) -> list[str]:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        reasons[row["reason"]].append(row["statement"])
    out = []
    for reason in sorted(reasons):
        out += _wrapped(f"adds nothing, {reason}: {', '.join(reasons[reason])}", _INDENT)
    return out


def _facts(row: Data) -> list[str]:
    domains = f" ({', '.join(row['domains'])})" if row["domains"] else ""
    found = [
        f"{row['priority']}{domains}",
        f"{stage_words(row)} {row['stage_said'] or 'on a day not on record'}",
        f"standing {row['standing']}",
        f"authorised: {row['authorised']}",
    ]
    return [*found, quantity(row).strip(" :")] if row["amount"] else found


def _about(row: Data) -> list[str]:
    said = [f"said by {row['said_by']}"] if row["said_by"] else []
    words = [one for one in row["caveats"] if row["limits"]]
    return [*notes(row), *words, *said, f"origin: {row['origin']}"]


def notes(row: Data) -> list[str]:
    """What stands between a statement and its being done: approvals, limits, validity."""
    found = [f"said for {row['state']} together"] if ";" in row["state"] else []
    found += [f"{each['body']} ({each['state']})" for each in row["approvals"]]
    found += row["limits"].values()
    found += [one for one in row["caveats"] if not row["limits"]]
    if row["basing"]:
        found.append(f"based: {row['basing']}")
    if row["valid"] != "yes":
        found.append("lapsed" if row["valid"] == "lapsed" else "not valid yet")
    if row["perhaps"]:
        found.append(f"perhaps {' or '.join(row['perhaps'])}")
    if not row["certain"] and row["stage_said"] is not None:
        found.append("whether it had been said by then is not certain")
    return found


def quantity(row: Data) -> str:
    """The amount behind a colon; nothing where no number is given."""
    amount = row["amount"]
    return "" if amount is None else f": {span(amount['low'], amount['high'])} {amount['unit']}"


def span(low: str | None, high: str | None) -> str:
    """Two ends in words, thousands apart; an open end is said."""
    if low is not None and high is not None:
        return _number(low) if low == high else f"{_number(low)}–{_number(high)}"
    return f"at least {_number(low)}" if low is not None else f"at most {_number(high or '0')}"


def _number(text: str) -> str:
    whole, dot, part = text.partition(".")
    return f"{int(whole):,}{dot}{part}"


def _row(cells: tuple[str, ...]) -> str:
    return (
        "  "
        + "".join(f"{cell:<{width}} " for cell, width in zip(cells[:-1], _COLUMNS, strict=True))
        + cells[-1]
    )


def _wrapped(words: str, indent: str) -> list[str]:
    if not words:
        return []
    return textwrap.wrap(
        words,
        WIDE,
        initial_indent=indent,
        subsequent_indent=" " * max(len(indent), 4),
        break_long_words=False,
        break_on_hyphens=False,
    )
