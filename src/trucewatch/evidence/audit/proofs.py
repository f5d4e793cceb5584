"""Proofs that travel: an entry, its path to the root, and the checkpoint that signs the root.

The form is C2SP tlog-proof, with the entry's leaf as the extra data; docs/proofs.md tells it line
by line.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.audit.leaves import LeafFields, read_leaf
from trucewatch.evidence.audit.mirror import Mirror
from trucewatch.evidence.audit.notes import (
    Head,
    Note,
    read_head,
    read_note,
    read_number,
    signed_by,
)
from trucewatch.evidence.audit.published import WIDTH, hash_leaf, strict_base64
from trucewatch.evidence.audit.trees import HASHES, climbed
from trucewatch.model import Cosigned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trucewatch.evidence.audit.policies import Policy

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LEAF_LIMIT = 65_535
PROOF_LIMIT = 1 << 19


@dataclass(frozen=True, slots=True)
class Proof:
    """A tlog-proof as it was read; nothing in it is proved by that."""

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    note: Note
    head: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofCheck:
    """What a proof shows, and every reason why it does not.

    `holds` is True only where there is no reason at all. What the entry says is told only if its
    leaf could be read: `leaf` is then its fields, `leaf_hash`, `root` hex. `cosigned` are the
    policy's witnesses that signed, by name; `quorum` says whether they are enough, `not_after` by
    when the entry certainly stood in the log, None without a quorum or without witnesses.
    """

    holds: bool
    reasons: tuple[str, ...]
    origin: str = ""
    index: int = 0
    size: int = 0
    root: str = ""
    leaf_hash: str = ""
    leaf: LeafFields | None = None
    cosigned: tuple[Cosigned, ...] = ()
    quorum: bool = False
    not_after: datetime | None = None


def read_proof(data: bytes) -> Proof:
    """Read a proof strictly; ValueError, with the reason, for anything but the one spelling."""
    if len(data) > PROOF_LIMIT:
        raise ValueError(f"a proof has at most {PROOF_LIMIT} bytes")
    above, gap, note_bytes = data.partition(b"\n\n")
    if not gap:
        raise ValueError("a proof has an empty line between the path and the checkpoint")
    try:
        lines = above.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise ValueError("the lines above the checkpoint are not ASCII") from None
    if lines[0] != FIRST_LINE:
        raise ValueError(f"the first line is not {FIRST_LINE!r}")
    if len(lines) < 3 or not lines[1].startswith("extra "):
        raise ValueError("the second line is not 'extra' and the leaf: it is not a proof of ours")
    leaf = decoded(lines[1].removeprefix("extra "), "the leaf")
    if len(leaf) > LEAF_LIMIT:
        raise ValueError(f"a leaf has at most {LEAF_LIMIT} bytes")
    if not lines[2].startswith("index "):
        raise ValueError("the third line is not 'index' and a number")
    index = read_number(lines[2].removeprefix("index "), "the index")
    if len(lines) - 3 > HASHES:
        raise ValueError(f"a path has at most {HASHES} hashes")
    path = tuple(decoded(line, "a hash of the path") for line in lines[3:])
    if any(len(one) != 32 for one in path):
        raise ValueError("a hash of the path has not 32 bytes")
    note = read_note(note_bytes)
    return Proof(leaf, index, path, note, read_head(note))


def decoded(text: str, what: str) -> bytes:
    """Base64 in its one spelling; ValueError, which names `what` it is, for any other."""
    try:
        return strict_base64(text)
    except ValueError:
        raise ValueError(f"{what} is not base64 in its one spelling") from None


def check_proof(data: bytes, policy: Policy, *, payload: bytes | None = None) -> ProofCheck:
    """Check a proof against the logs, witnesses and quorum of a policy; it never raises for it.

    With `payload`, the leaf must name these bytes by their SHA-256 and their length.
    """
    try:
        proof = read_proof(data)
    except ValueError as error:
        return ProofCheck(holds=False, reasons=(str(error),))
    reasons: list[str] = []
    leaf = read_leaf(proof.leaf)
    found = ProofCheck(
        holds=False,
        reasons=(),
        origin=proof.head.origin,
        index=proof.index,
        size=proof.head.size,
        root=proof.head.root.hex(),
        leaf_hash=hash_leaf(proof.leaf).hex(),
        leaf=leaf,
    )
    if leaf is None:
        reasons.append("the leaf is not a leaf of version 1 in canonical form")
    reasons.extend(_not_included(proof))
    reasons.extend(not_of_log(proof.note, proof.head, policy))
    try:
        by = witnessed(proof.note, policy)
    except ValueError as error:
        reasons.append(str(error))
    else:
        found = replace(found, cosigned=by.cosigned, quorum=by.quorum, not_after=by.not_after)
        if not by.quorum:
            reasons.append(
                f"the quorum is not reached: of the policy's {len(policy.witnesses)} witnesses "
                f"{len(by.cosigned)} cosigned"
            )
    if payload is not None and leaf is not None:
        reasons.extend(_not_payload(payload, leaf))
    return replace(found, holds=not reasons, reasons=tuple(reasons))


def _not_included(proof: Proof) -> Iterator[str]:
    try:
        root = climbed(proof.index, proof.head.size, hash_leaf(proof.leaf), proof.path)
    except ValueError as error:
        yield str(error)
        return
    if root != proof.head.root:
        yield "the path does not lead from the leaf to the signed root"


def not_of_log(note: Note, head: Head, policy: Policy) -> Iterator[str]:
    """Why the policy's logs do not answer for a checkpoint."""
    keys = [key for key in policy.logs if key.name == head.origin]
    if not keys:
        yield f"the checkpoint is of {head.origin!r}, whose key was not given"
        return
    try:
        # Each key is tried, so that a false signature of one is seen behind a true one of another.
        signed = [signed_by(note, key) for key in keys]
        if not any(signed):
            yield f"the checkpoint is not signed by {' or '.join(key.vkey() for key in keys)}"
    except ValueError as error:
        yield str(error)


