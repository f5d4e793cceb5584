"""Scorers of coreference on the examples of their papers, and the floors on ECB+."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.check_floors import FLOORS, shortfalls
from benchmarks.coref_score import b_cubed, ceaf_e, conll, muc
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import coreference, ecb


def labels(*clusters: str) -> dict[str, int]:
    return {mention: i for i, cluster in enumerate(clusters) for mention in cluster}


# Bagga and Baldwin 1998, figures 1 and 2; Luo 2005 scores the same with CEAF, table 1.
TRUTH = labels("12345", "67", "89ABC")
ONE_WRONG_LINK = labels("12345", "6789ABC")
A_WORSE_ONE = labels("1234589ABC", "67")
ALL_IN_ONE = labels("123456789ABC")


@pytest.mark.parametrize(
    ("truth", "found", "recall", "precision"),
    [
        # Vilain et al. 1995, section 2.
        (labels("ABCD"), labels("AB", "CD"), 2 / 3, 1),
        (labels("AB", "CD"), labels("ABCD"), 1, 2 / 3),
        (labels("ABCD"), labels("AB", "C", "D"), 1 / 3, 1),
        (labels("ABC"), labels("A", "B", "C"), 0, 0),
        (TRUTH, ONE_WRONG_LINK, 1, 0.9),
        (TRUTH, A_WORSE_ONE, 1, 0.9),
    ],
)
def test_muc_counts_links(truth, found, recall, precision):
    score = muc(truth, found)
    assert score.recall == pytest.approx(recall)
    assert score.precision == pytest.approx(precision)


@pytest.mark.parametrize(("found", "precision"), [(ONE_WRONG_LINK, 16 / 21), (A_WORSE_ONE, 7 / 12)])
def test_b_cubed_tells_the_two_wrong_links_apart(found, precision):
    score = b_cubed(TRUTH, found)
    assert score.precision == pytest.approx(precision)
    assert score.recall == 1


@pytest.mark.parametrize(
    ("found", "f1"), [(ONE_WRONG_LINK, 0.733), (A_WORSE_ONE, 0.667), (ALL_IN_ONE, 0.294)]
)
def test_ceaf_matches_clusters_one_to_one(found, f1):
    assert ceaf_e(TRUTH, found).f1 == pytest.approx(f1, abs=0.0005)


clusterings = st.integers(1, 9).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(2)])
)


@given(clusterings)
def test_truth_scores_one_and_the_sides_are_mirrored(both):
    one, other = ({str(i): label for i, label in enumerate(side)} for side in both)
    for score in (muc, b_cubed, ceaf_e):
        there, back = score(one, other), score(other, one)
        assert there.precision == pytest.approx(back.recall)
        assert 0 <= there.precision <= 1 + 1e-9
    assert b_cubed(one, one).f1 == pytest.approx(1)
    assert ceaf_e(one, one).f1 == pytest.approx(1)
    assert conll(one, other) == pytest.approx(conll(other, one))


@pytest.fixture(scope="module")
def corpus(data: Path) -> ecb.Corpus:
    return ecb.read(data)


def test_the_corpus_is_whole(corpus):
    assert (len(corpus.mentions), len(corpus.articles), len(corpus.events)) == (1245, 196, 196)
    assert set(corpus.scored().events) | set(corpus.tuned_on().events) == set(corpus.events)
    assert not set(corpus.scored().events) & set(corpus.tuned_on().events)


def test_coreference_holds_its_floors_and_beats_the_lemma(data):
    floors = json.loads(FLOORS.read_text("utf-8"))["desk"]["coreference"]
    assert shortfalls(coreference.scores(data), floors) == []


def test_grouping_holds_its_floors_and_beats_tf_idf(data):
    floors = json.loads(FLOORS.read_text("utf-8"))["desk"]["grouping"]
    assert shortfalls(coreference.scores_of_articles(data), floors) == []


def test_absent_data_are_said(tmp_path):
    with pytest.raises(FileNotFoundError):
        coreference.scores(tmp_path)
