"""Notices as people write them: a form's fields, JSON or GeoJSON; each is read or refused."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from trucewatch.commitments.notices.dangers import SITE, SORTS, domains
from trucewatch.commitments.notices.moments import read_moment
from trucewatch.commitments.notices.moments import refusal as _no
from trucewatch.errors import RecordRejected
from trucewatch.model import Notice, Point, Window, content_id, distance_m, utc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

LONGEST_TEXT = 500
MOST_POINTS = 1_000
MOST_NOTICES = 1_000
MOST_BYTES = 2_000_000
SMALLEST_WIDTH_M, GREATEST_WIDTH_M = 1.0, 50_000.0
LONGEST_LEG_M = 2_000_000.0
LONGEST_MOVEMENT = timedelta(days=31)
ORDINARY_WIDTH_M = 500.0

FIELDS = {
    "organisation": "who moves or works there",
    "contact": "how the organisation is reached at any hour",
    "sort": "movement or site",
    "domain": "sea, land or air",
    "place": "the place or the way in words",
    "route": "[[longitude, latitude], …]: one place for a site, two or more for a movement",
    "width_m": "metres around it, 500 where nothing is said",
    "from": "beginning of the window",
    "to": "end of the window; a site may go without",
    "emergency": "true or false",
    "note": "anything else",
    "submitted": "when it was submitted, where that was before it is entered",
}
"""The fields of a notice, by the names that files, the interface and the form use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticesRead:
    """What a file held: the notices, and each that was refused with its place and the reason."""

    notices: tuple[Notice, ...]
    refused: tuple[RecordRejected, ...]

    @property
    def received(self) -> int:
        """Read plus refused."""
        return len(self.notices) + len(self.refused)


def read_notices(raw: bytes, *, zone: tzinfo, now: datetime) -> NoticesRead:
    """The notices of a JSON or GeoJSON text: an object, a list, a Feature or a FeatureCollection.

    Bad ones are refused one by one. Raises RecordRejected only where nothing can be told apart:
    what is no JSON, or larger than 2 MB or 1,000 notices.
    """
    if len(raw) > MOST_BYTES:
        raise _no(f"more than {MOST_BYTES // 1_000_000} MB: send it in parts", "the whole file")
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise _no("it is no JSON in UTF-8", "the whole file") from None
    items, prefix = _items(data)
    if len(items) > MOST_NOTICES:
        raise _no(f"more than {MOST_NOTICES} notices: send them in parts", "the whole file")
    notices: list[Notice] = []
    refused: list[RecordRejected] = []
    known: set[str] = set()
    for number, item in enumerate(items):
        pointer = f"{prefix}/{number}"
        try:
            notice = read_notice(_flat(item, pointer), zone=zone, now=now, pointer=pointer)
            if notice.id in known:
                raise _no("the same notice stands in this file twice", pointer)
        except RecordRejected as fault:
            refused.append(fault)
            continue
        known.add(notice.id)
        notices.append(notice)
    return NoticesRead(notices=tuple(notices), refused=tuple(refused))


def read_notice(
    fields: Mapping[str, Any],
    *,
    zone: tzinfo,
    now: datetime,
    pointer: str = "notice",
    known_as: str | None = None,
) -> Notice:
    """One notice out of `FIELDS`; a time without an offset is one of `zone`.

    An amended notice keeps the id that it is `known_as`. `submitted` is `now` unless the fields
    say that it was earlier. Raises RecordRejected with `pointer`, the field and what to write.
    """
    unknown = [str(name)[:40] for name in fields if name not in FIELDS]
    if unknown:
        raise _no(f"unknown field {unknown[0]!r}; there are: {', '.join(FIELDS)}", pointer)
    read = _Fields(fields, pointer, zone)
    sort = read.word("sort", SORTS)
    domain = read.word("domain", domains())
    route = read.route(sort)
    start, end = read.moment("from"), read.moment("to")
    if start is None:
        raise read.no("from", "say when it begins, such as 2026-04-12T08:00+03:00")
    if end is None and sort != SITE:
        raise read.no("to", "a movement has an end")
    if end is not None and end <= start:
        raise read.no("to", "it ends before it begins")
    if end is not None and end <= now:
        raise read.no("to", "it lies in the past: a notice tells of what is to come")
    if end is not None and sort != SITE and end - start > LONGEST_MOVEMENT:
        raise read.no("to", f"a movement lasts {LONGEST_MOVEMENT.days} days at the most")
    submitted = read.moment("submitted") or utc(now)
    if submitted > now:
        raise read.no("submitted", "it lies ahead: leave it out for now")
    parts = {name: read.text(name, needed=name != "note") for name in _TEXTS}
    width = read.width()
    emergency = read.flag("emergency")
    content = [*parts.values(), sort, domain, repr(route), repr(width), start.isoformat()]
    # Not when it was submitted: what is sent twice, because no answer came, is one notice.
    content += [end.isoformat() if end else "", str(emergency)]
    return Notice(
        id=known_as or content_id("ntc", content),
        sort=sort,
        domain=domain,
        route=route,
        width_m=width,
        window=Window(start, end),
        submitted=submitted,
        emergency=emergency,
        **parts,
    )


