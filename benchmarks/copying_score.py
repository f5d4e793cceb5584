"""Scores of copy detection and of origins, as pairs and as B-cubed."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.newsroom import KINDS, Corpus, Told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


def documents(corpus: Corpus, found: Iterable[tuple[int, int]]) -> dict[str, float]:
    """Precision, recall and F1 of pairs that come from one text; recall by kind of copying.

    Only pairs on one event count, for every method: the desk asks story by story.
    """
    event = [a.event for a in corpus.articles]
    kind = {
        (a.number, b.number): max(_grade(a.how), _grade(b.how))
        for a, b in combinations(corpus.articles, 2)
        if a.root == b.root
    }
    pairs = {(min(p), max(p)) for p in found if event[p[0]] == event[p[1]]}
    right = pairs & kind.keys()
    scores = f1(len(right), len(pairs), len(kind))
    per, hit = Counter(kind.values()), Counter(kind[p] for p in right)
    return scores | {f"recall, {name}": hit[k] / per[k] for k, name in enumerate(KINDS) if per[k]}


def _grade(how: str) -> int:
    return KINDS.index(how) if how in KINDS else 0


def claims(
    truth: Mapping[str, Told],
    groups: Iterable[tuple[str, ...]],
    same: Callable[[str, str], bool],
    number: Callable[[tuple[str, ...]], float],
) -> dict[str, float]:
    """F1 of pairs of one answer that are one origin, B-cubed, and how far the number is off.

    "shared" is the recall of pairs of one origin in articles that have not one root (two newsrooms
    print one official), "apart" the share of pairs of two origins that are told apart.
    """
    right = said = true = 0
    shared, apart = [], []
    precision = recall = off = 0.0
    size = count = 0
    for group in groups:
        table = {(i, j): same(i, j) for i, j in combinations(group, 2)}
        real = {(i, j): truth[i].origin == truth[j].origin for i, j in table}
        right += sum(table[p] and real[p] for p in table)
        said += sum(table.values())
        true += sum(real.values())
        shared += [table[p] for p in table if real[p] and truth[p[0]].root != truth[p[1]].root]
        apart += [not table[p] for p in table if not real[p]]
        for i in group:
            mine = [p for p in table if i in p and table[p]]
            its = [p for p in table if i in p and real[p]]
            both = 1 + sum(real[p] for p in mine)
            precision += both / (1 + len(mine))
            recall += both / (1 + len(its))
            size += 1
        off += abs(number(group) - len({truth[i].origin for i in group}))
        count += 1
    b_p, b_r = precision / size, recall / size
    return f1(right, said, true) | {
        "b3": 2 * b_p * b_r / (b_p + b_r), "off": off / count,
        "shared": sum(shared) / len(shared) if shared else 1.0,
        "apart": sum(apart) / len(apart) if apart else 1.0,
    }  # fmt: skip


def f1(right: int, said: int, true: int) -> dict[str, float]:
    """Precision, recall and F1 of what was said, of which so many are right."""
    precision, recall = right / said if said else 0.0, right / true if true else 0.0
    total = precision + recall
    return {
        "precision": precision, "recall": recall,
        "f1": 2 * precision * recall / total if total else 0.0,
    }  # fmt: skip
