"""What the quick reading finds in a run of the log, and how such parts are put together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.evidence.audit.records import Chain


class Amiss(Exception):
    """Something does not hold: the slow reading finds out what, and says it."""


@dataclass(slots=True)
class Part:
    """What a run of segments comes to; all that its neighbours must agree with.

    `hashes` are those of its leaves, one after another, `roots` those of the full bundles that
    begin in it. `sources` has for each commitment the first number and previous hash (hex, empty
    for none) and what must come next. `clock` and `received` are the first entry's times, `last`
    the last one's.
    """

    first: int
    count: int = 0
    hashes: bytes = b""
    roots: bytes = b""
    kinds: Counter[bytes] = field(default_factory=Counter)
    clock: int = 0
    received: int = 0
    last: int | None = None
    sources: dict[bytes, tuple[int, bytes, int, bytes]] = field(default_factory=dict)
    names: dict[bytes, bytes] = field(default_factory=dict)
    lengths: dict[bytes, int] = field(default_factory=dict)
    marked: list[tuple[int, bytes, bytes, bytes]] = field(default_factory=list)


class Joint:
    """Parts put together in the order of the log; Amiss where one does not follow the last."""

    def __init__(self, chain: Chain, size: int) -> None:
        """`size` is that of the published log."""
        self._chain = chain
        self._size = size
        self.count = 0
        self._last: int | None = None
        self._sources: dict[bytes, tuple[int, bytes]] = {}
        self._names: dict[bytes, bytes] = {}

    def add(self, part: Part) -> None:
        """Take in the next part."""
        due = part.clock if self._last is None else max(part.clock, self._last)
        if part.first != self.count or part.received != due:
            raise Amiss
        self.count, self._last = part.first + part.count, part.last
        for source, (number, previous, following, leaf) in part.sources.items():
            if self._sources.get(source, (0, b"")) != (number, previous):
                raise Amiss
            self._sources[source] = (following, leaf)
        for name, commitment in part.names.items():
            if self._names.setdefault(name, commitment) != commitment:
                raise Amiss
        for payload, length in part.lengths.items():
            if self._chain.lengths.setdefault(payload, length) != length:
                raise Amiss
        for kind, count in part.kinds.items():
            word = kind.decode()
            self._chain.kinds[word] = self._chain.kinds.get(word, 0) + count
        for index, leaf, kind, payload in part.marked:
            published = index < self._size
            self._chain.mark(kind.decode(), index, leaf, payload, published=published)
