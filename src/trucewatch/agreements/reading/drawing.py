"""Zones from their files: polygons as they are, lines with a buffer, corridors with a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

from trucewatch.agreements.zones.areas import area_of, read_areas, read_features
from trucewatch.agreements.zones.buffers import buffered
from trucewatch.errors import ConfigurationError
from trucewatch.model import Area, Drawn, Window, Zone

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from trucewatch.agreements.reading.checks import Checks
    from trucewatch.agreements.reading.forms import AreasForm, ZonesForm
    from trucewatch.agreements.zones.areas import Feature
    from trucewatch.documents import Path


def read_regions(
    forms: Sequence[AreasForm], files: Mapping[str, str], check: Checks
) -> tuple[Area, ...]:
    """The areas of all files named, sorted by code."""
    found: dict[str, Area] = {}
    for place, form in enumerate(forms):
        path: Path = ("regions", place, "file")
        try:
            text = _text(form.file, files, path, check)
            areas = read_areas(text, file=form.file, code=form.code, name=form.name)
        except ConfigurationError as fault:
            check.faults.append(fault)
            continue
        for area in areas:
            if area.code in found:
                check.note(path, f"the code {area.code!r} stands in two files")
            found[area.code] = area
    return tuple(found[code] for code in sorted(found))


def read_zones(
    forms: Sequence[ZonesForm],
    files: Mapping[str, str],
    check: Checks,
    parties: Collection[str],
) -> tuple[Zone, ...]:
    """The zones of all files named, sorted by code and time.

    One code may come again for another time: then the zone has moved.
    """
    found: dict[str, list[Zone]] = {}
    for place, form in enumerate(forms):
        path: Path = ("zones", place)
        check.one_of(form.side, parties, (*path, "side"), "party")
        holds = check.holds(form.holds, (*path, "holds"))
        try:
            text = _text(form.file, files, (*path, "file"), check)
            for one in read_features(text, file=form.file, code=form.code, name=form.name):
                zone = _zone(one, form, path, check, holds)
                others = found.setdefault(one.code, [])
                if any(not holds.overlap(other.holds).empty for other in others):
                    check.note(
                        (*path, "file"),
                        f"the code {one.code!r} stands in two files (a zone that moved needs "
                        "`holds` that do not overlap)",
                    )
                others.append(zone)
        except ConfigurationError as fault:
            check.faults.append(fault)
    zones = [zone for others in found.values() for zone in others]
    return tuple(sorted(zones, key=lambda one: (one.code, _start(one.holds))))


def _text(name: str, files: Mapping[str, str], path: Path, check: Checks) -> str:
    if name not in files:
        raise check.document.refuse(path, f"{name!r} is not in the mission's folder")
    return files[name]


def _start(window: Window) -> tuple[bool, float]:
    start = window.start
    return (start is not None, 0.0 if start is None else start.timestamp())


def _zone(one: Feature, form: ZonesForm, path: Path, check: Checks, holds: Window) -> Zone:
    shape = one.shape
    if isinstance(shape, Polygon | MultiPolygon):
        for key in ("buffer_km", "width_km"):
            if getattr(form, key) is not None:
                raise check.document.refuse(
                    (*path, key), f"{one.code!r} is a polygon and has none: it is for lines"
                )
        drawn, buffer_m = Drawn.POLYGON, 0.0
    else:
        drawn, buffer_m = _reach(form, path, check)
        shape = _wide(one, shape, buffer_m, form.file)
    return Zone(
        code=one.code,
        name=one.name,
        drawn=drawn,
        area=area_of(shape, one.code, one.name),
        buffer_m=buffer_m,
        holds=holds,
        side=form.side,
    )


def _reach(form: ZonesForm, path: Path, check: Checks) -> tuple[Drawn, float]:
    """How a line was meant, and how far it reaches to each side in metres."""
    if form.buffer_km is not None and form.width_km is None:
        return Drawn.LINE, form.buffer_km * 1000
    if form.width_km is not None and form.buffer_km is None:
        return Drawn.CORRIDOR, form.width_km * 500
    raise check.document.refuse(
        path,
        f"{form.file!r} holds a line: give its buffer_km (to each side) or, for a corridor, its "
        "width_km (from edge to edge), and not both",
    )


def _wide(
    one: Feature, shape: LineString | MultiLineString, buffer_m: float, file: str
) -> MultiPolygon:
    lines = shape.geoms if isinstance(shape, MultiLineString) else [shape]
    try:
        parts = buffered([[(x, y) for x, y, *_ in line.coords] for line in lines], buffer_m)
    except ValueError as fault:
        raise ConfigurationError(str(fault), file=file, field=f"{one.field}.geometry") from None
    if parts.is_empty:
        raise ConfigurationError("encloses nothing", file=file, field=f"{one.field}.geometry")
    return parts
