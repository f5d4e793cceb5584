"""VIINA press reports, one event a day, place and kind. See NOTES.md beside this file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Claim, Interval, Point, Report, content_id
from trucewatch.reports.fields import calendar_day, filled, number, shown, whole, zone_of
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id
from trucewatch.reports.viina.words import attributions, kind_of, marked, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, tzinfo

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row

_REQUIRED = frozenset(
    {
        "event_id_1pd",
        "date",
        "n_reports",
        "sources_matching",
        "source_urls",
        "attack_terms",
        "asciiname",
        "ADM1_NAME",
        "longitude",
        "latitude",
        "representative_text",
    }
)
_TRIAGE = ("TriageStatus", "Stage1Triage", "location_method")
_SEPARATOR = "|"
_TEXTS = " || "


class ViinaReader:
    """Reads event files of VIINA; nothing in them says who did it, machine labels least of all."""

    name = "viina"

    def recognises(self, head: bytes) -> bool:
        """Whether the header has the columns that are read, in any order."""
        return header_of(head) >= _REQUIRED

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report a row, with one claim; bad rows as rejections."""
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
    fields = row.fields
    source = delivery.source.id
    ident = report_id(source, fields)
    day = _day(filled(fields, "date"))
    text = filled(fields, "representative_text")
    outlets = _list(filled(fields, "sources_matching"))
    links = _list(fields["source_urls"])
    headline = text if len(outlets) == 1 and _TEXTS not in text else None
    merged = whole(filled(fields, "n_reports"), 1, 100_000, "n_reports")
    external = filled(fields, "event_id_1pd")
    if not (external.isascii() and external.isdigit()):
        raise ValueError(f"event_id_1pd is no number: {shown(external)}")
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=None,
        text=text,
        claims=(
            Claim(
                id=content_id("clm", (ident, "event")),
                report=ident,
                source=source,
                kind=kind_of(_list(fields["attack_terms"])),
                place=_place(fields),
                when=Interval.days(day, day, zone),
                text=text,
                external_id=external,
                region=fields["ADM1_NAME"].strip() or None,
                attributions=attributions(outlets, links, headline),
                notes=tuple(_notes(fields, text, links, merged)),
            ),
        ),
    )


def _day(text: str) -> date:
    if not (len(text) == 8 and text.isascii() and text.isdigit()):
        raise ValueError(f"date is not yearmonthday: {shown(text)}")
    return calendar_day(int(text[:4]), int(text[4:6]), int(text[6:]), "date")


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(_SEPARATOR) if part.strip()]


def _place(fields: Mapping[str, str]) -> Point:
    table = words()
    if fields.get("location_bucket", "").strip() == "REVIEW":
        error_m = table.doubtful_m
    else:
        error_m = table.named_m if fields["asciiname"].strip() else table.unnamed_m
    lat = number(filled(fields, "latitude"), -90, 90, "latitude")
    lon = number(filled(fields, "longitude"), -180, 180, "longitude")
    if lat == 0 and lon == 0:
        raise ValueError("the place is 0, 0, which stands for no place")
    return Point(lat, lon, error_m)


def _notes(fields: Mapping[str, str], text: str, links: list[str], merged: int) -> Iterator[str]:
    """What a reader of the claim should know; machine labels of a side are never among it."""
    name = fields["asciiname"].strip()[:60]
    yield f"found by machine at {name}" if name else "found by machine at a place without a name"
    yield "the day is that of the reports; what they tell may be of the day before"
    if merged > 1:
        yield f"the provider merged {merged} reports into this one"
    if marked("round_up", text, *links):
        yield "its words are those of a round-up: it may tell of several events"
    if marked("warning", text):
        yield "its words are those of a warning: it may tell of what has not happened"
    said = set()
    for column in _TRIAGE:
        code = fields.get(column, "").strip()
        note = words().triage.get(code, f"the provider's triage says {shown(code)}" if code else "")
        if note:
            said.add(note)
    yield from sorted(said)


READER: Reader = ViinaReader()
