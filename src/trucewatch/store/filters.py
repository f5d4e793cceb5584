"""What a person asks of the incidents, as values for the statement that selects them."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from trucewatch.errors import NotFound
from trucewatch.model import Point, kind_tree, utc
from trucewatch.model.places import EARTH_RADIUS_M

if TYPE_CHECKING:
    from datetime import date, tzinfo


def timestamp(moment: datetime) -> str:
    """UTC with a fixed number of characters, so that the order of texts is the order of times."""
    return utc(moment).isoformat(timespec="microseconds")[:-6] + "Z"


def incident_filters(
    *,
    region: str | None,
    kind: str | None,
    state: str | None,
    outcome: str | None,
    day_from: date | None,
    day_to: date | None,
    zone: tzinfo | None,
    near: tuple[float, float, float] | None,
    limit: int | None,
) -> dict[str, object]:
    """The values of `select_incidents`; None lets everything through.

    Raises NotFound for an unknown kind, ValueError for a place or a number that cannot be.
    """
    if limit is not None and limit < 0:
        raise ValueError("a limit is not negative")
    zone = zone or UTC
    return {
        "region": region,
        "kinds": None if kind is None else json.dumps(_at_or_below(kind)),
        # An enum that is also text goes to the engine as plain text.
        "state": None if state is None else str(state),
        "outcome": None if outcome is None else str(outcome),
        "start": None if day_from is None else _midnight(day_from, 0, zone),
        "stop": None if day_to is None else _midnight(day_to, 1, zone),
        "limit": limit,
        **_box(near),
    }


def _at_or_below(kind: str) -> list[str]:
    tree = kind_tree()
    if kind not in tree:
        raise NotFound(f"no kind of event is called {kind!r}")
    return [other for other in tree if tree.is_a(other, kind)]


def _midnight(day: date, later: int, zone: tzinfo) -> str | None:
    """When a local day begins; None at the ends of the calendar, where nothing is cut off."""
    try:
        day += timedelta(days=later)
        return timestamp(datetime.combine(day, time.min, tzinfo=zone))
    except (OverflowError, ValueError):
        return None


def _box(near: tuple[float, float, float] | None) -> dict[str, float | None]:
    """The place, and a box in degrees that holds the circle, so that an index can be used.

    Across the date line the box has a second part (`west_b`, `east_b`); otherwise the parts are
    the same. Near a pole it holds every longitude.
    """
    if near is None:
        names = ("lat", "lon", "metres", "south", "north", "west", "east", "west_b", "east_b")
        return {**dict.fromkeys(names), "earth": EARTH_RADIUS_M}
    lat, lon, metres = near
    Point(lat, lon, 1.0)
    if not (math.isfinite(metres) and metres >= 0):
        raise ValueError("a distance is a number of metres, not negative")
    # A trace wider than asked for: rounding must not lose who stands on the rim.
    angle = metres / EARTH_RADIUS_M * 1.000001 + 1e-9
    south, north = lat - math.degrees(angle), lat + math.degrees(angle)
    west, east = -180.0, 180.0
    if south > -90 and north < 90:
        half = math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(lat))))
        west, east = lon - half, lon + half
    west_b, east_b = west, east
    if west < -180:
        west, west_b, east_b = -180.0, west + 360, 180.0
    elif east > 180:
        east, west_b, east_b = 180.0, -180.0, east - 360
    return {
        "lat": lat,
        "lon": lon,
        "metres": metres,
        "south": south,
        "north": north,
        "west": west,
        "east": east,
        "west_b": west_b,
        "east_b": east_b,
        "earth": EARTH_RADIUS_M,
    }
