"""Incidents as CSV, for a spreadsheet: with a row of HXL tags where they are asked for."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.exports.rows import COLUMNS, row_of
from trucewatch.bulletins.exports.texts import cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.bulletins.exports.head import Head
    from trucewatch.bulletins.exports.rows import Cell

TAGS = {
    "exercise": "#meta+exercise",
    "mission": "#meta+mission",
    "audience": "#meta+audience",
    "made": "#date+updated",
    "zone": "#meta+timezone",
    "digest": "#meta+digest",
    "credit": "#meta+credit",
    "more": "#meta+more",
}


def write_csv(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Rows under one line of names (RFC 4180, UTF-8)."""
    return _write(head, bodies, tagged=False)


def write_hxl(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The same with a row of HXL tags under the names."""
    return _write(head, bodies, tagged=True)


def _write(head: Head, bodies: Iterable[Mapping[str, Any]], *, tagged: bool) -> Iterator[bytes]:
    # A line of comment would break most readers: what the file says of itself is in each row,
    # and so stays with a row that somebody copies into another table.
    facts = head.facts
    yield _line([*(one.name for one in COLUMNS), *facts])
    if tagged:
        yield _line([*(one.tag for one in COLUMNS), *(TAGS[name] for name in facts)])
    about = [cell(text) for text in facts.values()]
    for body in bodies:
        yield _line([*map(_cell, row_of(body).values()), *about])


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return cell(value) if isinstance(value, str) else repr(value)


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(one.replace("\0", "�") for one in cells)
    return out.getvalue().encode("utf-8", "replace")
