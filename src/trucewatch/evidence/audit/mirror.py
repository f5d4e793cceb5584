"""A log as everybody sees it: its published files, or a copy of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.audit.keyring import Keyring, read_keyring, written
from trucewatch.evidence.audit.leaves import read_leaf
from trucewatch.evidence.audit.notes import (
    LOG,
    NOTE_LIMIT,
    Head,
    Note,
    read_head,
    read_key,
    read_note,
    signed_by,
)
from trucewatch.evidence.audit.published import WIDTH, hash_leaf
from trucewatch.evidence.audit.trees import Tiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Mirror:
    """The published files of a log, or of a copy of one: `checkpoint`, `vkey`, `witnessed/`, tiles.

    What a log says of its own key proves nothing to whoever does not trust it. EvidenceError where
    a file cannot be read, LogDamaged where the files contradict one another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.tiles = Tiles(folder)

    @property
    def vkey(self) -> str:
        """The public key as the log gives it."""
        try:
            return self._bytes("vkey").decode().removesuffix("\n")
        except UnicodeDecodeError as error:
            raise LogDamaged("vkey is no text") from error

    def vkeys(self) -> tuple[str, ...]:
        """Every key that the log ever had, by its own account, from the first on."""
        keys = self.keys()
        return tuple(written(keys.name, key) for key in keys.known())

    def _bytes(self, name: str) -> bytes:
        """A small file; of one that is too long only enough to be refused."""
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(NOTE_LIMIT + 1)
        except OSError as error:
            raise EvidenceError(f"the log cannot be read: {error}") from error

    def keys(self) -> Keyring:
        """The keys of the log, one signed chain; LogDamaged for anything else."""
        problems: list[str] = []
        try:
            found = read_keyring(self._folder, problems.append)
        except OSError as error:
            raise EvidenceError(f"the log cannot be read: {error}") from error
        if found is None or problems:
            raise LogDamaged("; ".join(problems))
        return found

    def notes(self) -> Iterator[tuple[bytes, Note, Head]]:
        """Every checkpoint that is published: the newest, then those that witnesses cosigned."""
        keys = self.keys()
        kept = self._folder / "witnessed"
        names = sorted(path.name for path in kept.iterdir()) if kept.is_dir() else []
        for name in ("checkpoint", *(f"witnessed/{name}" for name in names)):
            data = self._bytes(name)
            try:
                note, head = signed_head(data, keys)
            except ValueError as error:
                raise LogDamaged(f"{name}: {error}") from error
            yield data, note, head

    def best_note(self, index: int) -> bytes:
        """The checkpoint to prove an entry by: the most signatures, then the earliest time.

        One that the present key signed goes before all that only an earlier one did. NotFound where
        none covers the entry.
        """
        keys = self.keys()
        key = read_key(written(keys.name, keys.current), LOG)
        ranked = [
            (not signed_by(note, key), -len(note.signatures), head.size, data)
            for data, note, head in self.notes()
        ]
        covering = [one for one in ranked if 0 <= index < one[2]]
        if not covering:
            size = max(size for _, _, size, _ in ranked)
            raise NotFound(f"the published log has {size} entries: there is no entry {index}")
        return min(covering)[3]

    def leaves(self, size: int) -> Iterator[tuple[int, bytes]]:
        """The first `size` entries with their indices, as they stand in the bundles."""
        for start in range(0, size, WIDTH):
            count = min(WIDTH, size - start)
            yield from enumerate(self.tiles.leaves(start // WIDTH, count), start)

    def find(self, digest: str) -> list[int]:
        """The entries whose leaf hash or payload is this SHA-256 (hex), in order."""
        size = max(head.size for _, _, head in self.notes())
        found = []
        for index, leaf in self.leaves(size):
            fields = read_leaf(leaf)
            if hash_leaf(leaf).hex() == digest or (fields and fields.payload == digest):
                found.append(index)
        return found


def signed_head(data: bytes, keys: Keyring) -> tuple[Note, Head]:
    """A checkpoint of the log whose keys are given, signed by all that must have; else ValueError.

    Whether the log has that root is not said by this.
    """
    note = read_note(data)
    head = read_head(note)
    needed = [read_key(vkey, LOG) for vkey in keys.vkeys_at(head.size)]
    signed = [signed_by(note, key) for key in needed]
    if head.origin != keys.name or not all(signed):
        by = " and ".join(key.vkey() for key in needed)
        raise ValueError(f"not a checkpoint signed by {by}")
    return note, head
