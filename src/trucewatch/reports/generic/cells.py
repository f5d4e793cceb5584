"""What no value of a record may hold, whatever the format it came in."""

from __future__ import annotations

import re

FIELD_LIMIT = 1 << 20
"""The most characters that one record may have, all its values together."""

_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]")
_SURROGATE = re.compile("[\\ud800-\\udfff]")


def checked(fields: dict[str, str]) -> dict[str, str]:
    """The same fields; ValueError where they are too long or hold what is no text."""
    size = 0
    for name, value in fields.items():
        size += len(name) + len(value)
        if size > FIELD_LIMIT:
            raise ValueError("the record is over 1 MiB")
        if _CONTROL.search(value) or _CONTROL.search(name):
            raise ValueError("the record holds control characters")
        if _SURROGATE.search(value) or _SURROGATE.search(name):
            raise ValueError("the record holds half of a character")
    return fields
