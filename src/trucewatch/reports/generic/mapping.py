"""The mapping file: which column of a user's own data says what, checked before it is used."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.reports.generic.checks import (
    known_encoding,
    known_kind,
    known_weapon,
    known_zone,
    time_format,
)
from trucewatch.reports.generic.locate import line_of, syntax_line

SIZE_LIMIT = 65_536
"""The most characters of a mapping file; the parser of TOML takes the square of a key's length."""

Precision = Literal["instant", "minute", "hour", "day", "week", "month", "year"]
Format = Literal["csv", "geojson", "parquet"]


def _as_tuple(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Column = Annotated[str, Field(min_length=1, max_length=200)]
Columns = Annotated[tuple[Column, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
KindName = Annotated[str, AfterValidator(known_kind)]
WeaponName = Annotated[str, AfterValidator(known_weapon)]
PartyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Metres = Annotated[float, Field(gt=0, le=20_000_000)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class FileTable(_Table):
    """What sort of file it is; everything left out is decided by the bytes or has a default."""

    format: Format | None = None
    delimiter: Annotated[str, Field(pattern=r"^[\t!#-~]$")] = ","
    encoding: Annotated[str, AfterValidator(known_encoding)] = "utf-8"
    missing: tuple[str, ...] = ("", "NA", "N/A", "n/a", "null", "None")


class IdTable(_Table):
    """Where the source's own number for the event stands."""

    column: Column


class KindTable(_Table):
    """How the source's words for kinds become kinds of the tree."""

    constant: KindName | None = None
    column: Columns | None = None
    values: dict[str, KindName] = Field(default_factory=dict)
    default: KindName | None = None

    @model_validator(mode="after")
    def _one_way(self) -> KindTable:
        if (self.constant is None) == (self.column is None):
            raise ValueError("give either constant or column")
        if self.constant is not None and (self.values or self.default is not None):
            raise ValueError("a constant kind leaves nothing for values or default")
        if self.column is not None and not self.values:
            raise ValueError("column needs a table of values")
        return self


class WeaponTable(_Table):
    """How the source's words for weapons become weapons of the tree; others are kept out."""

    column: Columns
    values: Annotated[dict[str, WeaponName], Field(min_length=1)]
    separator: Annotated[str, Field(min_length=1, max_length=5)] | None = None


class AllegedTable(_Table):
    """Whom the source names as having done it: an allegation of the source, and no finding.

    The words of such a column are listed here one by one, each with a party of the agreement.
    """

    column: Columns
    values: Annotated[dict[str, PartyName], Field(min_length=1)]
    separator: Annotated[str, Field(min_length=1, max_length=5)] | None = None


class WhereTable(_Table):
    """One place for every record of the file: a point with its error, or a name and no outline."""

    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    error_m: Metres | None = None
    name: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> WhereTable:
        point = (self.latitude, self.longitude, self.error_m)
        if None in point and any(part is not None for part in point):
            raise ValueError("a point needs latitude, longitude and error_m")
        if None in point and self.name is None:
            raise ValueError("give latitude, longitude and error_m, or a name")
        if None not in point and self.name is not None:
            raise ValueError("give a point or a name, not both")
        return self


class PlaceTable(_Table):
    """Which columns give the place, and how well it is known in metres (one standard error)."""

    latitude: Column | None = None
    longitude: Column | None = None
    geometry: bool = False
    error_m: Metres | None = None
    precision: Column | None = None
    values: dict[str, Metres] = Field(default_factory=dict)
    where: WhereTable | None = None
    region: Column | None = None

    @model_validator(mode="after")
    def _one_way(self) -> PlaceTable:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude go together")
        columns = self.latitude is not None
        if columns + self.geometry + (self.where is not None) != 1:
            raise ValueError("give one of: latitude and longitude, geometry, where")
        if (self.precision is None) != (not self.values):
            raise ValueError("precision and its table of values go together")
        if columns and self.error_m is None and self.precision is None:
            raise ValueError("say how well the place is known: error_m or precision")
        if self.where is not None and (self.error_m is not None or self.precision is not None):
            raise ValueError("a constant place carries its own error_m")
        return self


class TimeTable(_Table):
    """Which columns give the time, in which form, and how well it is known."""

    start: Column
    end: Column | None = None
    format: Annotated[
        tuple[Annotated[str, AfterValidator(time_format)], ...],
        BeforeValidator(_as_tuple),
        Field(min_length=1),
    ] = ("iso",)
    zone: Annotated[str, AfterValidator(known_zone)] | None = None
    precision: Precision | None = None
    precision_column: Column | None = None
    values: dict[str, Precision] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_way(self) -> TimeTable:
        if (self.precision_column is None) != (not self.values):
            raise ValueError("precision_column and its table of values go together")
        if self.precision_column is not None and self.precision is not None:
            raise ValueError("give precision or precision_column, not both")
        return self


class CountTable(_Table):
    """One number that the file gives, such as persons killed."""

    what: Annotated[str, Field(min_length=1, max_length=60)]
    best: Column | None = None
    low: Column | None = None
    high: Column | None = None

    @model_validator(mode="after")
    def _some(self) -> CountTable:
        if self.best is None and self.low is None and self.high is None:
            raise ValueError("give at least one of best, low and high")
        return self


class TextTable(_Table):
    """Which columns hold the words; several are put together in this order."""

    columns: Columns


class SaidTable(_Table):
    """Who said it first, where the file tells; it never says who did it."""

    outlet: Column | None = None
    informant: Column | None = None
    headline: Column | None = None
    link: Column | None = None
    published: Column | None = None
    separator: Annotated[str, Field(min_length=1, max_length=5)] | None = None


class Mapping(_Table):
    """A whole mapping file; `kind`, `place` and `time` must be there."""

    file: FileTable = Field(default_factory=FileTable)
    id: IdTable | None = None
    kind: KindTable
    place: PlaceTable
    time: TimeTable
    weapons: WeaponTable | None = None
    alleged: AllegedTable | None = None
    counts: tuple[CountTable, ...] = ()
    text: TextTable | None = None
    said: SaidTable | None = None

    @model_validator(mode="after")
    def _counts_differ(self) -> Mapping:
        names = [count.what for count in self.counts]
        if len(set(names)) < len(names):
            raise ValueError("two counts have the same name")
        return self

    def columns(self) -> frozenset[str]:
        """Every column that the mapping names.

        A table without one of them is not this kind of file: a slip of the pen in the mapping
        must not look like data that says nothing.
        """
        said, place = self.said, self.place
        found = {
            self.id.column if self.id else None,
            place.latitude,
            place.longitude,
            place.precision,
            place.region,
            self.time.start,
            self.time.end,
            self.time.precision_column,
            *(self.kind.column or ()),
            *(self.weapons.column if self.weapons else ()),
            *(self.alleged.column if self.alleged else ()),
            *(self.text.columns if self.text else ()),
            *((said.outlet, said.informant, said.headline) if said else ()),
            *((said.link, said.published) if said else ()),
        }
        for count in self.counts:
            found.update((count.best, count.low, count.high))
        return frozenset(name for name in found if name is not None)


def load_mapping(text: str, name: str) -> Mapping:
    """The mapping that a TOML text holds; `name` is how errors call the file.

    Raises ConfigurationError with the file, line and field of the first fault; an unknown key or
    kind is a fault.
    """
    name = name or "mapping.toml"
    if len(text) > SIZE_LIMIT:
        raise ConfigurationError(f"it has over {SIZE_LIMIT} characters", file=name)
    try:
        tree: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(str(error), file=name, line=syntax_line(error, text)) from None
    except ValueError:
        # The interpreter computes no number of thousands of digits, and the parser lets that out.
        raise ConfigurationError("a number in it is too long", file=name) from None
    except RecursionError:
        raise ConfigurationError("it is nested too deeply", file=name) from None
    try:
        return Mapping.model_validate(tree)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        path = [part for part in fault["loc"] if part != "[key]"]
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            message = "there is no such key"
        elif fault["type"] == "missing":
            message = "this is missing"
        raise ConfigurationError(
            message,
            file=name,
            line=line_of(text, path),
            field=".".join(str(part) for part in path),
        ) from None


def shipped_mappings() -> tuple[str, ...]:
    """The names of the mappings that ship with Trucewatch, such as "acled"."""
    folder = files("trucewatch.reports.generic").joinpath("mappings")
    return tuple(
        sorted(
            PurePosixPath(item.name).stem
            for item in folder.iterdir()
            if item.name.endswith(".toml")
        )
    )


def shipped_mapping(name: str) -> str:
    """The text of a shipped mapping; raises NotFound for any other name, paths included."""
    if name not in shipped_mappings():
        raise NotFound(f"no mapping {name[:40]!r} ships with Trucewatch")
    folder = files("trucewatch.reports.generic").joinpath("mappings")
    return folder.joinpath(f"{name}.toml").read_text("utf-8")
