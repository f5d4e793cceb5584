"""Nouns as plain values that JSON can hold."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import tzinfo


def values(thing: object) -> Any:  # noqa: ANN401 -- what JSON can hold has no narrower name
    """A noun as a dict, its parts likewise; refuses a time, which needs a zone to be told in."""
    if isinstance(thing, Enum):
        return thing.value
    if thing is None or isinstance(thing, str | bool | int | float):
        return thing
    if isinstance(thing, datetime):
        raise TypeError("a time is told in a zone: give it to at_offset")
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, dict):
        return {str(key): values(value) for key, value in thing.items()}
    if is_dataclass(thing):
        return {each.name: values(getattr(thing, each.name)) for each in fields(thing)}
    if isinstance(thing, tuple | list):
        return [values(each) for each in thing]
    raise TypeError(f"{type(thing).__name__} is no plain value")


def at_offset(moment: datetime | None, zone: tzinfo) -> str | None:
    """A moment as ISO 8601 to the second, with the offset that the zone has at it."""
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
