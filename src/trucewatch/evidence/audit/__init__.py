"""The auditor: recomputes everything from the files, and shares no code with the writer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError
from trucewatch.evidence.audit.cosigned import Cosigned
from trucewatch.evidence.audit.erased import erased_files
from trucewatch.evidence.audit.forks import (
    Comparison,
    ForkCheck,
    Relation,
    Side,
    check_fork,
    compare,
    read_side,
)
from trucewatch.evidence.audit.keyring import read_keyring
from trucewatch.evidence.audit.mirror import Published
from trucewatch.evidence.audit.policies import Policy, policy_of, read_policy
from trucewatch.evidence.audit.proofs import ProofCheck, check_proof, make_proof
from trucewatch.evidence.audit.published import (
    WIDTH,
    TileFiles,
    hash_leaf,
    join_bundle,
    signed_checkpoint,
    split_bundle,
    tree_root,
)
from trucewatch.evidence.audit.reading import AuditedEntry, AuditedLog
from trucewatch.evidence.audit.records import Chain, Record, journal_records

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Audit",
    "AuditedEntry",
    "AuditedLog",
    "Comparison",
    "ForkCheck",
    "Policy",
    "ProofCheck",
    "Published",
    "Relation",
    "Side",
    "check_fork",
    "check_proof",
    "compare",
    "fsck",
    "make_proof",
    "policy_of",
    "read_policy",
    "read_side",
]

Progress = Callable[[int, int], None]
_SHOWN = 200
_PAYLOAD = re.compile("[0-9a-f]{2}/[0-9a-f]{62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What an audit found. `ok` is True only where there is no problem at all.

    `size` and `root` (recomputed, hex) are those of the signed log, `entries_by_kind` counts its
    entries; `unpublished` more are durable in the journal. `payloads` and `bytes` are distinct
    payloads found whole. `erased` more are gone by the word of two people, which the log holds.
    """

    ok: bool
    origin: str
    size: int
    root: str
    entries_by_kind: Mapping[str, int]
    payloads: int
    bytes: int
    problems: tuple[str, ...]
    unpublished: int = 0
    erased: int = 0


def fsck(folder: Path, *, progress: Progress | None = None, pinned: str | None = None) -> Audit:
    """Recompute the whole log in `folder` and tell every contradiction.

    `pinned` is a key of the log (a line as in `vkey`) that the caller has from elsewhere: without
    it a log that was made anew from its first entry on, under a key of its own, holds as well.

    It changes nothing and needs no lock, but a log that is being written may look unfinished.
    EvidenceError where a file that is there cannot be read. `progress` is called with what is
    done and what there is to do: entries first, then payloads on top.
    """
    try:
        return _Fsck(folder, progress or _silent, pinned).run()
    except OSError as error:
        raise EvidenceError(f"the audit cannot read the log: {error}") from error


def _silent(done: int, total: int) -> None:
    """Show nothing."""
    del done, total


