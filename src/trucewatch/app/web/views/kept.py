"""What was worked out once and may be asked again, within bounds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

MOST_BYTES = 32 * 2**20
"""For answers, and once more for lists of records, of each view that is open."""
T = TypeVar("T")


class Kept:
    """Answers and lists of one view; what was asked longest ago is forgotten first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._answers: _Bounded[bytes] = _Bounded(most, len)
        self._rows: _Bounded[NDArray[np.int64]] = _Bounded(most, lambda rows: rows.nbytes)

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Bytes by key; two who ask at once may both make them, which does no harm."""
        return self._answers.get(key, make)

    def rows(self, key: Hashable, make: Callable[[], NDArray[np.int64]]) -> NDArray[np.int64]:
        """A list of records by key."""
        return self._rows.get(key, make)


class _Bounded(OrderedDict[object, T]):
    def __init__(self, most: int, size_of: Callable[[T], int]) -> None:
        super().__init__()
        self._most, self._size_of, self._taken = most, size_of, 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:  # type: ignore[override] # it makes
        with self._lock:
            if key in self:
                self.move_to_end(key)
                return self[key]
        made = make()
        with self._lock:
            size = self._size(key, made)
            if key not in self and size <= self._most // 4:
                self[key] = made
                self._taken += size
                while self._taken > self._most:
                    self._taken -= self._size(*self.popitem(last=False))
        return made

    def _size(self, key: Hashable, made: T) -> int:
        # A caller makes the key, and may make it long where the answer is short.
        return self._size_of(made) + len(repr(key)) + 200
