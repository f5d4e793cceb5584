"""C2SP tlog-tiles: where tiles lie, how they are built from leaves, and how they are read.

`tile/<L>/<N>` holds 256 hashes of level 8 L, `tile/entries/<N>` the leaves themselves; `.p/W`
marks a tile that has only W so far.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.log.storage import Disk, make_folders, parent, place
from trucewatch.evidence.tlog.merkle import HASH_SIZE, Frontier, leaf_hash, perfect_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 256
HEIGHT = 8


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """The path of a tile; `level` is "entries" for an entry bundle."""
    digits = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        digits = f"x{number % 1000:03}/{digits}"
    return f"tile/{level}/{digits}" + ("" if width == WIDTH else f".p/{width}")


def encode_bundle(leaves: Sequence[bytes]) -> bytes:
    """Leaves one after another, each with its length in two bytes, big end first."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def decode_bundle(data: bytes) -> list[bytes]:
    """The leaves of a bundle; LogDamaged where it ends within one."""
    leaves = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise LogDamaged("an entry bundle ends in the middle of an entry")
        leaves.append(data[start:at])
    return leaves


class Tiles:
    """The published tiles of one log."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folders: set[str] = set()

    def read(self, level: int, number: int, width: int) -> list[bytes]:
        """The first `width` hashes of a tile; LogDamaged where they are absent.

        A partial tile may give way to the full one at any time; that is read in its place.
        """
        data = self._bytes(level, number, width)
        if len(data) % HASH_SIZE or len(data) < width * HASH_SIZE:
            raise LogDamaged(f"{tile_path(level, number, width)} has not its {width} hashes")
        return [data[i : i + HASH_SIZE] for i in range(0, width * HASH_SIZE, HASH_SIZE)]

    def read_bundle(self, number: int, width: int) -> list[bytes]:
        """The first `width` leaves of an entry bundle; LogDamaged where they are absent."""
        leaves = decode_bundle(self._bytes("entries", number, width))
        if len(leaves) < width:
            raise LogDamaged(f"{tile_path('entries', number, width)} has not its {width} entries")
        return leaves[:width]

    def _bytes(self, level: int | str, number: int, width: int) -> bytes:
        for path in (tile_path(level, number, width), tile_path(level, number)):
            try:
                return self._disk.read(path)
            except FileNotFoundError:
                continue
        raise LogDamaged(f"{tile_path(level, number, width)} is missing")

    def node(self, size: int, level: int, index: int) -> bytes:
        """The root of a complete subtree (see merkle) of the tree of `size` leaves."""
        row, height = divmod(level, HEIGHT)
        first = index << height
        number, offset = divmod(first, WIDTH)
        width = min(WIDTH, (size >> (HEIGHT * row)) - number * WIDTH)
        return perfect_root(self.read(row, number, width)[offset : offset + (1 << height)])

    def frontier(self, size: int) -> Frontier:
        """The frontier of the published tree of `size` leaves: a few tiles, whatever the size."""
        return _frontier(size, self._edge(size))

    def _edge(self, size: int) -> list[list[bytes]]:
        """The hashes of each row's last tile where that is partial, none where it is not."""
        edge: list[list[bytes]] = []
        while size:
            number, width = divmod(size, WIDTH)
            edge.append(self.read(len(edge), number, width) if width else [])
            size = number
        return edge

    def root(self, size: int) -> bytes:
        """The root of the published tree; recomputed from its tiles' right edge."""
        return self.frontier(size).root()

    def publish(self, old: int, leaves: Sequence[bytes], signed: bytes) -> int:
        """Write, sync and read back the tiles that grow the tree from `old`; return the new size.

        `leaves` begin with those of the last, partial bundle: at entry `old // 256 * 256`, and
        `signed` is the root of the tree so far. A tile that a crash left behind must be what would
        be written now (LogDamaged otherwise).
        """
        # What is read here goes into the rows above, and would be wrong there for good.
        edge = self._edge(old)
        if _frontier(old, edge).root() != signed:
            raise LogDamaged(
                f"the tiles of size {old} read back otherwise than signed; nothing was built"
            )
        base = old - old % WIDTH
        size = base + len(leaves)
        paths: list[str] = []
        for number, part in _parts(base, leaves):
            path = tile_path("entries", number, len(part))
            self._put(path, encode_bundle(part))
            if self.read_bundle(number, len(part)) != list(part):
                raise LogDamaged(f"{path} reads back otherwise than written")
            paths.append(path)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        for row in range(max(1, (size.bit_length() + HEIGHT - 1) // HEIGHT)):
            before, count = old >> (HEIGHT * row), size >> (HEIGHT * row)
            if count == before:
                break
            base = before - before % WIDTH
            if row and base < before:
                hashes = edge[row] + hashes
            above = []
            for number, part in _parts(base, hashes):
                path = tile_path(row, number, len(part))
                self._put(path, b"".join(part))
                back = self.read(row, number, len(part))
                # Before the row above is made of it, which would then be wrong on the disk too.
                if back != list(part):
                    raise LogDamaged(f"{path} reads back otherwise than written")
                paths.append(path)
                if len(back) == WIDTH:
                    above.append(perfect_root(back))
            hashes = above
        for folder in sorted({parent(path) for path in paths}):
            self._disk.sync_folder(folder)
        return size

    def _put(self, path: str, data: bytes) -> None:
        try:
            found = self._disk.read(path)
        except FileNotFoundError:
            folder = parent(path)
            if folder not in self._folders:
                make_folders(self._disk, folder, private=False)
                self._folders.add(folder)
            place(self._disk, path, data, private=False)
        else:
            if found != data:
                raise LogDamaged(f"{path} holds something else than the journal")
            self._disk.sync_file(path)

    def prune(self, old: int, size: int) -> None:
        """Remove partial tiles whose full tile the signed tree of `size` holds (tlog-tiles)."""
        for level in ("entries", *range(HEIGHT)):
            row = 0 if level == "entries" else int(level)
            first, full = (old >> HEIGHT * row) // WIDTH, (size >> HEIGHT * row) // WIDTH
            for number in range(first, full):
                folder = parent(tile_path(level, number, 1))
                for name in self._disk.names(folder):
                    self._disk.remove(f"{folder}/{name}")


def _frontier(size: int, edge: Sequence[Sequence[bytes]]) -> Frontier:
    """The frontier of a tree, from the partial tiles of its rows, the lowest row first."""
    roots = []
    for hashes in reversed(edge):
        start = 0
        for level in reversed(range(HEIGHT)):
            if len(hashes) >> level & 1:
                roots.append(perfect_root(hashes[start : start + (1 << level)]))
                start += 1 << level
    return Frontier(size, roots)


def _parts(base: int, items: Sequence[bytes]) -> Iterator[tuple[int, Sequence[bytes]]]:
    """Cut what begins at a multiple of 256 into tiles: number and content."""
    for start in range(0, len(items), WIDTH):
        yield (base + start) // WIDTH, items[start : start + WIDTH]
