"""What lies under `index/` is believed only of the log that it was made from, and never alone."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trucewatch.errors import Erased, LogDamaged
from trucewatch.evidence import (
    Approved,
    Asked,
    Concerned,
    EntryKind,
    Log,
    NewEntry,
    encode_step,
    fsck,
)
from trucewatch.evidence.log import journal
from trucewatch.evidence.log.index import Segment
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.evidence.log.prefixes import Prefixes

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
KEPT = b"what is to stay"


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", 8)


def report(payload, source="paper"):
    return NewEntry(kind=EntryKind.REPORT, source=source, payload=payload)


def send(log, *payloads, source="paper"):
    """Each by itself, all of them published."""
    found = [log.append([report(one, source)], received=NOW)[0] for one in payloads]
    log.publish()
    return found


def enter(log, step):
    entry = NewEntry(kind=EntryKind.ERASED, source="people", payload=encode_step(step))
    return log.append([entry], received=NOW)[0]


def erase(log, payload):
    """Two people have a payload erased, which is published at once."""
    receipt = enter(log, Asked(by="anna", reason="in danger", payload=payload))
    held = [entry for entry in log.entries() if entry.payload == payload]
    approved = Approved(
        by="boris",
        request=receipt.index,
        leaf=receipt.leaf_hash,
        payload=payload,
        entries=tuple(Concerned(index=entry.index) for entry in held),
        files=tuple(sorted({entry.stored for entry in held})),
    )
    enter(log, approved)
    log.publish()


def digest(payload):
    return hashlib.sha256(payload).hexdigest()


@pytest.fixture
def worlds(tmp_path):
    """A log as a back-up has it, and the same log as it went on: there something was erased."""
    now, then = tmp_path / "now", tmp_path / "then"
    with Log.create(now, origin="example.org/island") as log:
        send(log, KEPT, b"1", b"2")
        log.close()
        shutil.copytree(now, then)
    with Log.open(now) as log:
        erase(log, digest(KEPT))
        send(log, *(b"now %d" % number for number in range(9)))
        assert log.size == 14
        assert log.erased(digest(KEPT))
    return then, now


def restored(then, now):
    """The back-up is put back over the folder, whose `index/` stays; then it goes on."""
    for path in sorted((now / "index").iterdir()):
        shutil.copy(path, then / "index" / path.name)
    return then


def go_on(folder, *, number):
    """Other entries come, and what the caches say of them lies there from before."""
    stale = {path: path.read_bytes() for path in (folder / "index").iterdir()}
    with Log.open(folder) as log:
        for one in range(number):
            send(log, b"then %d" % one, source=f"s{one % 3}")
    for path, data in stale.items():
        path.write_bytes(data)


@pytest.mark.parametrize("number", [3, 6, 14])
def test_a_note_of_another_past_removes_nothing(worlds, number):
    folder = restored(*worlds)
    go_on(folder, number=number)
    for readonly in (True, False):
        with Log.open(folder, readonly=readonly) as log:
            assert log.account == ()
            assert log.erasures() == ()
            assert log.payload(digest(KEPT)) == KEPT
    assert (folder / payload_path(digest(KEPT))).read_bytes() == KEPT
    assert fsck(folder).ok


@pytest.mark.parametrize("number", [6, 14])
def test_an_index_of_another_past_numbers_and_repeats_nothing(worlds, number):
    folder = restored(*worlds)
    go_on(folder, number=number)
    with Log.open(folder) as log:
        again = [report(b"then %d" % one, f"s{one % 3}") for one in range(number)]
        receipts = log.append(again, received=NOW)
        assert [one.index for one in receipts] == list(range(3, 3 + number))
        assert all(one.repeated for one in receipts)
        send(log, b"more", b"and more")
        send(log, b"again more", source="s1")
    # The numbers and hashes of each source go on from where they stood.
    assert fsck(folder).ok


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A log with closed segments, where something is erased in the first of them."""
    folder = tmp_path_factory.mktemp("made") / "log"
    with (
        pytest.MonkeyPatch.context() as patch,
        Log.create(folder, origin="example.org/island") as log,
    ):
        patch.setattr(journal, "SEGMENT_ENTRIES", 8)
        send(log, KEPT, b"1", b"2")
        erase(log, digest(b"1"))
        send(log, *(b"%d" % number for number in range(2, 30)))
    return folder


@pytest.fixture
def long_log(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "log"))


def resealed(path, change):
    """Change what a cache says, and have its own hash agree."""
    data = change(path.read_bytes()[:-32])
    path.write_bytes(data + hashlib.sha256(data).digest())


def holds(folder, bound):
    with Log.open(folder) as log:
        assert log.erased(digest(b"1"))
        assert log.erased(digest(KEPT)) is None
        assert log.account == ()
        with pytest.raises(Erased):
            log.payload(digest(b"1"))
        (again,) = log.append([report(KEPT)], received=NOW)
        assert again.repeated == bound
    assert (folder / payload_path(digest(KEPT))).exists()


