"""Cosignatures and policies: others' are read, ours keep to the form, nobody counts twice."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evidence.witnesses import WORTHLESS, vkey_of
from tests.evidence.witnesses import Signer as Forger

from trucewatch.errors import LogDamaged
from trucewatch.evidence import EntryKind, Log, NewEntry, fsck
from trucewatch.evidence.tlog import notes
from trucewatch.evidence.tlog.cosignatures import Cosignature, Cosigner, CosignerKey
from trucewatch.evidence.tlog.notes import Signer, Verifier, split_note
from trucewatch.evidence.tlog.policy import Policy, PolicyWitness, policy_text, read_policy
from trucewatch.model import Cosigned, Grade

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
ROOT = bytes(range(32))
LOG = Signer("example.org/log", bytes(32))
NOTE = LOG.checkpoint(7, ROOT).note
TEXT = split_note(NOTE)[0]


def key(number: int, name: str = "") -> CosignerKey:
    return CosignerKey(name or f"w{number}.example.org", bytes([number]) * 32)


def member(number: int, name: str = "") -> PolicyWitness:
    return PolicyWitness(name or f"w{number}", key(number).cosigner)


def cosigned(*lines: str) -> str:
    return NOTE + "".join(f"{line}\n" for line in lines)


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def sunlight(shared, name: str) -> tuple[Cosigner, str, list[str]]:
    folder = shared / "vectors/sunlight" / name
    (vkey,) = json.loads((folder / "witness.v0.json").read_text())["verifier_keys"]
    (path,) = (path for path in folder.glob("*/checkpoint") if path.parent.name != "mirror")
    return Cosigner.parse(vkey), *split_note(path.read_text())


def test_a_cosignature_of_others_is_verified(shared):
    cosigner, text, lines = sunlight(shared, "witness")
    # The log's own signature is of another type; it is passed over, not refused.
    found = [cosigner.verify(text, line) for line in lines]
    assert found == [None, Cosignature("witness.example.org", 1767139200)]
    second, text, lines = sunlight(shared, "witness2")
    (line,) = lines
    assert second.verify(text, line).name == "witness2.example.org"
    assert cosigner.verify(text, line) is None
    assert Cosigner.parse(second.vkey()).public == second.public


def test_a_policy_judges_a_checkpoint_of_others(shared):
    cosigner, text, lines = sunlight(shared, "witness")
    note = f"{text}\n" + "".join(f"{line}\n" for line in lines)
    found = Policy([PolicyWitness("one", cosigner)], 1).judge(note)
    assert found.grade is Grade.FINDING
    assert found.by == (Cosigned(witness="one", at=found.not_after),)
    assert Policy([member(1)], 1).judge(note).grade is Grade.RECORDED


def test_ours_verify_and_keys_round_trip():
    private = key(1)
    line = private.cosign(TEXT, 1_770_000_000)
    assert private.cosigner.verify(TEXT, line) == Cosignature("w1.example.org", 1_770_000_000)
    assert CosignerKey.parse(private.skey()).cosigner.vkey() == private.cosigner.vkey()
    assert Cosigner.parse(private.cosigner.vkey()).key_id == private.cosigner.key_id
    assert repr(private).count("seed") == 0
    # The same Ed25519 key under the log's type is another key.
    assert Signer("w1.example.org", bytes([1]) * 32).verifier.key_id != private.cosigner.key_id
    with pytest.raises(LogDamaged, match="type 04"):
        Cosigner.parse(LOG.verifier.vkey())
    with pytest.raises(LogDamaged, match="cannot be read"):
        CosignerKey.parse(LOG.skey())


@pytest.mark.parametrize("at", [0, -1, 1 << 63])
def test_a_time_that_the_format_cannot_hold_is_refused(at):
    with pytest.raises(ValueError, match="between 1 and"):
        key(1).cosign(TEXT, at)


@given(st.integers(min_value=0, max_value=75), st.integers(min_value=1, max_value=255))
def test_no_byte_of_a_cosignature_may_change(place, mask):
    private = key(1)
    name, encoded = private.cosign(TEXT, 1_770_000_000).split(" ")[1:]
    data = bytearray(base64.b64decode(encoded))
    data[place] ^= mask
    line = f"— {name} {base64.b64encode(data).decode()}"
    if place < 4:
        assert private.cosigner.verify(TEXT, line) is None
    else:
        with pytest.raises(LogDamaged, match=r"wrong|malformed"):
            private.cosigner.verify(TEXT, line)
        with pytest.raises(LogDamaged, match=r"wrong|malformed"):
            Policy([member(1)], 1).judge(cosigned(line))


def test_forms_that_are_refused():
    private = key(1)
    line = private.cosign(TEXT, 5)
    name, encoded = line.split(" ")[1:]
    data = base64.b64decode(encoded)

    def spelt(data: bytes) -> str:
        return f"— {name} {base64.b64encode(data).decode()}"

    for bad in (spelt(data[:-1]), spelt(data + b"x"), spelt(data[:4] + bytes(8) + data[12:])):
        with pytest.raises(LogDamaged, match="malformed"):
            private.cosigner.verify(TEXT, bad)
    too_late = spelt(data[:4] + (1 << 63).to_bytes(8, "big") + data[12:])
    with pytest.raises(LogDamaged, match="malformed"):
        private.cosigner.verify(TEXT, too_late)
    for bad in (line.replace("—", "-"), line + " ", line.rstrip("=") + "\n", "", f"—  {encoded}"):
        with pytest.raises(LogDamaged):
            private.cosigner.verify(TEXT, bad)
    # Other text, other root: not this cosignature's.
    with pytest.raises(LogDamaged, match="wrong"):
        private.cosigner.verify(TEXT.replace("7", "8"), line)


@pytest.mark.parametrize("vkey", ["", "w1.example.org", "w1.example.org+00000000"])
def test_a_key_of_a_witness_has_three_parts(vkey):
    with pytest.raises(LogDamaged, match=r"name\+hash\+key"):
        Cosigner.parse(vkey)


def test_a_cosigning_key_under_another_name_is_refused():
    skey = key(1).skey()
    assert CosignerKey.parse(skey).cosigner.vkey() == key(1).cosigner.vkey()
    with pytest.raises(LogDamaged, match="does not match its own hash") as caught:
        CosignerKey.parse(skey.replace("+w1.", "+w2."))
    assert skey.split("+")[-1] not in str(caught.value)


def test_two_witnesses_that_a_note_cannot_tell_apart_are_refused():
    one, two = (CosignerKey("w.example.org", bytes([seed]) * 32).cosigner for seed in (1, 2))
    Policy([PolicyWitness("one", one), PolicyWitness("two", two)], 1)
    # Four bytes name a key: two keys that share them can be made in an afternoon.
    two.key_id = one.key_id
    with pytest.raises(ValueError, match="keys that a note cannot tell apart"):
        Policy([PolicyWitness("one", one), PolicyWitness("two", two)], 1)


def test_a_witness_may_have_the_name_of_the_group():
    members = [member(1, "quorum-group"), member(2, "quorum-group-")]
    text = policy_text(Policy(members, 2))
    assert "\ngroup quorum-group-- 2 quorum-group quorum-group-\n" in text
    assert read_policy(text.encode())[0].quorum == 2


def test_a_key_that_was_changed_is_refused():
    vkey = key(1).cosigner.vkey()
    with pytest.raises(LogDamaged, match="its own hash"):
        Cosigner.parse(vkey.replace("w1.", "w2."))


def test_a_key_under_which_anybody_can_sign_is_refused():
    for kind, parse in ((b"\x01", Verifier.parse), (b"\x04", Cosigner.parse)):
        with pytest.raises(LogDamaged, match="anybody can sign"):
            parse(vkey_of("w.example.org", kind + bytes.fromhex(WORTHLESS)))


@pytest.mark.parametrize("sort", [1, 4])
def test_what_the_auditor_refuses_is_not_taken_in(sort, monkeypatch):
    """Kept below a checkpoint, one lying witness's line would spoil it for whoever checks it."""
    forger = Forger("w.example.org", 9, type=sort)
    parsed = Verifier.parse(forger.vkey) if sort == 1 else Cosigner.parse(forger.vkey)
    assert parsed.verify(TEXT, forger.line(TEXT, 5).rstrip("\n"))
    odd = forger.odd_line(TEXT, 5).rstrip("\n")
    with pytest.raises(LogDamaged, match="is wrong"):
        parsed.verify(TEXT, odd)
    monkeypatch.setattr(notes, "small_order", lambda _: False)
    assert parsed.verify(TEXT, odd)


