"""Daily cloud cover: how much of the ground a satellite could have seen. See NOTES.md."""

from __future__ import annotations

import tomllib
from datetime import UTC
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Extent, Interval, Report, Watch, content_id
from trucewatch.reports.fields import filled, iso_day, number
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row


@cache
def _columns() -> tuple[tuple[str, str, Extent | None], ...]:
    """Each column's name, what it speaks of in words, and where that is (None: everywhere)."""
    text = files("trucewatch.reports.clouds").joinpath("columns.toml").read_text("utf-8")
    return tuple(
        (column["name"], column["of"], Extent(*column["where"]) if "where" in column else None)
        for column in tomllib.loads(text)["column"]
    )


class CloudsReader:
    """Reads the daily cloud-cover file; its rows say what could be seen, never what happened."""

    name = "clouds"

    def recognises(self, head: bytes) -> bool:
        """Whether the header has the date and every cover column."""
        return header_of(head) >= self._required()

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report a day, with a watch for each figure given and no claim; bad rows rejected."""
        for row in read_rows(delivery.raw, required=self._required()):
            if isinstance(row, RecordRejected):
                yield row
                continue
            try:
                yield _report(delivery, row)
            except ValueError as error:
                yield row.reject(str(error))

    def _required(self) -> frozenset[str]:
        return frozenset({"date", *(name for name, _, _ in _columns())})


def _report(delivery: Delivery, row: Row) -> Report:
    source = delivery.source.id
    ident = report_id(source, row.fields)
    day = iso_day(filled(row.fields, "date"), "date")
    # The figure is a mean over the UTC day, whatever the mission's zone.
    when = Interval.days(day, day, UTC)
    watches = []
    for name, of, where in _columns():
        text = row.fields[name].strip()
        if not text:
            continue
        cover = number(text, 0, 1, name)
        watches.append(
            Watch(
                id=content_id("wat", (ident, name)),
                report=ident,
                source=source,
                of="satellite",
                where=where,
                when=when,
                share=1 - cover,
                reason=f"{100 * cover:.1f} % cloud over {of}, mean of the UTC day {day}",
            )
        )
    if not watches:
        raise ValueError("no cloud cover is given")
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=None,
        text="; ".join(watch.reason for watch in watches),
        watches=tuple(watches),
    )


READER: Reader = CloudsReader()
