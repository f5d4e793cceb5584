"""Articles of one event and mentions of one event, on ECB+ (development part), beside baselines.

`python -m benchmarks.coreference [--page docs/benchmarks.md]`. Whatever was chosen (ours and the
thresholds of the baselines) was chosen on the topics of `ecb.TUNED_ON`; the others are the figure.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash
from scipy.cluster.hierarchy import fcluster, linkage

from benchmarks import ecb
from benchmarks.coref_score import b_cubed, ceaf_e, conll, muc
from benchmarks.sections import write_section
from benchmarks.worlds import generator
from trucewatch.language import root, words
from trucewatch.stories import group, one_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from benchmarks.ecb import Corpus

    Stories = Sequence[Sequence[str]]
    Labels = Mapping[str, int]
    Joiner = Callable[[Corpus, Stories], Labels]

GRID = tuple(i / 20 for i in range(1, 20))
PERMUTATIONS = 128
LEMMA, MINHASH, BOTH, OURS = "same lemma", "MinHash of the sentence", "both", "ours"
NAMES = {
    LEMMA: "same root of the head words",
    MINHASH: "MinHash of the sentences alone",
    BOTH: "same root and MinHash of the sentences",
    OURS: "**ours**",
}
PARTS = ("scored", "tuned on", "all")


def part(corpus: Corpus, name: str) -> Corpus:
    """The topics of one row of the tables."""
    if name == "scored":
        return corpus.scored()
    return corpus.tuned_on() if name == "tuned on" else corpus


def labels(clusters: Iterable[Iterable[str]]) -> dict[str, int]:
    return {member: i for i, cluster in enumerate(clusters) for member in cluster}


# Articles.


def truth_of_articles(corpus: Corpus) -> list[list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for document, event in sorted(corpus.events.items()):
        found[event].append(document)
    return [found[event] for event in sorted(found)]


def ours_of_articles(corpus: Corpus) -> Stories:
    return group(corpus.articles.values(), [])


def tf_idf(corpus: Corpus, threshold: float) -> Stories:
    """Average linkage of cosines of plain TF-IDF, cut where the mean falls below the threshold."""
    ids = sorted(corpus.articles)
    counts = [Counter(words(corpus.articles[key].text)) for key in ids]
    seen = Counter(word for count in counts for word in count)
    column = {word: i for i, word in enumerate(sorted(seen))}
    matrix = np.zeros((len(ids), len(column)))
    for row, count in enumerate(counts):
        for word, n in count.items():
            matrix[row, column[word]] = (1 + math.log(n)) * math.log(len(ids) / seen[word])
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    rows, columns = np.triu_indices(len(ids), 1)
    distances = np.clip(1 - (matrix @ matrix.T)[rows, columns], 0.0, 1.0)
    cut = fcluster(linkage(distances, "average"), 1 - threshold, "distance")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for key, number in zip(ids, cut.tolist(), strict=True):
        found[number].append(key)
    return list(found.values())


def articles(corpus: Corpus) -> dict[str, dict[str, tuple[float, float, float]]]:
    """B-cubed of the articles by part and method; all are grouped at once, whatever the part."""
    tuned = corpus.tuned_on()

    def on_tuned(threshold: float) -> float:
        return b_cubed(tuned.events, labels(tf_idf(corpus, threshold))).f1

    best = max(GRID, key=lambda threshold: (on_tuned(threshold), threshold))
    methods = {
        f"TF-IDF, average linkage, cosine above {best:.2f}": labels(tf_idf(corpus, best)),
        "one story a topic, given the topics": {
            document: int(ecb.topic(document)) for document in corpus.events
        },
        OURS: labels(ours_of_articles(corpus)),
    }
    out: dict[str, dict[str, tuple[float, float, float]]] = {}
    for name in PARTS:
        some = part(corpus, name)
        out[name] = {}
        for method, found in methods.items():
            score = b_cubed(some.events, found)
            out[name][method] = (score.precision, score.recall, score.f1)
    return out


# Mentions.


def by_lemma(corpus: Corpus, stories: Stories) -> Labels:
    """The strong baseline: in one story, the same roots of the head words are one event."""
    of = labels(stories)
    number: dict[tuple[int, str], int] = {}
    return {
        key: number.setdefault((of[m.article], _lemma(corpus, key)), len(number))
        for key, m in corpus.mentions.items()
    }


def _lemma(corpus: Corpus, key: str) -> str:
    mention = corpus.mentions[key]
    return " ".join(root(mention.words[i].lower()) for i in mention.heads)


def by_minhash(
    corpus: Corpus, stories: Stories, threshold: float, *, lemma: bool = False
) -> Labels:
    """In one story, mentions in sentences whose estimated Jaccard is at least the threshold."""
    of = labels(stories)
    sketches = {key: _sketch(m.words) for key, m in corpus.mentions.items()}
    label = {key: i for i, key in enumerate(sorted(corpus.mentions))}
    told: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for key, mention in sorted(corpus.mentions.items()):
        told[of[mention.article], _lemma(corpus, key) if lemma else ""].append(key)
    for keys in told.values():
        for one, other in combinations(keys, 2):
            if label[one] != label[other] and sketches[one].jaccard(sketches[other]) >= threshold:
                old, new = label[one], label[other]
                label |= {key: new for key in keys if label[key] == old}
    return label


_SKETCHES: dict[tuple[str, ...], MinHash] = {}


def _sketch(sentence: tuple[str, ...]) -> MinHash:
    if sentence not in _SKETCHES:
        sketch = MinHash(num_perm=PERMUTATIONS)
        for word in sentence:
            sketch.update(word.lower().encode())
        _SKETCHES[sentence] = sketch
    return _SKETCHES[sentence]


def ours(corpus: Corpus, stories: Stories) -> Labels:
    return labels(one_event(corpus.mentions.values(), stories))


def joiners(corpus: Corpus) -> dict[str, Joiner]:
    """The methods, the thresholds of MinHash chosen on the tuned half with the true stories."""
    tuned = corpus.tuned_on()
    given = truth_of_articles(tuned)

    def best(lemma: bool) -> float:
        def on_tuned(threshold: float) -> tuple[float, float]:
            found = by_minhash(tuned, given, threshold, lemma=lemma)
            return conll(tuned.chains, found), threshold

        return max(GRID, key=on_tuned)

    alone, both = best(lemma=False), best(lemma=True)
    return {
        LEMMA: by_lemma,
        MINHASH: lambda c, s: by_minhash(c, s, alone),
        BOTH: lambda c, s: by_minhash(c, s, both, lemma=True),
        OURS: ours,
    }


Row = tuple[float, ...]


def mentions(corpus: Corpus) -> dict[tuple[str, str], dict[str, Row]]:
    """By part and by whose stories: MUC and B-cubed (P, R, F1), CEAF-e F1 and the CoNLL mean."""
    methods = joiners(corpus)
    out: dict[tuple[str, str], dict[str, Row]] = {}
    for whose, stories in (
        ("true stories", truth_of_articles(corpus)),
        ("our stories", ours_of_articles(corpus)),
    ):
        for name in PARTS:
            some = part(corpus, name)
            out[name, whose] = {}
            for method, join in methods.items():
                found = join(some, stories)
                m, b = muc(some.chains, found), b_cubed(some.chains, found)
                out[name, whose][method] = (
                    *m, m.f1, *b, b.f1, ceaf_e(some.chains, found).f1, conll(some.chains, found),
                )  # fmt: skip
    return out


def scores(data: Path) -> dict[str, float]:
    """What the floors hold of the mentions; raises FileNotFoundError where the data are absent."""
    found = mentions(ecb.read(data))
    out = {}
    for whose in ("true stories", "our stories"):
        row = found["scored", whose]
        out[f"conll, {whose}"] = row[OURS][7]
        out[f"muc, {whose}"] = row[OURS][2]
        out[f"b3, {whose}"] = row[OURS][5]
        out[f"conll above the lemma, {whose}"] = row[OURS][7] - row[LEMMA][7]
    return out


def scores_of_articles(data: Path) -> dict[str, float]:
    """What the floors hold of the grouping."""
    found = articles(ecb.read(data))["scored"]
    others = [row[2] for method, row in found.items() if method != OURS]
    precision, recall, f1 = found[OURS]
    return {
        "b3": f1,
        "b3 precision": precision,
        "b3 recall": recall,
        "b3 above the best other": f1 - max(others),
    }


def table_of_articles(corpus: Corpus) -> list[str]:
    out = ["| topics | method | B³ precision | B³ recall | B³ F1 |", "|---|---|---|---|---|"]
    for name, methods in articles(corpus).items():
        for method, row in methods.items():
            cells = " | ".join(f"{value:.3f}" for value in row)
            out.append(f"| {name} | {NAMES.get(method, method)} | {cells} |")
    return out


def table_of_mentions(corpus: Corpus) -> list[str]:
    head = "topics | stories | method | MUC P | R | F1 | B³ P | R | F1 | CEAF-e F1 | CoNLL"
    out = [f"| {head} |", "|---" * 11 + "|"]
    for (name, whose), methods in mentions(corpus).items():
        for method, row in methods.items():
            cells = " | ".join(f"{value:.3f}" for value in row)
            out.append(f"| {name} | {whose} | {NAMES[method]} | {cells} |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=generator().parents[1] / "data")
    parser.add_argument("--page", type=Path, help="write the tables into this page")
    args = parser.parse_args()
    corpus = ecb.read(args.data)
    for name, lines in (
        ("grouping", table_of_articles(corpus)),
        ("coreference", table_of_mentions(corpus)),
    ):
        print("\n".join(lines))
        if args.page:
            write_section(args.page, name, lines)


if __name__ == "__main__":
    main()