def test_grades_and_the_bound_on_time():
    four = [member(number) for number in (1, 2, 3, 4)]
    policy = Policy(four, 3)
    assert (policy.liars, policy.resists_split_view) == (1, True)
    lines = [key(number).cosign(TEXT, 1000 + number) for number in (1, 2, 3, 4)]
    assert policy.judge(NOTE).grade is Grade.RECORDED
    one = policy.judge(cosigned(lines[0]))
    assert (one.grade, one.not_after) == (Grade.APPEND_ONLY, None)
    assert one.by == (Cosigned(witness="w1", at=moment(1001)),)
    three = policy.judge(cosigned(*reversed(lines[1:])))
    assert three.grade is Grade.FINDING
    assert [item.witness for item in three.by] == ["w2", "w3", "w4"]
    # One of them may lie: the second smallest time is the first that an honest one stands behind.
    assert three.not_after == moment(1003)
    # With fewer than f+1 cosignatures no honest witness need be among them.
    assert Policy(four, 1).judge(cosigned(lines[0])).not_after is None
    assert Policy(four, None).judge(NOTE).grade is Grade.FINDING


def test_a_witness_counts_once_and_unknown_ones_not_at_all():
    policy = Policy([member(1), member(2)], 2)
    twice = [key(1).cosign(TEXT, 30), key(1).cosign(TEXT, 20), key(9).cosign(TEXT, 10)]
    found = policy.judge(cosigned(*twice))
    assert found.grade is Grade.APPEND_ONLY
    assert found.by == (Cosigned(witness="w1", at=moment(20)),)
    assert policy.judge(cosigned(*reversed(twice))).by == found.by
    # A known name over another key is an unknown key.
    stranger = CosignerKey("w2.example.org", bytes([77]) * 32)
    assert policy.judge(cosigned(stranger.cosign(TEXT, 5))).grade is Grade.RECORDED


