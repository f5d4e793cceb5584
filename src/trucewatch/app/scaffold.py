"""A new mission: an empty one whose files explain themselves, or a copy of one that is shipped."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.app.configuration import MISSION, SOURCES, Configuration, settings_files
from trucewatch.app.files import make_folder, write_whole
from trucewatch.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from pathlib import Path

TEMPLATE = "template"
"""The mission that is shipped empty; it alone takes the new folder's name as its id."""

_ITS_ID = "my-mission"


def shipped() -> dict[str, str]:
    """The missions in the package, by folder name, and what each calls itself."""
    found = {}
    for folder in (files("trucewatch") / "missions").iterdir():
        settings = folder / MISSION
        if settings.is_file():
            found[folder.name] = str(tomllib.loads(settings.read_text("utf-8"))["mission"]["name"])
    return dict(sorted(found.items()))


def init(folder: Path, *, like: str = TEMPLATE) -> list[str]:
    """Write the files of a shipped mission, its data included; overwrite none that is there.

    All but the template keep their id: it is the name of what is copied. Returns the names made.
    Raises NotFound where the folder already holds a mission or nothing of that name is shipped,
    WriteFailed where it cannot be made.
    """
    if (folder / MISSION).exists():
        raise NotFound(f"{folder} holds a mission already; nothing was changed")
    if like not in shipped():
        raise NotFound(f"no mission {like!r} is shipped; there are: {', '.join(shipped())}")
    made = []
    for name, source in _files_of(files("trucewatch") / "missions" / like):
        target = folder / name
        if target.exists():
            continue
        make_folder(target.parent)
        body = source.read_bytes()
        if like == TEMPLATE:
            body = body.replace(_ITS_ID.encode(), _identifier(folder.resolve().name).encode())
        # The registry may come to name sealed sources, so it is for the owner's eyes.
        write_whole(target, body, private=name == SOURCES)
        made.append(name)
    Configuration.read(settings_files(folder))
    return made


def _files_of(mission: Traversable) -> Iterator[tuple[str, Traversable]]:
    """Its files by relative name.

    MISSION comes last: without it a call that was cut short may be begun again.
    """
    yield from sorted(_under(mission, ""), key=lambda one: (one[0] == MISSION, one[0]))


def _under(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for one in folder.iterdir():
        if one.is_dir():
            yield from _under(one, f"{path}{one.name}/")
        else:
            yield f"{path}{one.name}", one


def _identifier(name: str) -> str:
    """The folder's name as a mission id: lower-case letters, digits and dashes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return plain.lower().strip("-")[:64] or "mission"
