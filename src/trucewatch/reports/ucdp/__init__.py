"""UCDP GED and Candidate events: one coded lethal event a row. See NOTES.md beside this file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Claim, Count, Figure, Interval, Point, Report, content_id
from trucewatch.reports.fields import filled, number, shown, whole, zone_of
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id
from trucewatch.reports.ucdp.articles import Article, articles, attributions, informants
from trucewatch.reports.ucdp.dates import days_of
from trucewatch.reports.ucdp.headlines import figures, weapon_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row

_REQUIRED = frozenset(
    {
        "id",
        "year",
        "type_of_violence",
        "source_article",
        "source_original",
        "where_prec",
        "latitude",
        "longitude",
        "event_clarity",
        "date_prec",
        "date_start",
        "date_end",
        "best",
        "high",
        "low",
    }
)

ERROR_M = {
    1: 1_500.0,
    2: 12_500.0,
    3: 20_000.0,
    4: 50_000.0,
    5: 75_000.0,
    6: 250_000.0,
    7: 250_000.0,
}
"""The standard error in metres for each `where_prec`; NOTES.md gives the reason for each."""

_KINDS = {1: "hostile_act", 2: "hostile_act", 3: "killing"}
_DEATHS = {
    "civilians killed": "deaths_civilians",
    "side a killed": "deaths_a",
    "side b killed": "deaths_b",
    "killed, side unknown": "deaths_unknown",
}
_MOST_DEATHS = 10_000_000
_SHORT = 160
_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*", re.ASCII | re.IGNORECASE)


class UcdpReader:
    """Reads UCDP event files; bare dates are whole local days in the zone of the source."""

    name = "ucdp"

    def recognises(self, head: bytes) -> bool:
        """Whether the header has the columns of UCDP GED, in any order."""
        return header_of(head) >= _REQUIRED

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report an event, with one claim; HXL tags right below the header are no record."""
        zone = zone_of(delivery.source)
        for place, row in enumerate(read_rows(delivery.raw, required=_REQUIRED)):
            if isinstance(row, RecordRejected):
                yield row
                continue
            if place == 0 and _is_tags(row.fields):
                continue
            try:
                yield _report(delivery, row, zone)
            except ValueError as error:
                yield row.reject(str(error))


def _is_tags(fields: Mapping[str, str]) -> bool:
    """Whether a row holds HXL tags ("#date+year") and nothing else."""
    values = [value.strip() for value in fields.values() if value.strip()]
    return bool(values) and all(_TAG.fullmatch(value) for value in values)


def _report(delivery: Delivery, row: Row, zone: tzinfo) -> Report:
    fields, source = row.fields, delivery.source.id
    ident = report_id(source, fields)
    items = articles(fields["source_article"])
    notes: list[str] = []
    published = [item.day for item in items if item.day is not None]
    first, last = days_of(
        filled(fields, "date_start"),
        filled(fields, "date_end"),
        _code(fields, "date_prec", 5),
        whole(filled(fields, "year"), 1900, 2100, "year"),
        published,
    )
    when = Interval.days(first, last, zone)
    aggregated = _code(fields, "event_clarity", 2) == 2
    notes += _doubts(fields, items)
    if published and min(published) < first:
        notes.append("an article is dated before the event")
    claim = Claim(
        id=content_id("clm", (ident, "event")),
        report=ident,
        source=source,
        kind=_kind(fields, items, aggregated, notes),
        place=Point(
            number(filled(fields, "latitude"), -90, 90, "latitude"),
            number(filled(fields, "longitude"), -180, 180, "longitude"),
            ERROR_M[_code(fields, "where_prec", 7)],
        ),
        when=when,
        text=_text(fields, items),
        external_id=filled(fields, "id"),
        region=fields.get("adm_1", "").strip() or None,
        counts=_counts(fields, notes),
        attributions=attributions(items, informants(fields["source_original"]), zone),
        aggregated=aggregated,
        notes=tuple(notes),
    )
    day = min(published, default=None)
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=None if day is None else Interval.days(day, day, zone),
        text="; ".join(item.headline for item in items if item.headline) or claim.text,
        claims=(claim,),
        figures=_figures(claim, fields["source_original"].strip(), items, zone),
    )


def _code(fields: Mapping[str, str], name: str, highest: int) -> int:
    return whole(filled(fields, name), 1, highest, name)


def _doubts(fields: Mapping[str, str], items: tuple[Article, ...]) -> list[str]:
    """What the coders themselves, or the row against itself, cast doubt on."""
    notes = []
    status = fields.get("code_status", "").strip()
    if status and status != "Clear":
        notes.append(f"the coders say: {status[:_SHORT]}")
    if not items:
        notes.append("source_article could not be taken apart")
    if any(item.day is None for item in items):
        notes.append("an article has an impossible date")
    stated = fields.get("number_of_sources", "").strip()
    if stated and items and stated != str(len(items)):
        notes.append(f"number_of_sources is {shown(stated)}, {len(items)} articles are listed")
    return notes


def _kind(
    fields: Mapping[str, str], items: tuple[Article, ...], aggregated: bool, notes: list[str]
) -> str:
    """The kind of the event; a weapon named in headlines makes a hostile act more exact.

    A row that sums several events, and a killing outside combat, keep their vague kind.
    """
    kind = _KINDS[_code(fields, "type_of_violence", 3)]
    if kind != "hostile_act" or aggregated:
        return kind
    named = weapon_kind(item.headline for item in items)
    if named is None:
        return kind
    notes.append("kind from headline")
    return named


def _counts(fields: Mapping[str, str], notes: list[str]) -> tuple[Count, ...]:
    best, low, high = (_deaths(fields, name) for name in ("best", "low", "high"))
    given = [value for value in (low, best, high) if value is not None]
    if given != sorted(given):
        notes.append(f"low, best and high are out of order: {low}, {best}, {high}")
        low, high = min(given), max(given)
    counts = [Count(what="killed", best=best, low=low, high=high)]
    for what, name in _DEATHS.items():
        value = _deaths(fields, name)
        if value is not None:
            counts.append(Count(what=what, best=value))
    return tuple(counts)


def _deaths(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "").strip()
    return whole(text, 0, _MOST_DEATHS, name) if text else None


def _text(fields: Mapping[str, str], items: tuple[Article, ...]) -> str:
    text = fields.get("where_description", "").strip()
    if not text:
        text = next((item.headline for item in items if item.headline), "")
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else text[: _SHORT - 1].rstrip() + "…"


def _figures(
    claim: Claim, speaker: str, items: tuple[Article, ...], zone: tzinfo
) -> tuple[Figure, ...]:
    """The figures in the headlines, as words of the informant; each figure once an article."""
    found: dict[str, Figure] = {}
    for item in items:
        when = item.published(zone) or claim.when
        for figure in figures(item.headline):
            ident = content_id(
                "stm",
                (
                    claim.report,
                    figure.subject,
                    figure.quote,
                    item.outlet,
                    when.earliest.isoformat(),
                ),
            )
            found[ident] = Figure(
                id=ident,
                report=claim.report,
                source=claim.source,
                speaker=speaker or "not stated",
                subject=figure.subject,
                value=figure.value,
                quote=figure.quote,
                when=when,
                outlet=item.outlet or None,
            )
    return tuple(found[ident] for ident in sorted(found))


READER: Reader = UcdpReader()
