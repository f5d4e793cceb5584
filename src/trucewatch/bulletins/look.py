"""The style sheets: as they are for a page, and with every value filled in for a lone drawing."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from markupsafe import Markup

SERIF = '"Libertinus Serif","New Computer Modern","DejaVu Sans Mono"'
"""The fonts of a print, which its engine brings along: no font of the machine is ever used."""

_ON_PAPER = ".map text{font-size:16px}"
"""The map is drawn smaller on a sheet than on a screen, its words should not be."""

_VALUE = re.compile(r"--([a-z-]+):([^;}]+)")
_USE = re.compile(r"var\(--([a-z-]+)\)")


def style() -> Markup:
    """The style sheet of a page, which holds no data."""
    return Markup(_sheet("drawing.css") + _sheet("style.css"))  # noqa: S704  # files of this package


def standalone(drawing: str) -> str:
    """A drawing of a page as a file of its own, in the colours of print."""
    head, _, rest = drawing.partition(">")
    space = 'xmlns="http://www.w3.org/2000/svg"'
    return f"{head} {space}><style>{_drawing_style()}</style>{rest}"


@cache
def palette() -> dict[str, str]:
    """The values of print by name: those of a light page, and what print changes in them."""
    sheet = _sheet("style.css")
    light, _, _ = sheet.partition("@media")
    _, _, printed = sheet.rpartition("@media print")
    found = {**dict(_VALUE.findall(light)), **dict(_VALUE.findall(printed))}
    return {**found, "sans": SERIF}


@cache
def _drawing_style() -> str:
    return _USE.sub(lambda use: palette()[use[1]], _sheet("drawing.css") + _ON_PAPER)


@cache
def _sheet(name: str) -> str:
    return (files("trucewatch.bulletins") / "templates" / name).read_text(encoding="utf-8")
