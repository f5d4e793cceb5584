"""Two checkpoints of one log held against each other, and the portable proof of a fork.

A log forks where its key signed two statements that cannot both be true of a log that only grows.
The proof carries both signed notes and, where their sizes differ, the path of growth of the larger
tree: it fixes the root that the larger had at the smaller's size, and that is not the one signed.
So nobody without the log's key can make one, not even from two logs of his own.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.audit.notes import Head, Note, read_head, read_note
from trucewatch.evidence.audit.proofs import FIRST_LINE, PROOF_LIMIT, decoded, not_of_log, witnessed
from trucewatch.evidence.audit.trees import EMPTY, HASHES, grown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.evidence.audit.policies import Policy
    from trucewatch.evidence.audit.trees import Tiles
    from trucewatch.model import Cosigned

FORK_LINE = "trucewatch/tlog-fork@v1"
FORK_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ForkCheck:
    """Whether a proof of a fork holds, and every reason why it does not.

    `sizes` and `roots` (hex) are those of the two checkpoints, the smaller first; `cosigned` are
    the policy's witnesses below each.
    """

    holds: bool
    reasons: tuple[str, ...]
    origin: str = ""
    sizes: tuple[int, int] = (0, 0)
    roots: tuple[str, str] = ("", "")
    cosigned: tuple[tuple[Cosigned, ...], tuple[Cosigned, ...]] = ((), ())


class Relation(StrEnum):
    """How two checkpoints of one log stand to each other."""

    SAME = "same"
    GREW = "grew"
    FORK = "fork"
    UNTOLD = "cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of holding two checkpoints against each other.

    `fork` is the portable proof where they contradict each other, else empty. `words` say what is
    missing where it cannot be told, and are empty otherwise.
    """

    relation: Relation
    fork: bytes = b""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One checkpoint to compare: its bytes, what they say, and the tiles beside it, if any."""

    data: bytes
    note: Note
    head: Head
    tiles: Tiles | None


def read_side(data: bytes, tiles: Tiles | None = None) -> Side:
    """The checkpoint in a file: alone, in a proof of an entry, or in a bulletin's seal.

    ValueError for anything else. Nobody's signature is checked by this.
    """
    if len(data) > PROOF_LIMIT:
        raise ValueError(f"more than {PROOF_LIMIT} bytes")
    if data.startswith(f"{FIRST_LINE}\n".encode()):
        data = data.partition(b"\n\n")[2]
    elif data.startswith(b"{"):
        data = _sealed(data)
    note = read_note(data)
    return Side(data, note, read_head(note), tiles)


def _sealed(data: bytes) -> bytes:
    try:
        note = json.loads(data)["checkpoint"]["note"]
        return str(note).encode()
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("not a seal with a checkpoint") from None


def compare(one: Side, other: Side, policy: Policy) -> Comparison:
    """How two checkpoints stand to each other, each signed by a log that the policy names.

    ValueError where one is not, or they are of two logs. Growth is told only where the tiles of
    the larger prove it.
    """
    if one.head.origin != other.head.origin:
        raise ValueError(f"two logs: {one.head.origin!r} and {other.head.origin!r}")
    for side in (one, other):
        for why in not_of_log(side.note, side.head, policy):
            raise ValueError(why)
    small, large = sorted((one, other), key=lambda side: side.head.size)
    if small.head.size == large.head.size:
        if small.head.root == large.head.root:
            return Comparison(relation=Relation.SAME)
        return _forked(small, large, ())
    if small.head.size == 0:
        if small.head.root != EMPTY:
            return _forked(small, large, ())
        return Comparison(relation=Relation.GREW)
    if large.tiles is None:
        words = f"the tiles of the larger log, of {large.head.size} entries, are not at hand"
        return Comparison(relation=Relation.UNTOLD, words=words)
    try:
        path = large.tiles.growth(small.head.size, large.head.size)
    except LogDamaged as error:
        return Comparison(relation=Relation.UNTOLD, words=str(error))
    before, after = grown(small.head.size, large.head.size, path)
    if after != large.head.root:
        words = f"the tiles beside it do not make the root of the larger, of {large.head.size}"
        return Comparison(relation=Relation.UNTOLD, words=words)
    if before == small.head.root:
        return Comparison(relation=Relation.GREW)
    return _forked(small, large, path)


def _forked(small: Side, large: Side, path: Sequence[bytes]) -> Comparison:
    lines = [
        FORK_LINE,
        f"smaller {base64.b64encode(small.data).decode()}",
        f"larger {base64.b64encode(large.data).decode()}",
        *(base64.b64encode(one).decode() for one in path),
    ]
    return Comparison(relation=Relation.FORK, fork="\n".join([*lines, ""]).encode())


def check_fork(data: bytes, policy: Policy) -> ForkCheck:
    """Check the proof of a fork against the logs of a policy; it never raises for it.

    Cosignatures of the policy's witnesses are told; no quorum is asked for.
    """
    try:
        small, large, path = _read_fork(data)
    except ValueError as error:
        return ForkCheck(holds=False, reasons=(str(error),))
    heads = small.head, large.head
    reasons = [why for side in (small, large) for why in not_of_log(side.note, side.head, policy)]
    reasons.extend(_no_fork(*heads, path))
    return ForkCheck(
        holds=not reasons,
        reasons=tuple(reasons),
        origin=heads[0].origin,
        sizes=(heads[0].size, heads[1].size),
        roots=(heads[0].root.hex(), heads[1].root.hex()),
        cosigned=(_cosigned(small, policy), _cosigned(large, policy)),
    )


def _cosigned(side: Side, policy: Policy) -> tuple[Cosigned, ...]:
    """The witnesses below a checkpoint; a false line proves nothing, and cannot hide a fork."""
    try:
        return witnessed(side.note, policy).cosigned
    except ValueError:
        return ()


def _read_fork(data: bytes) -> tuple[Side, Side, tuple[bytes, ...]]:
    """Both checkpoints and the path, from the one spelling; ValueError otherwise."""
    if len(data) > FORK_LIMIT:
        raise ValueError(f"a proof of a fork has at most {FORK_LIMIT} bytes")
    try:
        *lines, end = data.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise ValueError("a proof of a fork is ASCII") from None
    if end or not lines or lines[0] != FORK_LINE:
        raise ValueError(f"not lines of which the first is {FORK_LINE!r}")
    if len(lines) < 3 or len(lines) - 3 > HASHES:
        raise ValueError(f"two checkpoints and at most {HASHES} hashes are due")
    sides = []
    for word, line in zip(("smaller", "larger"), lines[1:3], strict=True):
        if not line.startswith(f"{word} "):
            raise ValueError(f"the line of the {word} checkpoint is missing")
        note = decoded(line.removeprefix(f"{word} "), f"the {word} checkpoint")
        held = read_note(note)
        sides.append(Side(note, held, read_head(held), None))
    path = tuple(decoded(line, "a hash of the path") for line in lines[3:])
    if any(len(one) != 32 for one in path):
        raise ValueError("a hash of the path has not 32 bytes")
    return sides[0], sides[1], path


def _no_fork(small: Head, large: Head, path: Sequence[bytes]) -> list[str]:
    """Why two signed checkpoints do not contradict each other; empty where they do."""
    if small.origin != large.origin:
        return ["the checkpoints are of two logs"]
    if small.size > large.size:
        return ["the smaller checkpoint is the larger one"]
    if small.size in {0, large.size}:
        if path:
            return ["between these sizes there is no path"]
        other = EMPTY if small.size == 0 and large.size else large.root
        return ["both say the same"] if small.root == other else []
    try:
        before, after = grown(small.size, large.size, path)
    except ValueError as error:
        return [str(error)]
    if after != large.root:
        return ["the path does not lead to the root of the larger checkpoint"]
    return ["the larger grew out of the smaller"] if before == small.root else []
