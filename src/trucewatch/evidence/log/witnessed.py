"""Checkpoints with the signatures of witnesses: the newest, and one kept for each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.layout import CHECKPOINT, read_checkpoint, reading
from trucewatch.evidence.log.storage import Disk, make_folders, place_durably
from trucewatch.evidence.tlog.notes import signature, split_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.tlog.notes import Checkpoint, Verifier

WITNESSED = "witnessed"


def witnessed_path(size: int) -> str:
    """Where the cosigned checkpoint of this size is kept; names sort as sizes do."""
    return f"{WITNESSED}/{size:012}"


def _kept_note(disk: Disk, size: int) -> str | None:
    """The note of this size that witnesses cosigned, unverified; None where none is kept."""
    path = witnessed_path(size)
    try:
        return disk.read(path).decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise LogDamaged(f"{path} is not a text") from error


def add_lines(
    disk: Disk, verifier: Verifier, checkpoint: Checkpoint, lines: Sequence[str]
) -> Checkpoint:
    """The checkpoint with new signature lines below it; nothing is written yet.

    A key signs once: its first line stays, as the earlier time says more. LogDamaged for a line
    that is none, and for more of them than a note takes.
    """
    text, held = split_note(checkpoint.note)
    with reading():
        before = _kept_note(disk, checkpoint.size)
    # A crash between the two writes leaves more there than in `checkpoint`; nothing is lost of it.
    if before is not None:
        other, kept = split_note(before)
        if other != text:
            raise LogDamaged(
                f"{witnessed_path(checkpoint.size)} and the published checkpoint say two things"
            )
        held += kept
    distinct: dict[tuple[str, bytes], str] = {}
    for line in [*held, *lines]:
        name, data = signature(line)
        distinct.setdefault((name, data[:4]), line)
    # Read as every reader will, before it stands where readers look.
    return verifier.checkpoint(f"{text}\n" + "".join(f"{line}\n" for line in distinct.values()))


def keep_cosigned(disk: Disk, verifier: Verifier, old: Checkpoint, new: Checkpoint) -> None:
    """Put `new` in the place of `old` and into `witnessed/`; durable in both on return."""
    if read_checkpoint(disk, verifier) != old:
        raise LogDamaged("the checkpoint was changed by somebody else; nothing was kept")
    make_folders(disk, WITNESSED, private=False)
    for path in (witnessed_path(new.size), CHECKPOINT):
        place_durably(disk, path, new.note.encode(), private=False)
