"""What a field team sends from the web: one report a delivery, and the pictures with it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trucewatch.errors import RecordRejected
from trucewatch.model import Area, Claim, Count, Interval, Point, Report, content_id, kind_tree
from trucewatch.reports.fields import filled, iso_moment, number, shown, whole, zone_of
from trucewatch.reports.reader import WHOLE
from trucewatch.reports.rows import raw_ref, report_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from trucewatch.reports.reader import Delivery, Reader

SCHEMA = "trucewatch.field/1"
FIELDS = (
    *("kind", "lat", "lon", "error_m", "region", "place"),
    *("from", "until", "zone", "words", "killed", "wounded"),
)
"""What a report may say; each is a text, as it was typed."""

MOST_PICTURES = 4
LONGEST_WORDS = 10_000
LONGEST_FIELD = 200
LARGEST = 256 * 1024
"""The most bytes of a report without its pictures."""

USUAL_ERROR_M = 100.0
WIDEST_ERROR_M = 100_000.0
LONGEST = timedelta(days=31)
MINUTE = timedelta(minutes=1)

PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
PLACE_NAMED = "the team named the region and gave no coordinates"


class FieldReader:
    """Reads what the form and the interface for field teams write, and nothing else.

    A picture is no record: a delivery that is one gives nothing at all. It is never decoded here.
    """

    name = "field"

    def recognises(self, head: bytes) -> bool:
        """Whether it begins as a report does."""
        return head.startswith(b"{") and SCHEMA.encode() in head[:4096]

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report with one claim; the reason where it cannot be used."""
        if media_of(delivery.raw) is not None:
            return
        try:
            yield _report(delivery)
        except ValueError as error:
            yield RecordRejected(str(error), pointer=WHOLE)


def media_of(raw: bytes) -> str | None:
    """What sort of picture bytes begin as: JPEG, PNG or WebP; None for anything else."""
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        return "image/webp"
    return next((media for head, media in PICTURES.items() if raw.startswith(head)), None)


def pictures_of(raw: bytes) -> tuple[str, ...]:
    """The SHA-256 (hex) of each picture that a report came with; none for what is no report."""
    try:
        return _read(raw)[1]
    except ValueError:
        return ()


def _read(raw: bytes) -> tuple[dict[str, str], tuple[str, ...]]:
    if len(raw) > LARGEST:
        raise ValueError(f"it is over {LARGEST // 1024} KiB")
    try:
        data: Any = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError("it is neither a report of a field team nor a picture") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise ValueError("it is neither a report of a field team nor a picture")
    fields, pictures = data.get("fields"), data.get("pictures", [])
    if not isinstance(fields, dict) or not all(isinstance(v, str) for v in fields.values()):
        raise ValueError("its fields are not texts")
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        raise ValueError(f"it has a field {shown(unknown[0])}, which is none of a report's")
    for name, value in fields.items():
        most = LONGEST_WORDS if name == "words" else LONGEST_FIELD
        if len(value) > most:
            raise ValueError(f"{name} has over {most:,} characters")
    if not isinstance(pictures, list) or not all(_is_digest(one) for one in pictures):
        raise ValueError("its pictures are not named by SHA-256")
    return fields, tuple(pictures)


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and not set(value) - set("0123456789abcdef")


def _report(delivery: Delivery) -> Report:
    fields, pictures = _read(delivery.raw)
    source = delivery.source.id
    ident = report_id(source, {**fields, "pictures": " ".join(pictures)})
    kind = filled(fields, "kind")
    if kind not in kind_tree():
        raise ValueError(f"no kind is called {shown(kind)}")
    place, notes = _place(fields)
    words = fields.get("words", "").strip()
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, WHOLE),
        published=None,
        text=words,
        claims=(
            Claim(
                id=content_id("clm", (ident, "field")),
                report=ident,
                source=source,
                kind=kind,
                place=place,
                when=_when(fields, zone_of(delivery.source)),
                text=words,
                region=fields.get("region", "").strip() or None,
                counts=_counts(fields),
                notes=notes,
            ),
        ),
    )


def _place(fields: Mapping[str, str]) -> tuple[Point | Area, tuple[str, ...]]:
    lat, lon = (fields.get(name, "").strip() for name in ("lat", "lon"))
    named = fields.get("place", "").strip()
    said = (f"place, as the team names it: {named}",) if named else ()
    if lat or lon:
        error = fields.get("error_m", "").strip()
        return Point(
            number(lat, -90, 90, "lat"),
            number(lon, -180, 180, "lon"),
            number(error, 1, WIDEST_ERROR_M, "error_m") if error else USUAL_ERROR_M,
        ), said
    region = fields.get("region", "").strip()
    if not region:
        raise ValueError("it gives neither coordinates nor a region")
    return Area(code=region, name=region, polygons=()), (PLACE_NAMED, *said)


def _when(fields: Mapping[str, str], usual: tzinfo) -> Interval:
    zone: tzinfo = usual
    if named := fields.get("zone", "").strip():
        try:
            zone = ZoneInfo(named)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"no time zone is called {shown(named)}") from None
    start = iso_moment(filled(fields, "from"), "from", zone)
    end = start
    if until := fields.get("until", "").strip():
        end = iso_moment(until, "until", zone)
    if end.latest < start.earliest:
        raise ValueError("it ends before it starts")
    if end.latest - start.earliest > LONGEST:
        raise ValueError(f"it lasts over {LONGEST.days} days: send a report for each event")
    # A clock is read to the minute.
    return Interval(start.earliest, end.latest + MINUTE)


def _counts(fields: Mapping[str, str]) -> tuple[Count, ...]:
    return tuple(
        Count(what=what, best=whole(text, 0, 1_000_000, what))
        for what in ("killed", "wounded")
        if (text := fields.get(what, "").strip())
    )


READER: Reader = FieldReader()
