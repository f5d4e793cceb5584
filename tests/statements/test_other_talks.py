"""Sentences on other talks: what is found, what is missed, what is made up, as measured floors."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, date
from pathlib import Path

from tests.statements.reading_seeds import said

from trucewatch.model import Interval

CASES = tomllib.loads(Path(__file__).with_name("other_talks.toml").read_text("utf-8"))["case"]
FLOORS = {"precision": 0.97, "recall": 0.99}
PUBLISHED = Interval.days(date(2025, 3, 12), date(2025, 3, 12), UTC)


def number(value):
    return "" if value is None else f"{value:g}" if value < 1e6 else f"{value:.0f}"


def key(one):
    """A statement as the file of cases writes it."""
    parts = [one.topic]
    if one.quantity is not None:
        parts.append(f"{number(one.quantity.low)}..{number(one.quantity.high)}")
        parts += [one.quantity.unit] if one.kind == "figure" else []
    elif one.quote is not None:
        parts.append(one.quote.split()[0])
    elif one.kind == "pledge" or one.kind == "listing" or one.value is None:
        pass
    else:
        parts.append(one.value)
    parts += ["!"] * one.negated + ["?"] * (one.hedged and one.kind == "figure")
    parts += ["<"] * one.earlier
    parts += [f"@{one.speaker}"] if one.speaker is not None else []
    return " ".join(parts)


def scored():
    """Right, wrong and missed statements of all cases."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for case in CASES:
        found = Counter(key(one) for one in said(case["text"], published=PUBLISHED))
        expected = Counter(case["states"])
        right += found & expected
        wrong += found - expected
        missed += expected - found
    return right, wrong, missed


def test_precision_and_recall_hold_their_floors():
    right, wrong, missed = scored()
    precision = right.total() / (right.total() + wrong.total())
    recall = right.total() / (right.total() + missed.total())
    told = f"precision {precision:.3f}, recall {recall:.3f}; wrong {wrong}, missed {missed}"
    assert precision >= FLOORS["precision"], told
    assert recall >= FLOORS["recall"], told


def test_there_are_enough_cases():
    assert len(CASES) == 100
