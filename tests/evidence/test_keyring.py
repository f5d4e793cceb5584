"""The auditor follows the chain of keys by itself, and finds a change that nobody signed."""

from __future__ import annotations

import json
import shutil
from base64 import b64decode
from datetime import UTC, datetime
from random import Random

import pytest
import rfc8785
from tests.evidence.witnesses import Signer as Forger

from trucewatch.errors import LogDamaged
from trucewatch.evidence import EntryKind, Log, NewEntry, Why, fsck
from trucewatch.evidence.audit import (
    AuditedLog,
    check_proof,
    keyring,
    make_proof,
    policy_of,
    published,
    standing,
)
from trucewatch.evidence.audit.keyring import written
from trucewatch.evidence.audit.published import signed_checkpoint, tree_root
from trucewatch.evidence.audit.standing import judge
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.log.keys import read_changes
from trucewatch.evidence.log.rekeying import Rekeying
from trucewatch.evidence.tlog.cosignatures import CosignerKey
from trucewatch.evidence.tlog.notes import Signer, Verifier, split_note

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
ORIGIN = "example.org/keyring"


def change(log: Log, why: Why, **more):
    return log.change_key(
        why=why, by="lead-1", reason="as planned", source="operator", received=NOW, **more
    )


def report(number: int) -> NewEntry:
    return NewEntry(kind=EntryKind.REPORT, source="s", payload=b"payload %d" % number)


WITNESS = CosignerKey("w.example.org", bytes(32))


def grow(log: Log, *numbers: int) -> None:
    log.append([report(number) for number in numbers], received=NOW)
    log.publish()


def keep(log: Log) -> None:
    """Have the newest checkpoint cosigned, so that it stays in `witnessed/`."""
    log.cosign([WITNESS.cosign(split_note(log.checkpoint().note)[0], 50)])


@pytest.fixture(scope="module")
def rotated(tmp_path_factory):
    """A log of 8 entries with a rotation at entry 3 and another at entry 6.

    The last checkpoint of the first key, and the one that two keys signed, are kept.
    """
    folder = tmp_path_factory.mktemp("rotated") / "evidence"
    with Log.create(folder, origin=ORIGIN) as log:
        grow(log, 0, 1, 2)
        keep(log)
        first = (folder / "vkey").read_text().strip()
        change(log, Why.ROTATION)
        keep(log)
        grow(log, 3, 4)
        change(log, Why.ROTATION)
        grow(log, 5)
    return folder, first


@pytest.fixture
def copy(rotated, tmp_path):
    folder = tmp_path / "evidence"
    shutil.copytree(rotated[0], folder)
    return folder


def faults(folder, **more) -> str:
    return "\n".join(fsck(folder, **more).problems)


def test_a_chain_of_keys_holds(rotated):
    folder, first = rotated
    assert fsck(folder).ok
    assert fsck(folder, pinned=first).ok
    assert fsck(folder, pinned=(folder / "vkey").read_text().strip()).ok
    stranger = Signer(ORIGIN, bytes(32)).verifier.vkey()
    assert "never had the key" in faults(folder, pinned=stranger)


def test_every_flipped_bit_of_a_change_is_found(copy):
    random = Random(3)
    paths = [copy / "vkeys", *sorted((copy / "keychange").iterdir())]
    for _ in range(60):
        path = random.choice(paths)
        good = path.read_bytes()
        data = bytearray(good)
        bit = random.randrange(8 * len(data))
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        assert not fsck(copy).ok, f"bit {bit} of {path.name}"
        path.write_bytes(good)
    assert fsck(copy).ok


def resigned(folder, signer: Signer) -> None:
    """Put the newest checkpoint in its place again, by another key."""
    lines = (folder / "checkpoint").read_text().split("\n")
    made = signer.checkpoint(int(lines[1]), b64decode(lines[2]))
    (folder / "checkpoint").write_text(made.note)


P = 2**255 - 19
EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1, EIGHTH, P - EIGHTH])
def test_a_log_under_whose_key_anybody_can_sign_is_found(tmp_path, y, sign):
    """Its keeper could say of every fork that somebody else had signed it."""
    key = b"\x01" + (y | sign << 255).to_bytes(32, "little")
    (tmp_path / "vkey").write_text(f"{written(ORIGIN, key)}\n")
    assert "anybody can sign under it" in faults(tmp_path)


