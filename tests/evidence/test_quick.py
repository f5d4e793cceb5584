"""The auditor's quick reading says the same as the slow one, whoever does the work."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from trucewatch.evidence import Audit, EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.audit import checking, parts, quick, workers
from trucewatch.evidence.log import batch as batch_module
from trucewatch.evidence.log import journal

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
NAMES = ("a.csv", 'a "quoted" one.csv', "täglich\u2028.csv", "back\\slash", "")


def _entry(number: int) -> NewEntry:
    kind = EntryKind.NOTICE if number % 9 == 0 else EntryKind.REPORT
    return NewEntry(
        kind=kind,
        source=f"s{number % 4}" if number % 50 else f"rare {number}",
        payload=b"payload %d" % (number // 3),
        name=NAMES[number % len(NAMES)],
    )


def _make(folder: Path, batches: tuple[tuple[int, int], ...]) -> Path:
    """Batches of entries, every one published but the last; clocks run back now and then."""
    with Log.create(folder, origin="example.org/quick") as log:
        for start, stop in batches:
            when = NOW + timedelta(hours=start - 5 * (start % 3))
            log.append([_entry(i) for i in range(start, stop)], received=when)
            if stop != batches[-1][1]:
                log.publish()
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Path:
    """A log of four segments, none of which ends where a bundle does; the last few unpublished."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal, "SEGMENT_ENTRIES", 300)
        return _make(
            tmp_path_factory.mktemp("large") / "evidence",
            ((0, 3), (3, 311), (311, 700), (700, 1020), (1020, 1023), (1023, 1030)),
        )


def slowly(folder: Path) -> Audit:
    """What the slow reading alone says."""

    def refuse(_):
        raise parts.Amiss

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking._Fsck, "_quick_tree", refuse)
        return fsck(folder)


@pytest.fixture
def only_quick(monkeypatch):
    """The slow reading is a failure."""

    def fail(_):
        pytest.fail("the quick reading gave up")

    monkeypatch.setattr(checking._Fsck, "_tree", fail)


@pytest.mark.usefixtures("only_quick")
def test_a_sound_log_is_read_quickly(large):
    found = fsck(large)
    assert found.ok, found.problems
    assert (found.size, found.unpublished) == (1023, 7)
    assert len(quick.segment_names(large / "journal")) == 4


@pytest.mark.parametrize(
    "batches",
    [
        (),
        ((0, 1),),
        ((0, 255), (255, 256)),
        ((0, 256), (256, 257)),
        ((0, 512), (512, 513)),
        ((0, 300), (300, 600), (600, 601), (601, 602)),
        ((0, 300), (300, 310), (310, 1000), (1000, 1024), (1024, 1100)),
    ],
)
@pytest.mark.parametrize("length", [1, 256, 300, 10_000])
def test_logs_of_any_shape_are_read_alike(tmp_path, monkeypatch, batches, length):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", length)
    folder = _make(tmp_path / "evidence", batches)
    expected = slowly(folder)
    assert expected.ok, expected.problems
    monkeypatch.setattr(checking._Fsck, "_tree", None)
    assert fsck(folder) == expected


def test_what_is_amiss_is_told_in_the_same_words(large, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(large, folder)
    random = Random(17)
    paths = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and "key" not in path.parts
    ]
    paths += [path for path in paths if "payload" not in path.parts] * 3
    amiss = 0
    for _ in range(100):
        path = random.choice(paths)
        good = path.read_bytes()
        at = random.randrange(len(good) or 1)
        bad = random.choice(
            (
                good[:at] + bytes([good[at] ^ 1 << random.randrange(8)]) + good[at + 1 :]
                if good
                else b"?",
                good[:at],
                good + b"\0",
                good[:at] + good[: random.randrange(700)] + good[at:],
                None,
            )
        )
        if bad is None:
            path.unlink()
        else:
            path.write_bytes(bad)
        expected = slowly(folder)
        assert fsck(folder) == expected, path
        amiss += not expected.ok
        path.write_bytes(good)
    assert amiss > 60
    assert fsck(folder).ok