def test_a_time_that_no_calendar_has_does_not_count():
    found = Policy([member(1)], 1).judge(cosigned(key(1).cosign(TEXT, (1 << 63) - 1)))
    assert found.grade is Grade.RECORDED


@pytest.mark.parametrize(
    ("members", "quorum", "words"),
    [
        ([member(1), member(1, "other")], 1, "under two names"),
        ([member(1), member(2, "w1")], 1, "two witnesses have the name"),
        ([member(1)], 2, "cannot be made"),
        ([member(1)], 0, "cannot be made"),
        ([member(1, "none")], 1, "cannot be the name"),
        ([member(1, "a b")], 1, "cannot be the name"),
        ([], 1, "cannot be made"),
    ],
)
def test_policies_that_are_refused(members, quorum, words):
    with pytest.raises(ValueError, match=words):
        Policy(members, quorum)
    same = PolicyWitness("other", CosignerKey("elsewhere.example", bytes([1]) * 32).cosigner)
    with pytest.raises(ValueError, match="under two names"):
        Policy([member(1), same], 2)


@pytest.mark.parametrize("count", range(1, 60))
def test_which_quorum_resists_a_split_view(count):
    """By counting: two quorums of k share at least 2k - n, which must be more than may lie."""
    members = [member(number) for number in range(1, count + 1)]
    for quorum in range(1, count + 1):
        policy = Policy(members, quorum)
        if policy.resists_split_view:
            assert 2 * quorum - count > policy.liars
        assert policy.resists_split_view == (quorum >= 1 + 2 * count // 3)


def test_37_states():
    members = [member(number) for number in range(1, 38)]
    assert Policy(members, 25).liars == 12
    assert Policy(members, 25).resists_split_view
    assert not Policy(members, 24).resists_split_view


def test_a_policy_as_text_round_trips():
    members = [PolicyWitness("one", key(1).cosigner, "https://one.example/"), member(2)]
    for quorum in (None, 1, 2):
        text = policy_text(Policy(members, quorum), [LOG.verifier])
        policy, logs = read_policy(text.encode())
        assert policy_text(policy, logs) == text
        assert (policy.quorum, [w.url for w in policy.witnesses]) == (
            quorum,
            ["https://one.example/", ""],
        )


A, B = key(1).cosigner.vkey(), key(2).cosigner.vkey()


@pytest.mark.parametrize(
    ("text", "quorum"),
    [
        (f"# comment\n\n\twitness  A {A} https://a.example\n quorum A\n", 1),
        (f"witness A {A}\nwitness B {B}\ngroup g all A B\nquorum g", 2),
        (f"witness A {A}\nwitness B {B}\ngroup g any A B\nquorum g\n", 1),
        ("quorum none\n", None),
    ],
)
def test_policies_of_others_are_read(text, quorum):
    assert read_policy(text.encode())[0].quorum == quorum


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum A\n",
        "quorum none\nquorum none\n",
        f"witness A {A}\nwitness A {B}\nquorum A\n",
        f"witness A {A}\nwitness B {A}\ngroup g 2 A B\nquorum g\n",
        f"witness A {A}\ngroup g 2 A\nquorum g\n",
        f"witness A {A}\ngroup g 01 A\nquorum g\n",
        f"witness A {A}\ngroup g 1 A A\nquorum g\n",
        f"witness A {A}\ngroup g 1\nquorum g\n",
        f"group g 1 A\nwitness A {A}\nquorum g\n",
        f"witness A {A}\ngroup g 1 A\ngroup h 1 g\nquorum h\n",
        f"witness A {A}\nwitness B {B}\nquorum A\n",
        f"witness none {A}\nquorum none\n",
        f"witness A {LOG.verifier.vkey()}\nquorum A\n",
        f"log {LOG.verifier.vkey()}\nlog {LOG.verifier.vkey()}\nquorum none\n",
        "quorum none\r\n",
        "nonsense\nquorum none\n",
    ],
)
def test_policies_that_cannot_be_read(text):
    with pytest.raises(LogDamaged, match="policy"):
        read_policy(text.encode())


