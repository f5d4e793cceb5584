"""The mission of a drill: a shipped one, with what the script's folder adds, marked as a drill."""

from __future__ import annotations

import io
import tomllib
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from trucewatch.app.configuration import (
    AGREEMENT,
    COMMITMENTS,
    MISSION,
    SOURCES,
    Configuration,
    settings_files,
)
from trucewatch.app.files import make_folder, write_whole
from trucewatch.documents import read_document
from trucewatch.errors import ConfigurationError, NotFound

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ("zones/*.geojson", "mappings/*.toml")
_HEAD = "# EXERCISE. Made by 'trucewatch exercise': the mission's file, with what the drill adds.\n"
_WIDTH = 10_000
_MARK = "[mission]\nexercise = true  # a drill is marked as one\n"


def stage(folder: Path, *, base: Path, script: Path) -> Configuration:
    """Make the mission of a drill in a new folder, and give its settings.

    Files of the script's folder stand in place of the mission's, save `agreement.yaml`, whose
    lists are added to the mission's own. Raises NotFound for a folder that is not empty, and
    ConfigurationError where the settings would not mark a drill.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotFound(f"{folder} is not empty: an exercise is played in a new folder")
    files = _settings(base)
    added = _settings(script.parent) if script.parent != base else {}
    if AGREEMENT in files and AGREEMENT in added:
        added[AGREEMENT] = merged(files[AGREEMENT], added[AGREEMENT])
    files |= added
    files[MISSION] = _marked(files[MISSION])
    make_folder(folder)
    for name, body in sorted(files.items(), key=lambda one: (one[0] == MISSION, one[0])):
        make_folder((folder / name).parent)
        write_whole(folder / name, body, private=name == SOURCES)
    return Configuration.read(settings_files(folder))


def _settings(folder: Path) -> dict[str, bytes]:
    paths = [folder / name for name in (MISSION, AGREEMENT, SOURCES, COMMITMENTS)]
    paths += [path for pattern in PLACES for path in folder.glob(pattern)]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }


def _marked(raw: bytes) -> bytes:
    """The settings with the mark of a drill; refused where they say that it is none."""
    text = raw.decode("utf-8")
    try:
        said = tomllib.loads(text).get("mission", {}).get("exercise")
    except tomllib.TOMLDecodeError as fault:
        raise ConfigurationError(f"not valid TOML: {fault}", file=MISSION) from None
    if said is None:
        text = text.replace("[mission]\n", _MARK, 1)
        said = tomllib.loads(text).get("mission", {}).get("exercise")
    if said is not True:
        raise ConfigurationError(
            "a drill is marked as one: write 'exercise = true' under [mission]",
            file=MISSION,
            field="mission.exercise",
        )
    return text.encode("utf-8")


def merged(base: bytes, added: bytes) -> bytes:
    """Two agreements as one: lists are joined, and any other value of the second takes its place.

    The notes of the files are left behind: they would stand beside something else. A fault in the
    YAML of either names the file that it is in.
    """
    whole, drill = (
        read_document(raw.decode("utf-8"), file=name).data
        for raw, name in ((base, AGREEMENT), (added, f"exercise/{AGREEMENT}"))
    )
    if not isinstance(whole, dict) or not isinstance(drill, dict):
        raise ConfigurationError("must be a mapping of keys to values", file=AGREEMENT)
    joined: dict[str, Any] = {**whole}
    for key, value in drill.items():
        known = joined.get(key)
        if isinstance(value, list) and isinstance(known, list):
            joined[key] = [*known, *value]
        else:
            joined[key] = value
    out = io.StringIO()
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.dump(joined, out)
    return (_HEAD + out.getvalue()).encode("utf-8")
