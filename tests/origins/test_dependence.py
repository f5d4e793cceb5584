"""Dependence of sources, learnt from errors they share."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from trucewatch.model import Claim, Interval, Point, Source, SourceKind, Tie
from trucewatch.origins import Ties, dependence, find_origins, graph, learn_dependence

START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCES = {
    name: Source(id=name, name=name, kind=SourceKind.PRESS, timezone="UTC") for name in "abc"
}


def claim(n, source, lat, lon, day):
    at = START + timedelta(days=float(day))
    return Claim(
        id=f"clm-{source}{n:04}", report="r", source=source, kind="shelling",
        place=Point(round(float(lat), 5), round(float(lon), 5), 2000.0),
        when=Interval(at, at + timedelta(days=1)),
    )  # fmt: skip


def world(copied=0.0, *, towns=None, events=300, seed=3):
    """Three sources of the same events, each with errors of its own; c copies some of a."""
    dice = np.random.default_rng(seed)
    out = []
    for n in range(events):
        where, day = dice.uniform(0, 0.5, 2), dice.uniform(0, 200)
        own = {name: where + dice.normal(0, 0.01, 2) for name in "abc"}
        if towns is not None:
            own = {
                name: towns[np.argmin(((towns - at) ** 2).sum(axis=1))] for name, at in own.items()
            }
        if dice.random() < copied:
            own["c"] = own["a"]
        out += [claim(n, name, *at, day) for name, at in own.items()]
    return out


def pairs(edges):
    return {(e.one, e.other): e.strength for e in edges if not e.one.startswith("clm")}


def test_a_copier_of_errors_is_found_and_nobody_else_is():
    (only,) = pairs(learn_dependence(world(0.5))).items()
    assert only[0] == ("a", "c")
    assert 0.4 < only[1] < 0.9


def test_sources_that_err_apart_are_independent():
    assert learn_dependence(world(0.0)) == ()


def test_sources_that_know_only_the_towns_are_hardly_tied():
    """A small town beside larger ones is named so seldom that some doubt stays."""
    towns = np.random.default_rng(1).uniform(0, 0.5, (20, 2))
    found = learn_dependence(world(0.0, towns=towns))
    assert max(pairs(found).values(), default=0.0) < 0.3
    assert np.median([e.strength for e in found]) < 0.5


def test_without_the_habit_of_towns_they_would_have(monkeypatch):
    """Saboteur: taken for an error, a town that all sources use would tie all of them."""
    towns = np.random.default_rng(1).uniform(0, 0.5, (20, 2))

    def no_habit(told):
        return np.full((len(told.names), len(told.ids)), 0.01)

    monkeypatch.setattr(dependence, "_habits", no_habit)
    assert min(pairs(learn_dependence(world(0.0, towns=towns))).values()) > 0.9


def test_claims_that_share_an_error_are_tied_one_by_one():
    found = [e for e in learn_dependence(world(0.5)) if e.one.startswith("clm")]
    assert len(found) > 100
    assert {e.tie for e in found} == {Tie.DEPENDENCE}
    assert np.median([e.strength for e in found]) > 0.8
    assert {(e.one[4], e.other[4]) for e in found} == {("a", "c")}


def test_few_events_say_nothing():
    assert learn_dependence(world(1.0, events=dependence.LEAST - 1)) == ()
    assert learn_dependence([]) == learn_dependence(world(events=1)[:1]) == ()


def test_order_and_repetition_change_nothing():
    told = world(0.5, events=60)
    again = told + told[:20]
    random.Random(1).shuffle(again)
    assert learn_dependence(again) == learn_dependence(told)


def test_nothing_is_learnt_unless_it_is_handed_over():
    told = world(0.5)
    origins = find_origins(told, informants=(), sources=SOURCES)
    learnt = learn_dependence(told)
    event = [c.id for c in told if c.id.endswith("0007")]
    silent = Ties(origins, graph(told, informants=(), sources=SOURCES))
    asked = Ties(origins, graph(told, informants=(), sources=SOURCES, dependence=learnt))
    assert silent.behind(event).number == 3.0
    assert 2.0 <= asked.behind(event).number < 2.9


def test_a_copier_of_two_does_not_make_the_two_one():
    told = world(0.5)
    by = {c.id: c for c in told}
    both = [
        claim(int(c.id[5:]), "d", c.place.lat, c.place.lon, (c.when.earliest - START).days)
        for key, c in by.items()
        if c.source in "ab" and (int(key[5:]) + (c.source == "a")) % 2
    ]
    found = pairs(learn_dependence([*told, *both]))
    assert {("a", "d"), ("b", "d")} <= found.keys()
    assert ("a", "b") not in found
    assert pytest.approx(1.0, abs=0.3) == found["a", "d"] + found["b", "d"]
