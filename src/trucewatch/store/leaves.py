"""The plain values that nouns are made of, as data that JSON can carry, and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime

from trucewatch.model import utc

Form = tuple[Callable[[object], object], Callable[[object], object]]

_NOT_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def _same(cls: type, words: str) -> Callable[[object], object]:
    def checked(value: object) -> object:
        if type(value) is not cls:
            raise unlike(words, value)
        return value

    return checked


def _text_to_data(value: object) -> object:
    if not isinstance(value, str):
        raise unlike("text", value)
    # An enum that is also text must come out as plain text, as it will come back.
    return value if type(value) is str else str(value)


def _float_to_data(value: object) -> object:
    if type(value) is bool or not isinstance(value, float | int):
        raise unlike("a number", value)
    # Minus nought equals nought, so both must come out the same.
    number = float(value) + 0.0
    return number if math.isfinite(number) else repr(number)


def _float_from_data(value: object) -> object:
    if type(value) is float or type(value) is int:
        return float(value)
    if isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    raise unlike("a number", value)


def _datetime_to_data(value: object) -> object:
    if not isinstance(value, datetime):
        raise unlike("a time", value)
    # Conversion is the slow part, and the nouns mostly hold UTC already.
    moment = value if value.tzinfo is UTC else utc(value)
    return moment.isoformat()[:-6] + "Z"


def _datetime_from_data(value: object) -> object:
    if not isinstance(value, str) or not value.endswith("Z"):
        raise unlike("a time in UTC", value)
    return datetime.fromisoformat(value)


def _date_to_data(value: object) -> object:
    if type(value) is not date:
        raise unlike("a day", value)
    return value.isoformat()


def _date_from_data(value: object) -> object:
    if not isinstance(value, str):
        raise unlike("a day", value)
    return date.fromisoformat(value)


def unlike(words: str, value: object) -> ValueError:
    """The error for a value of another type; it quotes no more than a few words of it."""
    return ValueError(f"expected {words}, not {type(value).__name__} {str(value)[:40]!r}")


# Both directions, for the types that hold no others.
LEAVES: dict[type, Form] = {
    str: (_text_to_data, _same(str, "text")),
    int: (_same(int, "a whole number"), _same(int, "a whole number")),
    bool: (_same(bool, "true or false"), _same(bool, "true or false")),
    float: (_float_to_data, _float_from_data),
    datetime: (_datetime_to_data, _datetime_from_data),
    date: (_date_to_data, _date_from_data),
}
