"""Parameters as JSON, and back again strictly."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, fields
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

import rfc8785

from trucewatch.errors import ConfigurationError
from trucewatch.incidents.parameters import Parameters, SourceParameters
from trucewatch.incidents.rates import RatePeak
from trucewatch.model import SourceKind


def values_of(parameters: Parameters) -> dict[str, Any]:
    """Every value as plain JSON: kinds and sources by name, the rest as numbers."""
    return {
        each.name: _plain(each.name, getattr(parameters, each.name)) for each in fields(parameters)
    }


def fingerprint(parameters: Parameters) -> str:
    """SHA-256 (hex) over the canonical JSON of the values; not of how they came to be."""
    return hashlib.sha256(rfc8785.dumps(values_of(parameters))).hexdigest()


def read_values(data: object, *, file: str, at: str = "values") -> Parameters:
    """Parameters from the JSON of `values_of`; nothing is filled in and nothing passed over.

    Raises ConfigurationError with the file and the field for a value that is missing, unknown, of
    another type or out of range.
    """
    return Reader(file).parameters(data, at)


def load_json(raw: bytes, *, file: str) -> object:
    """JSON whose keys are all different and whose numbers are finite, or a ConfigurationError."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            raise ValueError("a key stands twice")
        return found

    def refuse(name: str) -> float:
        raise ValueError(f"{name} is no number of JSON")

    try:
        data: object = json.loads(
            raw.decode("utf-8"), object_pairs_hook=pairs, parse_constant=refuse
        )
    except (ValueError, RecursionError) as fault:
        raise ConfigurationError(f"not proper JSON: {fault}", file=file) from None
    return data


class Reader:
    """Reads JSON into values; every fault is a ConfigurationError with the file and the field."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fault(self, field: str, message: str) -> ConfigurationError:
        """The error to raise for a field."""
        return ConfigurationError(message, file=self._file, field=field)

    def whole(self, data: object, at: str, names: set[str]) -> dict[str, Any]:
        """An object with just these names."""
        if not isinstance(data, dict):
            raise self.fault(at, "an object with names and values is due here")
        stem = f"{at}." if at else ""
        for name in sorted(data.keys() - names):
            raise self.fault(f"{stem}{name}", "is not known")
        for name in sorted(names - data.keys()):
            raise self.fault(f"{stem}{name}", "is missing")
        return data

    def parameters(self, data: object, at: str) -> Parameters:
        """What `values_of` wrote."""
        hints = _hints(Parameters)
        found = self.whole(data, at, set(hints))
        values: dict[str, Any] = {}
        for name, kind in hints.items():
            here = f"{at}.{name}"
            if name == "by_kind":
                whole = self.whole(found[name], here, {kind.value for kind in SourceKind})
                values[name] = tuple(
                    (SourceKind(key), self.source(whole[key], f"{here}.{key}"))
                    for key in sorted(whole)
                )
            elif name == "by_source":
                if not isinstance(found[name], dict):
                    raise self.fault(here, "an object with sources and their values is due here")
                values[name] = tuple(
                    (key, self.source(found[name][key], f"{here}.{key}"))
                    for key in sorted(found[name])
                )
            elif name == "rate_peaks":
                if not isinstance(found[name], list):
                    raise self.fault(here, "a list of peaks is due here")
                values[name] = tuple(
                    sorted(self.peak(each, f"{here}.{n}") for n, each in enumerate(found[name]))
                )
            elif name == "unknown_source":
                values[name] = self.source(found[name], here)
            else:
                values[name] = self.value(found[name], kind, here)
        try:
            return Parameters(**values)
        except ValueError as fault:
            raise self.fault(at, str(fault)) from None

    def source(self, data: object, at: str) -> SourceParameters:
        """The values of one source, or of one kind of source."""
        hints = _hints(SourceParameters)
        found = self.whole(data, at, set(hints))
        values: dict[str, Any] = {
            name: self.value(found[name], hints[name], f"{at}.{name}") for name in hints
        }
        try:
            return SourceParameters(**values)
        except ValueError as fault:
            raise self.fault(at, str(fault)) from None

    def peak(self, data: object, at: str) -> RatePeak:
        """One peak of the rate."""
        found = self.whole(data, at, {each.name for each in fields(RatePeak)})
        try:
            return RatePeak(**{name: self.number(found[name], f"{at}.{name}") for name in found})
        except ValueError as fault:
            raise self.fault(at, str(fault)) from None

    def value(self, data: object, kind: type, at: str) -> float | int | bool:
        """A value of a simple type."""
        if kind is bool:
            if not isinstance(data, bool):
                raise self.fault(at, "true or false")
            return data
        if kind is int:
            return self.count(data, at)
        return self.number(data, at)

    def number(self, data: object, at: str) -> float:
        """A finite number."""
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            raise self.fault(at, "a number is due here")
        try:
            value = float(data)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.fault(at, "a number without end")
        return value

    def count(self, data: object, at: str) -> int:
        """A whole number."""
        if isinstance(data, bool) or not isinstance(data, (int, float)) or data != int(data):
            raise self.fault(at, "a whole number is due here")
        return int(data)

    def text(self, data: object, at: str) -> str:
        """A text."""
        if not isinstance(data, str):
            raise self.fault(at, "a text is due here")
        return data

    def moment(self, data: object, at: str) -> datetime:
        """A time with an offset, to the second."""
        try:
            return datetime.strptime(self.text(data, at), "%Y-%m-%dT%H:%M:%S%z")
        except ValueError:
            raise self.fault(at, "a time such as 2026-04-12T09:00:00Z is due here") from None


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The types of a record's fields by name."""
    hints = get_type_hints(kind, localns={"RatePeak": RatePeak})
    return {each.name: hints[each.name] for each in fields(kind)}


def _plain(name: str, value: object) -> object:
    """One field of the parameters as JSON; what is a set or a table there is sorted."""
    if isinstance(value, SourceParameters):
        return asdict(value)
    if name == "rate_peaks" and isinstance(value, tuple):
        return [asdict(peak) for peak in sorted(value)]
    if isinstance(value, tuple):
        return {str(key): asdict(each) for key, each in sorted(value)}
    return value
