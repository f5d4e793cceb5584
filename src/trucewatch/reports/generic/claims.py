"""One record and one mapping give one report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import Attribution, Claim, Count, Interval, Report, content_id
from trucewatch.reports.fields import shown, whole
from trucewatch.reports.generic.moments import read_time
from trucewatch.reports.generic.places import read_place
from trucewatch.reports.rows import raw_ref, report_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from trucewatch.reports.generic.formats import Record
    from trucewatch.reports.generic.mapping import (
        AllegedTable,
        CountTable,
        KindTable,
        Mapping,
        TimeTable,
        WeaponTable,
    )
    from trucewatch.reports.reader import Delivery

    Get = Callable[[str], str]

_MOST_NOTES = 20
"""A cell of a thousand unknown words is told by its first."""

COUNT_LIMIT = 10_000_000
"""No single record of a truce counts more than this; a greater number is a mistake."""


def build_report(record: Record, mapping: Mapping, delivery: Delivery, zone: tzinfo) -> Report:
    """The report of one record, with one claim; ValueError with the reason where it cannot be.

    The mapping says what the columns mean and nothing else: no column becomes a party unless the
    mapping says that there the source names who did it, word by word, and the order of actors in a
    record never says who did what.
    """
    missing = frozenset(mapping.file.missing)

    def get(column: str) -> str:
        value = record.row.fields.get(column, "").strip()
        return "" if value in missing else value

    source = delivery.source.id
    report = report_id(source, record.row.fields)
    kind = _kind(mapping.kind, get)
    place = read_place(mapping.place, get, record.geometry)
    when = _when(mapping.time, get, zone)
    published, attributions = _said(mapping, get, zone)
    words = (get(column) for column in mapping.text.columns) if mapping.text else ()
    text = " — ".join(part for part in words if part)
    region = get(mapping.place.region) if mapping.place.region is not None else ""
    number = get(mapping.id.column) if mapping.id is not None else ""
    counts = (_count(table, get) for table in mapping.counts)
    weapons, notes = _listed(mapping.weapons, get, "the weapon")
    alleged, strange = _listed(mapping.alleged, get, "the party")
    return Report(
        id=report,
        source=source,
        raw=raw_ref(delivery, record.row if record.row.length else record.row.pointer),
        published=published,
        text=text,
        claims=(
            Claim(
                id=content_id("clm", (report, "0")),
                report=report,
                source=source,
                kind=kind,
                place=place,
                when=when,
                text=text,
                external_id=number or None,
                region=region or None,
                counts=tuple(count for count in counts if count is not None),
                attributions=attributions,
                weapons=weapons,
                alleged=alleged,
                notes=notes + strange,
            ),
        ),
    )


def _kind(table: KindTable, get: Get) -> str:
    if table.constant is not None:
        return table.constant
    words = [get(column) for column in table.column or ()]
    for word in words:
        if word in table.values:
            return table.values[word]
    if table.default is not None:
        return table.default
    if not any(words):
        raise ValueError("the kind is blank")
    raise ValueError(f"the kind {shown(' / '.join(words))} is not in the mapping")


def _listed(
    table: WeaponTable | AllegedTable | None, get: Get, what: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the words of a table stand for, sorted, and a note for each that stands for nothing.

    A word that the mapping does not know is kept out and told, never guessed.
    """
    if table is None:
        return (), ()
    cells = [get(column) for column in table.column]
    parts = [
        part.strip()
        for cell in cells
        for part in ([cell] if table.separator is None else cell.split(table.separator))
    ]
    words = sorted({part for part in parts if part})
    known = {table.values[word] for word in words if word in table.values}
    strange = [word for word in words if word not in table.values]
    return tuple(sorted(known)), tuple(
        f"{what} {shown(word)} is not in the mapping" for word in strange[:_MOST_NOTES]
    )


def _when(table: TimeTable, get: Get, zone: tzinfo) -> Interval:
    precision = table.precision
    if table.precision_column is not None:
        code = get(table.precision_column)
        precision = table.values.get(code)
        if precision is None:
            raise ValueError(f"{table.precision_column[:40]} {shown(code)} is not in the mapping")
    start = get(table.start)
    if not start:
        raise ValueError("the time is blank")
    first = read_time(start, table.format, zone, precision)
    end = get(table.end) if table.end is not None else ""
    if not end:
        return first
    last = read_time(end, table.format, zone, precision)
    if last.latest < first.latest or last.earliest < first.earliest:
        raise ValueError("the end lies before the start")
    return Interval(first.earliest, last.latest)


def _count(table: CountTable, get: Get) -> Count | None:
    def read(column: str | None) -> int | None:
        text = get(column) if column is not None else ""
        if not text:
            return None
        return whole(text, 0, COUNT_LIMIT, table.what)

    low, best, high = read(table.low), read(table.best), read(table.high)
    given = [value for value in (low, best, high) if value is not None]
    if not given:
        return None
    if given != sorted(given):
        raise ValueError(f"{table.what}: the lowest, best and highest are not in that order")
    return Count(what=table.what, best=best, low=low, high=high)


def _said(
    mapping: Mapping, get: Get, zone: tzinfo
) -> tuple[Interval | None, tuple[Attribution, ...]]:
    """When it was published, and who said it: one attribution for each voice that is named.

    Outlets, informants and links go together only where they are as many, or where there is just
    one; else nobody can say which link is whose, and each stands alone.
    """
    table = mapping.said
    if table is None:
        return None, ()
    day = get(table.published) if table.published is not None else ""
    published = read_time(day, mapping.time.format, zone, None) if day else None

    def several(column: str | None) -> list[str]:
        text = get(column) if column is not None else ""
        parts = [text] if table.separator is None else text.split(table.separator)
        return [part.strip() for part in parts if part.strip()]

    lists = (several(table.outlet), several(table.informant), several(table.link))
    headline = (get(table.headline) if table.headline is not None else "") or None
    many = {len(part) for part in lists if len(part) > 1}
    voices: list[tuple[str | None, str | None, str | None]]
    if len(many) <= 1:
        length = max(len(part) for part in lists)
        outlets, informants, links = (_stretched(part, length) for part in lists)
        voices = list(zip(outlets, informants, links, strict=True))
    else:
        voices = [(outlet, None, None) for outlet in lists[0]]
        voices += [(None, informant, None) for informant in lists[1]]
        voices += [(None, None, link) for link in lists[2]]
    if not voices and headline is not None:
        voices = [(None, None, None)]
    return published, tuple(
        Attribution(
            outlet=outlet, published=published, headline=headline, informant=informant, link=link
        )
        for outlet, informant, link in voices
    )


def _stretched(part: list[str], length: int) -> list[str | None]:
    """A list of that length: one voice stands beside all the others, none beside nobody."""
    voices: list[str | None] = [*part] or [None]
    return voices if len(voices) == length else voices[:1] * length
