"""A bulletin as JSON, for machines: every figure, under one stated rule of rounding."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from trucewatch.bulletins.page import only_published
from trucewatch.model import utc

if TYPE_CHECKING:
    from trucewatch.bulletins.published import Published

SCHEMA = "trucewatch.bulletin/1"
PLACES = 6
"""Every float is rounded to this many decimals, so that bytes do not hang on the last bit."""


def render_json(p: Published) -> bytes:
    """The JSON of a bulletin: keys sorted, UTF-8, two blanks of indent, one line end at the end.

    Refuses with TypeError what did not go through `redact`. Outlines of regions are left out, as
    they are the mission's own files. A bound without end is null.
    """
    only_published(p)
    return to_json(SCHEMA, p)


def to_json(schema: str, thing: object) -> bytes:
    """A dataclass that may be published, as JSON under a schema's name."""
    body = {"schema": schema, **_fields(thing)}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def plain_figure(number: float | None) -> object:
    """A figure as the JSON has it, to be held against one that was read from there."""
    return _plain(number)


def _fields(thing: object) -> dict[str, object]:
    if not is_dataclass(thing):
        raise TypeError(f"{type(thing).__name__} holds no fields")
    return {
        each.name: _plain(getattr(thing, each.name))
        for each in fields(thing)
        if not each.metadata.get("drawn_only")
        and not (each.metadata.get("if_any") and not getattr(thing, each.name))
    }


def _plain(thing: object) -> object:
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, (str, bool, int)) or thing is None:
        return thing
    if isinstance(thing, float):
        return round(thing, PLACES) + 0.0 if math.isfinite(thing) else None
    if isinstance(thing, datetime):
        return utc(thing).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, dict):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return [_plain(each) for each in thing]
    return _fields(thing)
