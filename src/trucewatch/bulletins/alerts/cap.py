"""An alert as XML by the Common Alerting Protocol 1.2, and the rules that such a file keeps.

The rules are stated from the standard's facts: which elements there are, in which order, how
often, and what may stand in them. `faults` holds any file to them, our own included.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from trucewatch.bulletins.alerts.nouns import Alert
from trucewatch.bulletins.machine import to_json
from trucewatch.model import utc

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trucewatch.bulletins.alerts.nouns import Circle, Info

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SCHEMA = "trucewatch.alert/1"
_TAG = f"{{{NAMESPACE}}}"

_ONCE, _MAYBE, _ANY, _SOME = (1, 1), (0, 1), (0, None), (1, None)
_ORDER: dict[str, dict[str, tuple[int, int | None]]] = {
    "alert": {
        "identifier": _ONCE, "sender": _ONCE, "sent": _ONCE, "status": _ONCE, "msgType": _ONCE,
        "source": _MAYBE, "scope": _ONCE, "restriction": _MAYBE, "addresses": _MAYBE,
        "code": _ANY, "note": _MAYBE, "references": _MAYBE, "incidents": _MAYBE, "info": _ANY,
    },
    "info": {
        "language": _MAYBE, "category": _SOME, "event": _ONCE, "responseType": _ANY,
        "urgency": _ONCE, "severity": _ONCE, "certainty": _ONCE, "audience": _MAYBE,
        "eventCode": _ANY, "effective": _MAYBE, "onset": _MAYBE, "expires": _MAYBE,
        "senderName": _MAYBE, "headline": _MAYBE, "description": _MAYBE, "instruction": _MAYBE,
        "web": _MAYBE, "contact": _MAYBE, "parameter": _ANY, "resource": _ANY, "area": _ANY,
    },
    "area": {
        "areaDesc": _ONCE, "polygon": _ANY, "circle": _ANY, "geocode": _ANY,
        "altitude": _MAYBE, "ceiling": _MAYBE,
    },
    "parameter": {"valueName": _ONCE, "value": _ONCE},
    "geocode": {"valueName": _ONCE, "value": _ONCE},
    "eventCode": {"valueName": _ONCE, "value": _ONCE},
}  # fmt: skip
"""The children of each element, in order, with the least and the greatest number of each."""

_WORDS = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": (
        "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport",
        "Infra", "CBRNE", "Other",
    ),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}  # fmt: skip
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)
_NAME = re.compile(r"[^\s,<&]{1,200}")
_REFERENCE = re.compile(r"[^\s,<&]{1,200},[^\s,<&]{1,200},[^\s,<&]{1,200}")
_CIRCLE = re.compile(r"(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?) (\d{1,5}(?:\.\d+)?)", re.ASCII)


def render_cap(alert: Alert) -> bytes:
    """The message as CAP 1.2; times are in UTC, written as the standard asks, with -00:00.

    TypeError for anything but an `Alert`: only `alerts` makes them, from what may be published.
    """
    if not isinstance(alert, Alert):
        raise TypeError("only a message that alerts() has made may be rendered")
    root = etree.Element(f"{_TAG}alert", nsmap={None: NAMESPACE})
    put = _put(root)
    put("identifier", alert.identifier)
    put("sender", alert.sender)
    put("sent", time(alert.sent))
    put("status", alert.status.value)
    put("msgType", alert.message.value)
    put("scope", alert.scope.value)
    put("restriction", alert.restriction)
    put("addresses", " ".join(alert.addresses))
    put("note", alert.note)
    put(
        "references",
        " ".join(f"{one.sender},{one.identifier},{time(one.sent)}" for one in alert.references),
    )
    put("incidents", " ".join(alert.incidents))
    if alert.info is not None:
        _inform(etree.SubElement(root, f"{_TAG}info"), alert.info)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def render_alert_json(alert: Alert) -> bytes:
    """The same message as JSON, under the names of our own fields."""
    if not isinstance(alert, Alert):
        raise TypeError("only a message that alerts() has made may be rendered")
    return to_json(SCHEMA, alert)


def time(moment: datetime) -> str:
    """A moment as CAP writes it: whole seconds of UTC with the offset -00:00, never a Z."""
    return utc(moment).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _put(parent: etree._Element) -> Callable[[str, str], None]:
    def put(name: str, text: str) -> None:
        if text:
            etree.SubElement(parent, f"{_TAG}{name}").text = text

    return put


def _inform(element: etree._Element, info: Info) -> None:
    put = _put(element)
    put("language", "en")
    put("category", "Security")
    put("event", info.event)
    put("urgency", info.urgency)
    put("severity", info.severity)
    put("certainty", info.certainty)
    put("senderName", info.sender_name)
    put("headline", info.headline)
    put("description", info.description)
    put("instruction", info.instruction)
    for name, value in info.facts:
        pair = _put(etree.SubElement(element, f"{_TAG}parameter"))
        pair("valueName", name)
        pair("value", value)
    for circle in info.areas:
        _place(etree.SubElement(element, f"{_TAG}area"), circle)


def _place(element: etree._Element, circle: Circle) -> None:
    put = _put(element)
    put("areaDesc", circle.words)
    put("circle", f"{circle.lat:.3f},{circle.lon:.3f} {circle.radius_km:.1f}")
    if circle.code:
        pair = _put(etree.SubElement(element, f"{_TAG}geocode"))
        pair("valueName", "region")
        pair("value", circle.code)


def faults(raw: bytes) -> tuple[str, ...]:
    """Every way in which a file breaks a rule of CAP 1.2, in words; none for one that is valid.

    It knows the elements that Trucewatch writes; `resource` and `polygon` are only counted. No
    entity is resolved and nothing is fetched.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as fault:
        return (f"it is not XML: {fault.msg}",)
    if root.tag != f"{_TAG}alert":
        return (f"the root is {root.tag!r}, not an alert of CAP 1.2",)
    return (*_form(root, "alert"), *_rules(root))