def _lie(folder: Path, monkeypatch, length: int, part: str, change) -> None:
    """A log of 600 entries in which the first leaf of the second batch was changed, and signed."""
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", length)
    name = f"encode_{part}"
    real = getattr(batch_module, name)
    done = []

    def encode(item):
        if done:
            return real(item)
        done.append(item)
        return change(real, item)

    with Log.create(folder, origin="example.org/forged") as log:
        log.append([_entry(i) for i in range(1, 301)], received=NOW)
        monkeypatch.setattr(batch_module, name, encode)
        log.append([_entry(i) for i in range(301, 601)], received=NOW)
        monkeypatch.setattr(batch_module, name, real)
        log.publish()


def _field(name, change):
    def encode(real, leaf):
        object.__setattr__(leaf, name, change(getattr(leaf, name)))
        return real(leaf)

    return encode


def _text(old, new):
    return lambda real, item: real(item).replace(old, new)


LIES = {
    "sequence": ("leaf", _field("sequence", lambda n: n + 1)),
    "first": ("leaf", _field("sequence", lambda _: 0)),
    "previous": ("leaf", _field("previous", lambda _: "0" * 64)),
    "no previous": ("leaf", _field("previous", lambda _: None)),
    "capitals": ("leaf", _field("previous", str.upper)),
    "early": ("leaf", _field("received", lambda t: t - 10**9)),
    "late": ("leaf", _field("received", lambda t: t + 10**9)),
    "clock": ("leaf", _field("clock", lambda t: t + 10**9)),
    "uncertainty": ("leaf", _field("uncertainty", lambda t: -t)),
    "length": ("leaf", _field("length", lambda n: n + 1)),
    "negative": ("leaf", _field("length", lambda n: -n)),
    "payload": ("leaf", _field("payload", lambda _: "0" * 64)),
    "no digest": ("leaf", _field("payload", lambda _: "x" * 64)),
    "spaced digest": ("leaf", _field("payload", lambda _: " " * 64)),
    "quoted digest": ("leaf", _field("payload", lambda _: '"' * 64)),
    "capital payload": ("leaf", _field("payload", str.upper)),
    "policy": ("leaf", _field("policy", lambda _: "z" * 64)),
    "source": ("leaf", _field("source", lambda _: "0" * 64)),
    "envelope": ("leaf", _field("envelope", lambda _: "0" * 64)),
    "kind": ("leaf", _text(b'"kind":"report"', b'"kind":"rumour"')),
    "long kind": ("leaf", _text(b'"kind":"report"', b'"kind":"' + b"r" * 200 + b'"')),
    "line": ("leaf", _text(b'{"clock"', b'\n{"clock"')),
    "two": ("leaf", lambda real, item: real(item) + b"\n" + real(item)),
    "space": ("leaf", _text(b'"v":1', b'"v": 1')),
    "zero": ("leaf", _text(b'"sequence":"', b'"sequence":"0')),
    "another envelope": ("envelope", _text(b'"v":1', b'"v":2')),
    "salt": ("envelope", lambda real, item: real(item).replace(item.salt.encode(), b"0" * 64)),
    "no hex salt": (
        "envelope",
        lambda real, item: real(item).replace(item.salt.encode(), b"z" * 64),
    ),
    "capital salt": (
        "envelope",
        lambda real, item: real(item).replace(item.salt.encode(), item.salt.upper().encode()),
    ),
    "another source": ("envelope", _text(b'"source":"s', b'"source":"t')),
    "no text": ("envelope", _text(b'"source":"s', b'"source":"\xff')),
    "escaped": ("envelope", _text(b'"source":"s', b'"source":"\\u0073')),
    "half": ("envelope", _text(b'"source":"s', b'"source":"\\ud800')),
    "control": ("envelope", _text(b'"source":"s', b'"source":"\x01')),
    "lines": ("envelope", _text(b'{"media"', b'\n{"media"')),
}


