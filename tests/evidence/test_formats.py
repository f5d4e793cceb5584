"""The formats that others wrote down: JCS, Ed25519, signed notes, tiles, and our leaf."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from trucewatch.errors import LogDamaged
from trucewatch.evidence.audit.records import read_envelope
from trucewatch.evidence.log.disk import FolderDisk
from trucewatch.evidence.log.entries import (
    ENVELOPE_LIMIT,
    LEAF_LIMIT,
    EntryKind,
    Envelope,
    Leaf,
    NewEntry,
    decode_envelope,
    decode_leaf,
    encode_envelope,
    encode_leaf,
    moment,
    nanoseconds,
    source_commitment,
)
from trucewatch.evidence.log.frames import encode_batch
from trucewatch.evidence.log.index import SourceState
from trucewatch.evidence.log.tiles import Tiles, decode_bundle, encode_bundle, tile_path
from trucewatch.evidence.tlog.merkle import Frontier, leaf_hash, perfect_root
from trucewatch.evidence.tlog.notes import Signer, Verifier, check_name, unbase64

TESSERA = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def test_jcs_vectors(shared):
    folder = shared / "vectors/jcs"
    paths = sorted((folder / "input").iterdir())
    assert len(paths) == 6
    for path in paths:
        expected = (folder / "output" / path.name).read_bytes().rstrip(b"\n")
        hexed = (folder / "outhex" / path.with_suffix(".txt").name).read_text()
        assert expected == bytes.fromhex("".join(hexed.split()))
        assert rfc8785.dumps(json.loads(path.read_bytes())) == expected, path.name


def accepts(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_ed25519_vectors(shared):
    folder = shared / "vectors/ed25519"
    cases = json.loads((folder / "cctv-ed25519vectors.json").read_text())
    assert len(cases) == 914
    # The number that Go and Node accept too (see SOURCE.md beside the vectors).
    assert (
        sum(
            accepts(bytes.fromhex(c["key"]), bytes.fromhex(c["sig"]), c["msg"].encode())
            for c in cases
        )
        == 208
    )
    groups = json.loads((folder / "wycheproof-ed25519.json").read_text())["testGroups"]
    tests = [(bytes.fromhex(g["publicKey"]["pk"]), t) for g in groups for t in g["tests"]]
    assert len(tests) == 151
    for key, case in tests:
        valid = accepts(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        assert valid is (case["result"] == "valid"), case["tcId"]


def test_a_whole_log_of_others_is_read(shared):
    folder = shared / "vectors/tessera-log"
    disk = FolderDisk(folder)
    verifier, tiles = Verifier.parse(TESSERA), Tiles(disk)
    assert verifier.vkey() == TESSERA
    leaves = tiles.read_bundle(0, 15)
    assert leaves[:3] == [b"one", b"two", b"three"]
    frontier = Frontier()
    for size in range(16):
        checkpoint = verifier.checkpoint((folder / f"checkpoint.{size}").read_text())
        assert (checkpoint.size, checkpoint.root) == (size, frontier.root().hex())
        if size:
            assert tiles.read_bundle(0, size) == leaves[:size]
            assert tiles.root(size) == frontier.root()
        if size < 15:
            frontier.push(leaf_hash(leaves[size]))
    # What we would write for the same leaves is the same, byte for byte.
    for width in range(1, 16):
        assert encode_bundle(leaves[:width]) == disk.read(tile_path("entries", 0, width))
        hashes = b"".join(leaf_hash(leaf) for leaf in leaves[:width])
        assert hashes == disk.read(tile_path(0, 0, width))


def test_a_mirrored_tree_of_two_tiles_is_read(shared):
    (folder,) = (shared / "vectors/sunlight/witness/mirror").glob("*/")
    tiles = Tiles(FolderDisk(folder))
    lines = (folder / "checkpoint").read_text().split("\n")
    assert tiles.read(1, 0, 1) == [perfect_root(tiles.read(0, 0, 256))]
    assert lines[1] == "300"
    assert tiles.root(300) == base64.b64decode(lines[2])


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (0, "tile/0/000"),
        (999, "tile/0/999"),
        (1000, "tile/0/x001/000"),
        (1234067, "tile/0/x001/x234/067"),
    ],
)
def test_tile_paths(number, path):
    assert tile_path(0, number) == path
    assert tile_path(0, number, 7) == f"{path}.p/7"


def test_bundles_round_trip_and_do_not_end_within_an_entry():
    leaves = [b"", b"a", b"x" * 65_535]
    data = encode_bundle(leaves)
    assert decode_bundle(data) == leaves
    for short in (data[:-1], data[:1], b"\x00"):
        with pytest.raises(LogDamaged):
            decode_bundle(short)


def signed_line(signer: Signer, text: str) -> str:
    data = signer.verifier.key_id + signer.sign(text.encode())
    return f"— {signer.verifier.name} {base64.b64encode(data).decode()}"


@pytest.mark.parametrize("text", ["AB==", "AA", "AA=", "A", "AA==\n", "é", "-_=="])
def test_base64_has_one_spelling(text):
    assert unbase64("AA==") == b"\0"
    with pytest.raises(ValueError, match="base64"):
        unbase64(text)


def test_a_record_longer_than_a_frame_is_not_framed():
    leaf, envelope = b"l" * LEAF_LIMIT, b"e" * ENVELOPE_LIMIT
    (frame,) = encode_batch(0, [(leaf, envelope)])
    assert frame.endswith(leaf + envelope)
    for record in ((leaf + b"l", b""), (b"", envelope + b"e")):
        with pytest.raises(ValueError, match="longer than a frame may hold"):
            encode_batch(0, [(b"", b""), record])


def test_notes_are_strict():
    signer = Signer("example.org/log", bytes(32))
    verifier = signer.verifier
    note = signer.checkpoint(7, bytes(32)).note
    assert verifier.checkpoint(note).size == 7
    assert Signer.parse(signer.skey()).verifier.vkey() == verifier.vkey()
    foreign = Signer("example.org/other", bytes(31) + b"\1").checkpoint(7, bytes(32)).note
    witness = foreign.rpartition("\n\n")[2].replace("example.org/other", "witness.example")
    assert verifier.checkpoint(note + witness).size == 7
    # A note that the log signed is not yet a checkpoint.
    text = note.partition("\n\n")[0] + "\n"
    for other in (
        text.replace("\n7\n", "\nseven\n"),
        text.replace("\n7\n", "\n-7\n"),
        "example.org/log\n7\n",
    ):
        with pytest.raises(LogDamaged, match="not one of this log"):
            verifier.checkpoint(f"{other}\n{signed_line(signer, other)}\n")
    for bad in (
        foreign,
        note[:-1],
        note.replace("\n7\n", "\n8\n"),
        note.replace("\n7\n", "\n07\n"),
        note.replace("\n\n", "\n"),
        note + "no signature\n",
        note.replace("—", "-"),
        signer.checkpoint(7, b"short").note,
    ):
        with pytest.raises(LogDamaged):
            verifier.checkpoint(bad)
    vkey = verifier.vkey()
    for bad in ("", vkey[:-1], vkey.replace("example", "Example"), vkey.replace("+A", "+B")):
        with pytest.raises(LogDamaged):
            Verifier.parse(bad)
    for bad in ("", signer.skey()[1:], signer.skey().replace("log", "lag")):
        with pytest.raises(LogDamaged) as caught:
            Signer.parse(bad)
        assert "AAAA" not in str(caught.value)
    for name in ("", "a b", "a+b", "a\n", "a\x00"):
        with pytest.raises(ValueError, match="origin"):
            check_name(name)


LEAF = Leaf(
    kind=EntryKind.REPORT,
    source="a" * 64,
    sequence=2**60,
    previous=None,
    payload="b" * 64,
    length=12,
    received=1_776_000_000_123_456_000,
    uncertainty=1,
    clock=-5,
    envelope="c" * 64,
)
ENVELOPE = Envelope(source="é", name="\u2028\n", media="", salt="d" * 64, nonce="e" * 32)


def test_leaves_and_envelopes_round_trip():
    data = encode_leaf(LEAF)
    assert decode_leaf(data) == LEAF
    assert b'"received":"1776000000123456000"' in data
    assert decode_envelope(encode_envelope(ENVELOPE)) == ENVELOPE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'{"clock"', b'{"clock":"1","clock"'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1,"x":1'),
        (b'"v":1', b'"v":1 '),
        (b'"v":1', b'"v":1.0'),
        (b'"length":"12"', b'"length":12'),
        (b'"length":"12"', b'"length":"012"'),
        (b'"kind":"report"', b'"kind":"rumour"'),
        (b'"previous":null', b'"previous":"00"'),
        (b'"length":"12",', b""),
        (b"report", b"rep\xffrt"),
    ],
)
def test_a_leaf_has_one_spelling(old, new):
    data = encode_leaf(LEAF)
    assert old in data
    with pytest.raises(LogDamaged):
        decode_leaf(data.replace(old, new))


@pytest.mark.parametrize("data", [b"", b"[]", b"[" * 100_000, b'{"v":1}', b"null"])
def test_what_is_no_leaf_is_refused(data):
    with pytest.raises(LogDamaged):
        decode_leaf(data)
    with pytest.raises(LogDamaged):
        decode_envelope(data)


def test_envelopes_refuse_a_repeated_key():
    data = encode_envelope(ENVELOPE)
    with pytest.raises(LogDamaged, match="twice"):
        decode_envelope(data.replace(b'{"media"', b'{"media":"","media"'))


SEALED = {
    "length": "5", "media": "", "name": "a", "nonce": "e" * 32, "payload": "f" * 64,
    "salt": "d" * 64, "source": "s", "v": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"payload": "F" * 64},
        {"payload": "f" * 63},
        {"payload": 5},
        {"length": "05"},
        {"length": "-5"},
        {"length": "9" * 19},
        {"length": 5},
        {"v": 1},
        {"salt": "x" * 64},
        {"more": "x"},
    ],
)
def test_an_envelope_that_seals_is_read_in_its_one_form(change):
    good = read_envelope(rfc8785.dumps(SEALED))
    assert (good.payload, good.length) == ("f" * 64, 5)
    assert read_envelope(rfc8785.dumps(SEALED | change)) is None
    assert decode_envelope(rfc8785.dumps(SEALED)).length == 5
    with pytest.raises(LogDamaged):
        decode_envelope(rfc8785.dumps(SEALED | change))


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"v":1}', b"null", b"5", b'{"a":"1","a":"1"}'])
def test_the_auditor_takes_nothing_else_for_an_envelope(data):
    assert read_envelope(data) is None


def test_times_are_exact_and_may_lie_anywhere():
    for time in (
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ):
        assert moment(nanoseconds(time)) == time
    with pytest.raises(LogDamaged):
        moment(10**30)


def test_an_entry_that_cannot_be_written_is_refused_before_it_reaches_the_log():
    for bad in ({"source": ""}, {"name": "\udcff"}, {"media": "x" * 5000}):
        with pytest.raises(ValueError, match=r"source|UTF-8|4096"):
            NewEntry(**{"kind": EntryKind.REPORT, "source": "s", "payload": b"", **bad})


DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
COUNTS = st.integers(min_value=0, max_value=10**30)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Leaf,
        kind=st.sampled_from(EntryKind),
        source=DIGESTS,
        sequence=COUNTS,
        previous=st.none() | DIGESTS,
        payload=DIGESTS,
        length=COUNTS,
        received=st.integers(min_value=-(10**20), max_value=10**20),
        uncertainty=COUNTS,
        clock=st.integers(min_value=-(10**20), max_value=10**20),
        envelope=DIGESTS,
        policy=st.none() | DIGESTS,
    )
)
def test_a_leaf_is_spelt_as_rfc_8785_spells_it(leaf):
    numbers = ("clock", "length", "received", "sequence", "uncertainty")
    digests = ("envelope", "payload", "previous", "source")
    fields = {name: str(getattr(leaf, name)) for name in numbers}
    fields |= {name: getattr(leaf, name) for name in digests}
    fields |= {"kind": leaf.kind.value, "v": 1}
    if leaf.policy is not None:
        fields["policy"] = leaf.policy
    assert encode_leaf(leaf) == rfc8785.dumps(fields)
    assert decode_leaf(encode_leaf(leaf)) == leaf


@given(
    st.builds(Envelope, source=TEXTS, name=TEXTS, media=TEXTS, salt=DIGESTS, nonce=TEXTS | DIGESTS)
)
def test_an_envelope_is_spelt_as_rfc_8785_spells_it(envelope):
    names = ("media", "name", "nonce", "salt", "source")
    fields = {name: getattr(envelope, name) for name in names} | {"v": 1}
    assert encode_envelope(envelope) == rfc8785.dumps(fields)
    assert decode_envelope(encode_envelope(envelope)) == envelope


def test_every_character_that_json_may_escape_is_spelt_as_rfc_8785_spells_it():
    """Control characters, quotes, separators of lines, and one from beyond the basic plane."""
    for text in [*map(chr, range(0x100)), "\u2028\u2029", "\ufeff", "\uffff", "\U0001f54a"]:
        envelope = Envelope(source=f"a{text}z", name=text, media=text, salt="0" * 64, nonce=text)
        assert json.loads(encode_envelope(envelope))["name"] == text
        names = ("media", "name", "nonce", "salt", "source")
        fields = {name: getattr(envelope, name) for name in names} | {"v": 1}
        assert encode_envelope(envelope) == rfc8785.dumps(fields)


def test_what_opens_a_leaf_is_not_shown():
    salt, nonce = "5a" * 32, "c3" * 16
    ours = Envelope(source="s", name="n", media="m", salt=salt, nonce=nonce)
    theirs = read_envelope(encode_envelope(ours))
    state = SourceState(salt, source_commitment("s", salt), 0, None)
    assert theirs is not None
    assert theirs.salt == ours.salt == state.salt == salt
    assert not any(secret in f"{ours}{theirs}{state}" for secret in (salt, nonce))
