"""The benchmark of page frames: its pages, its scores, and that a poor filter is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.check_floors import FLOORS, shortfalls
from benchmarks.pages.corpus import Sample, samples

from benchmarks import boilerplate
from trucewatch.reports.press import arranging


@pytest.fixture(scope="module")
def pages() -> list[Sample]:
    return samples()


@pytest.fixture(scope="module")
def floors() -> dict[str, float]:
    return json.loads(FLOORS.read_text("utf-8"))["desk"]["boilerplate"]


def test_there_are_pages_enough_and_they_are_the_same_every_time(pages):
    assert pages == samples()
    assert len(pages) >= 60
    assert len({page.style for page in pages}) >= 10
    assert len({page.style for page in pages if page.held_out}) >= 4


def test_every_line_of_an_article_stands_on_its_page(pages):
    for page in pages:
        if page.style != "glued":
            seen = " ".join(page.flat.split())
            assert all(" ".join(line.split()) in seen for line in page.lines), page.style


def test_a_perfect_answer_scores_one_and_none_scores_nothing(pages):
    assert set(boilerplate.score(pages[0], pages[0].lines).values()) == {1.0}
    assert set(boilerplate.score(pages[0], []).values()) == {0.0}
    whole = boilerplate.score(pages[0], pages[0].flat.splitlines())
    assert whole["word recall"] == 1.0
    assert whole["word precision"] < 0.95


def test_the_floors_hold(floors):
    assert shortfalls(boilerplate.scores(Path()), floors) == []


def test_without_the_filter_they_do_not(floors, monkeypatch):
    monkeypatch.setattr(arranging, "frame_reason", lambda _line: None)
    monkeypatch.setattr(arranging, "opener", lambda _line: None)
    assert len(shortfalls(boilerplate.scores(Path()), floors)) >= 4
