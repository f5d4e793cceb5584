"""The benchmark of the desk runs, and its made-up articles are told as one story each."""

from __future__ import annotations

from benchmarks import desk_speed


def test_made_up_articles_go_the_whole_way():
    told = desk_speed.measure(10)
    assert told["articles"] == 10
    assert told["stories"] == 2
    assert told["statements"] >= 40
    assert told["an hour"] > 10_000
