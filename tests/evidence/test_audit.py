"""The auditor: it finds every flipped bit, and everything else that is not as it should be."""

from __future__ import annotations

import ast
import contextlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from trucewatch.errors import EvidenceError, LogDamaged
from trucewatch.evidence import EntryKind, Log, NewEntry, audit, fsck
from trucewatch.evidence.log import batch as batch_module
from trucewatch.evidence.tlog.notes import Signer

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
WRITERS_OWN = {"writer", "journal", "merkle", "tiles", "entries", "payloads", "notes"}
WRITERS_OWN |= {"batch", "disk", "frames", "index", "layout", "state", "storage"}
WRITERS_OWN |= {"cosignatures", "policy", "witnessed", "stamped", "stamps"}
WRITERS_OWN |= {"keys", "rekeying"}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A log of 270 entries in several growths, two of them not published."""
    folder = tmp_path_factory.mktemp("small") / "evidence"
    with Log.create(folder, origin="example.org/audit") as log:
        for start, stop in ((0, 3), (3, 200), (200, 262), (262, 268)):
            log.append([_entry(i) for i in range(start, stop)], received=NOW + timedelta(start))
            log.publish()
        log.append([_entry(268), _entry(269)], received=NOW)
    return folder


def _entry(number: int) -> NewEntry:
    kind = EntryKind.NOTICE if number % 9 == 0 else EntryKind.REPORT
    return NewEntry(kind=kind, source=f"s{number % 4}", payload=b"payload %d" % (number // 2))


def _evidence(folder: Path) -> list[Path]:
    """Every published file, every payload and the journal."""
    kept = [folder / "checkpoint", folder / "vkey"]
    for name in ("tile", "journal", "payload"):
        kept += [path for path in sorted((folder / name).rglob("*")) if path.is_file()]
    return kept


def test_a_sound_log(small):
    seen = []
    found = fsck(small, progress=lambda done, total: seen.append((done, total)))
    assert found.ok, found.problems
    assert (found.origin, found.size, found.unpublished) == ("example.org/audit", 268, 2)
    assert sum(found.entries_by_kind.values()) == 268
    assert found.entries_by_kind["notice"] == 30
    assert (found.payloads, found.problems) == (135, ())
    with Log.open(small, readonly=True) as log:
        assert found.root == log.checkpoint().root
        assert found.bytes == sum(len(log.payload(e.payload)) for e in log.entries()) / 2
    assert seen[-1] == (268 + 135, 268 + 135)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_every_flipped_bit_is_found(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    random = Random(11)
    paths = _evidence(folder)
    # Small files as often as large ones, so that names, keys and signatures are all hit.
    for _ in range(300):
        path = random.choice([*paths, *[folder / "checkpoint", folder / "vkey"] * 12])
        data = bytearray(path.read_bytes())
        bit = random.randrange(8 * len(data))
        data[bit // 8] ^= 1 << bit % 8
        good = path.read_bytes()
        path.write_bytes(data)
        assert not fsck(folder).ok, f"bit {bit} of {path.relative_to(folder)}"
        path.write_bytes(good)
    assert fsck(folder).ok


def test_every_bit_of_key_and_checkpoint_counts(tmp_path):
    folder = tmp_path / "evidence"
    Log.create(folder, origin="o").close()
    for name in ("checkpoint", "vkey"):
        good = (folder / name).read_bytes()
        for bit in range(8 * len(good)):
            data = bytearray(good)
            data[bit // 8] ^= 1 << bit % 8
            (folder / name).write_bytes(data)
            assert not fsck(folder).ok, f"bit {bit} of {name}"
        (folder / name).write_bytes(good)
    assert fsck(folder).ok


def test_every_missing_file_is_found(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    obsolete = {f"tile/{level}/001.p/6" for level in ("0", "entries")}
    for path in _evidence(folder):
        data = path.read_bytes()
        path.unlink()
        # A partial tile of an earlier checkpoint may go; nothing else may.
        expected = path.relative_to(folder).as_posix() in obsolete
        assert fsck(folder).ok is expected, path.relative_to(folder)
        path.write_bytes(data)


@pytest.mark.parametrize(
    "name",
    [
        "tile/0/002",
        "tile/0/note.txt",
        "tile/0/001.p/20",
        "tile/entries/009",
        "payload/ab/short",
        "payload/x",
        "journal/README",
        "journal/12",
    ],
)
def test_files_that_nothing_accounts_for_are_found(small, tmp_path, name):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"")
    (problem,) = fsck(folder).problems
    assert name in problem


def test_a_payload_that_no_entry_names_is_whole_or_reported(small, tmp_path):
    """A crash may leave one: it was never acknowledged and is no contradiction."""
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    path = folder / "payload" / digest[:2] / digest[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"test")
    assert (fsck(folder).ok, fsck(folder).payloads) == (True, 135)
    path.write_bytes(b"text")
    assert not fsck(folder).ok


def test_a_folder_without_a_log_is_no_sound_log(tmp_path):
    found = fsck(tmp_path)
    assert not found.ok
    assert found.size == 0


class Forger:
    """A writer that signs what it likes: the operator who must not be trusted."""

    def __init__(self, folder: Path, monkeypatch, **changes) -> None:
        real = batch_module.encode_leaf

        def encode(leaf):
            for name, change in changes.items():
                object.__setattr__(leaf, name, change(getattr(leaf, name)))
            return real(leaf)

        with Log.create(folder, origin="example.org/forged") as log:
            log.append([_entry(0), _entry(4)], received=NOW)
            monkeypatch.setattr(batch_module, "encode_leaf", encode)
            log.append([_entry(8)], received=NOW)
            monkeypatch.setattr(batch_module, "encode_leaf", real)
            log.publish()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sequence": lambda n: n + 1}, "number 3 of its source where 2 is due"),
        ({"previous": lambda _: "0" * 64}, "does not name the entry of its source before it"),
        ({"received": lambda t: t - 10**9}, "its time is not the later"),
        ({"uncertainty": lambda t: -t}, "negative"),
        ({"length": lambda n: n + 1}, "bytes, the log says"),
        ({"payload": lambda _: "0" * 64}, "missing"),
        ({"source": lambda _: "0" * 64}, "the salt does not open the source"),
        ({"envelope": lambda _: "0" * 64}, "not the one the leaf commits to"),
    ],
)
def test_a_signed_lie_is_found(tmp_path, monkeypatch, changes, words):
    Forger(tmp_path / "evidence", monkeypatch, **changes)
    found = fsck(tmp_path / "evidence")
    assert any(words in problem for problem in found.problems), found.problems


def test_a_root_that_the_entries_do_not_make_is_found(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    signer = Signer.parse((folder / "key/signing").read_text().rstrip("\n"))
    for size, words in ((268, "the entries make"), (999, "missing")):
        (folder / "checkpoint").write_text(signer.checkpoint(size, bytes(32)).note)
        problems = fsck(folder).problems
        assert any(words in problem for problem in problems), problems


def test_many_problems_are_counted_not_listed(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    for number in range(300):
        (folder / f"tile/junk{number}").write_bytes(b"")
    problems = fsck(folder).problems
    assert len(problems) == 201
    assert problems[-1] == "and 100 problems more"


def test_the_auditor_imports_nothing_of_the_writer():
    for path in Path(audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{a.name}" for a in node.names)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in names:
                parts = name.split(".")
                assert not (parts[:2] == ["trucewatch", "evidence"] and parts[2] in WRITERS_OWN)


def test_rubbish_never_crashes_the_auditor_or_the_log(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    random = Random(5)
    paths = [*_evidence(folder)[:12], *(folder / "journal").iterdir()]
    for _ in range(120):
        path = random.choice(paths)
        good = path.read_bytes()
        at, length = random.randrange(len(good)), random.choice((1, 40, 4000))
        rubbish = random.choice((b"", bytes(length), random.randbytes(length), good[:length]))
        bad = random.choice((good[:at] + rubbish, good[:at] + rubbish + good[at:]))
        path.write_bytes(bad)
        if bad != good:
            assert not fsck(folder).ok
        # Opening reads less than the auditor: it may go well, but it never fails otherwise.
        with contextlib.suppress(EvidenceError):
            Log.open(folder, readonly=True).close()
        path.write_bytes(good)
    assert fsck(folder).ok


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        ("leaf", b'"v":1', b'"v":1,"v":1', "canonical"),
        ("leaf", b'"kind":"report"', b'"kind":"rumour"', "no such kind"),
        ("envelope", b'{"media"', b'{"media":"","media"', "envelope cannot be read"),
        ("envelope", b'"v":1', b'"v":2', "envelope cannot be read"),
        ("envelope", b"}", b"", "envelope cannot be read"),
        ("envelope", b'"source":"s0"', b'"source":"s1"', "the salt does not open"),
        ("envelope", b'"source":"s0"', b'"source":"\\ud800"', "envelope cannot be read"),
        ("envelope", b'"name":""', b'"name":"\\udfff"', "envelope cannot be read"),
        ("envelope", b'"name":""', b'"name": ""', "envelope cannot be read"),
        ("envelope", b'"v":1', b'"v":1.0', "envelope cannot be read"),
        ("envelope", b'"v":1', b'"v":true', "envelope cannot be read"),
        ("envelope", b'"v":1', b'"v":' + b"1" * 5000, "envelope cannot be read"),
    ],
)
def test_a_signed_record_of_another_form_is_found(tmp_path, monkeypatch, part, old, new, words):
    name = f"encode_{part}"
    real = getattr(batch_module, name)
    with Log.create(tmp_path / "evidence", origin="example.org/forged") as log:
        log.append([], received=NOW)
        monkeypatch.setattr(batch_module, name, lambda item: real(item).replace(old, new))
        log.append([_entry(4)], received=NOW)
        log.publish()
    found = fsck(tmp_path / "evidence")
    assert any(words in problem for problem in found.problems), found.problems
    monkeypatch.undo()
    if "salt" not in words:
        # What the auditor finds in a record, whoever reads the record is told as well.
        with pytest.raises(LogDamaged):
            list(Log.open(tmp_path / "evidence", readonly=True).entries())


@pytest.mark.parametrize(
    "tail", [b"rubbish\n", "— other !!!\n".encode(), "— other\n".encode(), b"\n", b"- a AAAA\n"]
)
def test_rubbish_below_the_signature_is_found(small, tmp_path, tail):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    path = folder / "checkpoint"
    path.write_bytes(path.read_bytes() + tail)
    assert not fsck(folder).ok
    with pytest.raises(LogDamaged):
        Log.open(folder, readonly=True)


def test_the_signature_of_a_witness_is_no_rubbish(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    path = folder / "checkpoint"
    path.write_bytes(path.read_bytes() + "— other AAAAAAAA\n".encode())
    assert fsck(folder).ok
    Log.open(folder, readonly=True).close()


def test_a_batch_that_ends_between_two_records_is_unfinished(small, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(small, folder)
    path = folder / "journal/000000000000"
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"TWJ1")])
    assert any("unfinished" in problem for problem in fsck(folder).problems)
    with Log.open(folder) as log:
        assert log.size == 268
    assert fsck(folder).ok
