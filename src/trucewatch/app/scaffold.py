"""A new, empty mission whose files explain themselves."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.app.configuration import (
    AGREEMENT,
    COMMITMENTS,
    MISSION,
    SOURCES,
    Configuration,
    settings_files,
)
from trucewatch.app.files import make_folder, write_whole
from trucewatch.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path


def init(folder: Path) -> list[str]:
    """Write the commented files of an empty mission; never overwrites one that is there.

    Raises NotFound where the folder already holds a mission, WriteFailed where it cannot be made.
    """
    if (folder / MISSION).exists():
        raise NotFound(f"{folder} holds a mission already; nothing was changed")
    made = []
    template = files("trucewatch") / "missions" / "template"
    # MISSION comes last: without it a call that was cut short may be begun again.
    for name in ("zones/README.md", "mappings/README.md", AGREEMENT, SOURCES, COMMITMENTS, MISSION):
        target = folder / name
        if target.exists():
            continue
        make_folder(target.parent)
        text = template.joinpath(name).read_text("utf-8")
        text = text.replace("my-mission", _identifier(folder.resolve().name))
        # The registry may come to name sealed sources, so it is for the owner's eyes.
        write_whole(target, text.encode("utf-8"), private=name == SOURCES)
        made.append(name)
    Configuration.read(settings_files(folder))
    return made


def _identifier(name: str) -> str:
    """The folder's name as a mission id: lower-case letters, digits and dashes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return plain.lower().strip("-")[:64] or "mission"
