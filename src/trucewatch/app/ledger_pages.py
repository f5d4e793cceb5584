"""The readiness matrix as a page: text, Markdown, HTML or a picture."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from trucewatch.app import ledger_lines
from trucewatch.app.commands.common import MARK
from trucewatch.app.terminal import clean
from trucewatch.bulletins.drawing import element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Data = dict[str, Any]
FORMS = ("text", "html", "md", "svg")
HEAD = ("Priority", "Domain", "Stage", "Standing", "Authorised", "What", "Limits", "Source")

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#1b2430;max-width:1080px}
body{margin:24px auto;padding:0 16px}
svg{max-width:100%;height:auto}
table{border-collapse:collapse;width:100%;margin:0 0 24px}
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-top:1px solid #c9c9c9}
.wide{overflow-x:auto}
.mark{background:#a03030;color:#fff;font-weight:700;padding:6px 10px}
"""
_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1"/>'


def page(data: Data, form: str) -> str:
    """The matrix in one of `FORMS`; the same data gives the same text."""
    return _MADE[form](data)


def _text(data: Data) -> str:
    mark = [MARK] if data["exercise"] else []
    return "\n".join([*mark, *(clean(line) for line in ledger_lines.readiness(data))]) + "\n"


def _svg(data: Data) -> str:
    from trucewatch.app.ledger_picture import picture

    return picture(data) + "\n"


def _cells(row: Data) -> tuple[str, ...]:
    amount = ledger_lines.quantity(row)
    return (
        row["priority"],
        ", ".join(row["domains"]) or "–",
        f"{ledger_lines.stage_words(row)} {row['stage_said'] or '(day not on record)'}",
        row["standing"],
        row["authorised"],
        f"{row['id']}: {row['what']}{amount}",
        "; ".join(ledger_lines.notes(row)) or "–",
        row["source"],
    )


def _states(data: Data) -> Iterable[tuple[str, list[Data]]]:
    for state, rows in groupby(data["statements"], key=lambda row: str(row["state"])):
        yield state, list(rows)


def _markdown(data: Data) -> str:
    out = [f"**{MARK}**", ""] if data["exercise"] else []
    out += [f"# Readiness: {_plain(data['mission'])}", "", f"At {data['at']} ({data['timezone']})."]
    out += [f"{ledger_lines.NEVER} Each line is one statement.", ""]
    for state, rows in _states(data):
        out += [f"## {_plain(state)}", "", f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|"]
        out += [f"| {' | '.join(_plain(cell) for cell in _cells(row))} |" for row in rows]
        out.append("")
    told = ledger_lines.told_differently(data)[2:]
    if told:
        out += ["## Told differently", "", "None is preferred.", ""]
        out += [
            f"  - {_plain(line.strip())}" if line.startswith(" ") else f"- {_plain(line)}"
            for line in _joined(told)
        ]
        out.append("")
    return "\n".join(out)


def _html(data: Data) -> str:
    title = clean(f"Readiness: {data['mission']}")
    mark = [element("p", MARK, class_="mark")] if data["exercise"] else []
    body = [
        *mark,
        element("h1", title),
        element("p", f"At {data['at']} ({data['timezone']}). {ledger_lines.NEVER}"),
        Markup(_svg(data)),  # noqa: S704 -- made of escaped elements alone
    ]
    for state, rows in _states(data):
        head = element("tr", *(element("th", name, scope="col") for name in HEAD))
        lines = [
            element("tr", *(element("td", clean(cell)) for cell in _cells(row))) for row in rows
        ]
        body += [
            element("h2", clean(state)),
            element("div", element("table", head, *lines), class_="wide"),
        ]
    told = ledger_lines.told_differently(data)[2:]
    if told:
        body.append(element("h2", "Told differently (none is preferred)"))
        body.append(element("ul", *(element("li", clean(line.strip())) for line in _joined(told))))
    return (
        "<!doctype html>\n"
        + str(
            element(
                "html",
                element(
                    "head",
                    element("meta", charset="utf-8"),
                    Markup(_VIEWPORT),  # noqa: S704 -- a constant of this file
                    element("title", title),
                    element("style", Markup(_STYLE)),  # noqa: S704 -- a constant of this file
                ),
                element("body", *body),
                lang="en",
            )
        )
        + "\n"
    )


def _joined(lines: list[str]) -> list[str]:
    """Lines that were wrapped for a terminal, whole again."""
    out: list[str] = []
    for line in lines:
        deeper = len(line) - len(line.lstrip())
        if out and deeper and not re.match(r" {4}[A-Za-z0-9][A-Za-z0-9._-]{0,63} \(", line):
            out[-1] += f" {line.strip()}"
        else:
            out.append(line)
    return out


def _plain(words: str) -> str:
    """Words that mean nothing to Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", clean(words))


_MADE: dict[str, Callable[[Data], str]] = {
    "text": _text,
    "html": _html,
    "md": _markdown,
    "svg": _svg,
}
