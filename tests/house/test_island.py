"""The tutorial's mission for another place is made from data alone, and does what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "island.md").read_text("utf-8")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(PAGE)
SHOWN = {title: body for _, title, body in BLOCKS if title}


@pytest.mark.parametrize("name", SHOWN)
def test_the_page_shows_the_files_as_they_are(name):
    assert (ROOT / "docs" / "island" / name).read_text("utf-8") == SHOWN[name]


def told(expected: str) -> re.Pattern[str]:
    """A pattern for printed text in which "…" stands for anything within a line."""
    return re.compile(re.escape(expected.strip()).replace("…", ".*"))


def test_every_command_of_the_page_works_and_prints_what_it_says(tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed, ran = "", 0
    for language, _, body in BLOCKS:
        if language == "bash":
            done = subprocess.run(
                ["bash", "-euc", body],
                cwd=tmp_path,
                env=os.environ | {"PATH": path, "COLUMNS": "100"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{body}\n{done.stderr}"
            printed, ran = done.stdout, ran + 1
        elif language == "text":
            assert told(body).search(printed), f"the page says:\n{body}\nprinted:\n{printed}"
    assert ran == 7


def test_a_page_that_says_something_else_is_seen():
    assert told("10 received = … accepted").search("10 received = 8 accepted")
    assert not told("10 received = 9 accepted").search("10 received = 8 accepted")
