"""Whether something was made from the first n entries of this very log: by the signed tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    range_root,
    verify_consistency,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucewatch.evidence.log.tiles import Tiles
    from trucewatch.evidence.tlog.notes import Checkpoint


class Prefixes:
    """What the last checkpoint says of the entries below it; `last` gives that checkpoint.

    A cache bears the root of the entries that it was made from. It may lie here from another log,
    or from another past of this one, if a back-up was put back: then its root is not this log's.
    """

    def __init__(self, tiles: Tiles, last: Callable[[], Checkpoint | None]) -> None:
        self._tiles, self._last = tiles, last

    @property
    def size(self) -> int:
        """How many entries are published."""
        last = self._last()
        return last.size if last else 0

    @property
    def signed(self) -> bytes:
        """The root that was signed last; that of no entries before anything was."""
        last = self._last()
        return bytes.fromhex(last.root) if last else EMPTY_ROOT

    def root(self, size: int) -> bytes:
        """The root of the first `size` entries by the tiles; LogDamaged if not published."""
        published = self.size
        if size > published:
            raise LogDamaged(f"{size} entries were never published, only {published}")
        if size == 0:
            return EMPTY_ROOT
        return range_root(0, size, lambda *at: self._tiles.node(published, *at))

    def holds(self, size: int, root: bytes) -> bool:
        """Whether the published log grew out of `size` entries under this root, by a proof."""
        last = self._last()
        if last is None or not 0 <= size <= last.size:
            return False
        try:
            proof = consistency_proof(size, last.size, lambda *at: self._tiles.node(last.size, *at))
        except LogDamaged:
            return False
        return verify_consistency(size, last.size, root, bytes.fromhex(last.root), proof)
