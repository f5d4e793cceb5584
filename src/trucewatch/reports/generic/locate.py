"""Where in a TOML text a key stands, so that an error can name the line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Sequence

_HEADER = re.compile(r"\s*+(\[\[?)([^\]#]++)\]\]?\s*+(?:#.*)?")
_PART = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\'[^\']*\'|[A-Za-z0-9_-]+)\s*(\.?)')


def syntax_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line that a syntax error names; the last line where it only says "end of document"."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else max(1, text.count("\n") + (not text.endswith("\n")))


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line of the key at `path`, else of the nearest table around it; None if none is there.

    Reads headers and plain `key = value` lines only. A key inside an inline table has the line of
    that table.
    """
    wanted = [str(part) for part in path]
    best: tuple[int, int] | None = None
    table: list[str] = []
    seen: dict[str, int] = {}
    # TOML knows no line ends but these; `splitlines` knows a dozen.
    for number, line in enumerate(re.split(r"\r?\n", text), start=1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            table = _parts(header[2])
            if header[1] == "[[":
                name = ".".join(table)
                seen[name] = seen.get(name, -1) + 1
                table.append(str(seen[name]))
            full = table
        elif "=" in line and not line.lstrip().startswith("#"):
            full = table + _parts(line)
        else:
            continue
        if full and full == wanted[: len(full)] and (best is None or len(full) > best[0]):
            best = (len(full), number)
    return None if best is None else best[1]


def _parts(dotted: str) -> list[str]:
    """The names in a dotted key, quotes taken off, up to an equals sign."""
    parts: list[str] = []
    at = 0
    while (found := _PART.match(dotted, at)) is not None:
        name = found[1]
        parts.append(name[1:-1] if name[0] in "\"'" else name)
        at = found.end()
        if not found[2]:
            break
    return parts