@pytest.mark.parametrize("length", [300, 10_000])
@pytest.mark.parametrize("lie", LIES)
def test_a_signed_lie_is_found_wherever_it_stands(tmp_path, monkeypatch, lie, length):
    """At the head of a part, where the joint must find it, and in the middle of one."""
    part, change = LIES[lie]
    _lie(tmp_path / "evidence", monkeypatch, length, part, change)
    found = fsck(tmp_path / "evidence")
    assert not found.ok
    assert found == slowly(tmp_path / "evidence")


@pytest.mark.parametrize("lie", ["previous", "no previous", "early"])
def test_without_the_joint_a_lie_between_parts_goes_unseen(tmp_path, monkeypatch, lie):
    """The saboteur: parts that are each sound are not yet a sound log."""

    def add(self, part):
        self.count, self._last = part.first + part.count, part.last
        self._chain.lengths.update(part.lengths)
        self._chain.kinds.update({kind.decode(): count for kind, count in part.kinds.items()})

    part, change = LIES[lie]
    _lie(tmp_path / "evidence", monkeypatch, 300, part, change)
    assert not fsck(tmp_path / "evidence").ok
    monkeypatch.setattr(parts.Joint, "add", add)
    assert fsck(tmp_path / "evidence").ok


@pytest.mark.parametrize("length", [300, 10_000])
def test_one_source_under_two_commitments_is_found(tmp_path, monkeypatch, length):
    """Between two parts, and within one."""
    real = batch_module.source_commitment
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", length)
    folder = tmp_path / "evidence"
    with Log.create(folder, origin="example.org/forged") as log:
        log.append([_entry(i) for i in range(1, 301)], received=NOW)
        state = log._index.sources.pop("s1")
        log.append([_entry(i) for i in range(301, 601)], received=NOW)
        assert log._index.sources["s1"].salt != state.salt
        log.publish()
    assert real is batch_module.source_commitment
    found = fsck(folder)
    assert any("its source had another commitment before" in words for words in found.problems)
    assert found == slowly(folder)


@pytest.fixture
def shared_out(monkeypatch):
    """Two processes, however small the log; their ids as they are started."""
    started = []
    real = workers._start

    def start():
        started.append(real())
        return started[-1]

    monkeypatch.setattr(checking, "_LARGE", 0)
    monkeypatch.setattr(checking, "useful", lambda: 2)
    monkeypatch.setattr(workers, "_start", start)
    return started


@pytest.mark.usefixtures("only_quick")
def test_processes_find_the_same_and_are_gone_afterwards(large, shared_out):
    seen = []
    found = fsck(large, progress=lambda done, total: seen.append((done, total)))
    assert found.ok, found.problems
    assert seen == sorted(seen)
    assert len(shared_out) == 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_LARGE", 10**9)
        assert fsck(large) == found
    assert len(shared_out) == 2
    assert all(process.poll() is not None for process in shared_out)


def test_processes_and_no_processes_say_the_same_of_a_damaged_log(large, tmp_path, shared_out):
    folder = tmp_path / "evidence"
    shutil.copytree(large, folder)
    for name in ("journal/000000000311", "tile/0/002", "tile/entries/001"):
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).write_bytes(data)
    found = fsck(folder)
    assert shared_out
    assert not found.ok
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_LARGE", 10**9)
        assert fsck(folder) == found == slowly(folder)


@pytest.mark.usefixtures("only_quick")
@pytest.mark.parametrize("when", ["before", "within"])
def test_a_worker_that_dies_changes_nothing(large, monkeypatch, shared_out, when):
    real = workers._start

    def start():
        process = real()
        if when == "before":
            process.kill()
            process.wait()
        else:
            # It takes its task and never answers.
            process.send_signal(signal.SIGSTOP)
            os.kill(process.pid, signal.SIGKILL)
        return process

    monkeypatch.setattr(workers, "_start", start)
    assert fsck(large).ok
    assert all(process.poll() is not None for process in shared_out)