@dataclass(frozen=True, slots=True)
class Cosignatures:
    """Who of a policy's witnesses signed a checkpoint; the fields are those of ProofCheck."""

    cosigned: tuple[Cosigned, ...]
    quorum: bool
    not_after: datetime | None


def witnessed(note: Note, policy: Policy) -> Cosignatures:
    """Who of a policy's witnesses signed a note; ValueError for a false signature of one of them.

    A witness that signed more than once counts once, with its first time.
    """
    times = {name: signed_by(note, key) for name, key in policy.witnesses.items()}
    signed = {name: min(found) for name, found in times.items() if found}
    quorum = policy.reached(frozenset(signed))
    certain = sorted(signed.values())[policy.liars :]
    return Cosignatures(
        cosigned=tuple(
            Cosigned(witness=name, at=datetime.fromtimestamp(at, UTC))
            for name, at in sorted(signed.items())
        ),
        quorum=quorum,
        not_after=datetime.fromtimestamp(certain[0], UTC) if quorum and certain else None,
    )


def _not_payload(payload: bytes, leaf: LeafFields) -> Iterator[str]:
    if hashlib.sha256(payload).hexdigest() != leaf.payload:
        yield "the payload is not the one that the leaf names"
    elif len(payload) != leaf.length:
        yield f"the payload has {len(payload)} bytes, the leaf says {leaf.length}"


def make_proof(folder: Path, index: int) -> bytes:
    """The proof of one entry, from the published files of a log or of a copy of one.

    It carries the checkpoint with the most signatures among those that cover the entry; of several
    the smallest, as that bounds the time best. NotFound outside the log; LogDamaged where the files
    contradict one another or a tile is missing.
    """
    published = Mirror(folder)
    data = published.best_note(index)
    note = read_note(data)
    head = read_head(note)
    path = published.tiles.path(index, head.size)
    number, offset = divmod(index, WIDTH)
    leaf = published.tiles.leaves(number, offset + 1)[offset]
    if [*_not_included(Proof(leaf, index, tuple(path), note, head))]:
        raise LogDamaged(f"the tiles do not make the root of the checkpoint of size {head.size}")
    lines = [
        FIRST_LINE,
        f"extra {base64.b64encode(leaf).decode()}",
        f"index {index}",
        *(base64.b64encode(one).decode() for one in path),
    ]
    return "\n".join(lines).encode() + b"\n\n" + data
