"""What the commands share: options that many have, and printing for people or programs."""

import shutil
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from trucewatch.app.terminal import say, say_json

MARK = "EXERCISE EXERCISE EXERCISE"
"""The first line of whatever is said of a drill."""

_looked_at: ContextVar[Path | None] = ContextVar("looked_at", default=None)


def forget() -> None:
    """Forget which mission was looked at; a new command begins."""
    _looked_at.set(None)


def remember(folder: Path | None) -> Path | None:
    """Note which mission a command looks at: the callback of every option that names one."""
    _looked_at.set(folder)
    return folder


MissionOption = Annotated[
    Path,
    typer.Option(
        "--mission",
        "-m",
        help="The mission's folder.",
        show_default="here",
        callback=remember,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
HERE = Path()


def show(data: dict[str, Any], lines: Callable[[], list[str]], *, as_json: bool) -> None:
    """Print for people, or the same as JSON; what is said of a drill is marked as one."""
    drill = bool(data.get("exercise")) or _is_drill()
    if as_json:
        say_json({**data, "exercise": True} if drill else data)
    else:
        told = lines()
        if drill and told and told[0].startswith("<"):
            told = _stamped("\n".join(told)).splitlines()
        elif drill and told[:1] != [MARK]:
            told = [MARK, *told]
        say(told)


def stamped(text: str) -> str:
    """A page or a picture as it may leave the mission: with the mark, if that is a drill's."""
    if not _is_drill():
        return text
    return _stamped(text) if text.startswith("<") else f"{MARK}\n\n{text}"


def _stamped(markup: str) -> str:
    """HTML or SVG with the mark within: a line before its first tag would spoil it."""
    if "<body" in markup:
        head, _, rest = markup.partition("<body")
        tag, _, body = rest.partition(">")
        return f"{head}<body{tag}><p><strong>{MARK}</strong></p>{body}"
    head, _, tail = markup.rpartition("</svg>")
    style = 'text-anchor="middle" font-size="18" font-weight="700" fill="#b00020"'
    return f'{head}<text x="50%" y="20" {style}>{MARK}</text></svg>{tail}'


def _is_drill() -> bool:
    """Whether the mission that the command looks at says that it is an exercise."""
    import tomllib

    folder = _looked_at.get()
    if folder is None:
        return False
    try:
        with (folder / "mission.toml").open("rb") as file:
            section = tomllib.load(file).get("mission")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The command itself says what is wrong with the file, where that matters to it.
        return False
    return isinstance(section, dict) and section.get("exercise") is True


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
