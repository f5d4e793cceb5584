"""The weights of descent, learnt on the training half of the made-up newsrooms."""

from __future__ import annotations

from dataclasses import astuple, fields
from itertools import combinations

import numpy as np
from scipy.optimize import minimize

from benchmarks.newsroom import Corpus, make
from trucewatch.origins.likeness import Likeness, Profile, likeness

# Weights are drawn towards zero by so much, so that no pair of a rare sort decides one.
_RIDGE = 1e-4


def pairs(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """Likeness of all pairs on one event, and whether they come from one text."""
    profiles = [Profile(a.text, "en") for a in corpus.articles]
    looked = [(a, b) for a, b in combinations(corpus.articles, 2) if a.event == b.event]
    x = [astuple(likeness(profiles[a.number], profiles[b.number])) for a, b in looked]
    return np.array(x), np.array([a.root == b.root for a, b in looked])


def learn(*corpus: tuple[str, int, int]) -> dict[str, float]:
    """Base and weights by logistic regression; no weight is let fall below zero.

    More in common must never make descent less likely.
    """
    found = [pairs(make(*c)) for c in corpus]
    x = np.vstack([np.c_[np.ones(len(a)), a] for a, _ in found])
    sign = np.where(np.concatenate([y for _, y in found]), 1.0, -1.0)

    def loss(w: np.ndarray) -> float:
        return float(np.logaddexp(0, -sign * (x @ w)).mean() + _RIDGE * (w[1:] ** 2).sum())

    names = [f.name for f in fields(Likeness)]
    bounds = [(None, None), *[(0.0, None)] * len(names)]
    best = minimize(loss, np.zeros(x.shape[1]), bounds=bounds).x
    return dict(zip(["base", *names], (round(float(w), 2) for w in best), strict=True))


if __name__ == "__main__":
    print(learn(("train", 120, 1)))