def test_a_key_that_nobody_changed_to_is_found(copy):
    thief = Signer(ORIGIN, b"t" * 32)
    resigned(copy, thief)
    (copy / "vkey").write_text(f"{thief.verifier.vkey()}\n")
    assert "no change that was signed leads to this key" in faults(copy)


def test_the_old_key_signs_nothing_more(tmp_path):
    folder = tmp_path / "evidence"
    with Log.create(folder, origin=ORIGIN) as log:
        grow(log, 0, 1, 2)
        old = Signer.parse((folder / "key/signing").read_text().strip())
        change(log, Why.ROTATION)
        first = log.checkpoint()
        new = Signer.parse((folder / "key/signing").read_text().strip())
        resigned(folder, old)
        assert "not signed by the log's key" in faults(folder)
        # The first checkpoint after a rotation bears both names.
        resigned(folder, new)
        assert "not signed by the log's key" in faults(folder)
        (folder / "checkpoint").write_text(first.note)
        assert fsck(folder).ok
        grow(log, 7)
        resigned(folder, old)
    assert "not signed by the log's key" in faults(folder)


def unsigned(folder, monkeypatch) -> None:
    """A log that says of itself that its key was changed, by a hand that had not the old key."""
    with Log.create(folder, origin=ORIGIN) as log:
        grow(log, 0, 1)
        real = Rekeying.entry

        def forged(self, source):
            fields = json.loads(self.payload)
            fields["signatures"]["old"] = fields["signatures"]["new"]
            payload = rfc8785.dumps(fields)
            object.__setattr__(self, "payload", payload)
            return real(self, source)

        monkeypatch.setattr(Rekeying, "entry", forged)
        monkeypatch.setattr("trucewatch.evidence.log.keys.read_changes", lambda _: ())
        change(log, Why.ROTATION)


def test_a_change_that_the_old_key_did_not_sign_is_found(tmp_path, monkeypatch):
    folder = tmp_path / "evidence"
    unsigned(folder, monkeypatch)
    assert "the old key did not sign it" in faults(folder)
    monkeypatch.setattr(keyring, "_signed", lambda *_: True)
    assert "did not sign it" not in faults(folder)


def test_a_change_from_a_key_that_the_log_never_came_to_is_found(copy):
    """Each is signed as it must be, and nobody who signed the first vouches for the second."""
    other = copy.parent / "other"
    with Log.create(other, origin=ORIGIN) as log:
        grow(log, *range(10, 16))
        change(log, Why.ROTATION)
    shutil.copy(other / "keychange/000000000006", copy / "keychange/000000000006")
    (copy / "vkey").write_bytes((other / "vkey").read_bytes())
    found: list[str] = []
    assert keyring.read_keyring(copy, found.append) is None
    assert found == ["keychange/000000000006: it does not go on from the change before it"]
    with pytest.raises(LogDamaged, match="does not follow from the change before it"):
        read_changes(FolderDisk(copy))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("README", "README: not the name of a change of key"),
        ("6", "6: not the name of a change of key"),
        ("000000000005", "000000000005: it is the change at entry 3"),
        ("0000000000003", "0000000000003: it is the change at entry 3"),
    ],
)
def test_a_change_has_one_name(copy, name, told):
    shutil.copy(copy / "keychange/000000000003", copy / "keychange" / name)
    found: list[str] = []
    assert keyring.read_keyring(copy, found.append) is None
    assert f"keychange/{told}" in found
    with pytest.raises(LogDamaged, match=rf"keychange/{name}|does not stand|does not follow"):
        read_changes(FolderDisk(copy))


def test_a_folder_is_no_change(copy):
    (copy / "keychange/000000000009").mkdir()
    found: list[str] = []
    assert keyring.read_keyring(copy, found.append) is None
    assert found == ["keychange/000000000009: not the name of a change of key"]


@pytest.mark.parametrize("size", [31, 33])
def test_a_key_of_another_length_is_no_key_of_a_log(tmp_path, size):
    (tmp_path / "vkey").write_text(f"{written(ORIGIN, bytes([1]) * (size + 1))}\n")
    assert "not an Ed25519 key" in faults(tmp_path)


