"""The page on checking a bulletin is true: its commands run as they stand, and say what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.app.witnessing.servers import say, section
from tests.app.witnessing.test_clocks import CLINIC, FISHERS, take
from tests.app.witnessing.test_covers import publishing

from trucewatch.app.witnessing.collecting import collect

PAGE = Path(__file__).resolve().parents[3] / "docs" / "checking.md"
BLOCK = re.compile(r"```(bash|text)\n(.*?)```", re.DOTALL)
SHELL = f'trucewatch() {{ "{sys.executable}" -m trucewatch "$@"; }}\n'


def run(body: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-uc", SHELL + body],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def said(shown: str, output: str) -> bool:
    """Whether the lines stand in what was said, in their order; "…" is anything."""
    lines = (re.escape(line).replace("…", ".*") for line in shown.splitlines())
    return re.search(".*".join(lines), output, re.DOTALL) is not None


def test_the_commands_of_the_page_run_and_say_what_it_says(island, open_island, witnesses):
    three = witnesses("harbour", "lakes", "hills")
    say(island, section(three, 3))
    with open_island() as mission:
        take(mission, "a.csv", FISHERS + CLINIC)
        publishing(mission)
        collect(mission)
    here = island.parent
    (island / "bulletins").rename(here / "bulletins")
    (here / "island.vkey").write_bytes((island / "evidence" / "vkey").read_bytes())
    for one in three:
        (here / f"{one.id}.vkey").write_text(f"{one.key.cosigner.vkey()}\n")
    output = ""
    ran = 0
    for language, body in BLOCK.findall(PAGE.read_text("utf-8")):
        if language == "text":
            assert said(body, output), output
            continue
        # The seal is named in one block, and used in the same.
        done = run(body, here)
        assert done.returncode == 0, done.stdout + done.stderr
        output, ran = done.stdout, ran + 1
        if ran == 1:
            assert output == "1\n"
    assert ran == 5
    # Each look finds what it is for.
    body = (here / "bulletins" / "truce.html").read_bytes()
    (here / "bulletins" / "truce.html").write_bytes(body + b" ")
    shown = BLOCK.findall(PAGE.read_text("utf-8"))
    first, _, check = [text for language, text in shown if language == "bash"][:3]
    assert run(first, here).stdout == "0\n"
    (here / "hills.vkey").write_bytes((here / "lakes.vkey").read_bytes())
    assert run(check, here).returncode != 0
