"""Where a log lies, and files read with a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

EVIDENCE = "evidence"


def log_folder(folder: Path) -> Path:
    """The log of a mission's folder, or the folder itself where it holds what a log publishes.

    Raises NotFound.
    """
    for place in (folder / EVIDENCE, folder):
        if (place / "checkpoint").is_file():
            return place
    raise NotFound(f"no evidence log in {folder}: name the mission's folder with --mission")


def read_some(path: Path, limit: int) -> bytes:
    """A file, of which no more than one byte too many is read; NotFound where it cannot be."""
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as fault:
        raise NotFound(f"cannot read {path}: {fault.strerror}") from None
