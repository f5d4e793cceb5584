"""Made-up newsrooms: what they print, and how ours and simpler ways are scored on it."""

from __future__ import annotations

import json
import tomllib

import pytest
from benchmarks.check_floors import DESK, FLOORS, shortfalls
from benchmarks.copying import clusters, ours_claims, ours_documents, peer_claims, tables
from benchmarks.copying_gold import answers, articles, gold
from benchmarks.copying_learn import learn
from benchmarks.copying_peers import cosine, exact, minhash
from benchmarks.copying_read import whole
from benchmarks.copying_score import claims, documents
from benchmarks.newsroom import DATA, KINDS, Told, make

from benchmarks import copying
from trucewatch.origins import likeness
from trucewatch.origins.descent import BASE, WEIGHTS


@pytest.fixture(scope="module")
def corpus():
    return make("test", 12, 7)


def test_a_newsroom_prints_the_same_again_and_every_kind_of_copy(corpus):
    assert make("test", 12, 7) == corpus
    assert make("test", 12, 8) != corpus
    assert {a.how for a in corpus.articles} == {"original", *KINDS}
    assert all(a.root == a.number for a in corpus.articles if a.how == "original")
    assert all(len({a.outlet}) == 1 for a in corpus.articles)


def test_every_statement_stands_where_it_is_said_to(corpus):
    known = articles(corpus)
    statements, truth = gold(corpus)
    for key, s in statements.items():
        words = known[truth[key].article].words(s.passage)
        assert words[0].isupper() or not words[0].isalpha()
        assert truth[key].value in words or truth[key].kind == "action"


def test_the_halves_have_no_sentence_in_common():
    data = tomllib.loads(DATA.read_text("utf-8"))

    def sentences(half):
        whole = data[half]
        flat = [t for found in whole.values() for t in found]
        for fact in data["fact"]:
            flat += [x for t in fact[half] for x in (t if isinstance(t, list) else [t])]
        return set(flat)

    assert not sentences("train") & sentences("test")


def test_a_copy_is_as_good_as_its_original(corpus):
    """What is printed verbatim is found by all that look at words; what is retold, by few."""
    pairs = {p for p, v in minhash(corpus).items() if v >= 0.5}
    found = documents(corpus, pairs)
    assert found["recall, verbatim"] == 1.0
    assert found["recall, translated quotation"] < 0.5
    assert documents(corpus, exact(corpus))["precision"] == 1.0
    assert max(cosine(corpus).values()) == pytest.approx(1.0)


def told(answer, origin):
    return Told(0, 0, 1, answer, "action", "", None, origin, int(origin))


def test_the_scores_of_origins_by_hand():
    truth = {"a": told("x", "1"), "b": told("x", "1"), "c": told("x", "2")}
    groups = answers(truth)
    assert groups == [("a", "b", "c")]
    right = claims(truth, groups, lambda i, j: {i, j} == {"a", "b"}, lambda _: 2.0)
    assert (right["f1"], right["b3"], right["off"], right["apart"]) == (1.0, 1.0, 0.0, 1.0)
    one = claims(truth, groups, lambda *_: True, lambda _: 1.0)
    # One of three pairs is right; B-cubed precision (2/3 + 2/3 + 1/3) / 3 and full recall.
    assert (one["precision"], one["recall"], one["off"]) == (pytest.approx(1 / 3), 1.0, 1.0)
    assert (one["shared"], one["apart"]) == (1.0, 0.0)
    assert one["b3"] == pytest.approx(2 * (5 / 9) / (1 + 5 / 9))


def test_clusters_are_what_hangs_together():
    found = clusters(4, [(0, 1), (1, 2)])
    assert found[0] == found[1] == found[2] != found[3]


def test_origins_are_more_than_outlets_and_more_than_copies(corpus):
    statements, truth = gold(corpus)
    groups = answers(truth)
    ours = ours_claims(corpus, statements, truth, groups)
    near = {p for p, v in minhash(corpus).items() if v >= 0.5}
    assert ours["f1"] > peer_claims(corpus, near, truth, groups)["f1"]
    assert ours["off"] < 0.5 < peer_claims(corpus, (), truth, groups)["off"]
    assert documents(corpus, ours_documents(corpus))["f1"] > documents(corpus, near)["f1"]
    text = whole(corpus)
    assert text["precision"] > 0.8
    assert text["found, quotation"] > 0.9


@pytest.mark.slow
@pytest.mark.no_cover
def test_the_floors_are_held_and_the_page_has_the_rows(monkeypatch):
    found = copying.measure()
    monkeypatch.setattr(copying, "measure", lambda: found)
    floors = json.loads(FLOORS.read_text("utf-8"))["desk"]["copying"]
    assert shortfalls(DESK["copying"](DATA.parent), floors) == []
    assert sum(line.startswith("| **ours**") for line in tables(found)) == 2


@pytest.mark.slow
@pytest.mark.no_cover
def test_the_weights_in_force_are_those_that_are_learnt():
    found = learn(copying.TRAINING)
    assert found.pop("base") == pytest.approx(BASE, abs=0.02)
    assert found == pytest.approx(WEIGHTS, abs=0.02)
    assert set(found) == set(likeness.Likeness.__slots__)
