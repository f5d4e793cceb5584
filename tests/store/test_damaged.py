"""A damaged projection says so, in our words: it can always be made anew from the log."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from trucewatch.errors import ConfigurationError, NotFound, StoreUnavailable
from trucewatch.model import Area, Claim
from trucewatch.store import Store, decode, open_store

SQUARE = ((((36.0, 48.0), (37.0, 48.0), (37.0, 49.0), (36.0, 48.0)),),)


@pytest.fixture
def filled(tmp_path, make) -> Path:
    """A projection with some of everything, in one file without a journal beside it."""
    path = tmp_path / "state.db"
    with open_store(path) as store:
        reports = [
            make.report(n, place=Area("a", "A", SQUARE) if n % 2 else None) for n in range(6)
        ]
        store.add_reports(0, reports, [make.quarantined(9)])
        store.mark_read(1, "v1")
        store.replace_state(make.derived(make.incident(1), make.incident(2)))
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    return path


def use(store: Store, make) -> None:
    """Ask for everything that a projection can be asked for."""
    store.state()
    list(store.reports())
    store.quarantined()
    store.intake()
    store.derived()
    store.incidents(near=(48.0, 37.0, 1000.0))
    report = make.report(1)
    asks: list[Callable[[], object]] = [
        lambda: store.find(report.id),
        lambda: store.find(report.claims[0].id),
        lambda: store.find(make.incident(1).id),
        lambda: store.incident(make.incident(1).id),
        lambda: store.report_entries(report.id),
    ]
    for ask in asks:
        try:
            ask()
        except NotFound:
            continue
    store.add_reports(5, [report], [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE meta SET value = 'many' WHERE key = 'entries'", "a word where a number"),
        ("UPDATE reports SET body = ''", "cannot be read"),
        ("UPDATE reports SET body = '[[['", "cannot be read"),
        ("UPDATE reports SET body = replace(body, '\"Point\"', '[\"a\"]')", "cannot be read"),
        ("UPDATE standings SET raw = '9'", "cannot be read"),
        ("DELETE FROM areas", "get_area"),
        ("DELETE FROM summaries", "get_summary"),
        ("UPDATE summaries SET body = '{}'", "cannot be read"),
        ("UPDATE report_parts SET what = 'watch' WHERE what = 'claim'", "lacks the"),
    ],
)
def test_what_cannot_be_is_told(filled, make, change, words):
    connection = sqlite3.connect(filled)
    connection.execute(change)
    connection.commit()
    connection.close()
    with open_store(filled) as store:
        with pytest.raises(StoreUnavailable, match=words) as caught:
            use(store, make)
        assert "made anew from the log" in str(caught.value)


def test_bodies_too_deep_or_too_long_to_be_nouns(filled, make):
    for body in ("[" * 100_000, "9" * 5000, '{"id": "\\ud800"}', "null", "true"):
        connection = sqlite3.connect(filled)
        connection.execute("UPDATE reports SET body = ?", (body,))
        connection.commit()
        connection.close()
        with open_store(filled) as store, pytest.raises(StoreUnavailable):
            use(store, make)


def test_a_class_that_is_no_name_is_refused():
    with pytest.raises(ValueError, match="expected Point or Area"):
        decode(Claim, {"place": {"type": ["Point"]}})


def test_bytes_flipped_anywhere(filled, make):
    good = filled.read_bytes()
    rng = random.Random("trucewatch/projection")
    told = 0
    for number in range(120):
        bad = bytearray(good)
        for _ in range(rng.randint(1, 30)):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        path = filled.with_name(f"{number}.db")
        path.write_bytes(bad[: rng.choice([len(bad), len(bad), rng.randrange(len(bad))])])
        try:
            with open_store(path) as store:
                use(store, make)
        except (StoreUnavailable, ConfigurationError) as error:
            told += bool(re.search("anew|no projection", str(error)))
    assert told > 20