def test_a_checkpoint_that_libraries_differ_about_is_no_checkpoint(tmp_path, monkeypatch):
    forger = Forger(ORIGIN, 9, type=1)
    (tmp_path / "vkey").write_text(f"{forger.vkey}\n")
    ring = keyring.read_keyring(tmp_path, pytest.fail)
    text = forger.note(0, tree_root([])).partition("\n\n")[0] + "\n"
    path = tmp_path / "checkpoint"
    path.write_text(f"{text}\n{forger.line(text)}")
    assert signed_checkpoint(path, ring) == (0, tree_root([]))
    path.write_text(f"{text}\n{forger.odd_line(text)}")
    with pytest.raises(ValueError, match="the signature is wrong"):
        signed_checkpoint(path, ring)
    monkeypatch.setattr(published, "small_order", lambda _: False)
    assert signed_checkpoint(path, ring) == (0, tree_root([]))


def test_a_change_without_its_public_statement_is_found(copy):
    path = copy / "keychange" / "000000000006"
    statement = path.read_bytes()
    path.unlink()
    assert "no change that was signed leads to this key" in faults(copy)
    path.write_bytes(statement)
    # Nor is a statement a change without its entry.
    with Log.open(copy, readonly=True) as log:
        roles = {e.index: e.payload.encode() for e in log.entries() if e.kind is EntryKind.ROLE}
    found: list[str] = []
    ring = keyring.read_keyring(copy, found.append)
    ring.entries({3: roles[3]}, copy, found.append)
    ring.entries({3: roles[3], 5: roles[3], 6: roles[6]}, copy, found.append)
    # An entry of that kind that changes no key, or whose payload is gone, needs no statement.
    with Log.open(copy, readonly=True) as log:
        (other,) = log.entries(5, 6)
    more = {4: other.payload.encode(), 5: b"0" * 64}
    ring.entries({3: roles[3], **more, 6: roles[6]}, copy, found.append)
    assert found == [
        "keychange/000000000006: entry 6 of the log is not this change of key",
        "entry 5: it changes the key, and nothing in keychange/ signs that",
    ]


def test_a_statement_of_another_history_is_found(copy):
    """Signed as it must be, but not over these entries."""
    with Log.create(copy.parent / "other", origin=ORIGIN) as log:
        grow(log, 9, 8, 7)
        change(log, Why.ROTATION)
    other = copy.parent / "other"
    for name in ("vkey", "vkeys"):
        shutil.copy(other / name, copy / name)
    shutil.rmtree(copy / "keychange")
    shutil.copytree(other / "keychange", copy / "keychange")
    resigned(copy, Signer.parse((other / "key/signing").read_text().strip()))
    told = faults(copy)
    assert "keychange/000000000003: it says root" in told
    assert "entry 3 of the log is not this change of key" in told


def test_the_saboteur_that_believes_every_entry_is_caught(copy, monkeypatch):
    monkeypatch.setattr(keyring.Keyring, "entries", lambda *_: None)
    with pytest.raises(AssertionError):
        test_a_change_without_its_public_statement_is_found(copy)


def test_the_saboteur_that_lets_one_of_two_keys_do_is_caught(tmp_path, monkeypatch):
    real = keyring.Keyring.at
    monkeypatch.setattr(keyring.Keyring, "at", lambda self, size: real(self, size)[:1])
    with pytest.raises(AssertionError):
        test_the_old_key_signs_nothing_more(tmp_path)


def test_who_knows_a_compromised_key_is_told_what_to_do(tmp_path):
    folder = tmp_path / "evidence"
    with Log.create(folder, origin=ORIGIN) as log:
        grow(log, 0, 1)
        pinned = (folder / "vkey").read_text().strip()
        change(log, Why.ROTATION)
        grow(log, 2)
        between = (folder / "vkey").read_text().strip()
        change(log, Why.COMPROMISE, trusted=3)
        grow(log, 3)
    assert fsck(folder).ok
    assert fsck(folder, pinned=(folder / "vkey").read_text().strip()).ok
    for known in (pinned, between):
        told = faults(folder, pinned=known)
        assert "at entry 4 the log took a new key" in told
        assert "behind 3 entries" in told
        assert "Ask the mission by another way" in told
    ring = keyring.read_keyring(folder, pytest.fail)
    words = [ring.word(b"\x01" + Verifier.parse(key).public) for key in (pinned, between)]
    assert words == [3, 3]
    assert ring.word(ring.current) is None
    with pytest.raises(KeyError):
        ring.word(b"\x01" + bytes(32))


