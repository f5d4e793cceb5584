"""Whether a witness may cosign: the order of checks of C2SP tlog-witness, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.merkle import EMPTY_ROOT, verify_consistency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.tlog.notes import Verifier
    from trucewatch.evidence.witness.requests import Request

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a witness answers: an HTTP status, a media type and a body.

    `told` is for its own operator: something is wrong that the log is not to be told, or empty.
    """

    status: int
    media: str
    body: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """The newest checkpoint of a log that a witness cosigned, and when (seconds since 1970)."""

    size: int
    root: bytes
    at: int
    note: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing is cosigned. `fork` is certain, `doubt` may be one: both are kept as evidence."""

    answer: Answer
    fork: bool = False
    doubt: bool = False


def refuse(status: int, words: str) -> Answer:
    """An answer that refuses, in words."""
    return Answer(status=status, media=TEXT, body=f"{words}\n")


def trusted(request: Request, keys: Sequence[Verifier]) -> tuple[str, ...] | None:
    """The lines by which the log's keys signed it; None where none did, or one that does not hold.

    A line that bears a known name and hash and does not verify spoils the whole note.
    """
    try:
        lines = [
            line for line in request.signatures for key in keys if key.verify(request.text, line)
        ]
    except LogDamaged:
        return None
    return tuple(dict.fromkeys(lines)) or None


def judge(request: Request, known: Known | None) -> Refusal | None:
    """Whether a signed checkpoint grows out of what the witness knows; None: it may be cosigned."""
    size = known.size if known else 0
    if request.old > request.size:
        return Refusal(refuse(400, "the old size is larger than the checkpoint's"))
    # The same size with another root is a fork whatever the request says of the old size.
    fork = known is not None and request.size == size and request.root != known.root
    if request.old != size:
        return Refusal(Answer(status=409, media=SIZE, body=f"{size}\n"), fork=fork)
    if request.size == 0 and request.root != EMPTY_ROOT:
        return Refusal(refuse(422, "an empty tree has one root, and not this one"), fork=True)
    if request.old == 0:
        if request.proof:
            return Refusal(refuse(422, "from size 0 there is nothing to prove"), fork=fork)
        return None
    if fork:
        return Refusal(refuse(422, "the same size has another root"), fork=True)
    root = known.root if known else EMPTY_ROOT
    if not verify_consistency(request.old, request.size, root, request.root, request.proof):
        return Refusal(refuse(422, "the proof does not show that the log grew"), doubt=True)
    return None