_TEXTS = ("organisation", "contact", "place", "note")


class _Fields:
    """Fields as somebody wrote them, each checked as it is asked for."""

    def __init__(self, fields: Mapping[str, Any], pointer: str, zone: tzinfo) -> None:
        self._fields, self._pointer, self._zone = fields, pointer, zone

    def no(self, name: str, reason: str) -> RecordRejected:
        return _no(f"{name}: {reason}", self._pointer)

    def text(self, name: str, *, needed: bool = True) -> str:
        value = self._fields.get(name, "")
        if not isinstance(value, str):
            raise self.no(name, "write it as text")
        value = value.strip()
        if needed and not value:
            raise self.no(name, f"is missing: {FIELDS[name]}")
        if len(value) > LONGEST_TEXT:
            raise self.no(name, f"longer than {LONGEST_TEXT} characters")
        if any(not (ch.isprintable() or ch in "\n\t") for ch in value):
            raise self.no(name, "it holds characters that cannot be printed")
        return value

    def word(self, name: str, words: Sequence[str]) -> str:
        value = self.text(name)
        if value not in words:
            raise self.no(name, f"is one of {', '.join(words)}")
        return value

    def flag(self, name: str) -> bool:
        value = self._fields.get(name, False)
        if not isinstance(value, bool):
            raise self.no(name, "is true or false")
        return value

    def width(self) -> float:
        value = self._fields.get("width_m", ORDINARY_WIDTH_M)
        if not _number(value) or not SMALLEST_WIDTH_M <= value <= GREATEST_WIDTH_M:
            raise self.no(
                "width_m",
                f"metres, from {SMALLEST_WIDTH_M:.0f} to {GREATEST_WIDTH_M:.0f}",
            )
        return float(value)

    def moment(self, name: str) -> datetime | None:
        value = self._fields.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise self.no(name, "write day and hour, such as 2026-04-12T08:00+03:00")
        try:
            return read_moment(value, self._zone)
        except RecordRejected as fault:
            raise self.no(name, fault.reason) from None

    def route(self, sort: str) -> tuple[tuple[float, float], ...]:
        value = self._fields.get("route")
        if not isinstance(value, list | tuple) or not value:
            raise self.no("route", FIELDS["route"])
        if len(value) > MOST_POINTS:
            raise self.no("route", f"more than {MOST_POINTS} points")
        points = []
        for pair in value:
            if not (
                isinstance(pair, list | tuple) and 2 <= len(pair) <= 3 and all(map(_number, pair))
            ):
                raise self.no("route", "each place is [longitude, latitude] in degrees")
            lon, lat = float(pair[0]), float(pair[1])
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise self.no("route", "longitude lies in -180…180, latitude in -90…90")
            points.append((lon, lat))
        if (len(points) == 1) is not (sort == SITE):
            raise self.no("route", "one place for a site, two or more for a movement")
        for one, two in pairwise(points):
            if distance_m(Point(one[1], one[0], 1), Point(two[1], two[0], 1)) > LONGEST_LEG_M:
                raise self.no("route", f"a leg is longer than {LONGEST_LEG_M / 1000:,.0f} km")
        return tuple(points)


def _number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    # A whole number may be longer than any float is: to ask whether that is finite would fail.
    return abs(value) <= _GREATEST and math.isfinite(value)


_GREATEST = 1e9
"""Beyond any degree and any width in metres."""


def read_act(raw: bytes) -> tuple[dict[str, Any], str]:
    """What somebody sent with an act on a notice: the fields that change, and the reason.

    An empty body is an act without either. RecordRejected for anything but one table of JSON.
    """
    try:
        data = json.loads(raw.decode("utf-8-sig") or "{}", parse_constant=_not_a_number)
    except (ValueError, RecursionError):
        raise _no("it is no JSON in UTF-8", "the act") from None
    if not isinstance(data, dict):
        raise _no("not a table of fields", "the act")
    reason = data.pop("reason", "")
    return data, read_reason(reason)


def read_reason(text: object) -> str:
    """Why somebody acts on a notice, in words, or nothing; RecordRejected for what is no text."""
    return _Fields({"reason": text}, "the act", UTC).text("reason", needed=False)


def _items(data: object) -> tuple[list[Any], str]:
    if isinstance(data, dict) and data.get("type") == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise _no("a FeatureCollection has a list of features", "the whole file")
        return features, "/features"
    if isinstance(data, dict) and isinstance(data.get("notices"), list):
        return data["notices"], "/notices"
    return (data, "") if isinstance(data, list) else ([data], "")


def _flat(item: object, pointer: str) -> Mapping[str, Any]:
    """A GeoJSON Feature as plain fields; anything else as it is."""
    if not isinstance(item, dict):
        raise _no("not a table of fields", pointer)
    if item.get("type") != "Feature":
        return item
    shape, properties = item.get("geometry"), item.get("properties")
    fields = dict(properties) if isinstance(properties, dict) else {}
    if isinstance(shape, dict) and "route" not in fields:
        places = shape.get("coordinates")
        fields["route"] = [places] if shape.get("type") == "Point" else places
    return fields


def _not_a_number(word: str) -> float:
    raise ValueError(word)
