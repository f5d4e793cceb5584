"""The same made-up newsrooms, read by the desk itself instead of by a perfect reader."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from benchmarks.copying_gold import answers, articles
from benchmarks.copying_score import f1
from trucewatch.origins import behind
from trucewatch.statements import find_statements
from trucewatch.stories import align

if TYPE_CHECKING:
    from benchmarks.newsroom import Corpus, Told
    from trucewatch.model import Statement


def read(corpus: Corpus) -> dict[int, list[Statement]]:
    """For each sentence that gives an answer the statements found in it that say what it says.

    A figure must be the figure, a quotation a quotation; of anything else it is enough that a
    statement was found at all.
    """
    known = articles(corpus)
    found: defaultdict[int, list[Statement]] = defaultdict(list)
    for number, article in known.items():
        found[number] = list(find_statements(article))
    return {k: [s for s in found[t.article] if _says(s, t)] for k, t in enumerate(corpus.told)}


def _says(s: Statement, t: Told) -> bool:
    if not (t.start <= s.core.start and s.core.end <= t.end):
        return False
    if t.value.isdigit():
        return s.quantity is not None and s.quantity.low == float(t.value)
    return t.kind != "quotation" or s.quote is not None


def whole(corpus: Corpus) -> dict[str, float]:
    """Pairs of sentences of one answer and one origin, from the text alone.

    What was not found, and what was not put to one answer, is missed: recall counts it.
    """
    matched = read(corpus)
    known = articles(corpus)
    told = dict(enumerate(corpus.told))
    true = {
        (i, j)
        for group in answers({str(k): t for k, t in told.items()})
        for i, j in combinations(sorted(map(int, group)), 2)
        if told[i].origin == told[j].origin
    }
    of: defaultdict[str, list[int]] = defaultdict(list)
    for k, statements in matched.items():
        for s in statements:
            of[s.id].append(k)
    said: set[tuple[int, int]] = set()
    for event in sorted({a.event for a in corpus.articles}):
        here = [known[a.number] for a in corpus.articles if a.event == event]
        found = {s.id: s for a in here for s in find_statements(a)}
        story = align(here, found.values())
        groups = [a.statements for q in story.questions for a in q.answers]
        for one in behind(groups, statements=found, articles={a.id: a for a in here}):
            for origin in one.origins:
                mine = sorted({k for key in origin.claims for k in of.get(key, ())})
                said |= {(i, j) for i, j in combinations(mine, 2)}
    kinds = Counter(t.kind for t in corpus.told)
    hits = Counter(corpus.told[k].kind for k, found_in in matched.items() if found_in)
    read_pairs = {(i, j) for i, j in true if matched[i] and matched[j]}
    scores = f1(len(said & true), len(said), len(true))
    scores["recall of read"] = len(said & read_pairs) / len(read_pairs)
    return scores | {f"found, {kind}": hits[kind] / n for kind, n in sorted(kinds.items())}
