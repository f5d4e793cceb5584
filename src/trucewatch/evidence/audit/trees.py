"""The auditor's own tree: RFC 6962 as it is defined, read from published tiles.

A path is a list of hashes. That of an entry leads from the leaf's sibling to the root. That of
growth shows that a tree of `old` entries is the beginning of one of `new`.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from trucewatch.errors import EvidenceError, LogDamaged, NotFound
from trucewatch.evidence.audit.published import WIDTH, split_bundle, tile_path, tree_root

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EMPTY = hashlib.sha256(b"").digest()
_WIDTHS = frozenset(str(width) for width in range(1, WIDTH))
HASHES = 63
"""No tree of fewer than 2^63 entries has a longer path."""


def join(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _left(size: int) -> int:
    """How many entries the left branch has: the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def climbed(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root to which a leaf hash and its path lead; ValueError where the path has no such form.

    That this is the root that was signed is for the caller to see.
    """
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a tree of {size}")
    sides = []
    while size > 1:
        left = _left(size)
        sides.append(index >= left)
        index, size = (index - left, size - left) if sides[-1] else (index, left)
    if len(sides) != len(path):
        raise ValueError(f"the path has {len(path)} hashes where {len(sides)} are due")
    node = leaf
    for sibling, right in zip(path, reversed(sides), strict=True):
        node = join(sibling, node) if right else join(node, sibling)
    return node


def grown(old: int, new: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Roots of the first `old` entries and of all `new`, as a path of growth makes them.

    0 < old < new. The path is that of RFC 6962, 2.1.2, with the first hash always written out,
    also where the old tree is whole in the new and RFC 6962 leaves it away. ValueError for a path
    of another length.
    """
    if not 0 < old < new:
        raise ValueError("a path of growth leads from a smaller tree to a larger one")
    sides = []
    while old != new:
        left = _left(new)
        sides.append(old > left)
        old, new = (old - left, new - left) if sides[-1] else (old, left)
    if len(path) != len(sides) + 1:
        raise ValueError(f"the path has {len(path)} hashes where {len(sides) + 1} are due")
    before = after = path[0]
    for sibling, right in zip(path[1:], reversed(sides), strict=True):
        if right:
            before, after = join(sibling, before), join(sibling, after)
        else:
            after = join(after, sibling)
    return before, after


def check_growth(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> str:
    """Why `path`, as RFC 6962, 2.1.2 has it, does not show growth; empty where it does.

    From no entries and between equal sizes the path is empty, and where the old tree is whole in
    the new one its root is not written out.
    """
    if not 0 <= old <= new:
        return "a log only grows"
    if any(len(one) != 32 for one in (old_root, new_root, *path)):
        return "a hash has not 32 bytes"
    if old in {0, new}:
        expected = new_root if old == new else EMPTY
        if path or (new == 0 and new_root != EMPTY):
            return "between these sizes the path is empty, and no entries have one root only"
        return "" if old_root == expected else f"the first {old} entries have another root"
    try:
        before, after = grown(old, new, path if old & (old - 1) else (old_root, *path))
    except ValueError as error:
        return str(error)
    if after != new_root:
        return f"the path does not lead to the root at {new}"
    return "" if before == old_root else f"the first {old} entries have another root"


class Tiles:
    """The tiles of a published log, or of a copy of one: a folder that holds `tile/`.

    Nothing read here is believed: every caller holds what it makes of it against a signed root.
    A tile that is missing or too short is LogDamaged, which names its path.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[str, int], bytes] = {}

    def leaves(self, number: int, count: int) -> list[bytes]:
        """The first `count` entries of a bundle."""
        try:
            found = split_bundle(self._bytes("entries", number, count))
        except ValueError as error:
            raise LogDamaged(f"tile/{tile_path('entries', number, count)}: {error}") from error
        if len(found) < count:
            raise LogDamaged(
                f"tile/{tile_path('entries', number, count)} has not its {count} entries"
            )
        return found[:count]

    def hashes(self, level: int, number: int, count: int) -> list[bytes]:
        """The first `count` hashes of a tile."""
        data = self._bytes(str(level), number, count)
        if len(data) < 32 * count or len(data) % 32:
            raise LogDamaged(
                f"tile/{tile_path(str(level), number, count)} has not its {count} hashes"
            )
        return [data[at : at + 32] for at in range(0, 32 * count, 32)]

    def _bytes(self, level: str, number: int, count: int) -> bytes:
        """A tile that serves `count` items: the full one, or the shortest that is long enough."""
        held = self._read.get((level, number), b"")
        if level != "entries" and len(held) >= 32 * count:
            return held
        full = self._folder / "tile" / tile_path(level, number, WIDTH)
        partial = full.with_name(f"{full.name}.p")
        try:
            names = [path.name for path in partial.iterdir()] if partial.is_dir() else []
            widths = sorted(int(name) for name in names if name in _WIDTHS)
            for path in (full, *(partial / str(width) for width in widths if width >= count)):
                if path.is_file():
                    data = path.read_bytes()
                    if level != "entries":
                        self._read[level, number] = data
                    return data
        except OSError as error:
            raise EvidenceError(f"the log cannot be read: {error}") from error
        raise LogDamaged(
            f"tile/{tile_path(level, number, WIDTH)} has not {count} items, or is missing"
        )

    def root(self, start: int, stop: int) -> bytes:
        """The root over the entries [start, stop), where a subtree may begin at `start`."""
        count = stop - start
        if count == 0:
            return EMPTY
        if count & (count - 1) == 0 and start % count == 0:
            level, first, wide = 0, start, count
            while wide >= WIDTH:
                level, first, wide = level + 1, first // WIDTH, wide // WIDTH
            number, offset = divmod(first, WIDTH)
            return tree_root(self.hashes(level, number, offset + wide)[offset:])
        middle = start + _left(count)
        return join(self.root(start, middle), self.root(middle, stop))

    def path(self, index: int, size: int) -> list[bytes]:
        """The path of an entry in the tree of the first `size`; NotFound outside of it."""
        if not 0 <= index < size:
            raise NotFound(f"the log has {size} entries: there is no entry {index} among them")
        start, stop, found = 0, size, []
        while stop - start > 1:
            middle = start + _left(stop - start)
            if index < middle:
                found.append(self.root(middle, stop))
                stop = middle
            else:
                found.append(self.root(start, middle))
                start = middle
        return found[::-1]

    def growth(self, old: int, new: int) -> list[bytes]:
        """The path of growth as `grown` reads it, for 0 < old < new."""
        start, stop, found = 0, new, []
        while stop != old:
            middle = start + _left(stop - start)
            if old <= middle:
                found.append(self.root(middle, stop))
                stop = middle
            else:
                found.append(self.root(start, middle))
                start = middle
        return [self.root(start, stop), *found[::-1]]

    def prove_growth(self, old: int, new: int) -> list[bytes]:
        """The path of growth as `check_growth` reads it; NotFound unless 0 <= old <= new."""
        if not 0 <= old <= new:
            raise NotFound("a log only grows")
        if old in {0, new}:
            return []
        path = self.growth(old, new)
        return path if old & (old - 1) else path[1:]
