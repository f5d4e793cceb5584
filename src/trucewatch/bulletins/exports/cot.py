"""Incidents as Cursor on Target events: marks on a map for those who already work with such maps.

An event tells of something that is over; it is never the position of anybody. The type is that of a
spot on the map, and the `how` that of something put together by a machine from several reports.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lxml import etree

from trucewatch.bulletins.exports.head import MARK
from trucewatch.bulletins.exports.rows import row_of, spot
from trucewatch.bulletins.exports.texts import xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.bulletins.exports.head import Head
    from trucewatch.bulletins.exports.rows import Spot

TYPE = "b-m-p-s-m"
HOW = "m-f"
UNKNOWN = "9999999.0"
"""How the format says that a height or an error is not known."""

FRESH = timedelta(days=1)
"""How long after the state of the file an event is to be shown: look again then."""


def write_cot(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The events under one root `events`, one a line; what has no place cannot be told so.

    The root says what the file is; each event says it again in its remarks, as programs send
    them on one by one.
    """
    root = etree.Element("events", {name: xml(text) for name, text in head.facts.items()})
    opened = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + opened.removesuffix(b"/>") + b">\n"
    for body in bodies:
        place = spot(body)
        if place is not None:
            event = _event(head, body, place)
            yield bytes(etree.tostring(event, encoding="UTF-8", xml_declaration=False)) + b"\n"
    yield b"</events>\n"


def _event(head: Head, body: Mapping[str, Any], place: Spot) -> etree._Element:
    row = row_of(body)
    made = _moment(head.made) or datetime(1970, 1, 1, tzinfo=UTC)
    start = min(_moment(row["earliest"] or row["first_day"]) or made, made)
    given = {
        "version": "2.0",
        "uid": xml(f"trucewatch.{body.get('id')}"),
        "type": TYPE,
        "time": _zulu(made),
        "start": _zulu(start),
        "stale": _zulu(made + FRESH),
        "how": HOW,
    }
    if head.exercise:
        given["opex"] = "e-exercise"
    event = etree.Element("event", given)
    etree.SubElement(
        event,
        "point",
        lat=f"{place.lat:.6f}",
        lon=f"{place.lon:.6f}",
        hae=UNKNOWN,
        ce=UNKNOWN if place.error_m is None else f"{place.error_m:.1f}",
        le=UNKNOWN,
    )
    detail = etree.SubElement(event, "detail")
    words = xml(f"{row['kind_name'] or row['kind'] or 'incident'}, {row['state'] or 'not told'}")
    etree.SubElement(detail, "contact", callsign=f"EXERCISE {words}" if head.exercise else words)
    remarks = etree.SubElement(detail, "remarks")
    told = [f"{name.replace('_', ' ')}: {value}" for name, value in row.items() if value]
    remarks.text = xml("; ".join(([MARK] if head.exercise else []) + told + [head.line]))
    return event


def _moment(text: object) -> datetime | None:
    """A time with an offset, or the first hour (UTC) of a day; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
