"""An incident as a flat row: which columns every table has, with the HXL tag of each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Cell = str | float | int | bool | None
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its HXL tag, of which type it is, and where the body holds it."""

    name: str
    tag: str
    type: type[str] | type[float] | type[int] | type[bool]
    path: tuple[str, ...]

    def of(self, body: Mapping[str, Any]) -> Cell:
        """The value in a body; None where the viewer may not see it or it is of another type."""
        value: Any = body
        for step in self.path:
            value = value.get(step) if isinstance(value, dict) else None
        return _typed(value, self.type)


def _typed(value: object, wanted: type[str] | type[float] | type[int] | type[bool]) -> Cell:
    if value is None:
        return None
    if wanted is str:
        return value if isinstance(value, str) else _words(value)
    if isinstance(value, bool) or wanted is bool:
        return value if isinstance(value, bool) and wanted is bool else None
    if wanted is int:
        return value if isinstance(value, int) else None
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def _words(value: object) -> str | None:
    """A list of words as one text; a thing within is no cell."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if isinstance(one, str | int | float)) or None
    return str(value) if isinstance(value, int | float) else None


COLUMNS = (
    Column("id", "#event+id", str, ("id",)),
    Column("nature", "#event+nature", str, ("nature",)),
    Column("kind", "#event+type+code", str, ("kind",)),
    Column("kind_name", "#event+type+name", str, ("kind_name",)),
    Column("first_day", "#date+start", str, ("first_day",)),
    Column("last_day", "#date+end", str, ("last_day",)),
    Column("earliest", "#date+start+exact", str, ("earliest",)),
    Column("latest", "#date+end+exact", str, ("latest",)),
    Column("region", "#adm1+code", str, ("region",)),
    Column("region_name", "#adm1+name", str, ("region_name",)),
    Column("latitude", "#geo+lat", float, ("place", "lat")),
    Column("longitude", "#geo+lon", float, ("place", "lon")),
    Column("error_m", "#geo+error+num", float, ("place", "error_m")),
    Column("grid_m", "#geo+grid+num", float, ("place", "grid_m")),
    Column("state", "#status+state", str, ("state",)),
    Column("provisional", "#status+provisional", bool, ("provisional",)),
    Column("standard", "#status+standard", str, ("standard",)),
    Column("probability", "#indicator+probability+num", float, ("probability",)),
    Column("likelihood", "#indicator+probability+name", str, ("likelihood",)),
    Column("origins", "#indicator+origins+num", int, ("origins",)),
    Column("accounts", "#indicator+accounts+text", str, ("accounts_words",)),
    Column("observations", "#indicator+observations+num", int, ("observations",)),
    Column("outcome", "#status+outcome", str, ("outcome",)),
    Column("attribution", "#status+attribution", str, ("attribution",)),
    Column("sources", "#meta+source", str, ("sources",)),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where: a point in degrees (WGS 84), and how far off it may be, in metres, if that is told.

    For whoever is told a cell of a grid alone `error_m` reaches the corners of the cell as well.
    """

    lat: float
    lon: float
    error_m: float | None


def spot(body: Mapping[str, Any]) -> Spot | None:
    """The place of an incident as its viewer sees it; None where it has none on the Earth."""
    row = row_of(body, _PLACE)
    lat, lon = row["latitude"], row["longitude"]
    error, grid = row["error_m"], row["grid_m"]
    if not isinstance(lat, float) or not isinstance(lon, float):
        return None
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    if not isinstance(error, float) or error < 0:
        return Spot(lat, lon, None)
    corner = grid / math.sqrt(2) if isinstance(grid, float) and grid > 0 else 0.0
    return Spot(lat, lon, error + corner)


_PLACE = tuple(one for one in COLUMNS if one.path[0] == "place")


def row_of(body: Mapping[str, Any], columns: Iterable[Column] = COLUMNS) -> dict[str, Cell]:
    """A body as a row of the columns; what the viewer may not see is None."""
    return {column.name: column.of(body) for column in columns}