def _form(element: etree._Element, name: str) -> list[str]:
    """Faults of order, number and values, from here down."""
    order, found = _ORDER[name], []
    names = [str(child.tag).removeprefix(_TAG) for child in element]
    places = list(order)
    known = [one for one in names if one in order]
    found += [f"{name} holds {one!r}, which it may not" for one in names if one not in order]
    if [places.index(one) for one in known] != sorted(places.index(one) for one in known):
        found.append(f"the elements of {name} are not in the order of the standard")
    for one, (least, most) in order.items():
        count = names.count(one)
        if count < least:
            found.append(f"{name} lacks {one}")
        if most is not None and count > most:
            found.append(f"{name} holds {one} more than once")
    for child, one in zip(element, names, strict=True):
        text = child.text or ""
        if one in _ORDER:
            found += _form(child, one)
        elif not text.strip():
            found.append(f"{one} is empty")
        if one in _WORDS and text not in _WORDS[one]:
            found.append(f"{one} is {text!r}, none of: {', '.join(_WORDS[one])}")
        if one in {"sent", "effective", "onset", "expires"} and not _TIME.fullmatch(text):
            found.append(f"{one} is not a time with an offset in figures: {text!r}")
        if one in {"identifier", "sender"} and not _NAME.fullmatch(text):
            found.append(f"{one} holds a blank, a comma, < or &")
        if one == "references" and not all(_REFERENCE.fullmatch(r) for r in text.split()):
            found.append("references are not sender,identifier,sent")
        if one == "circle" and not _on_earth(text):
            found.append(f"circle is not 'lat,lon radius' on the Earth: {text!r}")
    return found


def _on_earth(text: str) -> bool:
    circle = _CIRCLE.fullmatch(text)
    return circle is not None and abs(float(circle[1])) <= 90 and abs(float(circle[2])) <= 180


def _rules(root: etree._Element) -> list[str]:
    """Faults between elements: who gets it, and what it speaks of."""
    has = {str(child.tag).removeprefix(_TAG): child.text or "" for child in root}
    found = []
    if (has.get("scope") == "Restricted") is not ("restriction" in has):
        found.append("a restriction goes with the scope Restricted, and with no other")
    if has.get("scope") == "Private" and "addresses" not in has:
        found.append("the scope Private needs addresses")
    if has.get("msgType") in {"Update", "Cancel", "Ack", "Error"} and "references" not in has:
        found.append(f"an {has['msgType']} needs references")
    if has.get("msgType") in {"Alert", "Update"} and "info" not in has:
        found.append(f"an {has['msgType']} without info tells nothing")
    return found
