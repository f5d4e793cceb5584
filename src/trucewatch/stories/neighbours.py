"""Which articles are worth comparing, found without comparing all with all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from trucewatch.stories.bunches import unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# A trait of more articles than this leads from each only to those next to it in time.
COMMON = 100
# The nearest articles that each is compared with at first; groups inherit their members'.
NEAREST = 25
# Rows multiplied at once: what bounds the memory.
SLAB = 512


def neighbours(
    found: Sequence[tuple[str, ...]], shares: Mapping[str, float], order: Sequence[int]
) -> list[frozenset[int]]:
    """The NEAREST articles of each by the cosine of their traits, by -log(share), and bridges.

    `found` are the traits of each article, `order` the articles in order of time. The time taken
    grows with the articles and not with their square, whatever they hold: a trait of many leads
    to no more than COMMON of them.
    """
    weights = [unit(own, shares) for own in found]
    n = len(weights)
    matrix, bridges = _matrix(weights, order)
    other = matrix.T.tocsr()
    of: list[set[int]] = [set() for _ in range(n)]
    for start in range(0, n, SLAB):
        product = (matrix[start : start + SLAB] @ other).tocsr()
        product.sort_indices()
        for row in range(product.shape[0]):
            i = start + row
            ends = slice(product.indptr[row], product.indptr[row + 1])
            columns, likeness = product.indices[ends], product.data[ends]
            likeness = np.where(columns == i, -1.0, likeness)
            # Stable, so that ties go to the lower id. Rounded, so that nothing hangs on the last
            # bit of a sum.
            best = np.argsort(-np.round(likeness, 9), kind="stable")[:NEAREST]
            for j in columns[best].tolist():
                if j != i:
                    of[i].add(j)
                    of[j].add(i)
    for i, j in bridges:
        of[i].add(j)
        of[j].add(i)
    return [frozenset(others) for others in of]


def _matrix(
    weights: Sequence[Mapping[str, float]], order: Sequence[int]
) -> tuple[csr_matrix, set[tuple[int, int]]]:
    """Articles by traits; a trait of many stands as one column for each stretch of the order.

    With them the pairs that bridge from stretch to stretch: those that share two stretches are the
    nearest, so that of many copies each stretch would be a story of its own.
    """
    posts: dict[str, list[int]] = {}
    for i in order:
        for trait in weights[i]:
            posts.setdefault(trait, []).append(i)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    bridges: set[tuple[int, int]] = set()
    column = 0
    for trait, post in sorted(posts.items()):
        if len(post) == 1:
            continue
        half = COMMON // 2
        # Stretches overlap by half, so that next to one another always meet in one.
        starts = range(0, max(1, len(post) - half), half)
        for start in starts:
            if start:
                bridges.add((post[start - 1], post[start]))
            stretch = post[start : start + COMMON]
            rows += stretch
            columns += [column] * len(stretch)
            values += [weights[i][trait] for i in stretch]
            column += 1
    matrix = csr_matrix((values, (rows, columns)), shape=(len(weights), column))
    return matrix, bridges
