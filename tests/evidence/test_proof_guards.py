"""Every guard of the checker of proofs: what it refuses would pass if it were not there."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.evidence.witnesses import PAYLOAD, Paper, Signer, a_leaf

from trucewatch.evidence.audit import check_proof, notes, policies, policy_of, proofs
from trucewatch.evidence.audit.leaves import read_leaf
from trucewatch.evidence.audit.published import hash_leaf, tree_root
from trucewatch.evidence.audit.trees import climbed

LATER = datetime(2026, 4, 12, 7, tzinfo=UTC)
SECONDS = int(LATER.timestamp())
STATES = [Signer(f"state-{n}.example/w", n) for n in range(1, 8)]
VKEYS = [state.vkey for state in STATES]
LOG = Signer("example.org/paper", 40, type=1)
IMPOSTOR = Signer("example.org/paper", 41, type=1)
PAPER = Paper(*[a_leaf(n) for n in range(5)], signer=LOG)
ALL = policy_of([LOG.vkey], VKEYS[:4], 3)


def with_three(paper: Paper = PAPER) -> str:
    return paper.note(*[(state, SECONDS + n) for n, state in enumerate(STATES[:3])])


def test_a_quorum_says_by_when_an_entry_stood_in_the_log():
    found = check_proof(PAPER.proof(4, with_three()), ALL, payload=PAYLOAD)
    assert found.holds, found.reasons
    assert found.quorum
    assert [one.at for one in found.cosigned] == [LATER + timedelta(seconds=n) for n in range(3)]
    # One of four may lie: the second smallest time is the first that an honest witness vouches for.
    assert found.not_after == LATER + timedelta(seconds=1)
    alone = check_proof(PAPER.proof(4, with_three()), policy_of([LOG.vkey]))
    assert (alone.holds, alone.cosigned, alone.not_after) == (True, (), None)


def test_a_witness_counts_once_with_its_first_time():
    first = STATES[0]
    note = PAPER.note((first, SECONDS + 9), (first, SECONDS), (STATES[1], SECONDS + 1))
    found = check_proof(PAPER.proof(0, note), ALL)
    assert not found.holds
    assert [one.at for one in found.cosigned] == [LATER, LATER + timedelta(seconds=1)]


def test_a_signature_that_libraries_differ_about_is_believed_by_nobody():
    text = PAPER.note().rpartition("\n\n")[0] + "\n"
    alone = policy_of([LOG.vkey])
    assert check_proof(PAPER.proof(0, f"{text}\n{LOG.line(text)}"), alone).holds
    assert not check_proof(PAPER.proof(0, f"{text}\n{LOG.odd_line(text)}"), alone).holds
    odd = with_three() + STATES[3].odd_line(text, SECONDS)
    assert not check_proof(PAPER.proof(0, odd), ALL).holds


def test_any_of_the_keys_that_a_log_had_will_do():
    """Whoever knows the keys of a log from before and after a change gives both."""
    new = Signer(LOG.name, 41, type=1)
    for keys in ([LOG.vkey, new.vkey], [new.vkey, LOG.vkey]):
        assert check_proof(PAPER.proof(0, PAPER.note()), policy_of(keys)).holds
    assert not check_proof(PAPER.proof(0, PAPER.note()), policy_of([new.vkey])).holds


def test_the_limits_are_exact():
    one = policy_of([LOG.vkey])
    for number, holds in ((99, True), (100, False)):
        assert check_proof(PAPER.proof(0, PAPER.note() + NOBODY * number), one).holds is holds
    for length, words in ((65_535, "version 1"), (65_536, "at most 65535 bytes")):
        found = check_proof(PAPER.proof(0, PAPER.note(), leaf=bytes(length)), one)
        assert words in found.reasons[0]


@pytest.mark.parametrize("at", [0, 1 << 63])
def test_a_time_that_cannot_be_signed_spoils_the_note(at):
    note = with_three() + STATES[3].line(PAPER.note().rpartition("\n\n")[0] + "\n", at)
    assert "is wrong" in check_proof(PAPER.proof(0, note), ALL).reasons[0]


def test_a_time_that_no_calendar_holds_neither_counts_nor_spoils():
    note = PAPER.note((STATES[0], 1 << 62), *[(state, SECONDS) for state in STATES[1:4]])
    found = check_proof(PAPER.proof(0, note), ALL)
    assert found.holds, found.reasons
    assert len(found.cosigned) == 3


def test_lines_of_strangers_are_passed_over():
    stranger = Signer("nobody.example/w", 99)
    assert check_proof(PAPER.proof(1, PAPER.note((stranger, SECONDS))), policy_of([LOG.vkey])).holds


GOOD = PAPER.proof(3, with_three()).decode()
LINES = GOOD.split("\n")
NOBODY = f"— nobody.example/w {base64.b64encode(bytes(12)).decode()}\n"


def swapped(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


def loose_base64(line: str) -> str:
    """The same bytes with a spare bit set, which the padding covers."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = line.rstrip("=")
    assert body != line
    return body[:-1] + letters[letters.index(body[-1]) + 1] + line[len(body) :]


def flipped(text: str) -> str:
    """Base64 of other bytes: one bit of the last, which is the signature's, is another."""
    data = bytearray(base64.b64decode(text))
    data[-1] ^= 1
    return base64.b64encode(data).decode()


def nothing(*_: object) -> tuple[str, ...]:
    """The saboteur that finds no fault."""
    return ()


def always(*_: object) -> bool:
    """The saboteur to whom everything is right."""
    return True


def any_line(line: str) -> tuple[str, bytes]:
    try:
        return notes_signature(line)
    except ValueError:
        return "x", bytes(5)


