"""The command line is documented command by command, and answers at once."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer.main

from trucewatch.app.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")

HEAVY = {
    "cryptography",
    "http.server",
    "jinja2",
    "numba",
    "numpy",
    "polars",
    "pydantic",
    "ruamel.yaml",
    "scipy",
    "shapely",
    "sqlite3",
}


def commands(group, path="trucewatch"):
    """Every command by its full name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(commands(typer.main.get_command(app)))
PARTS = re.split(r"^## (.+)$", PAGE, flags=re.MULTILINE)
SECTIONS = dict(zip(PARTS[1::2], PARTS[2::2], strict=True))


def test_the_page_knows_these_commands_and_no_others():
    assert set(SECTIONS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_and_the_example_stand_on_the_page(name):
    command, body = COMMANDS[name], SECTIONS[name]
    everywhere = {"--help"}
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--") and option not in everywhere:
                assert re.search(rf"(?<![\w-]){option}(?![\w-])", body), option
    assert command.epilog is not None
    assert command.epilog.removeprefix("Example: ") in body


def test_the_command_line_loads_nothing_heavy_before_it_must():
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from trucewatch.app.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print(*sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def fastest(arguments: list[str], times: int = 5) -> float:
    """The shortest of some runs in seconds: other work on the machine only ever adds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        taken.append(time.perf_counter() - start)
    return min(taken)


def test_help_takes_less_than_half_a_second():
    """Half a second on a machine that starts Python in 30 ms; a slower one is given more."""
    call = (
        "import sys; sys.argv = ['trucewatch', '--help']\n"
        "from trucewatch.app.cli import main; main()"
    )
    bare = fastest(["-c", "pass"])
    assert fastest(["-c", call]) < 0.5 * max(1.0, bare / 0.03)