def test_where_no_python_can_be_started_all_is_done_here(large, monkeypatch, shared_out):
    monkeypatch.setattr(sys, "executable", "")
    assert fsck(large).ok
    assert not shared_out


def test_an_interrupt_leaves_no_process_behind(large, shared_out):
    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fsck(large, progress=stop)
    assert len(shared_out) == 2
    assert all(process.poll() is not None for process in shared_out)


PARENT = """
import os, sys, time
from pathlib import Path
from trucewatch.evidence.audit import checking, workers
checking._LARGE, checking.useful = 0, lambda: 2
real, started = workers._start, []
def start():
    process = real()
    started.append(process.pid)
    return process
workers._start = start
def progress(done, total):
    print(*started, flush=True)
    time.sleep(60)
checking.fsck(Path(sys.argv[1]), progress=progress)
"""


def test_no_process_outlives_an_auditor_that_is_killed(large):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, large], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.communicate()
    until = time.monotonic() + 30
    while any(_runs(pid) for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether a process runs; one that ended may wait for somebody to ask after it."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_a_worker_answers_until_its_pipe_ends(large, monkeypatch):
    sent, answered = io.BytesIO(), io.BytesIO()
    task = b'{"folder": "%s", "payloads": "00"}' % str(large).encode()
    workers._write(sent, [task])
    workers._write(sent, [task])
    sent.seek(0)
    enabled = []
    monkeypatch.setattr(workers.gc, "disable", lambda: enabled.append(False))
    for name, stream in (("stdin", sent), ("stdout", answered)):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(stream))
    workers.serve()
    answered.seek(0)
    first, second = workers._read(answered), workers._read(answered)
    assert first == second
    assert enabled == [False]
    for file in workers._folder_from(first):
        path = large / "payload" / file.where
        assert file.digest == file.where.replace("/", "")
        assert file.size == path.stat().st_size


@pytest.mark.parametrize(("cores", "count"), [(1, 0), (2, 2), (64, 8)])
def test_as_many_processes_as_the_machine_can_run(monkeypatch, cores, count):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert workers.useful() == count
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert workers.useful() == count


def test_large_payloads_and_nested_folders_are_hashed_whole(tmp_path):
    folder = tmp_path / "evidence"
    with Log.create(folder, origin="o") as log:
        log.append(
            [NewEntry(kind=EntryKind.REPORT, source="s", payload=bytes(200_001))], received=NOW
        )
        log.publish()
    assert fsck(folder).bytes == 200_001
    (folder / "payload/ab/deep").mkdir(parents=True)
    (folder / "payload/ab/deep/x").write_bytes(b"")
    (folder / "payload/stray").write_bytes(b"")
    problems = fsck(folder).problems
    assert problems == (
        "payload/ab/deep/x: not the name of a payload",
        "payload/stray: not the name of a payload",
    )


def test_one_payload_of_two_lengths_is_found_between_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", 300)
    folder = tmp_path / "evidence"
    real = batch_module.encode_leaf
    with Log.create(folder, origin="example.org/forged") as log:
        log.append([_entry(i) for i in range(1, 301)], received=NOW)
        again = NewEntry(kind=EntryKind.REPORT, source="another", payload=_entry(1).payload)
        monkeypatch.setattr(
            batch_module, "encode_leaf", _as_told(real, _field("length", lambda n: n + 1))
        )
        log.append([again], received=NOW)
        monkeypatch.setattr(batch_module, "encode_leaf", real)
        log.publish()
    found = fsck(folder)
    assert found.problems == ("entry 300: its payload had another length before",)
    assert found == slowly(folder)


def _as_told(real, change):
    return lambda leaf: change(real, leaf)
