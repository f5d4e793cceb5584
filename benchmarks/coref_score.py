"""Scores of clusters of mentions as CoNLL 2012 counts them: MUC, B-cubed, entity-CEAF.

Clusters are given as a label a mention; both sides hold the same mentions (gold mentions).
MUC after Vilain et al. 1995, B-cubed after Bagga and Baldwin 1998, CEAF with phi-4 after Luo 2005.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


class Score(NamedTuple):
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def clusters(labels: Mapping[str, Hashable]) -> list[frozenset[str]]:
    """The sets of mentions that bear one label, in the order of their least mention."""
    found: defaultdict[Hashable, set[str]] = defaultdict(set)
    for mention, label in labels.items():
        found[label].add(mention)
    return sorted(map(frozenset, found.values()), key=min)


def muc(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Score:
    """Links kept over links there are; what stands alone has no links and does not count."""

    def share(ones: Mapping[str, Hashable], others: Mapping[str, Hashable]) -> float:
        links = kept = 0
        for cluster in clusters(ones):
            links += len(cluster) - 1
            kept += len(cluster) - len({others[mention] for mention in cluster})
        return kept / links if links else 0.0

    return Score(share(found, truth), share(truth, found))


def b_cubed(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Score:
    """The mean over the mentions of the share of its cluster that is right, either way."""
    both: defaultdict[tuple[Hashable, Hashable], int] = defaultdict(int)
    of_truth: defaultdict[Hashable, int] = defaultdict(int)
    of_found: defaultdict[Hashable, int] = defaultdict(int)
    for mention in truth:
        both[truth[mention], found[mention]] += 1
        of_truth[truth[mention]] += 1
        of_found[found[mention]] += 1
    n = len(truth)
    precision = sum(k * k / of_found[f] for (_, f), k in both.items()) / n
    recall = sum(k * k / of_truth[t] for (t, _), k in both.items()) / n
    return Score(precision, recall)


def ceaf_e(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Score:
    """The best one-to-one match of clusters, each pair worth 2 |both| / (|one| + |other|)."""
    ones, others = clusters(truth), clusters(found)
    worth = np.zeros((len(ones), len(others)))
    at = {mention: j for j, cluster in enumerate(others) for mention in cluster}
    for i, one in enumerate(ones):
        for j in {at[mention] for mention in one}:
            worth[i, j] = 2 * len(one & others[j]) / (len(one) + len(others[j]))
    rows, columns = linear_sum_assignment(worth, maximize=True)
    total = float(worth[rows, columns].sum())
    return Score(total / len(others), total / len(ones))


def conll(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> float:
    """The mean of the three F1, as the CoNLL task ranked by."""
    return sum(s(truth, found).f1 for s in (muc, b_cubed, ceaf_e)) / 3
