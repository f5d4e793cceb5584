"""The seeds of the spoilt files are whole, and a line without end is one record.

The ten thousand spoilt files of each reader are a row of `tests/torture`.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from trucewatch.errors import RecordRejected
from trucewatch.model import Report
from trucewatch.reports.reader import WHOLE
from trucewatch.reports.registry import READERS


def beside(name):
    """A module beside this file: the tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


spoilt = beside("spoilt")
SEEDS, known_count = spoilt.SEEDS, spoilt.known_count
check, deliver, reader_of = spoilt.check, spoilt.deliver, spoilt.reader_of
HUGE = 50 * 1024 * 1024


def test_every_reader_is_here():
    assert {seed.reader for seed in SEEDS.values()} == {reader.name for reader in READERS}
    for name in {seed.reader for seed in SEEDS.values()}:
        assert sum(s.share for s in SEEDS.values() if s.reader == name) >= 1


@pytest.mark.parametrize("name", SEEDS)
def test_the_seed_itself_is_read_whole(name):
    seed = SEEDS[name]
    items = list(reader_of(seed).read(deliver(seed, seed.raw)))
    check(items, known_count(seed, seed.raw, None))
    # A report of a field team is a delivery of its own.
    assert sum(isinstance(item, Report) for item in items) >= (1 if name == "field" else 2)


@pytest.mark.parametrize("name", SEEDS)
def test_fifty_megabytes_of_one_line(name):
    seed = SEEDS[name]
    header = seed.raw.split(b"\n")[0]
    for raw, expected in (
        (b"7" * HUGE, 1),
        (header + b"\n" + b'"' + b"," * HUGE + b"\n" + seed.raw.split(b"\n")[1] + b"\n", 2),
    ):
        items = list(reader_of(seed).read(deliver(seed, raw)))
        check(items, expected if seed.delimited else None)
        assert any(isinstance(item, RecordRejected) for item in items)


def a_rejection(reason: str, pointer: str = "line 2") -> list[object]:
    return [RecordRejected(reason, pointer=pointer)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], 1),
        (a_rejection("fine") * 2, 1),
        (a_rejection("x" * 300), 1),
        (a_rejection("bell \x07"), 1),
        (a_rejection("ValueError: bad"), 1),
        (a_rejection(""), 1),
        (a_rejection("all of it", WHOLE) * 2, None),
        ([None], 1),
    ],
)
def test_a_reader_that_breaks_the_rules_is_caught(items, expected):
    with pytest.raises(AssertionError):
        check(items, expected)
