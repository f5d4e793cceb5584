"""Who copied whom, and whose word a sentence is: ours beside simpler ways, on made-up newsrooms."""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.copying_gold import Group, answers, articles, gold
from benchmarks.copying_peers import PEERS, Pair, clusters
from benchmarks.copying_read import whole
from benchmarks.copying_score import claims, documents
from benchmarks.newsroom import KINDS, Corpus, Told, make
from benchmarks.sections import write_section
from trucewatch.origins import behind, descent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.model import Behind, Statement

TRAINING = ("train", 120, 1)
TESTS = (("test", 60, 2), ("test", 60, 3), ("test", 60, 4))
SURE = 0.5
OURS, OUTLETS, ONE = "ours", "every outlet", "one story, one origin"
Rows = dict[str, dict[str, dict[str, float]]]


def ours_documents(corpus: Corpus) -> set[tuple[int, int]]:
    """Pairs that rather come from one text than not."""
    known = articles(corpus)
    numbers = {a.id: k for k, a in known.items()}
    return {
        (numbers[e.one], numbers[e.other]) for e in descent(known.values()) if e.strength >= SURE
    }


def stand(
    corpus: Corpus, statements: Mapping[str, Statement], groups: Iterable[Group]
) -> dict[Group, Behind]:
    """What stands behind each answer, every event a desk of its own."""
    known = articles(corpus)
    event = {known[a.number].id: a.event for a in corpus.articles}
    out: dict[Group, Behind] = {}
    by_event: defaultdict[int, list[Group]] = defaultdict(list)
    for group in groups:
        by_event[event[statements[group[0]].article]].append(group)
    for number, mine in by_event.items():
        here = {known[a.number].id: known[a.number] for a in corpus.articles if a.event == number}
        for found in behind(mine, statements=statements, articles=here):
            out[found.statements] = found
    return out


def ours_claims(
    corpus: Corpus,
    statements: Mapping[str, Statement],
    truth: Mapping[str, Told],
    groups: Iterable[Group],
) -> dict[str, float]:
    """The scores of our origins, the statements and the answers being given."""
    found = stand(corpus, statements, groups)
    origins: defaultdict[str, set[tuple[Group, str]]] = defaultdict(set)
    for one in found.values():
        for origin in one.origins:
            for key in origin.claims:
                origins[key].add((one.statements, origin.id))
    return claims(
        truth, groups, lambda i, j: bool(origins[i] & origins[j]), lambda g: found[g].independent
    )


def peer_claims(
    corpus: Corpus, pairs: Iterable[Pair], truth: Mapping[str, Told], groups: Iterable[Group]
) -> dict[str, float]:
    """As if all that one text's copies say had one origin, and all else another."""
    cluster = clusters(len(corpus.articles), pairs)
    outlet = {a.number: a.outlet for a in corpus.articles}

    def key(i: str) -> tuple[int, str]:
        return cluster[truth[i].article], outlet[truth[i].article]

    def same(i: str, j: str) -> bool:
        return any(a == b for a, b in zip(key(i), key(j), strict=True))

    return claims(truth, groups, same, lambda g: len({cluster[truth[i].article] for i in g}))


def best_threshold(corpus: Corpus, method: str) -> float:
    """Where a peer does best on the training half: F1 of documents."""
    found = PEERS[method](corpus)
    return max(
        (k / 50 for k in range(1, 51)),
        key=lambda t: (documents(corpus, (p for p, v in found.items() if v >= t))["f1"], t),
    )


def measure() -> Rows:
    """The mean of the scores over the test corpora: task, method, score."""
    training = make(*TRAINING)
    thresholds = {name: best_threshold(training, name) for name in PEERS}
    rows: defaultdict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for test in TESTS:
        corpus = make(*test)
        statements, truth = gold(corpus)
        groups = answers(truth)
        rows["documents", OURS].append(documents(corpus, ours_documents(corpus)))
        rows["claims", OURS].append(ours_claims(corpus, statements, truth, groups))
        rows["claims", OUTLETS].append(peer_claims(corpus, (), truth, groups))
        together = [
            (a.number, b.number) for a, b in combinations(corpus.articles, 2) if a.event == b.event
        ]
        rows["claims", ONE].append(peer_claims(corpus, together, truth, groups))
        for name, method in PEERS.items():
            found = {p for p, v in method(corpus).items() if v >= thresholds[name]}
            rows["documents", name].append(documents(corpus, found))
            rows["claims", name].append(peer_claims(corpus, found, truth, groups))
        rows["text", OURS].append(whole(corpus))
    out: Rows = defaultdict(dict)
    for (task, method_name), found_scores in rows.items():
        out[task][method_name] = {
            name: fmean(s[name] for s in found_scores) for name in found_scores[0]
        }
    return out


def scores(_: Path) -> dict[str, float]:
    """Ours, by the names of the floors; the corpora are made here, whatever folder is given."""
    found = measure()
    chosen = {f"documents {k}": v for k, v in found["documents"][OURS].items()}
    chosen |= {f"claims {k}": v for k, v in found["claims"][OURS].items()}
    return chosen | {f"text {k}": v for k, v in found["text"][OURS].items()}


def tables(found: Rows) -> list[str]:
    """The tables of the page."""
    kinds = [f"recall, {kind}" for kind in KINDS]
    out = [
        "| documents | precision | recall | F1 | verbatim | trimmed | paraphrased | translated |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for method, row in found["documents"].items():
        cells = [row[k] for k in ("precision", "recall", "f1", *kinds)]
        out.append(f"| {_bold(method)} | " + " | ".join(f"{c:.2f}" for c in cells) + " |")
    out += [
        "",
        "| statements | precision | recall | F1 | B³ | off by | shared figure | independent |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for method, row in found["claims"].items():
        cells = [row[k] for k in ("precision", "recall", "f1", "b3", "off", "shared", "apart")]
        out.append(f"| {_bold(method)} | " + " | ".join(f"{c:.2f}" for c in cells) + " |")
    row = found["text"][OURS]
    read = ", ".join(
        f"{name.removeprefix('found, ')} {v:.2f}" for name, v in row.items() if "found" in name
    )
    said = (
        f"From the text alone: precision {row['precision']:.2f}, recall {row['recall']:.2f}, "
        f"F1 {row['f1']:.2f}, recall of what was read {row['recall of read']:.2f}; "
        f"share of the sentences that were read: {read}."
    )
    return [*out, "", said]


def _bold(method: str) -> str:
    return f"**{method}**" if method == OURS else method


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page", type=Path, help="write the tables into this page")
    args = parser.parse_args()
    lines = tables(measure())
    print("\n".join(lines))
    if args.page:
        write_section(args.page, "copying", lines)


if __name__ == "__main__":
    main()
