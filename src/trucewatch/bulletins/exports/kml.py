"""Incidents as KML 2.2: placemarks at the places that the viewer is told, with their days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from trucewatch.bulletins.exports.rows import row_of, spot
from trucewatch.bulletins.exports.texts import xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.bulletins.exports.head import Head
    from trucewatch.bulletins.exports.rows import Cell

NAMESPACE = "http://www.opengis.net/kml/2.2"


def write_kml(head: Head, bodies: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One Document in pieces. An incident without a place is a placemark without a point."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{NAMESPACE}">\n<Document>\n'
    ).encode()
    title = f"EXERCISE: {head.mission}" if head.exercise else head.mission
    for part in (_text("name", title), _text("description", head.line), _data(head.facts)):
        yield _bytes(part)
    for body in bodies:
        yield _bytes(_placemark(head, body))
    yield b"</Document>\n</kml>\n"


def _placemark(head: Head, body: Mapping[str, Any]) -> etree._Element:
    row = row_of(body)
    mark = etree.Element("Placemark")
    words = f"{row['kind_name'] or row['kind'] or 'incident'}: {row['state'] or 'state not told'}"
    mark.append(_text("name", f"EXERCISE: {words}" if head.exercise else words))
    mark.append(_text("description", _told(row)))
    first, last = row["earliest"] or row["first_day"], row["latest"] or row["last_day"]
    if first and last:
        span = etree.SubElement(mark, "TimeSpan")
        span.append(_text("begin", str(first)))
        span.append(_text("end", str(last)))
    mark.append(_data({name: _plain(value) for name, value in row.items() if value is not None}))
    place = spot(body)
    if place is not None:
        point = etree.SubElement(mark, "Point")
        point.append(_text("coordinates", f"{place.lon:.6f},{place.lat:.6f}"))
    return mark


def _told(row: Mapping[str, Cell]) -> str:
    """What a balloon shows: plain words, no markup."""
    error = row["error_m"]
    parts = [
        f"likelihood: {row['likelihood']}" if row["likelihood"] else None,
        f"{row['first_day']} to {row['last_day']}" if row["first_day"] else None,
        f"standard error {error:.0f} m" if isinstance(error, float) else None,
        "provisional: no named person has reviewed it" if row["provisional"] else None,
    ]
    return "; ".join(part for part in parts if part) or "nothing more is told"


def _plain(value: Cell) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value)


def _data(facts: Mapping[str, str]) -> etree._Element:
    held = etree.Element("ExtendedData")
    for name, text in facts.items():
        one = etree.SubElement(held, "Data", name=name)
        one.append(_text("value", text))
    return held


def _text(tag: str, text: str) -> etree._Element:
    element = etree.Element(tag)
    element.text = xml(text)
    return element


def _bytes(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, encoding="UTF-8", xml_declaration=False)) + b"\n"
