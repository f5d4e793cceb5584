"""What the commands share: options that many have, and printing for people or programs."""

import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from trucewatch.app.terminal import say, say_json

MissionOption = Annotated[
    Path, typer.Option("--mission", "-m", help="The mission's folder.", show_default="here")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
HERE = Path()


def show(data: dict[str, Any], lines: Callable[[], list[str]], *, as_json: bool) -> None:
    """Print for people, or the same as JSON."""
    if as_json:
        say_json(data)
    else:
        say(lines())


def program() -> str:
    """How to call this program from where it was called: by name, or by its path if it has none."""
    called = Path(sys.argv[0])
    return "trucewatch" if shutil.which("trucewatch") or called.suffix else str(called)


def day_of(text: str | None) -> date | None:
    """A local day such as 2026-04-12; anything else is wrong use."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-04-12") from None
