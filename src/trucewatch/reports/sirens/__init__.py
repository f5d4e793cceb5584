"""Air-raid alerts, official and by volunteers: a warning, never an act. See NOTES.md."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Area, Claim, Interval, Report, content_id
from trucewatch.reports.fields import filled, iso_moment, shown
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row

_TIMES = frozenset({"started_at", "finished_at"})
_LEVELS = ("oblast", "raion", "hromada")
_OFFICIAL = _TIMES | {*_LEVELS, "level"}
_VOLUNTEER = _TIMES | {"region", "naive"}

_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_LONG = timedelta(hours=24)

NOT_DRAWN = "the place is named by the source, not drawn: its outline is not in this record"
END_ASSUMED = "no end was seen: the source puts it at half an hour after the start"
LASTS_LONG = "it lasted over a day: its end may have been missed"
SWAPPED = "the source had region and district the wrong way round; they are read the right way"


class SirensReader:
    """Reads both files of alerts; times in them carry their offset, and one without is refused."""

    name = "sirens"

    def recognises(self, head: bytes) -> bool:
        """Whether the header is that of the official or of the volunteers' file."""
        names = header_of(head)
        return names >= _OFFICIAL or names >= _VOLUNTEER

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report an alert, with one claim on a named area; bad rows as rejections."""
        official = header_of(delivery.raw[:65_536]) >= _OFFICIAL
        for row in read_rows(delivery.raw, required=_OFFICIAL if official else _VOLUNTEER):
            if isinstance(row, RecordRejected):
                yield row
                continue
            try:
                yield _report(delivery, row, official=official)
            except ValueError as error:
                yield row.reject(str(error))


def _report(delivery: Delivery, row: Row, *, official: bool) -> Report:
    source = delivery.source.id
    ident = report_id(source, row.fields)
    notes = [NOT_DRAWN]
    if official:
        names, swapped = _names(row.fields)
        if swapped:
            notes.append(SWAPPED)
    else:
        names = (filled(row.fields, "region"),)
        if _naive(row.fields):
            notes.append(END_ASSUMED)
    when = _when(row.fields)
    if when.length > _LONG:
        notes.append(LASTS_LONG)
    name = ", ".join(reversed(names))
    text = f"Air-raid alert: {name}"
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=None,
        text=text,
        claims=(
            Claim(
                id=content_id("clm", (ident, "alert")),
                report=ident,
                source=source,
                kind="air_raid_alert",
                place=Area(code="/".join(names), name=name, polygons=()),
                when=when,
                text=text,
                region=names[0],
                notes=tuple(notes),
            ),
        ),
    )


def _names(fields: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """The area from the first level down to the row's own, and whether two had to be swapped."""
    level = filled(fields, "level")
    if level not in _LEVELS:
        raise ValueError(f"the level {shown(level)} is not one of {', '.join(_LEVELS)}")
    depth = _LEVELS.index(level) + 1
    first, second, third = (fields[name].strip() for name in _LEVELS)
    swapped = first.endswith(" raion") and second.endswith(" oblast")
    if swapped:
        first, second = second, first
    elif first.endswith(" raion") or second.endswith(" oblast"):
        raise ValueError("oblast and raion do not fit their columns")
    names = (first, second, third)
    if not all(names[:depth]):
        raise ValueError(f"the level is {level}, but not every name down to it is given")
    if any(names[depth:]):
        raise ValueError(f"the level is {level}, but a name below it is given")
    return names[:depth], swapped


def _naive(fields: Mapping[str, str]) -> bool:
    """Whether the end is assumed, as the volunteers' file marks it."""
    text = filled(fields, "naive")
    if text not in {"True", "False"}:
        raise ValueError(f"naive is neither True nor False: {shown(text)}")
    return text == "True"


def _when(fields: Mapping[str, str]) -> Interval:
    started, finished = (_moment(fields, name) for name in ("started_at", "finished_at"))
    if finished < started:
        raise ValueError("the alert ends before it starts")
    return Interval(started, finished)


def _moment(fields: Mapping[str, str], name: str) -> datetime:
    text = filled(fields, name)
    if not _OFFSET.search(text[11:]):
        raise ValueError(f"{name} has no UTC offset: {shown(text)}")
    return iso_moment(text, name, UTC).earliest


READER: Reader = SirensReader()
