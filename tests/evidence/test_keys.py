"""The log's key is changed: by plan, after a theft, and with the power gone at every moment."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import EvidenceError, LogDamaged, WriteFailed
from trucewatch.evidence import EntryKind, Log, NewEntry, Why, fsck
from trucewatch.evidence.audit.keyring import read_statement
from trucewatch.evidence.log import keys, layout, rekeying
from trucewatch.evidence.log.keys import KeyChange, read_change
from trucewatch.evidence.tlog.notes import Signer, Verifier, signature, split_note

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("evidence")
ORIGIN = "example.org/keys"


def report(number: int) -> NewEntry:
    return NewEntry(kind=EntryKind.REPORT, source="s", payload=b"payload %d" % number)


def begun(kind):
    """A disk that has forgotten nothing yet, with five entries, four of them published."""
    disk = kind()
    with Log.create(HERE, origin=ORIGIN, disk=disk) as log:
        log.append([report(n) for n in range(4)], received=NOW)
        log.publish()
        log.append([report(4)], received=NOW)
    for folder, names in disk.folders.items():
        disk.safe[folder] = dict(names)
        for file in names.values():
            if file is not None:
                file.safe, file.pending = bytearray(file.now), []
    return disk


def change(log: Log, why: Why, **more):
    return log.change_key(
        why=why, by="lead-1", reason="as planned", source="operator", received=NOW, **more
    )


def vkey(disk) -> str:
    return disk.read("vkey").decode().strip()


def test_a_rotation(disks):
    disk = begun(disks.sim)
    old = Verifier.parse(vkey(disk))
    with Log.open(HERE, disk=disk) as log:
        made = change(log, Why.ROTATION)
        new = Verifier.parse(vkey(disk))
        assert (made.old, made.new, made.size) == (old.vkey(), new.vkey(), 5)
        first = log.checkpoint()
        # Who knows only one of the two keys can still read the first checkpoint.
        assert old.checkpoint(first.note).size == new.checkpoint(first.note).size == 6
        log.append([report(5)], received=NOW)
        assert new.checkpoint(log.publish().note).size == 7
        with pytest.raises(LogDamaged, match="not signed by"):
            old.checkpoint(log.checkpoint().note)
        assert log.origin == ORIGIN
    text = disk.read("vkeys").decode()
    assert text == f"0 6 {old.vkey()}\n6 - {new.vkey()}\n"
    with Log.open(HERE, disk=disk) as log:
        held = [(key.vkey, key.first, key.last, key.why) for key in log.key_history()]
        entry = next(log.entries(5))
        assert (entry.kind, entry.name) == (EntryKind.ROLE, "key")
        assert log.payload(entry.payload) == disk.read("keychange/000000000005")
    assert held == [(old.vkey(), 0, 6, Why.ROTATION), (new.vkey(), 6, None, None)]
    assert Signer.parse(disk.read("key/signing").decode().strip()).verifier.vkey() == new.vkey()
    assert not layout.exists(disk, "key/next")


def test_after_a_compromise_the_old_key_signs_nothing_more(disks):
    disk = begun(disks.sim)
    old = Verifier.parse(vkey(disk))
    with Log.open(HERE, disk=disk) as log:
        made = change(log, Why.COMPROMISE, trusted=4)
        assert (made.size, made.trusted) == (5, 4)
        with pytest.raises(LogDamaged, match="not signed by"):
            old.checkpoint(log.checkpoint().note)
        assert [(key.first, key.last) for key in log.key_history()] == [(0, 4), (6, None)]
    statement = json.loads(disk.read("keychange/000000000005"))
    assert set(statement["signatures"]) == {"new"}
    with Log.open(HERE, readonly=True, disk=disk) as log:
        assert log.checkpoint().size == 6


def test_a_log_whose_key_is_lost_gets_another(disks):
    disk = begun(disks.sim)
    disk.remove("key/signing")
    with pytest.raises(EvidenceError, match="can be read, not written"):
        Log.open(HERE, disk=disk)
    with Log.open(HERE, disk=disk, keyless=True) as log:
        log.append([report(9)], received=NOW)
        with pytest.raises(EvidenceError, match="without its key"):
            log.publish()
    with (
        Log.open(HERE, disk=disk, keyless=True) as log,
        pytest.raises(EvidenceError, match="without its key"),
    ):
        change(log, Why.ROTATION)
    with Log.open(HERE, disk=disk, keyless=True) as log:
        with pytest.raises(ValueError, match="published"):
            change(log, Why.COMPROMISE, trusted=5)
        made = change(log, Why.COMPROMISE)
        # What was durable and not published was never signed by the old key.
        assert (made.size, made.trusted, log.checkpoint().size) == (6, 4, 7)
    with Log.open(HERE, disk=disk) as log:
        assert log.account == ()
        assert len(list(log.entries())) == 7


def test_nobody_appends_a_change_by_hand(disks):
    disk = begun(disks.sim)
    entry = NewEntry(kind=EntryKind.ROLE, source="operator", payload=b"{}", name="key")
    with Log.open(HERE, disk=disk) as log, pytest.raises(ValueError, match="change_key alone"):
        log.append([entry], received=NOW)


def test_the_wrong_key_is_refused_after_a_change_too(disks):
    disk = begun(disks.sim)
    before = disk.read("key/signing")
    with Log.open(HERE, disk=disk) as log:
        change(log, Why.ROTATION)
    now = disk.read("key/signing")
    stranger = f"{Signer(ORIGIN, bytes(32)).skey()}\n".encode()
    for wrong in (before, stranger):
        disk.remove("key/signing")
        disk.write_new("key/signing", wrong, private=True)
        with pytest.raises(LogDamaged, match="signing key is not the one"):
            Log.open(HERE, disk=disk)
    disk.remove("key/signing")
    disk.write_new("key/signing", now, private=True)
    Log.open(HERE, disk=disk).close()


def after(disk, folder: Path | None) -> int:
    """Open what a power cut left, and hold it against all that may never be lost."""
    with Log.open(HERE, disk=disk) as log:
        current = vkey(disk)
        signer = Signer.parse(disk.read("key/signing").decode().strip())
        assert signer.verifier.vkey() == current == log.key_history()[-1].vkey
        assert not layout.exists(disk, "key/next")
        found = list(log.entries())
        assert [log.payload(entry.payload) for entry in found[:5]] == [
            b"payload %d" % number for number in range(5)
        ]
        changes = [entry for entry in found if entry.kind is EntryKind.ROLE]
        assert len(log.key_history()) == len(changes) + 1
        log.append([report(77)], received=NOW)
        log.publish()
    with Log.open(HERE, disk=disk) as log:
        assert log.account == ()
    if folder is not None:
        audit = fsck(disk.copy_to(folder))
        assert audit.ok, audit.problems
    return len(changes)


def cut(disk, why: Why, at: int, power_cut) -> bool:
    """Change the key with the power gone at one operation; whether it came to the end before."""
    disk.cut_at = disk.operations + at
    try:
        with Log.open(HERE, disk=disk) as log:
            change(log, why)
            change(log, Why.ROTATION)
    except power_cut:
        return False
    return True


def storm(kind, power_cut, folder: Path | None) -> set[int]:
    """Cut at every operation of two changes, a few disks from each; how many changes were seen."""
    whole = begun(kind)
    seen = set()
    for why in Why:
        for at in range(1, 500):
            disk = whole.clone()
            if cut(disk, why, at, power_cut):
                break
            for seed in range(3):
                left = disk.clone().after_power_cut(Random(seed * 1000 + at))
                left.__class__ = kind
                where = folder / f"{why}-{at}" if folder and seed == 0 and at % 5 == 0 else None
                seen.add(after(left, where))
        else:
            pytest.fail("a change of key has no end")
    return seen


def test_a_power_cut_at_any_moment_leaves_one_key(disks, tmp_path):
    assert storm(disks.sim, disks.power_cut, tmp_path) == {0, 1, 2}


def test_saboteurs_of_the_order_are_caught(disks, monkeypatch):
    def hasty(disk, new):
        """The last copy of the new key goes before the log has its own."""
        keys.drop_next(disk)
        settle(disk, new)

    settle = rekeying.settle
    monkeypatch.setattr(rekeying, "settle", hasty)
    with pytest.raises((LogDamaged, AssertionError, FileNotFoundError)):
        storm(disks.sim, disks.power_cut, None)
    monkeypatch.undo()
    # The new key is named by the log before it is durable.
    monkeypatch.setattr(rekeying, "keep_next", lambda *_: None)
    with pytest.raises((LogDamaged, AssertionError)):
        storm(disks.sim, disks.power_cut, None)
    monkeypatch.undo()
    # The checkpoint is the new key's before anybody can know of it.
    monkeypatch.setattr(rekeying, "publish_change", lambda *_: None)
    with pytest.raises((LogDamaged, AssertionError)):
        storm(disks.sim, disks.power_cut, None)


def test_a_disk_that_does_not_sync_is_caught(disks):
    with pytest.raises((EvidenceError, AssertionError, KeyError)):
        storm(disks.forgetful, disks.power_cut, None)


@pytest.fixture(scope="module")
def statement(tmp_path_factory) -> bytes:
    folder = tmp_path_factory.mktemp("keys") / "evidence"
    with Log.create(folder, origin=ORIGIN) as log:
        log.append([report(1)], received=NOW)
        change(log, Why.ROTATION)
    return (folder / "keychange" / "000000000001").read_bytes()


def test_a_statement_in_another_form_is_refused(statement):
    good = json.loads(statement)
    assert read_change(statement, at=1).by == "lead-1"
    broken = [
        {**good, "why": "compromise"},
        {**good, "why": "mood"},
        {**good, "reason": "another"},
        {**good, "size": "2"},
        {**good, "size": 1},
        {**good, "size": "01"},
        {**good, "trusted": "2"},
        {**good, "new": good["old"]},
        {**good, "origin": "example.org/other"},
        {**good, "more": "x"},
        {**good, "signatures": {"new": good["signatures"]["new"]}},
        {**good, "signatures": {**good["signatures"], "old": good["signatures"]["new"]}},
        {**good, "signatures": {**good["signatures"], "new": good["signatures"]["old"]}},
        {**good, "signatures": {**good["signatures"], "new": "?"}},
        {**good, "signatures": {**good["signatures"], "new": 3}},
        {key: value for key, value in good.items() if key != "root"},
    ]
    for data in broken:
        with pytest.raises(LogDamaged):
            read_change(rfc8785.dumps(data))
    for raw in (b"", b"[]", b"\xff", b"[" * 70_000, b" " + statement, b"x" * 70_000):
        with pytest.raises(LogDamaged):
            read_change(raw)
    with pytest.raises(LogDamaged, match="does not stand"):
        read_change(statement, at=2)


OLD, NEW = (Signer(ORIGIN, bytes([seed]) * 32) for seed in (1, 2))
PLANNED = KeyChange(
    why=Why.ROTATION,
    origin=ORIGIN,
    old=OLD.verifier.vkey(),
    new=NEW.verifier.vkey(),
    size=3,
    root="0" * 64,
    trusted=3,
    by="lead-1",
    reason="as planned",
)


@pytest.mark.parametrize(
    ("lie", "writer", "auditor"),
    [
        ({"origin": "example.org/other"}, "one key of this log", "another log's key"),
        ({"trusted": 4}, "where it says", "cannot be"),
        ({"trusted": 2}, "where it says", "cannot be"),
        ({"why": Why.COMPROMISE, "trusted": 4}, "where it says", "cannot be"),
        ({"reason": "x" * 65_536}, "longer", "longer"),
    ],
)
def test_what_is_signed_as_it_must_be_and_cannot_be_is_refused(monkeypatch, lie, writer, auditor):
    good = PLANNED.sign(NEW, OLD)
    assert read_change(good) == PLANNED
    assert read_statement(good, ORIGIN).size == 3
    with monkeypatch.context() as lax:
        lax.setattr(keys, "STATEMENT_LIMIT", 1 << 20)
        bad = replace(PLANNED, **lie).sign(NEW, OLD)
    with pytest.raises(LogDamaged, match=writer):
        read_change(bad)
    with pytest.raises(ValueError, match=auditor):
        read_statement(bad, ORIGIN)


def interrupted(disks, monkeypatch, why: Why, **more):
    """A disk on which a change of key is durable and nothing else of it was done."""
    disk = begun(disks.sim)

    def fails(*_):
        raise OSError("no more")

    with Log.open(HERE, disk=disk) as log, monkeypatch.context() as cut:
        cut.setattr(Log, "_rekey", fails)
        with pytest.raises(WriteFailed):
            change(log, why, **more)
    assert layout.exists(disk, keys.NEXT)
    return disk


def test_a_strangers_key_finishes_no_change(disks, monkeypatch):
    disk = interrupted(disks, monkeypatch, Why.ROTATION)
    disk.truncate(keys.SIGNER, 0)
    disk.append(keys.SIGNER, f"{Signer(ORIGIN, b'z' * 32).skey()}\n".encode())
    with pytest.raises(LogDamaged, match="public half"):
        Log.open(HERE, disk=disk)


@pytest.mark.parametrize("why", Why)
def test_the_old_key_signs_the_end_of_a_rotation_and_of_nothing_else(disks, monkeypatch, why):
    disk = interrupted(disks, monkeypatch, why)
    old = Verifier.parse(vkey(disk))
    with Log.open(HERE, disk=disk) as log:
        lines = split_note(log.checkpoint().note)[1]
        new = Verifier.parse(vkey(disk))
    names = [signature(line)[1][:4] for line in lines]
    assert names == [new.key_id, *([old.key_id] if why is Why.ROTATION else [])]


def test_a_checkpoint_of_the_next_key_counts_only_behind_its_change(disks):
    """`vkey` lags behind for a moment of a change; at no other time may it."""
    disk = begun(disks.sim)
    first = disk.read("vkey")
    with Log.open(HERE, disk=disk) as log:
        change(log, Why.ROTATION)
        log.append([report(6)], received=NOW)
        log.publish()
        early = disk.read("key/signing").decode().strip()
        early = Signer.parse(early).checkpoint(5, bytes.fromhex(log.root_at(5))).note.encode()

    def put(path: str, data: bytes) -> None:
        disk.truncate(path, 0)
        disk.append(path, data)

    put("vkey", first)
    with Log.open(HERE, readonly=True, disk=disk) as log:
        assert log.checkpoint().size == 7
    put("vkey", f"{Signer(ORIGIN, b'z' * 32).verifier.vkey()}\n".encode())
    with pytest.raises(LogDamaged, match="not signed by"):
        Log.open(HERE, readonly=True, disk=disk)
    put("vkey", first)
    put("checkpoint", early)
    with pytest.raises(LogDamaged, match="not signed by"):
        Log.open(HERE, readonly=True, disk=disk)


def test_private_keys_are_for_their_owner_alone(disks, monkeypatch):
    seen = {}
    real = keys.place_durably

    def noting(disk, path, data, *, private):
        seen[path] = private
        real(disk, path, data, private=private)

    monkeypatch.setattr(keys, "place_durably", noting)
    with Log.open(HERE, disk=begun(disks.sim)) as log:
        change(log, Why.ROTATION)
    assert {path for path, private in seen.items() if private} == {keys.NEXT, keys.SIGNER}
    assert {keys.VERIFIER, keys.HISTORY} <= seen.keys()


def test_a_reason_without_end_changes_nothing(disks):
    """A statement that no reader takes would leave a log that nobody can open."""
    disk = begun(disks.sim)
    before = vkey(disk)
    with (
        Log.open(HERE, disk=disk) as log,
        pytest.raises(ValueError, match="at most 65536 bytes"),
    ):
        log.change_key(
            why=Why.ROTATION, by="lead-1", reason="x" * 65_536, source="operator", received=NOW
        )
    with Log.open(HERE, disk=disk) as log:
        assert (vkey(disk), log.size) == (before, 5)


@given(st.data())
def test_no_flipped_bit_of_a_statement_is_believed(statement, data):
    bit = data.draw(st.integers(0, 8 * len(statement) - 1))
    raw = bytearray(statement)
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(LogDamaged):
        read_change(bytes(raw))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"size": "03"}, "a size is not a decimal number"),
        ({"trusted": "-3"}, "a size is not a decimal number"),
        ({"root": "0" * 63}, "the root is not a SHA-256 in hex"),
        ({"root": "G" * 64}, "the root is not a SHA-256 in hex"),
    ],
)
def test_numbers_and_hashes_of_a_change_have_one_spelling(monkeypatch, change, told):
    real = KeyChange._fields
    monkeypatch.setattr(KeyChange, "_fields", lambda one: real(one) | change)
    signed = PLANNED.sign(NEW, OLD)
    monkeypatch.undo()
    with pytest.raises(ValueError, match=told):
        read_statement(signed, ORIGIN)
    with pytest.raises(LogDamaged):
        read_change(signed)


def test_a_name_that_stands_twice_is_no_change(statement):
    twice = statement.replace(b'"by":"lead-1"', b'"by":"lead-1","by":"lead-1"')
    assert twice != statement
    with pytest.raises(ValueError, match="a key stands twice"):
        read_statement(twice, ORIGIN)
    with pytest.raises(LogDamaged):
        read_change(twice)


def test_a_rotation_is_not_signed_by_the_new_key_alone():
    with pytest.raises(EvidenceError, match="signed by the old key, which is not here"):
        PLANNED.sign(NEW, None)


def test_a_signature_over_a_statement_is_none_over_a_note(statement):
    assert b"\0" in read_change(statement).statement()


def test_changes_that_are_no_chain_are_refused(disks):
    disk = begun(disks.sim)
    with Log.open(HERE, disk=disk) as log:
        change(log, Why.ROTATION)
        change(log, Why.ROTATION)
        assert len(log.key_history()) == 3
    disk.remove("keychange/000000000005")
    disk.rename("keychange/000000000006", "keychange/000000000007")
    with Log.open(HERE, readonly=True, disk=disk) as log, pytest.raises(LogDamaged):
        log.key_history()
