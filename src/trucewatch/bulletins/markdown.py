"""A bulletin as Markdown (tables as GitHub and most others read them)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from trucewatch.bulletins.page import FILTERS, facts_of, only_published

if TYPE_CHECKING:
    from trucewatch.bulletins.published import Published

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#!|~$&@])")
_LINKS = re.compile(r"(?i)(://)|\b(www)\.")
_CODE = re.compile(r"[^A-Za-z0-9._:+/=-]")


def escape(text: str) -> str:
    """Text on one line with everything escaped that a table or a reader of Markdown could act on.

    Values never begin a line in the templates, so that list marks need no escape.
    """
    text = _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
    return _LINKS.sub(lambda m: "\\://" if m[1] else f"{m[2]}\\.", text)


def render_markdown(p: Published) -> bytes:
    """The Markdown of a bulletin, in UTF-8; refuses what did not go through `redact`."""
    only_published(p)
    page = _environment().get_template("bulletin.md.j2")
    return page.render(**facts_of(p)).encode("utf-8")


def _finish(value: object) -> object:
    """Escape every value that a template prints; macros give text that is escaped already."""
    return value if isinstance(value, _Ready) else escape(str(value))


class _Ready(str):
    """Text that is Markdown already."""

    __slots__ = ()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("trucewatch.bulletins"),
        autoescape=False,  # noqa: S701  # Markdown: `finalize` escapes every value instead
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(FILTERS)
    made.filters.update(bar=_bar, code=_code)
    return made


def _bar(p: float) -> _Ready:
    """A probability as a bar of ten blocks."""
    full = min(10, max(0, round(p * 10)))
    return _Ready("█" * full + "░" * (10 - full))


def _code(text: str) -> _Ready:
    """An identifier for a code span, where nothing can be escaped: other characters go."""
    return _Ready(_CODE.sub("", text))
