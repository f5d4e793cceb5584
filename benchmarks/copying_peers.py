"""Simpler ways to find copies: equal texts, MinHash alone, cosine of weighted words."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash

from trucewatch.language import shingles, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.newsroom import Corpus

Pair = tuple[int, int]


def exact(corpus: Corpus) -> dict[Pair, float]:
    """1 for equal words, title and all."""
    plain = [words(a.text) for a in corpus.articles]
    return {(i, j): 1.0 for i, j in combinations(range(len(plain)), 2) if plain[i] == plain[j]}


def minhash(corpus: Corpus) -> dict[Pair, float]:
    """The Jaccard index of runs of five words, estimated by 128 permutations."""
    sketches = []
    for a in corpus.articles:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([" ".join(run).encode() for run in shingles(a.text)])
        sketches.append(sketch)
    return {
        (i, j): float(sketches[i].jaccard(sketches[j]))
        for i, j in combinations(range(len(sketches)), 2)
    }


def cosine(corpus: Corpus) -> dict[Pair, float]:
    """Words weighted by term frequency and inverse document frequency over the corpus."""
    counts = [Counter(words(a.text)) for a in corpus.articles]
    held = Counter(w for c in counts for w in c)
    at = {w: k for k, w in enumerate(sorted(held))}
    rows = np.zeros((len(counts), len(at)))
    for i, c in enumerate(counts):
        for w, n in c.items():
            rows[i, at[w]] = (1 + math.log(n)) * (math.log(len(counts) / held[w]) + 1)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    table = rows @ rows.T
    return {(i, j): float(table[i, j]) for i, j in combinations(range(len(counts)), 2)}


PEERS: dict[str, Callable[[Corpus], dict[Pair, float]]] = {
    "equal text": exact, "MinHash alone": minhash, "TF-IDF cosine": cosine,
}  # fmt: skip


def clusters(n: int, pairs: Iterable[Pair]) -> list[int]:
    """The number of the cluster of each of n things under the pairs."""
    root = list(range(n))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for i, j in pairs:
        root[find(i)] = find(j)
    return [find(i) for i in range(n)]
