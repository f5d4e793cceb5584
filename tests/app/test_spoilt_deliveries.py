"""A thousand spoilt files for every reader, through the real log into the real projection."""

from __future__ import annotations

import importlib.util
import json
import random
import re
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from trucewatch.app.intake import ingest
from trucewatch.app.publishing.bulletins import publish
from trucewatch.app.running import bring_up_to_date, summary_of
from trucewatch.evidence.audit import fsck
from trucewatch.model import IntakeCount
from trucewatch.reports import READERS
from trucewatch.reports.reader import WHOLE

FILES = 1000
HUGE = 50 * 1024 * 1024
UGLY = re.compile(r"Traceback|Error\b|Exception|object at 0x|<class|/usr|\.py\b|panicked")


def from_the_readers_tests(name):
    """A module of the readers' tests: the tests are no package."""
    path = Path(__file__).parents[1] / "reports" / "mutations" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


spoilt = from_the_readers_tests("spoilt")


def register(folder):
    """A source for every seed, whose files are known by their names."""
    (folder / "mappings").mkdir()
    tables = []
    for name, seed in spoilt.SEEDS.items():
        lines = [
            "[[source]]",
            f'id = "{name}"',
            f'name = "Source {name}"',
            'kind = "satellite"' if seed.reader in {"firms", "clouds"} else 'kind = "press"',
            f'reader = "{seed.reader}"',
            f'files = ["{name}-[0-9]*"]',
        ]
        if seed.mapping is not None:
            (folder / "mappings" / f"{name}.toml").write_text(seed.mapping, "utf-8")
            lines.append(f'mapping = "mappings/{name}.toml"')
        tables.append("\n".join(lines))
    (folder / "sources.toml").write_text("\n\n".join(tables), "utf-8")


def write_files(folder):
    """At least a thousand spoilt files for each reader, one of them with a line of 50 MB.

    Each with the number of its records, counted another way, or None where nobody can say.
    """
    folder.mkdir()
    shares = defaultdict(float)
    for seed in spoilt.SEEDS.values():
        shares[seed.reader] += seed.share
    files = {}
    for name, seed in spoilt.SEEDS.items():
        rng = random.Random(f"trucewatch/ingest/{name}")
        for number in range(round(FILES * seed.share / min(1.0, shares[seed.reader]))):
            raw, mutation = spoilt.spoil(seed.raw, number, rng)
            path = folder / f"{name}-{number:04}"
            path.write_bytes(raw)
            files[path] = spoilt.known_count(seed, raw, mutation)
    clouds = spoilt.SEEDS["clouds"]
    path = folder / "clouds-9999"
    path.write_bytes(clouds.raw + b"7" * HUGE)
    files[path] = 1 + spoilt.known_count(clouds, clouds.raw, None)
    return files


@pytest.fixture(scope="module")
def delivered(lay_out, open_mission, tmp_path_factory):
    scratch = tmp_path_factory.mktemp("spoilt")
    folder = lay_out(scratch / "mission")
    register(folder)
    files = write_files(scratch / "files")
    with open_mission(folder) as mission:
        yield mission, files, ingest(mission, list(files))


def test_every_reader_got_a_thousand_files(delivered):
    _, files, taken = delivered
    assert len(taken) == len(files)
    readers = defaultdict(int)
    for each in taken:
        readers[spoilt.SEEDS[each.count.source].reader] += 1
    assert set(readers) == {reader.name for reader in READERS}
    assert min(readers.values()) >= FILES


def test_no_record_vanishes(delivered):
    """Held against a count of the records that shares nothing with the readers."""
    mission, files, taken = delivered
    whole = {q.raw.payload for q in mission.store.quarantined() if q.raw.pointer == WHOLE}
    held = 0
    for each, expected in zip(taken, files.values(), strict=True):
        if each.receipt.payload in whole:
            assert each.count.received == 1, each.file
        elif expected is not None:
            assert each.count.received == expected, each.file
            held += 1
    assert held > 2000


def test_what_the_deliveries_tell_is_what_the_projection_holds(delivered):
    mission, _, taken = delivered
    told = {}
    for each in taken:
        # Bytes that two files share are in the log once, and their records are counted there once.
        if not each.receipt.repeated:
            known = told.get(each.count.source, IntakeCount(source=each.count.source))
            told[each.count.source] = known + each.count
    stored = {count.source: count for count in mission.store.intake()}
    assert stored == told
    assert sum(count.accepted for count in stored.values()) == len(list(mission.store.reports()))
    quarantined = sum(count.quarantined for count in stored.values())
    assert quarantined == len(mission.store.quarantined())


def test_the_reasons_are_readable(delivered):
    _, _, taken = delivered
    reasons = {reason for each in taken for reason, _ in each.reasons}
    assert len(reasons) > 20
    for reason in reasons:
        assert 0 < len(reason) < 300
        assert reason.isprintable()
        assert not UGLY.search(reason)


def test_what_follows_does_not_crash_and_the_log_holds(delivered):
    mission, _, _ = delivered
    derived = bring_up_to_date(mission)
    json.dumps(summary_of(mission, derived), allow_nan=False)
    issued = publish(mission, derived, days=[date(2026, 4, 12), None])
    assert all(each.new for each in issued)
    checked = fsck(mission.folder / "evidence")
    assert checked.ok, checked.problems
