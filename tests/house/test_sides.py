"""Both sides alike: the program knows no country, party or army; only a mission's data do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "trucewatch"
CODE = {".py", ".toml", ".sql", ".html", ".j2", ".css", ".js", ".mjs", ".yaml"}
DATA = {"samples", "words.toml", "countries.toml"}
NAMES = re.compile(
    r"ukrain|russia|kyiv|kiev|moscow|kreml|donbas|donets|luhansk|crimea|zelensk|putin"
    r"|israel|gaza|hamas|leban|hezbollah|syria|sudan|yemen|azerbaij|armenia",
    re.IGNORECASE,
)


def code() -> list[Path]:
    """The program's own files: no mission but the empty template, no samples.

    A `words.toml` is vocabulary; `countries.toml` lists all countries of the world alike.
    """
    found = []
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        data = parts[0] == "missions" and parts[1:2] != ("template",)
        if path.suffix in CODE and not data and not DATA & {*parts}:
            found.append(path)
    return found


def named(text: str) -> list[str]:
    return NAMES.findall(text)


@pytest.mark.parametrize("path", code(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_program_names_no_side(path):
    assert named(path.read_text("utf-8")) == []


def test_a_side_in_the_code_is_seen():
    assert named("if party == 'Russia': quorum += 1")
    assert len(code()) > 50
