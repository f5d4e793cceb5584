"""The log as its callers see it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from trucewatch.errors import EvidenceError, LogDamaged, NotFound, WriteFailed
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.log import index as cache
from trucewatch.evidence.log import journal, payloads, sealing
from trucewatch.evidence.log.entries import decode_leaf
from trucewatch.evidence.log.payloads import payload_path
from trucewatch.evidence.tlog.merkle import verify_consistency, verify_inclusion

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)


def report(payload, source="paper", **more):
    return NewEntry(kind=EntryKind.REPORT, source=source, payload=payload, **more)


def heartbeat(source="clock"):
    return NewEntry(kind=EntryKind.HEARTBEAT, source=source, payload=b"")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mission" / "evidence"


@pytest.fixture
def log(folder):
    with Log.create(folder, origin="example.org/island") as log:
        yield log


def test_an_entry_comes_back_as_it_was_given(log, folder):
    (receipt,) = log.append([report(b"\x00raw\xff", name="a.csv", media="text/csv")], received=NOW)
    (entry,) = log.entries()
    assert (receipt.origin, receipt.index, receipt.repeated) == ("example.org/island", 0, False)
    assert (entry.index, entry.source, entry.sequence) == (0, "paper", 0)
    assert (entry.name, entry.media, entry.length) == ("a.csv", "text/csv", 5)
    assert entry.received == receipt.received == NOW
    assert entry.leaf_hash == receipt.leaf_hash
    assert log.payload(entry.payload) == b"\x00raw\xff"
    assert (folder / payload_path(entry.payload)).read_bytes() == b"\x00raw\xff"


def test_a_repeated_report_gets_the_first_receipt(log, folder):
    first = log.append([report(b"a"), report(b"b"), report(b"a")], received=NOW)
    assert [r.repeated for r in first] == [False, False, True]
    assert first[2].index == 0
    later = NOW + timedelta(hours=1)
    again = log.append([report(b"b"), report(b"b", source="radio"), report(b"c")], received=later)
    assert [(r.index, r.repeated) for r in again] == [(1, True), (2, False), (3, False)]
    assert (again[0].received, again[0].leaf_hash) == (NOW, first[1].leaf_hash)
    log.close()
    with Log.open(folder) as reopened:
        (known,) = reopened.append([report(b"c")], received=later)
        assert (known.index, known.repeated, reopened.size) == (3, True, 4)


def test_other_kinds_are_always_appended(log):
    for _ in range(2):
        log.append([heartbeat(), heartbeat()], received=NOW)
    assert [entry.sequence for entry in log.entries()] == [0, 1, 2, 3]
    assert log.append([], received=NOW) == ()


def test_time_never_runs_backwards_and_the_clock_is_kept(log):
    log.append([report(b"a")], received=NOW)
    early = NOW - timedelta(days=3650)
    (receipt,) = log.append([report(b"b")], received=early, uncertainty=timedelta(hours=1))
    assert receipt.received == NOW
    log.publish()
    leaf = decode_leaf(log._tiles.read_bundle(0, 2)[1])
    assert leaf.clock == int(early.timestamp()) * 10**9
    assert (leaf.received, leaf.uncertainty) == (int(NOW.timestamp()) * 10**9, 3600 * 10**9)
    with pytest.raises(ValueError, match="UTC offset"):
        log.append([report(b"c")], received=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="negative"):
        log.append([report(b"c")], received=NOW, uncertainty=timedelta(seconds=-1))
    # Neither mistake cost the log anything.
    assert log.append([report(b"c")], received=NOW)[0].index == 2


def test_published_roots_grow_and_are_proved(log, folder):
    assert log.checkpoint() is not None
    assert log.checkpoint().size == 0
    roots, leaves = [], []
    for step in (1, 254, 1, 1, 300):
        batch = [report(b"%d" % (len(leaves) + i), f"s{i % 5}") for i in range(step)]
        leaves += [receipt.leaf_hash for receipt in log.append(batch, received=NOW)]
        checkpoint = log.publish()
        assert (checkpoint.size, checkpoint.root) == (len(leaves), log.root())
        assert (folder / "checkpoint").read_text() == checkpoint.note == log.checkpoint().note
        roots.append((checkpoint.size, bytes.fromhex(checkpoint.root)))
        assert log.publish() is checkpoint
    size, root = roots[-1]
    for index in (0, 255, 256, 511, 512, 556):
        proof = log.prove_inclusion(index)
        assert verify_inclusion(index, size, bytes.fromhex(leaves[index]), proof, root)
    for old, old_root in roots:
        assert verify_consistency(old, size, old_root, root, log.prove_growth(old))
    # Partial tiles gave way to full ones.
    assert not list((folder / "tile/entries/000.p").iterdir())
    assert not list((folder / "tile/0/001.p").iterdir())
    assert fsck(folder).ok


def test_nothing_that_is_published_names_a_source_or_a_file(log, folder):
    log.append([report(b"x", source="witness-seven", name="seven.pdf")], received=NOW)
    log.publish()
    public = [folder / "checkpoint", folder / "vkey", *(folder / "tile").rglob("*")]
    for path in public:
        if path.is_file():
            assert b"seven" not in path.read_bytes()
    private = [folder / name for name in ("journal", "payload", "key", "index", "tmp", "cut")]
    assert all(path.stat().st_mode & 0o777 == 0o700 for path in private)
    assert (folder / "key/signing").stat().st_mode & 0o777 == 0o600
    assert (folder / "journal/000000000000").stat().st_mode & 0o777 == 0o600


def test_the_same_source_has_another_name_in_another_log(tmp_path):
    names = set()
    for number in range(2):
        with Log.create(tmp_path / str(number), origin="o") as log:
            log.append([report(b"x"), report(b"y")], received=NOW)
            log.publish()
            leaves = [decode_leaf(leaf) for leaf in log._tiles.read_bundle(0, 2)]
            assert leaves[0].source == leaves[1].source
            assert leaves[0].envelope != leaves[1].envelope
            names.add(leaves[0].source)
    assert len(names) == 2


def test_one_writer_many_readers(log, folder):
    log.append([report(b"a")], received=NOW)
    code = (
        "import sys; from pathlib import Path; from trucewatch.evidence import Log\n"
        "try: Log.open(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("LogBusy another process is writing")
    with Log.open(folder, readonly=True) as reader:
        assert reader.size == 1
        for refused in (
            lambda: reader.append([report(b"b")], received=NOW),
            reader.publish,
        ):
            with pytest.raises(EvidenceError, match="reading only"):
                refused()
    log.close()
    with pytest.raises(WriteFailed, match="closed"):
        log.publish()
    with Log.open(folder) as second:
        assert second.size == 1


def test_what_is_no_log_is_not_found_and_a_log_is_never_made_twice(tmp_path, log, folder):
    for readonly in (True, False):
        with pytest.raises(NotFound):
            Log.open(tmp_path / "nowhere", readonly=readonly)
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound):
        Log.open(tmp_path / "empty")
    log.close()
    with pytest.raises(EvidenceError, match="already"):
        Log.create(folder, origin="example.org/island")
    with pytest.raises(ValueError, match="origin"):
        Log.create(tmp_path / "other", origin="white space")
    (folder / "vkey").unlink()
    with pytest.raises(LogDamaged, match="vkey is missing"):
        Log.open(folder)


def test_payloads_are_hashed_on_every_read(log, folder):
    (receipt,) = log.append([report(b"truth")], received=NOW)
    (folder / payload_path(receipt.payload)).write_bytes(b"lies!")
    with pytest.raises(LogDamaged, match="differs"):
        log.payload(receipt.payload)
    for absent in ("0" * 64, "../../key/signing", ""):
        with pytest.raises(NotFound):
            log.payload(absent)


@pytest.mark.parametrize("source", ["paper", "other"])
@pytest.mark.parametrize("fault", ["missing", "damaged"])
@pytest.mark.parametrize("more", [0, payloads.FEW])
def test_a_lost_payload_comes_back_with_the_same_bytes(log, folder, source, fault, more):
    """Whether the report is a repeated one or new with a payload that an earlier entry names."""
    (receipt,) = log.append([report(b"truth")], received=NOW)
    path = folder / payload_path(receipt.payload)
    path.unlink()
    if fault == "damaged":
        path.write_bytes(b"lies!")
    batch = [report(b"truth", source=source), *(report(b"%d" % i) for i in range(more))]
    (again, *_) = log.append(batch, received=NOW)
    assert again.repeated is (source == "paper")
    assert log.payload(receipt.payload) == b"truth"
    said = " ".join(log.account)
    if source == "paper":
        assert f"payload {receipt.payload} of entry 0 was {fault}" in said
    else:
        # That an earlier entry missed it is not looked up; a damaged copy is seen all the same.
        assert ("damaged" in said) is (fault == "damaged")
    log.publish()
    assert fsck(folder).ok


def test_a_torn_payload_that_no_entry_names_does_not_stop_its_delivery(log, folder):
    path = folder / payload_path(hashlib.sha256(b"truth").hexdigest())
    path.parent.mkdir()
    path.write_bytes(b"tru")
    (receipt,) = log.append([report(b"truth")], received=NOW)
    assert log.payload(receipt.payload) == b"truth"
    assert "lay there damaged" in log.account[0]


def test_opening_publishes_what_was_durable(log, folder):
    log.append([report(b"a"), report(b"b")], received=NOW)
    log.close()
    with Log.open(folder) as log:
        assert log.account == ("published entries 0 to 1, found durable",)
        assert log.checkpoint().size == 2
    with Log.open(folder) as log:
        assert log.account == ()


@pytest.mark.parametrize("whole", [0, 1])
def test_a_torn_tail_is_cut_and_kept(log, folder, whole):
    log.append([report(b"a")], received=NOW)
    path = folder / "journal/000000000000"
    acknowledged = path.read_bytes()
    log.append([report(b"b"), report(b"c"), report(b"d")], received=NOW)
    log.close()
    # `whole` records of the batch are complete: it is cut all the same, as a batch is one thing.
    torn = path.read_bytes()[: len(acknowledged) + 100 + whole * 900]
    path.write_bytes(torn)
    with Log.open(folder, readonly=True) as reader:
        assert reader.size == 1
    assert path.read_bytes() == torn
    with Log.open(folder) as log:
        assert log.size == 1
        assert "cut" in log.account[0]
        assert "entry 1" in log.account[0]
        log.append([report(b"e")], received=NOW)
        log.publish()
    (kept,) = (folder / "cut").iterdir()
    assert acknowledged + kept.read_bytes() == torn
    assert fsck(folder).ok


def damaged(folder):
    for readonly in (True, False):
        with pytest.raises(LogDamaged) as caught:
            Log.open(folder, readonly=readonly)
    assert not fsck(folder).ok
    return str(caught.value)


def test_contradictions_are_refused_with_an_account(log, folder, tmp_path):
    for payload in (b"a", b"b", b"c"):
        log.append([report(payload)], received=NOW)
    path = folder / "journal/000000000000"
    log.append([report(b"d")], received=NOW)
    log.close()
    backup = tmp_path / "backup"
    shutil.copytree(folder, backup)
    good = path.read_bytes()

    # Damage in front of a later batch is no torn tail, published or not.
    path.write_bytes(good[:1000] + bytes([good[1000] ^ 1]) + good[1001:])
    assert "acknowledged" in damaged(folder)
    path.write_bytes(good)
    Log.open(folder).close()

    path.write_bytes(good[:-1])
    assert "the checkpoint says 4 entries, the journal holds 3" in damaged(folder)
    path.write_bytes(good)

    tile = folder / "tile/0/000.p/4"
    content = tile.read_bytes()
    tile.write_bytes(content[:64] + bytes(32) + content[96:])
    assert "have the root" in damaged(folder)
    tile.unlink()
    assert "missing" in damaged(folder)
    tile.write_bytes(content)

    checkpoint = (folder / "checkpoint").read_text()
    (folder / "checkpoint").unlink()
    assert "checkpoint is missing" in damaged(folder)
    (folder / "checkpoint").write_text(checkpoint.replace("\n4\n", "\n3\n"))
    assert "signature" in damaged(folder)
    (folder / "checkpoint").write_text(checkpoint)
    Log.open(folder).close()

    # Another journal of the same length: the log was forked from a back-up.
    with Log.open(backup) as fork:
        assert fork.size == 4
    with Log.create(tmp_path / "other", origin="example.org/island") as other:
        for payload in (b"a", b"b", b"c", b"d"):
            other.append([report(payload)], received=NOW)
    shutil.copy(tmp_path / "other/journal/000000000000", path)
    assert "one thing in the journal and another" in damaged(folder)


def test_a_tile_that_is_not_what_the_journal_makes_stops_publication(log, folder):
    log.append([report(b"a")], received=NOW)
    (folder / "tile/0/000.p").mkdir(parents=True)
    (folder / "tile/0/000.p/1").write_bytes(bytes(32))
    with pytest.raises(LogDamaged, match="something else"):
        log.publish()
    with pytest.raises(WriteFailed):
        log.publish()
    assert "\n0\n" in (folder / "checkpoint").read_text()


def test_a_checkpoint_that_somebody_else_wrote_is_not_replaced(log, folder):
    log.append([report(b"a")], received=NOW)
    log.publish()
    stale = (folder / "checkpoint").read_bytes()
    log.append([report(b"b")], received=NOW)
    log.publish()
    (folder / "checkpoint").write_bytes(stale)
    log.append([report(b"c")], received=NOW)
    with pytest.raises(LogDamaged, match="somebody else"):
        log.publish()


@pytest.mark.parametrize(
    "tile", ["tile/entries/000", "tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1"]
)
def test_a_tile_that_rots_on_its_way_to_the_disk_is_not_signed(disks, tile):
    class Rotten(disks.sim):
        def rename(self, old, new):
            if new == tile:
                self._file(old).now[-1] ^= 1
            super().rename(old, new)

    log = Log.create(Path("evidence"), origin="o", disk=Rotten())
    log.append([heartbeat() for _ in range(260)], received=NOW)
    with pytest.raises(LogDamaged, match="read"):
        log.publish()
    assert log.checkpoint().size == 0
    assert b"\n0\n" in log._disk.read("checkpoint")


def test_another_signing_key_is_refused(log, folder, tmp_path):
    log.close()
    Log.create(tmp_path / "other", origin="example.org/island").close()
    shutil.copy(tmp_path / "other/key/signing", folder / "key/signing")
    with pytest.raises(LogDamaged, match="signing key"):
        Log.open(folder)
    (folder / "key/signing").unlink()
    with pytest.raises(EvidenceError, match="can be read, not written"):
        Log.open(folder)
    Log.open(folder, readonly=True).close()


EDGE = ["tile/0/001.p/44", "tile/1/000.p/1"]


@pytest.mark.parametrize("path", EDGE)
def test_a_bit_that_flips_as_a_signed_tile_is_read_lands_nowhere(disks, path):
    """Nothing is built on what was signed before it has been seen to make the signed root."""

    class Flipping(disks.sim):
        at = 0

        def read(self, where, start=0, length=None):
            data = super().read(where, start, length)
            self.at -= where == path
            if where == path and self.at == 0:
                return bytes([data[0] ^ 1]) + data[1:]
            return data

    made = Flipping()
    with Log.create(Path("log"), origin="example.org/island", disk=made) as log:
        log.append([report(b"%d" % number) for number in range(300)], received=NOW)
        log.publish()
    found = []
    for at in range(1, 5):
        disk = made.clone()
        log = Log.open(Path("log"), disk=disk)
        log.append([report(b"more %d" % number) for number in range(256)], received=NOW)
        disk.at = at
        try:
            log.publish()
        except LogDamaged as fault:
            found.append(str(fault))
        log.close()
        disk.at = 0
        # Whatever happened, opening it anew is all that it takes.
        with Log.open(Path("log"), disk=disk) as log:
            assert log.checkpoint().size == 556
    assert found == ["the tiles of size 300 read back otherwise than signed; nothing was built"]


def test_segments_close_and_the_index_is_rebuilt(log, folder, monkeypatch):
    monkeypatch.setattr(journal, "SEGMENT_ENTRIES", 10)
    for number in range(12):
        batch = [report(b"%d/%d" % (number, i), f"s{i}") for i in range(4)]
        log.append(batch, received=NOW)
    # A batch never crosses: each segment closes at 12 entries, not at 10.
    names = [f"{first:012}" for first in (0, 12, 24, 36)]
    assert [path.name for path in sorted((folder / "journal").iterdir())] == names
    assert [path.name for path in sorted((folder / "index").iterdir())] == names[:3]
    log.publish()
    assert [path.name for path in sorted((folder / "index").iterdir())] == [*names[:3], "erasures"]
    expected = list(log.entries())
    assert [entry.index for entry in log.entries(11, 26)] == list(range(11, 26))
    # Entry 17 is in the second segment, which is read whole; the others are passed over.
    digest = expected[17].payload.encode()
    marked = [frame.index for frame in log._journal.frames(3, 48, mark=digest)]
    assert marked == list(range(12, 24))
    assert list(log._journal.frames(13, 20, mark=b"nowhere")) == []
    log.close()

    def check():
        with Log.open(folder) as log:
            assert list(log.entries()) == expected
            found = log.append([report(b"0/3", "s3"), report(b"5/0", "s0")], received=NOW)
            assert [(r.index, r.repeated) for r in found] == [(3, True), (20, True)]

    check()
    data = (folder / "index" / names[1]).read_bytes()
    (folder / "index" / names[0]).unlink()
    (folder / "index" / names[1]).write_bytes(data[:-40] + b"\x00" + data[-39:])
    check()
    assert (folder / "index" / names[1]).read_bytes() == data
    with Log.open(folder) as log:
        log.append([heartbeat("s0")], received=NOW)
        assert next(log.entries(48)).sequence == 12
        log.publish()
    assert fsck(folder).ok
    (folder / "journal" / names[1]).unlink()
    with pytest.raises(LogDamaged):
        list(Log.open(folder, readonly=True).entries())
    assert not fsck(folder).ok


@pytest.mark.parametrize("late", ["vkey", "checkpoint"])
def test_a_reader_that_comes_while_the_log_is_made_waits_for_what_it_needs(disks, late):
    """The file appears between two looks of one reader: nothing is damaged."""

    class Late(disks.sim):
        hidden = ""

        def read(self, path, start=0, length=None):
            if path == self.hidden:
                self.hidden = ""
                raise FileNotFoundError(path)
            return super().read(path, start, length)

    disk = Late()
    with Log.create(Path("evidence"), origin="o", disk=disk) as log:
        log.append([report(b"a")], received=NOW)
        log.publish()
    disk.hidden = late
    assert Log.open(Path("evidence"), readonly=True, disk=disk).size == 1


def test_an_entry_that_was_never_published_has_no_root(log):
    log.append([report(b"a"), report(b"b")], received=NOW)
    log.publish()
    assert log.root_at(2) == log.root()
    with pytest.raises(LogDamaged, match="3 entries were never published, only 2"):
        log.root_at(3)


def test_another_report_that_the_index_takes_for_the_same_is_recorded(log, monkeypatch):
    """The index gives what is probably the same: the journal is read to be sure."""
    log.append([report(b"a")], received=NOW)
    monkeypatch.setattr(cache.Index, "find", lambda *_: 0)
    for number, other in enumerate((report(b"b"), report(b"a", "radio")), start=1):
        (receipt,) = log.append([other], received=NOW)
        assert (receipt.index, receipt.repeated) == (number, False)
    (again,) = log.append([report(b"a")], received=NOW)
    assert (again.index, again.repeated) == (0, True)


def test_a_sealed_payload_is_what_its_envelope_says_or_is_refused(log, folder, monkeypatch):
    """Who writes the log could say of one file that it is another, encrypted."""
    identity = pyrage.x25519.Identity.generate()
    log.encrypt_to(lambda: (str(identity.to_public()),))
    (good,) = log.append([report(b"true")], received=NOW)
    real = sealing.Sealer.seal
    monkeypatch.setattr(sealing.Sealer, "seal", lambda one, _: real(one, b"another"))
    (bad,) = log.append([report(b"false")], received=NOW)
    log.publish()
    names = [entry.payload for entry in log.entries()]
    opener = sealing.Opener([str(identity)])
    with Log.open(folder, readonly=True) as reader:
        reader.unlock(opener)
        assert reader.payload(names[good.index]) == b"true"
        with pytest.raises(LogDamaged, match="does not decrypt to what its envelope says"):
            reader.payload(names[bad.index])
    with pytest.raises(LogDamaged, match="an encrypted payload cannot be opened"):
        opener.open(b"rubbish")
