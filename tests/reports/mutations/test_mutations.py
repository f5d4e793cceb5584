"""A thousand spoilt files for every reader: none crashes, and no record vanishes."""

from __future__ import annotations

import hashlib
import importlib.util
import random
import re
import sys
from pathlib import Path

import pytest

from trucewatch.errors import RecordRejected
from trucewatch.model import Report, Source, SourceKind, kind_tree
from trucewatch.reports.reader import WHOLE, Delivery, Reader
from trucewatch.reports.registry import READERS


def beside(name):
    """A module beside this file: the tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


spoilt = beside("spoilt")
SEEDS, Seed, known_count = spoilt.SEEDS, spoilt.Seed, spoilt.known_count
FILES = 1000
HUGE = 50 * 1024 * 1024
UGLY = re.compile(r"Traceback|Error\b|Exception|object at 0x|<class|/usr|\.py\b|panicked")


def check(items: list[object], expected: int | None) -> None:
    """What must hold of everything that a reader gives."""
    for item in items:
        assert isinstance(item, Report | RecordRejected)
        if isinstance(item, RecordRejected):
            reason = item.reason
            assert 0 < len(reason) < 300, reason[:400]
            assert reason.isprintable(), repr(reason)
            assert not UGLY.search(reason), reason
            assert item.pointer
        else:
            assert item.id
            item.text.encode("utf-8")
            assert all(claim.kind in kind_tree() for claim in item.claims)
    whole = [i for i in items if isinstance(i, RecordRejected) and i.pointer == WHOLE]
    assert not whole or len(items) == 1
    if expected is not None and not whole:
        accepted = sum(isinstance(item, Report) for item in items)
        rejected = sum(isinstance(item, RecordRejected) for item in items)
        assert accepted + rejected == expected


def reader_of(seed: Seed) -> Reader:
    return next(reader for reader in READERS if reader.name == seed.reader)


def deliver(seed: Seed, raw: bytes) -> Delivery:
    return Delivery(
        source=Source(
            id="src", name="A source", kind=SourceKind.PRESS, timezone="Europe/Kyiv",
            reader=seed.reader, mapping=None if seed.mapping is None else "m.toml",
        ),
        payload=hashlib.sha256(raw).hexdigest(),
        raw=raw,
        mapping=seed.mapping,
        mapping_name="m.toml",
    )  # fmt: skip


def test_every_reader_is_here():
    assert {seed.reader for seed in SEEDS.values()} == {reader.name for reader in READERS}
    for name in {seed.reader for seed in SEEDS.values()}:
        assert sum(s.share for s in SEEDS.values() if s.reader == name) >= 1


@pytest.mark.parametrize("name", SEEDS)
def test_the_seed_itself_is_read_whole(name):
    seed = SEEDS[name]
    items = list(reader_of(seed).read(deliver(seed, seed.raw)))
    check(items, known_count(seed, seed.raw, None))
    assert sum(isinstance(item, Report) for item in items) >= 2


@pytest.mark.parametrize("name", SEEDS)
def test_spoilt_files_are_counted_and_explained(name):
    seed = SEEDS[name]
    reader = reader_of(seed)
    rng = random.Random(f"trucewatch/{name}")
    first_line = seed.raw.split(b"\n")[0]
    told = 0
    for number in range(int(FILES * seed.share)):
        raw, mutation = spoilt.spoil(seed.raw, number, rng)
        items = list(reader.read(deliver(seed, raw)))
        expected = known_count(seed, raw, mutation)
        check(items, expected)
        told += expected is not None
        if expected is not None and raw.startswith(first_line + b"\n"):
            assert len(items) == expected, (name, number, mutation)
        reader.recognises(raw[:65_536])
    assert told > 100 or not seed.delimited or b'"' in seed.raw


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
