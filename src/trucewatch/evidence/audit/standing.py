"""What a checkpoint that somebody was shown is worth, held against the log and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, LogDamaged
from trucewatch.evidence.audit.keyring import written
from trucewatch.evidence.audit.mirror import Mirror
from trucewatch.evidence.audit.notes import LOG, read_head, read_key, read_note, signed_by

if TYPE_CHECKING:
    from pathlib import Path

    from trucewatch.evidence.audit.notes import Key


class Standing(StrEnum):
    """What a checkpoint is worth."""

    COUNTS = "counts"
    NOT_COUNTED = "not counted"
    FORK = "fork"
    STRANGER = "not signed"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The answer about one checkpoint. `words` say why; `signers` are the log's keys that signed.

    Only `COUNTS` is good. `AHEAD` may be: the folder that it was held against ends before it.
    """

    standing: Standing
    size: int
    root: str
    signers: tuple[str, ...]
    words: str


def judge(folder: Path, note: bytes) -> Shown:
    """Hold a checkpoint against the published log in `folder` and its chain of keys.

    LogDamaged where the folder itself does not hold, ValueError for bytes that are no checkpoint
    of that log, EvidenceError where a file cannot be read.
    """
    log = Mirror(folder)
    keys = log.keys()
    _, _, own = next(log.notes())
    try:
        if log.tiles.root(0, own.size) != own.root:
            raise LogDamaged("checkpoint: the tiles of the log do not make its root")
        shown = read_note(note)
        head = read_head(shown)
        if head.origin != keys.name:
            raise ValueError(f"a checkpoint of another log: {head.origin}")
        signers = [key for key in keys.known() if signed_by(shown, _key(keys.name, key))]
        found = log.tiles.root(0, head.size) if head.size <= own.size else None
    except OSError as error:
        raise EvidenceError(f"the log cannot be read: {error}") from error
    ends = [keys.word(key) for key in signers]
    standing, words = _weigh(
        signed=bool(signers),
        counts=any(end is None or head.size <= end for end in ends),
        current=keys.current in signers,
        known=own.size,
        same=None if found is None else found == head.root,
    )
    return Shown(
        standing=standing,
        size=head.size,
        root=head.root.hex(),
        signers=tuple(written(keys.name, key) for key in signers),
        words=words,
    )


def _key(name: str, key: bytes) -> Key:
    return read_key(written(name, key), LOG)


def _weigh(
    *, signed: bool, counts: bool, current: bool, known: int, same: bool | None
) -> tuple[Standing, str]:
    """What follows. `same` says whether the log has that root too, None where it is shorter."""
    if not signed:
        return Standing.STRANGER, "no key that the log ever had signed it"
    if same is None and current:
        return Standing.AHEAD, f"the log here has {known} entries: get a newer copy of it"
    if same is None:
        words = f"the log has {known} entries and goes on under another key"
        return Standing.FORK, f"{words}: whoever signed this holds a key that is out of use"
    if not same and counts:
        return Standing.FORK, "the log has another root at that size: two histories were signed"
    if not same:
        return (
            Standing.FORK,
            "the log has another root at that size: it was forged with a key whose word had ended",
        )
    if not counts:
        words = "it says what the log says, but its key's word does not reach so far"
        return Standing.NOT_COUNTED, f"{words}: take the checkpoint that the present key signed"
    return Standing.COUNTS, "it is a beginning of this log"
