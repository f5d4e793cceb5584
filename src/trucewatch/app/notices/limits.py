"""How much a caller may send: a body of so many bytes, so many calls in so long."""

from __future__ import annotations

from collections import defaultdict, deque
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

LARGEST_BODY = 256 * 1024
CALLERS_KEPT = 1_000


class Rate:
    """At most so many calls of one caller in so many seconds; `clock` counts seconds."""

    def __init__(self, most: int, seconds: float, *, clock: Callable[[], float]) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def call(self, caller: str) -> int:
        """Count one call and give 0; where it is one too many, the seconds to wait."""
        with self._lock:
            calls = self._recent(caller)
            if len(calls) >= self._most:
                return max(1, round(self._seconds - (self._clock() - calls[0]) + 0.5))
            calls.append(self._clock())
            # Who calls under ever new names fills no memory: the oldest callers are forgotten.
            while len(self._calls) > CALLERS_KEPT:
                del self._calls[next(iter(self._calls))]
            return 0

    def _recent(self, caller: str) -> deque[float]:
        calls = self._calls[caller]
        while calls and self._clock() - calls[0] >= self._seconds:
            calls.popleft()
        return calls


async def bounded(stream: AsyncIterator[bytes]) -> bytes | None:
    """The body, or None as soon as it is too large, whatever length was announced."""
    parts, size = [], 0
    async for part in stream:
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)
