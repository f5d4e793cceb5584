"""Proofs that travel: each one made holds, and none that says anything else."""

from __future__ import annotations

import base64
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from tests.evidence.witnesses import FIRST_LINE, Signer, cosigned

from trucewatch.errors import LogDamaged, NotFound
from trucewatch.evidence import EntryKind, Log, NewEntry
from trucewatch.evidence.audit import check_proof, make_proof, policy_of

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
LATER = datetime(2026, 4, 12, 7, tzinfo=UTC)
SECONDS = int(LATER.timestamp())
STATES = [Signer(f"state-{n}.example/w", n) for n in range(1, 8)]
VKEYS = [state.vkey for state in STATES]


def _payload(number: int) -> bytes:
    return b"payload %d" % number


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """The published files of a log of 600 entries, and nothing else of it."""
    folder = tmp_path_factory.mktemp("proofs")
    with Log.create(folder / "whole", origin="example.org/proofs") as log:
        for start, stop in ((0, 1), (1, 3), (3, 256), (256, 300), (300, 600)):
            entries = [
                NewEntry(kind=EntryKind.REPORT, source=f"s{n % 3}", payload=_payload(n))
                for n in range(start, stop)
            ]
            log.append(entries, received=NOW + timedelta(minutes=start))
            log.publish()
    shutil.copytree(folder / "whole/tile", folder / "copy/tile")
    for name in ("checkpoint", "vkey"):
        shutil.copy(folder / "whole" / name, folder / "copy")
    return folder / "copy"


@pytest.fixture(scope="module")
def vkey(published) -> str:
    return (published / "vkey").read_text().strip()


@pytest.fixture
def copy(published, tmp_path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "copy"))


def test_every_entry_has_a_proof_that_holds(published, vkey):
    for index in range(600):
        found = check_proof(
            make_proof(published, index), policy_of([vkey]), payload=_payload(index)
        )
        assert found.holds, found.reasons
        assert (found.index, found.size, found.leaf.kind) == (index, 600, "report")
    for index in (-1, 600, 10**12):
        with pytest.raises(NotFound, match="600 entries"):
            make_proof(published, index)


def test_a_proof_is_the_one_of_the_public_form(published):
    text = make_proof(published, 299).decode()
    lines = text.split("\n")
    assert lines[0] == FIRST_LINE
    assert base64.b64decode(lines[1].removeprefix("extra ")).startswith(b'{"clock":"')
    assert lines[2] == "index 299"
    assert text.endswith((published / "checkpoint").read_text())
    assert len(lines[3 : lines.index("")]) == 10


def test_any_other_byte_is_refused(published, vkey):
    """A mutant anywhere: one bit, a byte gone, a byte doubled, a cut end."""
    good = make_proof(published, 77)
    believed = policy_of([vkey])
    random = Random(4)
    for _ in range(1500):
        at = random.randrange(len(good))
        flipped = bytes([good[at] ^ 1 << random.randrange(8)])
        bad = random.choice(
            (
                good[:at] + flipped + good[at + 1 :],
                good[:at] + good[at + 1 :],
                good[:at] + good[at : at + 1] + good[at:],
                good[:at],
            )
        )
        if bad != good:
            assert not check_proof(bad, believed).holds, bad


def test_of_several_checkpoints_the_one_with_most_signatures_proves_and_the_earliest(copy, vkey):
    believed = policy_of([vkey], VKEYS[:2])
    head = (copy / "checkpoint").read_text()
    (copy / "witnessed").mkdir()
    now = [(state, SECONDS) for state in STATES[:2]]
    (copy / "witnessed/000000000600").write_text(cosigned(head, *now))
    assert check_proof(make_proof(copy, 599), believed).holds
    (copy / "checkpoint").write_text(cosigned(head, now[0]))
    assert check_proof(make_proof(copy, 599), believed).holds


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("tile/0/000", lambda data: bytes(32) + data[32:], "do not make the root"),
        ("tile/0/000", lambda data: data[:-1], "has not its"),
        ("tile/entries/000", lambda data: data[:-1], "ends within an entry"),
        ("checkpoint", lambda data: data.replace(b"600", b"601"), "signature"),
        ("checkpoint", lambda data: data * 9000, "at most"),
        ("vkey", lambda _: b"rubbish\n", "vkey"),
        ("vkey", lambda _: b"\xff", "vkey"),
    ],
)
def test_no_proof_is_made_of_files_that_contradict_one_another(copy, name, change, words):
    path = copy / name
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(LogDamaged, match=words):
        make_proof(copy, 7)


def test_a_missing_tile_is_named(copy):
    (copy / "tile/0/001").unlink()
    with pytest.raises(LogDamaged, match=r"tile/0/001 has not"):
        make_proof(copy, 300)