def test_what_is_sound_is_not_read_again(long_log, monkeypatch):
    """Otherwise the caches would be of no use, and the tests below would show nothing."""
    with Log.open(long_log):
        pass
    read = []
    real = journal.Journal.frames

    def frames(self, start, stop, *, mark=b""):
        read.append((start, stop))
        return real(self, start, stop, mark=mark)

    monkeypatch.setattr(journal.Journal, "frames", frames)
    with Log.open(long_log) as log:
        assert log.erased(digest(b"1"))
        log.append([report(b"new")], received=NOW)
    assert [one for one in read if one[0] < 24 and one[0] < one[1]] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"[32, []]",
        b'{"a": 1}',
        b"[32, 5, []]",
        b'[32, "00", []]',
        b'[-1, "%s", []]' % (b"0" * 64),
        b'[1e3, "%s", []]' % (b"0" * 64),
        b'[true, "%s", []]' % (b"0" * 64),
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_rubbish_with_the_right_hash_is_no_note(long_log, body):
    resealed(long_log / "index" / "erasures", lambda _: body)
    holds(long_log, bound=True)


@pytest.mark.parametrize(
    "places",
    [
        [[0, 0]],
        [[3, 0], [4, 0]],
        [[3, -1], [4, 10**30]],
        [[4, 0], [3, 0]],
        [["3", 0]],
        [[3]],
        [[10**9, 0]],
        [None],
        {"3": 0},
    ],
)
def test_a_note_says_where_to_read_and_not_what(long_log, places):
    """Each place is looked up in the journal: where no erasure stands there, the note is none."""

    def change(data):
        size, root, _ = json.loads(data)
        return json.dumps([size, root, places]).encode()

    resealed(long_log / "index" / "erasures", change)
    holds(long_log, bound=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda data: data[:60],
        lambda data: data[:-4] + b"null",
        lambda data: data[: data.index(b'{"')] + b"[1]",
        lambda data: data[: data.index(b'{"')] + b'{"paper": [1, 2, 3, 4]}',
        lambda data: data[: data.index(b'{"')] + b'{"paper": null}',
        lambda data: data[: data.index(b'{"')] + b'{"paper": ["", "", 0]}',
        lambda data: data[: data.index(b'{"')] + b'{"paper": ["", 5, 0, null]}',
        lambda data: data[: data.index(b'{"')] + b'{"paper": ["", "", true, null]}',
        lambda data: data[: data.index(b'{"')] + b'{"paper": ["", "", 0, 5]}',
        lambda data: data.replace(b"index/2", b"index/1"),
        lambda data: data[:27] + b"\xff" * 8 + data[35:],
    ],
)
def test_rubbish_with_the_right_hash_is_no_index(long_log, change):
    resealed(long_log / "index" / f"{0:012}", change)
    holds(long_log, bound=True)
    assert fsck(long_log).ok


def test_a_segment_bears_the_root_that_it_was_made_under(long_log):
    data = (long_log / "index" / f"{0:012}").read_bytes()
    segment, _, root = Segment.decode(data, 0)
    with Log.open(long_log, readonly=True) as log:
        assert root.hex() == log.root_at(len(segment.keys))


def test_the_saboteur_who_believes_every_root_is_caught(worlds, monkeypatch):
    monkeypatch.setattr(Prefixes, "holds", lambda *_: True)
    folder = restored(*worlds)
    go_on(folder, number=14)
    with Log.open(folder) as log:
        (again,) = log.append([report(b"then 0", "s0")], received=NOW)
        assert not again.repeated


def test_the_saboteur_who_believes_every_note_is_caught(worlds, monkeypatch):
    """Even then only what the journal says is removed: the places hold no erasure there."""
    monkeypatch.setattr(Prefixes, "holds", lambda *_: True)
    test_a_note_of_another_past_removes_nothing(worlds, 14)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / f"{0:012}").unlink(), "first segment is missing"),
        (lambda folder: (folder / "README").touch(), "journal/README is not a segment"),
        (lambda folder: (folder / "12").touch(), "journal/12 is not a segment"),
    ],
)
def test_a_journal_of_which_a_segment_is_gone_or_strange_is_refused(long_log, spoil, told):
    names = sorted(path.name for path in (long_log / "journal").iterdir())
    assert names[:3] == [f"{first:012}" for first in (0, 8, 16)]
    spoil(long_log / "journal")
    with pytest.raises(LogDamaged, match=told), Log.open(long_log) as log:
        log.append([report(b"new")], received=NOW)
    assert not fsck(long_log).ok


def test_a_journal_with_a_hole_behind_what_was_published_is_refused(tmp_path):
    folder = tmp_path / "log"
    with Log.create(folder, origin="example.org/island") as log:
        send(log, b"0")
        log.publish()
        for number in range(1, 30):
            log.append([report(b"%d" % number)], received=NOW)
    whole = Path(shutil.copytree(folder, tmp_path / "whole"))
    with Log.open(whole, readonly=True) as log:
        assert log.size == 30
    (folder / "journal" / f"{16:012}").unlink()
    told = "the journal is not whole before journal/000000000024: it holds 16 entries up to there"
    with pytest.raises(LogDamaged, match=told):
        Log.open(folder)
    last = whole / "journal" / f"{16:012}"
    last.write_bytes(last.read_bytes()[:-1])
    with pytest.raises(LogDamaged, match=r"000000000024: it holds 23 entries up to there, then"):
        Log.open(whole)
