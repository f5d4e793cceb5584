"""Pictures as they may be shown: made anew of their pixels, or refused for a reason."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.app.reporting import decoder

if TYPE_CHECKING:
    from trucewatch.app.mission import Mission

LARGEST_PICTURE = 8 * 1024 * 1024
"""The most bytes of a picture, as it is sent."""

FOLDER = "attachments"
SECONDS = 30.0
_DECODER = Path(decoder.__file__)
_FORM = "1"
"""Of how pictures are made; another one makes all of them anew."""

_WHY = {
    decoder.NO_PICTURE: "it is no JPEG, PNG or WebP picture",
    decoder.TOO_LARGE: "it has too many pixels",
    decoder.ANIMATED: "it moves: send a still picture",
    decoder.DAMAGED: "it is cut short or damaged",
    decoder.MORE_BEHIND: "something else lies behind the picture: send the still picture alone",
}
TOO_HEAVY = "it takes more memory or time than a picture may"
TOO_LONG = f"it is over {LARGEST_PICTURE // (1024 * 1024)} MiB"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture made anew as JPEG bytes, or why there is none."""

    jpeg: bytes = b""
    refused: str = ""


def made_anew(raw: bytes) -> Shown:
    """The pixels of a picture as a JPEG, turned upright, at most 1600 a side, and nothing else.

    It is decoded in a process of its own with bounds on memory and time.
    """
    if len(raw) > LARGEST_PICTURE:
        return Shown(refused=TOO_LONG)
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and file; the bytes are only input
            [sys.executable, "-I", str(_DECODER)],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Shown(refused=TOO_HEAVY)
    if done.returncode == 0 and done.stdout.startswith(b"\xff\xd8\xff"):
        return Shown(jpeg=done.stdout)
    return Shown(refused=_WHY.get(done.returncode, TOO_HEAVY))


def picture(mission: Mission, digest: str) -> Shown:
    """A picture of the log, by the SHA-256 of its bytes; kept beside the log once it was made.

    What is kept can be thrown away at any time. A picture that was erased is refused, and what was
    kept of it is removed. LogDamaged where the log has no such payload.
    """
    kept = mission.folder / FOLDER / f"{digest}.{_FORM}"
    if mission.log.erased(digest) is not None:
        kept.unlink(missing_ok=True)
        return Shown(refused="it was erased")
    try:
        found = kept.read_bytes()
    except FileNotFoundError:
        found = b""
    if found.startswith(b"\xff\xd8\xff"):
        return Shown(jpeg=found)
    if found:
        return Shown(refused=found.decode("utf-8"))
    shown = made_anew(mission.log.payload(digest))
    _keep(kept, shown.jpeg or shown.refused.encode())
    return shown


def sweep(mission: Mission) -> None:
    """Remove what is kept of pictures that were erased since."""
    folder = mission.folder / FOLDER
    if folder.is_dir():
        for one in folder.iterdir():
            if mission.log.erased(one.name.partition(".")[0]) is not None:
                one.unlink(missing_ok=True)


def _keep(path: Path, body: bytes) -> None:
    """Write whole or not at all, for the owner's eyes alone."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(body)
    half.replace(path)
