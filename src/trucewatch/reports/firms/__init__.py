"""FIRMS active fires, VIIRS and MODIS: one hot pixel a row. See NOTES.md beside this file."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from trucewatch.errors import RecordRejected
from trucewatch.model import Claim, Detection, Interval, Point, Report, content_id
from trucewatch.reports.fields import clock, filled, iso_day, number, shown, whole
from trucewatch.reports.rows import header_of, raw_ref, read_rows, report_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucewatch.reports.reader import Delivery, Reader
    from trucewatch.reports.rows import Row

_REQUIRED = frozenset(
    {
        "latitude",
        "longitude",
        "scan",
        "track",
        "acq_date",
        "acq_time",
        "satellite",
        "instrument",
        "confidence",
        "frp",
    }
)
_BRIGHTNESS = ("bright_ti4", "brightness")
_BACKGROUND = ("bright_ti5", "bright_t31")

_PLATFORMS = {
    "t": "Terra",
    "terra": "Terra",
    "a": "Aqua",
    "aqua": "Aqua",
    "n": "Suomi NPP",
    "npp": "Suomi NPP",
    "suomi npp": "Suomi NPP",
    "1": "NOAA-20",
    "n20": "NOAA-20",
    "noaa-20": "NOAA-20",
    "2": "NOAA-21",
    "n21": "NOAA-21",
    "noaa-21": "NOAA-21",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .+_-]{0,39}")
_WORDS = frozenset({"l", "n", "h", "low", "nominal", "high"})
_STATIC = {"0": False, "1": False, "2": True, "3": False}
_DAYLIGHT = {"D": True, "N": False}


class FirmsReader:
    """Reads FIRMS text files of both header families; times in them are UTC."""

    name = "firms"

    def recognises(self, head: bytes) -> bool:
        """Whether the header has the columns of either family, in any order."""
        names = header_of(head)
        return names >= _REQUIRED and any(name in names for name in _BRIGHTNESS)

    def read(self, delivery: Delivery) -> Iterator[Report | RecordRejected]:
        """One report a pixel, with one claim; bad rows as rejections."""
        for row in read_rows(delivery.raw, required=_REQUIRED, one_of=_BRIGHTNESS):
            if isinstance(row, RecordRejected):
                yield row
                continue
            try:
                yield _report(delivery, row)
            except ValueError as error:
                yield row.reject(str(error))


def _report(delivery: Delivery, row: Row) -> Report:
    fields = row.fields
    source = delivery.source.id
    ident = report_id(source, fields)
    kelvin = _kelvin(fields, _BRIGHTNESS)
    if kelvin is None:
        raise ValueError("the brightness is blank")
    _kelvin(fields, _BACKGROUND)
    sides = (_side_m(fields, "scan"), _side_m(fields, "track"))
    at = _moment(fields)
    power = fields["frp"].strip()
    detection = Detection(
        platform=_platform(_plain(fields, "satellite")),
        instrument=_plain(fields, "instrument"),
        at=at,
        footprint_m=sides,
        power_mw=number(power, 0, 100_000, "frp") if power else None,
        confidence=_confidence(filled(fields, "confidence")),
        daylight=_coded(fields, "daynight", _DAYLIGHT),
        declared_static=_coded(fields, "type", _STATIC),
    )
    text = _text(kelvin, detection)
    minute = at.replace(second=0)
    claim = Claim(
        id=content_id("clm", (ident, "pixel")),
        report=ident,
        source=source,
        kind="thermal_anomaly",
        place=Point(
            number(filled(fields, "latitude"), -90, 90, "latitude"),
            number(filled(fields, "longitude"), -180, 180, "longitude"),
            # The fire is somewhere in the pixel: a uniform spread over a side s has the
            # standard deviation s / sqrt(12). The larger side, so that neither axis is flattered.
            max(sides) / math.sqrt(12),
        ),
        when=Interval(minute, minute + timedelta(minutes=1)),
        text=text,
        detection=detection,
    )
    return Report(
        id=ident,
        source=source,
        raw=raw_ref(delivery, row),
        published=None,
        text=text,
        claims=(claim,),
    )


def _kelvin(fields: Mapping[str, str], names: tuple[str, ...]) -> float | None:
    for name in names:
        text = fields.get(name, "").strip()
        if text:
            return number(text, 100, 1000, name)
    return None


def _side_m(fields: Mapping[str, str], name: str) -> float:
    return 1000 * number(filled(fields, name), 0.1, 20, name)


def _moment(fields: Mapping[str, str]) -> datetime:
    day = iso_day(filled(fields, "acq_date"), "acq_date")
    return datetime.combine(day, _clock(filled(fields, "acq_time")), tzinfo=UTC)


def _clock(text: str) -> time:
    """HH:MM:SS, or HHMM without its leading zeros: "54" is 00:54."""
    if ":" in text:
        return clock(text, "acq_time").replace(microsecond=0)
    if len(text) > 4:
        raise ValueError(f"acq_time is no time of day: {shown(text)}")
    digits = whole(text, 0, 2359, "acq_time")
    if digits % 100 > 59:
        raise ValueError(f"acq_time is no time of day: {shown(text)}")
    return time(digits // 100, digits % 100)


def _plain(fields: Mapping[str, str], name: str) -> str:
    text = filled(fields, name)
    if not _NAME.fullmatch(text):
        raise ValueError(f"{name} is not a plain name: {shown(text)}")
    return text


def _platform(text: str) -> str:
    """One name a satellite, however the file writes it; an unknown one is kept as it is."""
    return _PLATFORMS.get(text.lower(), text)


def _confidence(text: str) -> str:
    if text.lower() in _WORDS:
        return text
    try:
        whole(text, 0, 100, "confidence")
    except ValueError:
        raise ValueError(
            f"confidence is neither low, nominal, high nor 0 to 100: {shown(text)}"
        ) from None
    return text


def _coded(fields: Mapping[str, str], name: str, codes: Mapping[str, bool]) -> bool | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    if text not in codes:
        raise ValueError(f"{name} is not one of {', '.join(sorted(codes))}: {shown(text)}")
    return codes[text]


def _text(kelvin: float, detection: Detection) -> str:
    parts = [f"thermal anomaly, {kelvin:.0f} K"]
    if detection.power_mw is not None:
        parts.append(f"{detection.power_mw:.1f} MW")
    return ", ".join([*parts, detection.platform])


READER: Reader = FirmsReader()