@given(st.binary(max_size=200))
def test_rubbish_is_refused_in_words(data):
    with contextlib.suppress(LogDamaged):
        read_policy(b"quorum none\n" + data)
    with contextlib.suppress(LogDamaged):
        Policy([member(1)], 1).judge(NOTE + data.decode("utf-8", "replace"))


@pytest.fixture
def log(tmp_path):
    folder = tmp_path / "evidence"
    with Log.create(folder, origin="example.org/log") as made:
        yield folder, made


def grow(log: Log, number: int) -> str:
    entries = [
        NewEntry(kind=EntryKind.REPORT, source="s", payload=b"%d/%d" % (log.size, at))
        for at in range(number)
    ]
    log.append(entries, received=NOW)
    return split_note(log.publish().note)[0]


def test_cosignatures_are_kept_and_survive_opening(log):
    folder, made = log
    text = grow(made, 3)
    lines = [key(number).cosign(text, 50) for number in (1, 2)]
    first = made.cosign(lines[:1])
    assert first == made.checkpoint()
    assert made.cosign([lines[0], key(1).cosign(text, 60)]) == first
    second = made.cosign(lines[1:])
    assert split_note(second.note)[1][1:] == lines
    assert (folder / "witnessed/000000000003").read_text() == second.note
    assert (folder / "checkpoint").read_text() == second.note
    assert fsck(folder).ok
    made.close()
    with Log.open(folder) as again:
        assert again.checkpoint() == second
        text = grow(again, 300)
        again.cosign([key(1).cosign(text, 70)])
        grow(again, 1)
        assert sorted(path.name for path in (folder / "witnessed").iterdir()) == [
            "000000000003",
            "000000000303",
        ]
    found = fsck(folder)
    assert found.ok, found.problems


def test_what_is_no_signature_is_refused_and_the_log_goes_on(log):
    folder, made = log
    text = grow(made, 1)
    for bad in ("rubbish", "— w AAAA", f"{key(1).cosign(text, 1)}\n", "— w\nx AAAAAAAA"):
        with pytest.raises(LogDamaged):
            made.cosign([bad])
    with pytest.raises(LogDamaged, match="more than"):
        made.cosign([key(1, f"n{number}").cosign(text, 1) for number in range(120)])
    assert not (folder / "witnessed").exists()
    grow(made, 1)


def test_a_crash_between_the_two_places_is_put_right(log):
    folder, made = log
    text = grow(made, 2)
    bare = (folder / "checkpoint").read_bytes()
    whole = made.cosign([key(1).cosign(text, 9)]).note
    made.close()
    (folder / "checkpoint").write_bytes(bare)
    assert fsck(folder).problems == ("witnessed/000000000002: other signatures than in checkpoint",)
    with Log.open(folder) as again:
        assert again.checkpoint().note == whole
    assert fsck(folder).ok


