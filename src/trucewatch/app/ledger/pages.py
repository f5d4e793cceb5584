"""The readiness matrix as a page: text, Markdown, HTML or a picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from trucewatch.app.commands.common import MARK
from trucewatch.app.ledger import lines as ledger_lines
from trucewatch.app.ledger.tables import tables
from trucewatch.app.terminal import clean
from trucewatch.bulletins.drawing import element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Data = dict[str, Any]
FORMS = ("text", "html", "md", "svg")
HEAD = ("Priority", "Domain", "Stage", "Standing", "Authorised", "What", "Limits", "Source")

_STYLE = """
:root{color-scheme:light dark;--paper:#fff;--ink:#1b2430;--soft:#545e6b;--rule:#c9c9c9}
@media (prefers-color-scheme:dark){
:root{--paper:#12171d;--ink:#e9e6df;--soft:#abb4bf;--rule:#434d58}}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,sans-serif;background:var(--paper);color:var(--ink)}
body{max-width:1080px;margin:24px auto;padding:0 16px;overflow-wrap:break-word}
h1{font-size:1.7em;line-height:1.2}h2{font-size:1.2em;margin:1.6em 0 .4em}
.wide{overflow-x:auto}.wide svg{display:block;max-width:100%;min-width:700px;height:auto}
table{border-collapse:collapse;width:100%;margin:0 0 12px}
th,td{text-align:left;vertical-align:top;padding:4px 8px;border-top:1px solid var(--rule)}
td{overflow-wrap:anywhere;min-width:6.8em}.day{white-space:nowrap}
.mark{background:#a03030;color:#fff;font-weight:700;padding:6px 10px}
@media screen and (max-width:820px){
thead{position:absolute;left:-999em}table,tbody,tr,td{display:block}
tr{border-top:1px solid var(--rule);padding:6px 0}td{border:0;padding:1px 0;min-width:0}
td::before{content:attr(data-label) ": ";color:var(--soft)}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--rule:#bbb}
body{font-size:8.5pt;max-width:none;margin:0;padding:0}
.wide{overflow:visible}.wide svg{min-width:0}
h2{break-after:avoid}tr{break-inside:avoid}}
"""
_VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1"/>'


def page(data: Data, form: str) -> str:
    """The matrix in one of `FORMS`; the same data gives the same text."""
    return _MADE[form](data)


def _text(data: Data) -> str:
    mark = [MARK] if data["exercise"] else []
    return "\n".join([*mark, *(clean(line) for line in ledger_lines.readiness(data))]) + "\n"


def _svg(data: Data) -> str:
    from trucewatch.app.ledger.picture import picture

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


def _markdown(data: Data) -> str:
    out = [f"**{MARK}**", ""] if data["exercise"] else []
    out += [f"# Readiness: {_plain(data['mission'])}", "", f"At {data['at']} ({data['timezone']})."]
    out += [f"{ledger_lines.NEVER} Each line is one statement.", ""]
    for each in tables(data):
        out += [f"## {_plain(each.title)}", ""]
        out += [part for words in each.before for part in (_plain(words), "")]
        out += _grid(each.head, each.rows)
        out += [part for words in each.after for part in (_plain(words), "")]
    for state, rows in ledger_lines.by_state(data):
        out += [f"## {_plain(state)}", "", *_grid(HEAD, [_cells(row) for row in rows])]
    told = ledger_lines.told_differently(data)[2:]
    if told:
        out += ["## Told differently", "", "None is preferred.", ""]
        out += [
            f"  - {_plain(line.strip())}" if line.startswith(" ") else f"- {_plain(line)}"
            for line in _joined(told)
        ]
        out.append("")
    return "\n".join(out)


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(_plain(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines, ""]


def _html(data: Data) -> str:
    title = clean(f"Readiness: {data['mission']}")
    mark = [element("p", MARK, class_="mark")] if data["exercise"] else []
    body = [
        *mark,
        element("h1", title),
        element("p", f"At {data['at']} ({data['timezone']}). {ledger_lines.NEVER}"),
        # A picture that is wider than the page is reached by the keyboard, too.
        element(
            "div",
            Markup(_svg(data)),  # noqa: S704 -- made of escaped elements alone
            class_="wide",
            tabindex=0,
            role="region",
            aria_label="Readiness as a picture",
        ),
    ]
    for each in tables(data):
        body += [
            element("h2", clean(each.title)),
            *(element("p", clean(words)) for words in each.before),
            *([_table(each.head, each.rows)] if each.rows else []),
            *(element("p", clean(words)) for words in each.after),
        ]
    for state, rows in ledger_lines.by_state(data):
        body += [element("h2", clean(state)), _table(HEAD, [_cells(row) for row in rows])]
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


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """A table; each cell names its column, which is how a narrow screen tells them apart."""
    return element(
        "table",
        element("thead", element("tr", *(element("th", name, scope="col") for name in head))),
        element(
            "tbody",
            *(
                element(
                    "tr",
                    *(
                        element("td", clean(cell), data_label=name, class_=_class(cell))
                        for name, cell in zip(head, row, strict=True)
                    ),
                )
                for row in rows
            ),
        ),
    )


def _class(cell: str) -> str:
    """A day is not broken at its hyphens."""
    return "day" if re.match(r"(overdue since )?[0-9]{4}-", cell) else "words"


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