class _Fsck:
    def __init__(self, folder: Path, progress: Progress, pinned: str | None) -> None:
        self._folder = folder
        self._pinned = pinned
        self._progress = progress
        self._problems: list[str] = []
        self._more = 0
        self._chain = Chain(self._problem)
        self._tiles = TileFiles(folder / "tile", self._problem)
        self._size = 0
        self._entries = 0

    def _problem(self, words: str) -> None:
        if len(self._problems) < _SHOWN:
            self._problems.append(words)
        else:
            self._more += 1

    def run(self) -> Audit:
        origin, root = "", None
        keys = read_keyring(self._folder, self._problem)
        if keys is not None:
            if self._pinned is not None and (doubt := keys.doubt(self._pinned)):
                self._problem(f"vkey: {doubt}")
            try:
                self._size, root = signed_checkpoint(self._folder / "checkpoint", keys)
                origin = keys.name
            except ValueError as error:
                self._problem(f"checkpoint: {error}")
        self._cosigned = Cosigned(self._folder, keys, self._problem)
        found = self._tree()
        if keys is not None:
            keys.entries(self._chain.roles, self._folder, self._problem)
        self._cosigned.rest()
        if root is not None and found != root:
            self._problem(f"checkpoint: it says root {root.hex()}, the entries make {found.hex()}")
        payloads, size, erased = self._payloads()
        if self._more:
            self._problems.append(f"and {self._more} problems more")
        return Audit(
            ok=not self._problems,
            origin=origin,
            size=self._size,
            root=found.hex(),
            entries_by_kind=dict(sorted(self._chain.kinds.items())),
            payloads=payloads,
            bytes=size,
            problems=tuple(self._problems),
            unpublished=max(0, self._entries - self._size),
            erased=erased,
        )

    def _tree(self) -> bytes:
        """Check entries, bundles and tiles; return the root over the published entries."""
        records = journal_records(self._folder / "journal", self._problem)
        full: list[bytes] = []
        rest: list[bytes] = []
        number = 0
        while True:
            need = max(0, min(WIDTH, self._size - number * WIDTH))
            leaves = self._leaves(number, need, list(islice(records, WIDTH)))
            if not leaves:
                break
            hashes = [hash_leaf(leaf) for leaf in leaves]
            for offset, (leaf, digest) in enumerate(zip(leaves, hashes, strict=True)):
                self._chain.leaf(number * WIDTH + offset, leaf, digest, published=offset < need)
            bundle = [join_bundle(leaf) for leaf in leaves]
            self._tiles.check("entries", number, bundle, need=need)
            self._tiles.check("0", number, hashes, need=need)
            if need:
                self._cosigned.tile(number * WIDTH, hashes[:need])
            if need < WIDTH and not rest:
                rest = hashes[:need]
            if len(hashes) == WIDTH:
                full.append(tree_root(hashes))
                self._cosigned.full(full[-1])
            self._entries = number * WIDTH + len(leaves)
            self._progress(min(self._entries, self._size), self._size)
            number += 1
        signed = full[: self._size // WIDTH]
        row, level, published = full, 1, self._size // WIDTH
        while row:
            self._tiles.check_row(level, row, published=published)
            whole = len(row) - len(row) % WIDTH
            row = [tree_root(row[i : i + WIDTH]) for i in range(0, whole, WIDTH)]
            level, published = level + 1, published // WIDTH
        self._tiles.rest()
        return tree_root([*signed, tree_root(rest)] if rest else signed)

    def _leaves(self, number: int, need: int, records: list[Record]) -> list[bytes]:
        """The leaves of one bundle: the published ones, then what only the journal holds."""
        base = number * WIDTH
        for offset, record in enumerate(records):
            self._chain.envelope(base + offset, record)
        held = [record.leaf for record in records]
        if len(held) < need:
            self._problem(
                f"entries {base + len(held)} to {base + need - 1}: published, but their envelopes "
                "are not in the journal"
            )
        if not need:
            return held
        data = self._tiles.read("entries", number, need)
        try:
            leaves = [] if data is None else split_bundle(data)[:need]
        except ValueError as error:
            self._problem(f"entry bundle {number}: {error}")
            leaves = []
        for offset, (leaf, other) in enumerate(zip(leaves, held, strict=False)):
            if leaf != other:
                self._problem(f"entry {base + offset}: the journal holds another leaf")
        if len(leaves) < need:
            # What was published is unreadable; go on with the journal so that the rest is checked.
            return held
        return leaves + held[need:]

    def _payloads(self) -> tuple[int, int, int]:
        """Hash every payload file; return how many that entries name are whole, and their bytes.

        And how many are erased.
        """
        erased = erased_files(self._folder, self._chain.erasing, self._problem)
        lengths = self._chain.lengths
        missing = set(lengths)
        count = total = 0
        for path in _files(self._folder / "payload"):
            where = path.relative_to(self._folder / "payload").as_posix()
            if not _PAYLOAD.fullmatch(where):
                self._problem(f"payload/{where}: not the name of a payload")
                continue
            name = where.replace("/", "").encode()
            if name in erased:
                self._problem(f"payload/{where}: entry {erased[name]} erased it, and it lies there")
                continue
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
            if digest.encode() != name:
                self._problem(f"payload/{where}: its bytes are not those of its name")
            elif name in missing:
                if size != lengths[name]:
                    self._problem(f"payload/{where}: {size} bytes, the log says {lengths[name]}")
                count, total = count + 1, total + size
            missing.discard(name)
            self._progress(self._size + count, self._size + len(lengths))
        for name in sorted(missing - erased.keys()):
            self._problem(f"payload {name.decode()}: missing")
        return count, total, len(erased)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in the order of the names."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
