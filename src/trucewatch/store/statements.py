"""SQL in named files: one folder an engine, one file a subject."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADING = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


@cache
def statements(engine: str, subject: str) -> Mapping[str, str]:
    """The statements of `sql/<engine>/<subject>.sql` by name, in the order of the file.

    Each stands under a line `-- name: some_name`; what precedes the first is a comment.
    """
    text = files("trucewatch.store").joinpath("sql", engine, f"{subject}.sql").read_text("utf-8")
    parts = _HEADING.split(text)[1:]
    found: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in found:
            raise ValueError(f"{engine}/{subject}.sql has two statements named {name}")
        found[name] = body.strip()
    return MappingProxyType(found)
