"""Texts that are nearly the same, found by MinHash and locality-sensitive hashing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasketch import MinHash, MinHashLSH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Runs = frozenset[tuple[str, ...]]

NEAR = 0.5
"""The share of all runs of words of two texts that both have, from which they are near-copies.

Texts that journalists wrote apart on one event share 0.002 to 0.035 of their runs of five words.
"""

# 32 bands of two hashes: two texts at `NEAR` are proposed with 0.9999, two that were written apart
# with at most 0.04.
_HASHES, _BANDS = 64, (32, 2)
# Candidates of one text that are looked at; equal ones stand in one bucket, so a few will do.
_MOST = 20


def near_copies(texts: Mapping[int, Runs]) -> Iterator[tuple[int, int]]:
    """Pairs of texts with a Jaccard index of at least `NEAR`, each with the nearest before it.

    The hashes only propose: the index itself is computed from the runs. A forest of pairs, not all
    of them: a text is paired with one that came before it in the order of the keys.
    """
    index = MinHashLSH(num_perm=_HASHES, params=_BANDS)
    for key in sorted(texts):
        runs = texts[key]
        sketch = MinHash(num_perm=_HASHES, seed=1)
        sketch.update_batch([" ".join(run).encode("utf-8", "surrogatepass") for run in runs])
        best = (0.0, -1)
        for other in sorted(index.query(sketch))[:_MOST]:
            both = len(runs & texts[other])
            alike = both / (len(runs) + len(texts[other]) - both)
            best = max(best, (alike, -other))
        if best[0] >= NEAR:
            yield -best[1], key
        index.insert(key, sketch)
