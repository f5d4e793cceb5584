"""What reaches the terminal: plain text that cannot steer it, valid JSON, an exit code."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import typer

from trucewatch.errors import TrucewatchError

if TYPE_CHECKING:
    from collections.abc import Iterable

DONE, NO, WRONG = 0, 1, 2
"""Exit codes: done; the answer is no; wrong use or bad input."""

INTERRUPTED, NOBODY_READS = 130, 141
"""Exit codes after Ctrl-C and after a pipe that was closed, as a shell gives them."""

LONGEST = 1000
"""How many characters of an error are shown."""

# Control characters, what turns the direction of writing, what breaks lines unseen, and what no
# encoding can hold: all of it may stand in a file's name or in a report.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
# Typer keeps its own copy of click and does not export the base of the errors of use.
_UsageFault: Any = typer.BadParameter.__mro__[2]


def clean(text: str) -> str:
    r"""One line of text in which nothing steers a terminal; an escape is shown as "\x1b"."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def say(lines: Iterable[str]) -> None:
    """Print lines for people, each of them cleaned."""
    _write("\n".join(clean(line) for line in lines))


def say_json(data: dict[str, Any]) -> None:
    """Print JSON that any reader takes, in any encoding of the terminal.

    Raises ValueError for a number that JSON does not have (infinity, not a number).
    """
    plain = json.dumps(data, indent=2, ensure_ascii=not _speaks_utf8(), allow_nan=False)
    # What is left stands within strings, where JSON allows it; the line ends are our own.
    _write(_UNSAFE.sub(lambda m: m[0] if m[0] == "\n" else f"\\u{ord(m[0]):04x}", plain))


def complain(words: str) -> None:
    """Print one line on the error stream."""
    _tell(f"trucewatch: {words}")


def _tell(line: str) -> None:
    """One line on the error stream, cleaned and cut; nobody is told if it is closed."""
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        plain = clean(line).encode(encoding, "backslashreplace").decode(encoding)
        sys.stderr.write(f"{plain[:LONGEST]}\n")


def _speaks_utf8() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "") == "utf8"


def _write(text: str) -> None:
    """Write to standard output now, so that a full disk or a closed pipe is seen here."""
    if sys.stdout is None:
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(f"{text}\n".encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        raise typer.Exit(NOBODY_READS) from None
    except OSError as fault:
        _let_go_of_stdout()
        raise TrucewatchError(f"the output cannot be written: {fault.strerror}") from fault


def _let_go_of_stdout() -> None:
    """Send what is still buffered nowhere, or the interpreter complains once more at its end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 -- a descriptor is wanted, not a path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def guarded(app: typer.Typer) -> int:
    """Run the command line and return its exit code; a fault is one line and no traceback."""
    try:
        code = app(standalone_mode=False)
    except TrucewatchError as fault:
        complain(str(fault))
        return WRONG
    except _UsageFault as fault:
        told = io.StringIO()
        fault.show(told)
        for line in told.getvalue().splitlines():
            _tell(line)
        return WRONG
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        complain(f"{os.fsdecode(where)}{fault.strerror or fault}")
        return WRONG
    return code if isinstance(code, int) else DONE