notes_signature = notes._signature
NOTHING = re.compile("(?!)")
LEAF_0 = read_leaf(a_leaf(0))

GUARDS = {
    "the path leads to the root": (
        swapped("index 3", "index 2"),
        [(proofs, "_not_included", nothing)],
    ),
    "the path has the form that size and index give it": (
        swapped(f"index 3\n{LINES[3]}", f"index 3\n{LINES[3]}\n{LINES[3]}"),
        [(proofs, "climbed", lambda i, n, leaf, path: climbed(i, n, leaf, path[1:]))],
    ),
    "the entry is in the tree": (
        Paper(a_leaf(0), signer=LOG)
        .proof(0, Paper(a_leaf(0), signer=LOG).note())
        .replace(b"index 0", b"index 1"),
        [(proofs, "climbed", lambda _, n, leaf, path: climbed(0, n, leaf, path))],
    ),
    "the log's own key": (
        Paper(*PAPER.leaves, signer=IMPOSTOR).proof(
            3, with_three(Paper(*PAPER.leaves, signer=IMPOSTOR))
        ),
        [(proofs, "not_of_log", nothing)],
    ),
    "the log's signature": (
        swapped(LINES[-5].split(" ")[2], flipped(LINES[-5].split(" ")[2])),
        [(notes, "_verifies", always)],
    ),
    "a witness's signature": (
        swapped(LINES[-3].split(" ")[2], flipped(LINES[-3].split(" ")[2])),
        [(notes, "_verifies", always)],
    ),
    "the quorum": (
        PAPER.proof(3, PAPER.note((STATES[0], SECONDS), (STATES[1], SECONDS))),
        [(policies.Policy, "reached", always)],
    ),
    "the form of a leaf": (
        Paper(b"rubbish", signer=LOG).proof(0, with_three(Paper(b"rubbish", signer=LOG))),
        [(proofs, "read_leaf", lambda *_: LEAF_0)],
    ),
    "base64 of a hash in its one spelling": (
        swapped(LINES[3], loose_base64(LINES[3])),
        [(proofs, "strict_base64", base64.b64decode)],
    ),
    "base64 of a signature in its one spelling": (
        swapped(LINES[-2], loose_base64(LINES[-2])),
        [(notes, "strict_base64", base64.b64decode)],
    ),
    "a number in its one spelling": (
        swapped("index 3", "index 03"),
        [(proofs, "read_number", lambda text, _: int(text))],
    ),
    "nothing below the signatures": (
        GOOD.encode() + b"rubbish\n",
        [(notes, "_signature", any_line)],
    ),
    "no control signs": (
        PAPER.proof(3, PAPER.note(*[(s, SECONDS) for s in STATES[:3]], extra="\x07\n")),
        [(notes, "_CONTROL", NOTHING)],
    ),
    "at most a hundred signatures": (
        GOOD.encode() + NOBODY.encode() * 100,
        [(notes, "SIGNATURES", 1000)],
    ),
    "the length of a note": (
        GOOD.encode() + f"— nobody.example/w {'A' * 300_000}\n".encode(),
        [(notes, "NOTE_LIMIT", 1 << 30)],
    ),
    "the length of a proof": (
        GOOD.encode() + f"— nobody.example/w {'A' * 600_000}\n".encode(),
        [(notes, "NOTE_LIMIT", 1 << 30), (proofs, "PROOF_LIMIT", 1 << 30)],
    ),
    "the length of a leaf": (
        Paper(a_leaf(0) + bytes(70_000), signer=LOG).proof(
            0, with_three(Paper(a_leaf(0) + bytes(70_000), signer=LOG))
        ),
        [(proofs, "LEAF_LIMIT", 1 << 30), (proofs, "read_leaf", lambda *_: LEAF_0)],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_what_each_guard_refuses_would_pass_without_it(monkeypatch, guard):
    bad, saboteur = GUARDS[guard]
    believed = ALL if guard != "the entry is in the tree" else policy_of([LOG.vkey])
    assert check_proof(GOOD.encode(), ALL).holds
    found = check_proof(bad, believed)
    assert not found.holds
    assert found.reasons
    for place, name, instead in saboteur:
        # Without each of these alone it is still refused; without all of them it passes.
        assert not check_proof(bad, believed).holds
        monkeypatch.setattr(place, name, instead)
    assert check_proof(bad, believed).holds, check_proof(bad, believed).reasons


def test_a_payload_is_held_against_hash_and_length(monkeypatch):
    liar = Paper(a_leaf(0, length=5), signer=LOG)
    short = liar.proof(0, liar.note())
    believed = policy_of([LOG.vkey])
    assert check_proof(short, believed).holds
    assert "13 bytes, the leaf says 5" in check_proof(short, believed, payload=PAYLOAD).reasons[0]
    (why,) = check_proof(GOOD.encode(), ALL, payload=b"what was not seen").reasons
    assert "not the one that the leaf names" in why
    monkeypatch.setattr(proofs, "_not_payload", nothing)
    assert check_proof(short, believed, payload=PAYLOAD).holds
    assert check_proof(GOOD.encode(), ALL, payload=b"what was not seen").holds


def test_a_checkpoint_of_another_origin_is_not_of_the_log(monkeypatch):
    text = LOG.note(1, tree_root([hash_leaf(a_leaf(0))])).replace("example.org/paper", "else", 1)
    signed = text.rpartition("\n\n")[0] + "\n"
    bad = Paper(a_leaf(0), signer=LOG).proof(0, f"{signed}\n{LOG.line(signed)}")
    believed = policy_of([LOG.vkey])
    assert "whose key was not given" in check_proof(bad, believed).reasons[0]
    monkeypatch.setattr(proofs, "not_of_log", nothing)
    assert check_proof(bad, believed).holds
