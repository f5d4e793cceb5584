"""Violations counted by a monitoring mission, by reporting period and region. See NOTES.md."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Interval, PeriodCount, Report, content_id
from trucewatch.reports.fields import filled, iso_day, local_moment, number, shown, whole, zone_of
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, tzinfo

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row

_REQUIRED = frozenset(
    {
        "report_no",
        "issued",
        "period_end_date",
        "region",
        "ceasefire_violations",
        "of_which_explosions",
        "previous_period_violations",
        "period_days",
        "note",
        "url",
    }
)
_NUMBER = re.compile(r"\d{1,4}/\d{4}", re.ASCII)
_LINK = re.compile(r"https?://\S{3,2000}")
_MOST = 1_000_000
_LONGEST_DAYS = 31

CLOSES = time(19, 30)
"""When a reporting period ends on its last day, by the local clock."""

WHAT = "ceasefire violations"
EXPLOSIONS = "explosions"
SEEN = "seen_share"
"""A column that may be there: what share of time and ground the monitors could see, 0 to 1."""


class SmmReader:
    """Reads counts of a monitoring mission: what it counted, and of no row one incident."""

    name = "smm"

    def recognises(self, head: bytes) -> bool:
        """Whether the header has every column that is read."""
        return header_of(head) >= _REQUIRED

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report a row, with one count of a period and no claim; bad rows as rejections."""
        zone = zone_of(delivery.source)
        for row in read_rows(delivery.raw, required=_REQUIRED):
            if isinstance(row, RecordRejected):
                yield row
                continue
            try:
                yield _report(delivery, row, zone)
            except ValueError as error:
                yield row.reject(str(error))


def _report(delivery: Delivery, row: Row, zone: tzinfo) -> Report:
    fields, source = row.fields, delivery.source.id
    ident = report_id(source, fields)
    report_no = filled(fields, "report_no")
    if not _NUMBER.fullmatch(report_no):
        raise ValueError(f"report_no is not number/year: {shown(report_no)}")
    issued = iso_day(filled(fields, "issued"), "issued")
    last = iso_day(filled(fields, "period_end_date"), "period_end_date")
    if issued < last:
        raise ValueError("the report was issued before its period ended")
    days = whole(filled(fields, "period_days"), 1, _LONGEST_DAYS, "period_days")
    count = whole(filled(fields, "ceasefire_violations"), 0, _MOST, "ceasefire_violations")
    region = filled(fields, "region")
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=Interval.days(issued, issued, zone),
        text=f"Report {report_no}: {count} {WHAT} counted, {region}",
        tallies=(
            PeriodCount(
                id=content_id("cnt", (ident, WHAT)),
                report=ident,
                source=source,
                what=WHAT,
                region=region,
                when=_period(last, days, zone),
                count=count,
                parts=_parts(fields, count),
                previous=_optional(fields, "previous_period_violations"),
                seen=_share(fields.get(SEEN, "").strip()),
                notes=tuple(note for note in (fields["note"].strip(),) if note),
                link=_link(fields["url"].strip()),
            ),
        ),
    )


def _period(last: date, days: int, zone: tzinfo) -> Interval:
    """The period of so many local days that closes on `last`; 23 or 25 hours count as a day."""
    ends = [datetime.combine(day, CLOSES) for day in (last - timedelta(days=days), last)]
    start, end = (local_moment(each, "period_end_date", zone).earliest for each in ends)
    return Interval(start, end)


def _parts(fields: Mapping[str, str], count: int) -> tuple[tuple[str, int], ...]:
    explosions = _optional(fields, "of_which_explosions")
    if explosions is None:
        return ()
    if explosions > count:
        raise ValueError(f"of {count} counted, {explosions} cannot be explosions")
    return ((EXPLOSIONS, explosions),)


def _optional(fields: Mapping[str, str], name: str) -> int | None:
    """A count that may be blank: not given is not nought."""
    text = fields[name].strip()
    return whole(text, 0, _MOST, name) if text else None


def _share(text: str) -> float | None:
    return number(text, 0, 1, SEEN) if text else None


def _link(text: str) -> str | None:
    if text and not _LINK.fullmatch(text):
        raise ValueError(f"url is no web address: {shown(text)}")
    return text or None


READER: Reader = SmmReader()
