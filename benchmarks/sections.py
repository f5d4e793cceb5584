"""Parts of the page of benchmarks that a program writes, each between two markers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_section(page: Path, name: str, lines: list[str]) -> None:
    """Put lines between the markers of one part; raises ValueError where the page lacks them."""
    text = page.read_text("utf-8")
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    if start not in text or end not in text:
        raise ValueError(f"{page.name} lacks the markers of {name}")
    before, rest = text.split(start, 1)
    middle = "\n".join([start, "", *lines, "", end])
    page.write_text(before + middle + rest.split(end, 1)[1], "utf-8")
