"""The auditor's check of the checkpoints that witnesses cosigned, one file for each size."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import TYPE_CHECKING

from trucewatch.evidence.audit.notes import WITNESS, read_key, read_note, signed_by
from trucewatch.evidence.audit.published import signed_checkpoint, tree_root
from trucewatch.evidence.audit.stamped import expected, imprint, read_stamp, stamp_files

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from trucewatch.evidence.audit.keyring import Keyring
    from trucewatch.evidence.audit.records import Problem

FOLDER = "witnessed"

_Held = tuple[int, str, "Callable[[bytes], str]"]
"""A size, a file, and what tells in words how it contradicts the root of that size."""


class Growth:
    """The roots of the perfect subtrees over full tiles, so a root at any size costs little."""

    def __init__(self) -> None:
        self._peaks: list[bytes] = []
        self._count = 0

    def push(self, tile: bytes) -> None:
        """Add the root of the next full tile."""
        count = self._count
        while count & 1:
            tile = hashlib.sha256(b"\x01" + self._peaks.pop() + tile).digest()
            count >>= 1
        self._peaks.append(tile)
        self._count += 1

    def root(self, rest: Sequence[bytes]) -> bytes:
        """The root over the tiles so far and the leaf hashes of one more, full or not."""
        peaks = [*self._peaks, tree_root(rest)] if rest else self._peaks
        if not peaks:
            return tree_root(())
        node = peaks[-1]
        for left in reversed(peaks[:-1]):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node


class Cosigned:
    """The files of `witnessed/`, `keychange/` and `stamped/`, against the tree of their size."""

    def __init__(self, folder: Path, keys: Keyring | None, problem: Problem) -> None:
        self._problem = problem
        self._growth = Growth()
        roots: dict[int, bytes] = {}
        folder /= FOLDER
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            where = f"{FOLDER}/{path.name}"
            if not path.is_file() or not re.fullmatch("[0-9]{12,19}", path.name):
                problem(f"{where}: not the name of a cosigned checkpoint")
            elif keys is not None:
                try:
                    size, root = signed_checkpoint(path, keys)
                except ValueError as error:
                    problem(f"{where}: {error}")
                    continue
                if path.name == f"{size:012}":
                    roots[size] = root
                else:
                    problem(f"{where}: it holds a checkpoint of size {size}")
        self._newest(folder, max(roots, default=0))
        told = [(size, root, f"{FOLDER}/{size:012}") for size, root in roots.items()]
        changes = () if keys is None else keys.changes
        told += [(each.size, each.root, f"keychange/{each.size:012}") for each in changes]
        found: list[_Held] = [(size, where, partial(_same, root)) for size, root, where in told]
        if keys is not None:
            found += self._stamped(folder.parent, keys.name)
        self._signed = sorted(found, key=lambda one: one[:2], reverse=True)
        self.tile(0, ())

    def _stamped(self, folder: Path, origin: str) -> list[_Held]:
        """Of what each time stamp is; whether its signature holds takes the authority's key."""
        found: list[_Held] = []
        for size, path in stamp_files(folder, self._problem):
            where = f"{path.parent.name}/{path.name}"
            try:
                digest = imprint(read_stamp(path))
            except ValueError as error:
                self._problem(f"{where}: {error}")
                continue
            found.append((size, where, partial(_of_it, origin, size, digest)))
        return found

    def _newest(self, folder: Path, size: int) -> None:
        """The newest stands in two places, so each shows whether the other was touched."""
        kept, published = folder / f"{size:012}", folder.parent / "checkpoint"
        if not (kept.is_file() and published.is_file()):
            return
        twin = kept.read_bytes()
        if twin.partition(b"\n\n")[0] == published.read_bytes().partition(b"\n\n")[0] and (
            twin != published.read_bytes()
        ):
            self._problem(f"{FOLDER}/{kept.name}: other signatures than in checkpoint")

    def tile(self, start: int, hashes: Sequence[bytes]) -> None:
        """Hold those of up to `start + len(hashes)` entries against the tree as it grew so far."""
        while self._signed and self._signed[-1][0] <= start + len(hashes):
            size, where, against = self._signed.pop()
            if words := against(self._growth.root(hashes[: size - start])):
                self._problem(f"{where}: {words}")

    def full(self, root: bytes) -> None:
        """Go on behind a full tile."""
        self._growth.push(root)

    def rest(self) -> None:
        """Report what goes further than the log that is published."""
        for _, where, _ in reversed(self._signed):
            self._problem(f"{where}: the published log has not that many entries")


def _same(signed: bytes, found: bytes) -> str:
    """What is wrong with a root that was signed; empty where it is what the entries make."""
    if signed == found:
        return ""
    return f"it says root {signed.hex()}, the entries make {found.hex()}"


def _of_it(origin: str, size: int, digest: bytes, found: bytes) -> str:
    """The same of a time stamp."""
    return "" if digest == expected(origin, size, found) else "it stamps something else"


def false_lines(folder: Path, witnesses: Sequence[str]) -> tuple[str, ...]:
    """What is wrong with the lines of these witnesses (vkeys) below the log's checkpoints.

    ValueError for a key that cannot be read. A file that holds no note is told elsewhere.
    """
    keys = [read_key(one, WITNESS) for one in witnesses]
    kept = folder / FOLDER
    paths = sorted(kept.iterdir()) if keys and kept.is_dir() else []
    found = []
    for path in [*paths, *([folder / "checkpoint"] if keys else [])]:
        try:
            note = read_note(path.read_bytes())
        except (OSError, ValueError):
            continue
        for key in keys:
            try:
                signed_by(note, key)
            except ValueError as error:
                found.append(f"{path.relative_to(folder).as_posix()}: {error}")
    return tuple(found)
