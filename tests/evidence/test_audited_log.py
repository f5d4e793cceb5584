"""A log read by the auditor: what the writer wrote, and nothing that the root does not cover."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from trucewatch.app.auditing.verified import VerifiedLog
from trucewatch.errors import EvidenceError, LogDamaged, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.audit import AuditedLog
from trucewatch.evidence.log import batch, journal

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """600 entries in several segments of the journal; two more are not published."""
    folder = tmp_path_factory.mktemp("audited") / "evidence"
    patch = pytest.MonkeyPatch()
    patch.setattr(journal, "SEGMENT_ENTRIES", 200)
    with Log.create(folder, origin="example.org/audited") as log:
        for start, stop in ((0, 1), (1, 250), (250, 590), (590, 600)):
            log.append([entry(n) for n in range(start, stop)], received=NOW + timedelta(start))
            log.publish()
        log.append([entry(600), entry(601)], received=NOW)
    patch.undo()
    assert len(list((folder / "journal").iterdir())) > 2
    return folder


def entry(number: int) -> NewEntry:
    return NewEntry(
        kind=EntryKind.REPORT,
        source=f"s{number % 3}",
        payload=b"payload %d" % number,
        name=f"{number}.csv",
        media="text/csv",
    )


@pytest.fixture
def copy(whole, tmp_path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "evidence"))


def test_it_reads_what_the_writer_wrote(whole):
    verified = VerifiedLog(whole)
    with Log.open(whole, readonly=True) as log:
        assert (verified.origin, verified.size) == (log.origin, 600)
        assert verified.checkpoint() == log.checkpoint()
        for start, stop in ((0, None), (0, 1), (255, 257), (599, 600), (300, 300), (250, 9999)):
            expected = list(log.entries(start, min(600, 9999 if stop is None else stop)))
            assert list(verified.entries(start, stop)) == expected
        for found in log.entries(0, 20):
            assert verified.payload(found.payload) == log.payload(found.payload)
        for size in (0, 1, 255, 256, 590, 600):
            assert verified.root_at(size) == log.root_at(size)
        note = log.checkpoint().note
        assert verified.read_checkpoint(note) == log.read_checkpoint(note)


def test_nothing_can_be_written_by_it(whole):
    verified = VerifiedLog(whole)
    for write in (
        lambda: verified.append([], received=NOW),
        verified.publish,
        lambda: verified.cosign([]),
        lambda: verified.prove_growth(0),
    ):
        with pytest.raises(EvidenceError, match="read by the auditor"):
            write()
    with pytest.raises(LogDamaged):
        verified.root_at(601)
    with pytest.raises(NotFound):
        verified.payload("0" * 64)
    with pytest.raises(NotFound):
        verified.audited.leaf(600)
    with pytest.raises(NotFound):
        verified.audited.root(601)


def read_all(folder: Path) -> None:
    log = AuditedLog(folder)
    for found in log.entries():
        log.payload(found.leaf.payload)
    log.root(300)


def files(folder: Path) -> list[Path]:
    """What the auditor needs to read the published entries: some payloads, and all else."""
    parts = ("000", "001", "002.p/88")
    found = [folder / name for name in ("checkpoint", "vkey", "tile/1/000.p/2", "tile/0/002.p/88")]
    found += [folder / f"tile/entries/{part}" for part in parts]
    digests = [hashlib.sha256(b"payload %d" % number).hexdigest() for number in range(5)]
    found += [folder / f"payload/{digest[:2]}/{digest[2:]}" for digest in digests]
    return [*found, *sorted((folder / "journal").iterdir())]


def test_every_flipped_bit_is_found(copy):
    random = Random(3)
    read_all(copy)
    last = max((copy / "journal").iterdir())
    for path in files(copy) * 3:
        good = path.read_bytes()
        # What is behind the last published entry is not read.
        end = good.rindex(b"TWJ1", 0, good.rindex(b"TWJ1")) if path == last else len(good)
        data = bytearray(good)
        bit = random.randrange(8 * end)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        with pytest.raises(EvidenceError):
            read_all(copy)
        path.write_bytes(good)
    read_all(copy)


@pytest.mark.parametrize(
    ("guard", "spoil"),
    [
        ("leaf", "another leaf"),
        ("envelope", "the leaf commits to"),
        ("bundle", "not what the signed root covers"),
        ("payload", "not those of its name"),
        ("journal", "does not hold it"),
    ],
)
def test_each_guard_says_what_is_wrong(copy, guard, spoil):
    SPOILERS[guard](copy)
    with pytest.raises(LogDamaged, match=spoil):
        read_all(copy)


def reframed(folder: Path, old: bytes, new: bytes) -> None:
    """Change the first journal record that holds `old`, with a checksum that is right again."""
    for path in sorted((folder / "journal").iterdir()):
        data = path.read_bytes()
        at = 0
        while at < len(data):
            sizes = [int.from_bytes(data[at + n : at + n + 4], "big") for n in (24, 28)]
            stop = at + 64 + sum(sizes)
            body = data[at + 64 : stop]
            if old in body:
                head, body = data[at : at + 32], body.replace(old, new, 1)
                frame = head + hashlib.sha256(head + body).digest() + body
                path.write_bytes(data[:at] + frame + data[stop:])
                return
            at = stop
    raise AssertionError("nothing to change")


def cut_bundle(folder: Path) -> None:
    path = folder / "tile/entries/000"
    path.write_bytes(path.read_bytes().replace(b'"kind":"report"', b'"kind":"reborn"', 1))


def cut_payload(folder: Path) -> None:
    path = next(path for path in sorted((folder / "payload").rglob("*")) if path.is_file())
    path.write_bytes(b"something else")


SPOILERS = {
    "leaf": lambda folder: reframed(folder, b'"kind":"report"', b'"kind":"reborn"'),
    "envelope": lambda folder: reframed(folder, b'"name":"7.csv"', b'"name":"8.csv"'),
    "bundle": cut_bundle,
    "payload": cut_payload,
    "journal": lambda folder: max((folder / "journal").iterdir()).unlink(),
}


def test_without_the_root_a_log_made_anew_would_be_read(copy, monkeypatch):
    """The saboteur: a reader that does not hold the tiles against what was signed."""
    path = copy / "tile/1/000.p/2"
    data = path.read_bytes()
    path.write_bytes(bytes(32) + data[32:])
    with pytest.raises(LogDamaged, match="the tiles make the root"):
        AuditedLog(copy)
    path.write_bytes(data)
    cut_bundle(copy)
    with pytest.raises(LogDamaged, match="entry bundle 0"):
        AuditedLog(copy).leaf(0)
    monkeypatch.setattr(AuditedLog, "_leaves", lambda log, n: log._published.tiles.leaves(n, 256))
    assert b"reborn" in AuditedLog(copy).leaf(0)


def test_a_source_that_its_salt_does_not_open_is_found(tmp_path, monkeypatch):
    """A writer could commit to one source and name another; no reader goes by the name."""
    folder = tmp_path / "evidence"
    with Log.create(folder, origin="example.org/audited") as log:
        monkeypatch.setattr(batch, "source_commitment", lambda *_: "1" * 64)
        log.append([entry(0)], received=NOW)
        log.publish()
    with pytest.raises(LogDamaged, match="does not open the source"):
        list(AuditedLog(folder).entries())
    assert any("does not open the source" in words for words in fsck(folder).problems)


def test_a_leaf_of_another_kind_is_not_read(tmp_path, monkeypatch):
    """It is signed, and in the journal as in the tiles: yet it is no leaf that a log may hold."""
    folder = tmp_path / "evidence"
    real = batch.encode_leaf
    with Log.create(folder, origin="example.org/audited") as log:
        monkeypatch.setattr(
            batch, "encode_leaf", lambda leaf: real(leaf).replace(b'"v":1', b'"v":2')
        )
        log.append([entry(0)], received=NOW)
        log.publish()
    with pytest.raises(LogDamaged, match="entry 0: the leaf is not a leaf of version 1"):
        list(AuditedLog(folder).entries())