def test_two_histories_are_not_put_together(log):
    folder, made = log
    text = grow(made, 2)
    made.cosign([key(1).cosign(text, 9)])
    signer = Signer.parse((folder / "key/signing").read_text().strip())
    for other in (signer.checkpoint(2, ROOT).note, signer.checkpoint(1, ROOT).note):
        (folder / "witnessed/000000000002").write_text(other)
        with pytest.raises(LogDamaged, match="say two things"):
            made.cosign([key(2).cosign(text, 9)])


def test_a_checkpoint_that_somebody_changed_is_not_cosigned(log):
    folder, made = log
    text = grow(made, 1)
    path = folder / "checkpoint"
    path.write_bytes(path.read_bytes() + f"{key(3).cosign(text, 1)}\n".encode())
    with pytest.raises(LogDamaged, match="changed by somebody else"):
        made.cosign([key(1).cosign(text, 1)])


def test_fsck_knows_what_belongs_into_witnessed(log, tmp_path):
    folder, made = log
    for number in (1, 255, 1, 300):
        text = grow(made, number)
        made.cosign([key(1).cosign(text, 9)])
    made.close()
    assert fsck(folder).ok
    signer = Signer.parse((folder / "key/signing").read_text().strip())

    def spoilt(name: str, note: str) -> str:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        (copy / "witnessed" / name).write_text(note)
        (problem,) = fsck(copy).problems
        return problem

    forked = signer.checkpoint(256, ROOT).note
    assert "the entries make" in spoilt("000000000256", forked)
    assert "not that many" in spoilt("000000000558", signer.checkpoint(558, ROOT).note)
    assert "not the name" in spoilt("note.txt", forked)
    assert "a checkpoint of size 256" in spoilt("000000000300", forked)
    assert "not signed" in spoilt("000000000300", forked.rpartition("—")[0] + "— x AAAAAAAA\n")
    assert "not a checkpoint" in spoilt("000000000300", "rubbish")


def test_fsck_verifies_the_lines_of_witnesses_that_it_is_given(log):
    folder, made = log
    for number in (1, 5):
        text = grow(made, number)
        made.cosign([key(1).cosign(text, 9), key(2).cosign(text, 9)])
    grow(made, 1)
    made.close()
    vkeys = [key(number).cosigner.vkey() for number in (1, 2)]
    assert fsck(folder, witnesses=vkeys).ok
    path = folder / "witnessed/000000000001"
    head, line = path.read_text().rstrip("\n").rsplit(" ", 1)
    data = bytearray(base64.b64decode(line))
    data[60] ^= 4
    path.write_text(f"{head} {base64.b64encode(data).decode()}\n")
    # The log itself has no key of a witness, so it can tell nothing by itself.
    assert fsck(folder).ok
    found = fsck(folder, witnesses=vkeys)
    assert not found.ok
    (problem,) = found.problems
    assert problem.startswith("witnessed/000000000001: the signature of w2.example.org")
    assert fsck(folder, witnesses=vkeys[:1]).ok
    with pytest.raises(ValueError, match="type"):
        fsck(folder, witnesses=[(folder / "vkey").read_text().strip()])


def test_power_cuts_at_every_step_of_keeping_cosignatures(disks, tmp_path):
    """The log opens, and what was acknowledged as kept is kept, wherever the power goes."""
    here = Path("evidence")
    entries = [NewEntry(kind=EntryKind.REPORT, source="s", payload=b"1")]
    for cut in range(1, 60):
        disk = disks.sim()
        kept = ()
        with Log.create(here, origin="example.org/log", disk=disk) as log:
            log.append(entries, received=NOW)
            text = split_note(log.publish().note)[0]
            lines = [key(number).cosign(text, 50) for number in (1, 2)]
            disk.cut_at = disk.operations + cut
            try:
                for line in lines:
                    log.cosign([line])
                    kept = (*kept, line)
            except disks.power_cut:
                pass
        found = disk.after_power_cut(Random(cut))
        with Log.open(here, disk=found) as again:
            held = split_note(again.checkpoint().note)[1]
            assert set(kept) <= set(held)
            if held[1:]:
                assert found.read("witnessed/000000000001").decode() == again.checkpoint().note
            again.cosign(lines)
            again.append([NewEntry(kind=EntryKind.REPORT, source="s", payload=b"2")], received=NOW)
            again.publish()
        problems = fsck(found.copy_to(tmp_path / str(cut))).problems
        assert problems == ()
        if len(kept) == len(lines):
            break
    else:
        pytest.fail("keeping cosignatures takes more steps than were tried")
    assert cut > 8
