"""A small made-up world of reports with its truth, for the tests of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from trucewatch.incidents.engine import Parameters, Reports, by_content
from trucewatch.incidents.engine.model import OCTAVES

DETECTION = np.array([0.5, 0.7, 0.6])
SIGMA = np.array([1.0, 2.0, 4.0])
TAU = np.array([0.1, 0.25, 0.5])
ACCURACY = 0.85
KINDS = 4
FALSE = 0.25


@dataclass
class World:
    columns: dict[str, np.ndarray]
    event: np.ndarray

    def reports(self, order: np.ndarray | None = None, **changed: np.ndarray) -> Reports:
        columns = self.columns | changed
        if order is not None:
            columns = {name: values[order] for name, values in columns.items()}
        return by_content(**columns)


def make(events: int = 300, seed: int = 1, size: float = 120.0, days: float = 30.0) -> World:
    rng = np.random.default_rng(seed)
    place, time = rng.uniform(0, size, (events, 2)), rng.uniform(0, days, events)
    kind = rng.integers(0, KINDS, events)
    parts = []
    for s, p in enumerate(DETECTION):
        seen = np.flatnonzero(rng.uniform(size=events) < p)
        false = rng.poisson(FALSE * events * p)
        n = len(seen) + false
        xy = np.vstack([place[seen], rng.uniform(0, size, (false, 2))])
        t = np.concatenate([time[seen], rng.uniform(0, days, false)])
        k = np.concatenate([kind[seen], rng.integers(0, KINDS, false)])
        wrong = rng.uniform(size=n) > ACCURACY
        k[wrong] = (k[wrong] + rng.integers(1, KINDS, wrong.sum())) % KINDS
        xy = xy + rng.normal(0, SIGMA[s], (n, 2))
        t = t + rng.normal(0, TAU[s], n)
        event = np.concatenate([seen, -1 - 1000 * s - np.arange(false)])
        parts.append((np.full(n, s), xy, np.full(n, SIGMA[s]), t, np.full(n, TAU[s]), k, event))
    source, xy, sd, t, width, k, event = (np.concatenate(c) for c in zip(*parts, strict=True))
    n = len(source)
    text, pub = np.arange(n), t + rng.exponential(0.2, n)
    columns = {
        "source": source, "x": xy[:, 0], "y": xy[:, 1], "loc_sd": sd, "t0": t - width / 2,
        "t1": t + width / 2, "kind": k, "pub": pub, "text": text,
    }  # fmt: skip
    return World(columns, event)


def copies(world: World, share: float = 0.3, seed: int = 2) -> World:
    """The world with copies by an aggregator, numbered 9; the rows are added at the end."""
    rng = np.random.default_rng(seed)
    n = len(world.event)
    of = rng.choice(np.flatnonzero(world.columns["source"] > 0), int(share * n), replace=False)
    added = {name: values[of].copy() for name, values in world.columns.items()}
    added["source"][:] = 9
    added["pub"] = added["pub"] + rng.exponential(0.3, len(of))
    lost = rng.uniform(size=len(of)) < 0.2
    added["text"][lost] = 10_000 + np.flatnonzero(lost)
    columns = {k: np.concatenate([v, added[k]]) for k, v in world.columns.items()}
    return World(columns, np.concatenate([world.event, world.event[of]]))


def truth(events: int = 300, sources: int = 3) -> Parameters:
    confusion = np.full((KINDS, KINDS), (1 - ACCURACY) / (KINDS - 1))
    np.fill_diagonal(confusion, ACCURACY)
    detection = np.concatenate([DETECTION, np.full(sources - 3, 1e-6)])
    return Parameters(
        happenings=float(events),
        detection=detection,
        false=FALSE * events * detection,
        place_scale=np.ones((sources, OCTAVES)),
        time_scale=np.ones((sources, OCTAVES)),
        confusion=np.repeat(confusion[None], sources, axis=0),
        prior=np.full(KINDS, 1 / KINDS),
    )


@pytest.fixture(scope="session")
def worlds() -> SimpleNamespace:
    """The makers above."""
    return SimpleNamespace(make=make, copies=copies, truth=truth, World=World)
