"""Work shared out among threads; what each writes is its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def share_out(
    work: Callable[[int, int], None], jobs: Sequence[tuple[int, int]], threads: int
) -> None:
    """Do every job, by one thread or several; the first error is raised."""
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, *zip(*jobs, strict=True)) if jobs else ())
        return
    for lo, hi in jobs:
        work(lo, hi)


def even(n: int, size: int = 65_536) -> list[tuple[int, int]]:
    """Runs of `size` from 0 to n."""
    return [(lo, min(lo + size, n)) for lo in range(0, n, size)]