@pytest.fixture(scope="module")
def stolen(tmp_path_factory):
    """A log of 7 entries whose first key was stolen; it counts for 3, and 5 were published."""
    folder = tmp_path_factory.mktemp("stolen") / "evidence"
    notes = {}
    with Log.create(folder, origin=ORIGIN) as log:
        thief = Signer.parse((folder / "key/signing").read_text().strip())
        for number in range(5):
            grow(log, number)
            notes[number + 1] = log.checkpoint().note
        change(log, Why.COMPROMISE, trusted=3)
        grow(log, 6)
        notes[7] = log.checkpoint().note
    return folder, thief, notes


def test_a_checkpoint_that_somebody_was_shown_is_judged(stolen):
    folder, thief, notes = stolen

    def worth(note: str) -> str:
        return judge(folder, note.encode()).standing

    assert [worth(notes[size]) for size in (1, 3, 7)] == ["counts"] * 3
    # What the old key honestly signed behind that point is the same history, by a key without word.
    assert [worth(notes[size]) for size in (4, 5)] == ["not counted"] * 2
    # What the thief signs is a fork before that point and behind it, however long it is.
    forged = [thief.checkpoint(size, bytes(32)).note for size in (2, 5, 7, 100)]
    assert [worth(note) for note in forged] == ["fork"] * 4
    ahead = Signer.parse((folder / "key/signing").read_text().strip())
    assert worth(ahead.checkpoint(100, bytes(32)).note) == "ahead"
    assert worth(ahead.checkpoint(6, bytes(32)).note) == "fork"
    assert worth(Signer(ORIGIN, b"x" * 32).checkpoint(3, bytes(32)).note) == "not signed"
    shown = judge(folder, forged[1].encode())
    assert shown.signers == (thief.verifier.vkey(),)
    assert (shown.size, shown.root) == (5, bytes(32).hex())


def test_what_is_no_checkpoint_of_the_log_is_refused(stolen, tmp_path):
    folder, _, notes = stolen
    other = Signer("example.org/other", b"x" * 32).checkpoint(3, bytes(32)).note
    wrong = notes[3].replace("— ", "— x", 1)
    for note in (b"", b"\xff", other.encode(), b"x" * 300_000, wrong[:-9].encode()):
        with pytest.raises(ValueError, match=r"\w"):
            judge(folder, note)
    broken = tmp_path / "evidence"
    shutil.copytree(folder, broken)
    tile = next((broken / "tile" / "0").rglob("7"))
    tile.write_bytes(bytes(7 * 32))
    with pytest.raises(LogDamaged, match="do not make its root"):
        judge(broken, notes[3].encode())
    (broken / "keychange" / "000000000005").unlink()
    with pytest.raises(LogDamaged, match="vkeys: not what"):
        judge(broken, notes[3].encode())


def test_the_saboteur_that_trusts_a_stolen_key_for_ever_is_caught(stolen, monkeypatch):
    real = standing._weigh
    monkeypatch.setattr(standing, "_weigh", lambda **known: real(**{**known, "counts": True}))
    with pytest.raises(AssertionError):
        test_a_checkpoint_that_somebody_was_shown_is_judged(stolen)


def test_proofs_hold_across_a_change_of_key(rotated):
    """A proof by an old checkpoint is checked with the key that signed at its size."""
    folder, first = rotated
    now = (folder / "vkey").read_text().strip()
    text = make_proof(folder, 4)
    assert check_proof(text, policy_of([now])).holds
    assert not check_proof(text, policy_of([first])).holds


def test_writer_and_auditor_agree_on_every_key_at_every_time(stolen, rotated):
    """What was said before a theft was told stays as it was when one goes back to that time."""
    agreed = {True: 0, False: 0}

    def read(note, known, *, by):
        try:
            if isinstance(by, Log):
                return by.read_checkpoint(note, known=known).size
            return by.head(note.encode(), known=known).size
        except LogDamaged:
            return None

    for folder, note_of in ((stolen[0], stolen[2]), (rotated[0], {})):
        with Log.open(folder, readonly=True) as log:
            notes = [*note_of.values(), log.checkpoint().note]
            notes += [stolen[1].checkpoint(size, bytes(32)).note for size in range(8)]
            for note in notes:
                for known in (None, *range(8)):
                    said = [read(note, known, by=each) for each in (log, AuditedLog(folder))]
                    assert said[0] == said[1], (note, known)
                    agreed[said[0] is not None] += 1
    assert min(agreed.values()) > 30
    with Log.open(stolen[0], readonly=True) as log:
        assert log.read_checkpoint(stolen[2][5], known=5).size == 5
        with pytest.raises(LogDamaged):
            log.read_checkpoint(stolen[2][5])
