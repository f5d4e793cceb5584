"""Kinds of values that people write in more than one file."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _day(value: object) -> date:
    """A day as it is written; a time of day is refused, as it would be cut off unseen."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError(f"{value!r} is no date such as 2026-01-06")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is a date that there is not") from None
    if not 1900 <= day.year <= 2100:
        raise ValueError(f"has the year {day.year}")
    return day


# The pattern stands in the schema alone, where no function of ours can be called.
Words = Annotated[str, AfterValidator(_not_blank), Field(json_schema_extra={"pattern": r"\S"})]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Day = Annotated[date, BeforeValidator(_day)]
