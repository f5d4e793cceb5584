"""Whole articles in eight press styles: what is found in them, as measured floors."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from tests.statements.reading_seeds import said
from tests.statements.test_other_talks import key

from trucewatch.model import Interval, Role

PROSE = Path(__file__).with_name("prose")
ARTICLES = tomllib.loads((PROSE / "states.toml").read_text("utf-8"))
FLOORS = {"seen": (0.98, 0.80), "unseen": (0.70, 0.48)}


def fits(found, reading):
    """Whether a key is the reading, or one that its star lets through."""
    return fnmatchcase(found, reading) if "*" in reading else found == reading


def compared(name):
    """Right, wrong and missed keys of one article."""
    told = ARTICLES[name]
    day = told["published"]
    text = (PROSE / f"{name}.txt").read_text("utf-8").rstrip("\n")
    headed = not text.partition("\n")[0].endswith(".")
    found = said(
        text,
        published=Interval.days(day, day, UTC),
        roles={0: Role.TITLE} if headed else {},
    )
    left = Counter(key(one) for one in found)
    right, missed = Counter(), Counter()
    for line in told["states"]:
        if line.startswith("~"):
            continue
        readings = line.split(" | ")
        hit = next((one for one in sorted(left) if any(fits(one, r) for r in readings)), None)
        if hit is not None:
            right[hit] += 1
            left -= Counter([hit])
        elif "~" not in readings:
            missed[line] += 1
    spare = [line.removeprefix("~") for line in told["states"] if line.startswith("~")]
    wrong = Counter(
        {one: n for one, n in left.items() if not any(fits(one, each) for each in spare)}
    )
    return right, wrong, missed


def scored(which):
    """The sums over all articles of one set."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for name in ARTICLES:
        if ARTICLES[name]["set"] == which:
            for total, more in zip((right, wrong, missed), compared(name), strict=True):
                total.update(more)
    return right, wrong, missed


@pytest.mark.parametrize("which", sorted(FLOORS))
def test_articles_hold_their_floors(which):
    right, wrong, missed = (counter.total() for counter in scored(which))
    precision, recall = right / (right + wrong), right / (right + missed)
    told = f"{which}: {right} right, {wrong} wrong, {missed} missed"
    assert precision >= FLOORS[which][0], told
    assert recall >= FLOORS[which][1], told
