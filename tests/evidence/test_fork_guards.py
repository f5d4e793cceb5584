"""Every guard of the checker of forks: nobody is proved to have forked who did not."""

from __future__ import annotations

import base64
from random import Random

import pytest
from tests.evidence.test_forks import BELIEVED, LOG, OTHER, Tree, leaves, side
from tests.evidence.witnesses import Signer, cosigned

from trucewatch.evidence.audit import Relation, check_fork, compare, forks, policy_of, read_side
from trucewatch.evidence.audit.published import tree_root

OURS, THEIRS = leaves(40), leaves(40, other=3)
GOOD = compare(side(OURS, 12), side(THEIRS, 40), BELIEVED).fork
LINES = GOOD.decode().split("\n")
NOTES = [base64.b64decode(line.split(" ")[1]) for line in LINES[1:3]]


def fork(small: bytes, large: bytes, path: list[bytes]) -> bytes:
    def text(data: bytes) -> str:
        return base64.b64encode(data).decode()

    lines = [LINES[0], f"smaller {text(small)}", f"larger {text(large)}", *map(text, path)]
    return "\n".join([*lines, ""]).encode()


def note(count: int, rows: list[bytes], signer: Signer = LOG) -> bytes:
    return signer.note(count, tree_root(rows[:count])).encode()


def nothing(*_: object) -> tuple[str, ...]:
    return ()


ELSEWHERE = Signer("example.org/elsewhere", 9, type=1)
GUARDS = {
    "both are signed by the log": (
        fork(note(12, OURS), note(40, THEIRS, OTHER), Tree(THEIRS).growth(12, 40)),
        BELIEVED,
        [("not_of_log", nothing)],
    ),
    "they contradict each other": (
        fork(note(12, OURS), note(40, OURS), Tree(OURS).growth(12, 40)),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
    "equal sizes and roots are no fork": (
        fork(note(12, OURS), note(12, OURS), []),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
    "the path is one of the larger tree": (
        fork(note(12, OURS), note(40, OURS), Tree(THEIRS).growth(12, 40)),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
    "the path has its form": (
        fork(note(12, OURS), note(40, OURS), Tree(OURS).growth(12, 40)[1:]),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
    "an empty log grows into anything": (
        fork(note(0, OURS), note(40, THEIRS), []),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
    "both are of one log": (
        fork(note(12, OURS), note(40, THEIRS, ELSEWHERE), Tree(THEIRS).growth(12, 40)),
        policy_of([LOG.vkey, ELSEWHERE.vkey]),
        [("_no_fork", nothing)],
    ),
    "the smaller is the smaller": (
        fork(note(40, THEIRS), note(12, OURS), []),
        BELIEVED,
        [("_no_fork", nothing)],
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_what_each_guard_refuses_would_pass_without_it(monkeypatch, guard):
    bad, believed, saboteur = GUARDS[guard]
    assert check_fork(GOOD, BELIEVED).holds
    found = check_fork(bad, believed)
    assert not found.holds
    assert found.reasons
    for name, instead in saboteur:
        monkeypatch.setattr(forks, name, instead)
    assert check_fork(bad, believed).holds


def test_without_the_first_root_an_honest_log_would_be_a_liar(monkeypatch):
    """The saboteur: a checker that believes the path without holding it against the larger root."""
    invented = fork(note(12, OURS), note(40, OURS), Tree(THEIRS).growth(12, 40))
    assert not check_fork(invented, BELIEVED).holds
    real = forks.grown
    monkeypatch.setattr(
        forks, "grown", lambda old, new, path: (real(old, new, path)[0], tree_root(OURS))
    )
    assert check_fork(invented, BELIEVED).holds


def test_any_other_byte_is_refused():
    random = Random(9)
    for _ in range(1200):
        at = random.randrange(len(GOOD))
        other = bytes([GOOD[at] ^ 1 << random.randrange(8)])
        bad = random.choice(
            (GOOD[:at] + other + GOOD[at + 1 :], GOOD[:at] + GOOD[at + 1 :], GOOD[:at])
        )
        assert not check_fork(bad, BELIEVED).holds, bad


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"", "first is"),
        (GOOD[:-1], "first is"),
        (GOOD + b"\n", "base64|has not 32"),
        (GOOD.replace(b"smaller", b"larger"), "smaller checkpoint is missing"),
        (GOOD + (LINES[-2] + "\n").encode() * 70, "at most 63"),
        (GOOD + b"AAAA\n", "32 bytes"),
        (GOOD + b"x" * (1 << 20), "at most"),
        (GOOD + "é\n".encode(), "ASCII"),
        ("\n".join(LINES[:2]).encode() + b"\n", "due"),
        (
            fork(note(40, OURS), note(40, THEIRS), [bytes(32)]),
            "these sizes there is no path",
        ),
        (fork(note(40, OURS), note(12, THEIRS), ()), "the smaller checkpoint is the larger one"),
    ],
)
def test_another_form_is_refused_and_told(bad, words):
    found = check_fork(bad, BELIEVED)
    assert not found.holds
    assert any(part in found.reasons[0] for part in words.split("|")), found.reasons


def test_a_false_cosignature_cannot_hide_a_fork():
    """Who forks could write a false line below his own checkpoint."""
    witness = Signer("state.example/w", 50)
    false = cosigned(NOTES[0].decode(), (witness, 5)).replace("\n— state", "\n— state")
    last = false.rstrip("\n").rsplit(" ", 1)
    data = bytearray(base64.b64decode(last[1]))
    data[-1] ^= 1
    spoilt = f"{last[0]} {base64.b64encode(data).decode()}\n".encode()
    believed = policy_of([LOG.vkey], [witness.vkey])
    path = Tree(THEIRS).growth(12, 40)
    found = check_fork(fork(spoilt, NOTES[1], path), believed)
    assert (found.holds, found.cosigned) == (True, ((), ()))
    honest = cosigned(NOTES[0].decode(), (witness, 5)).encode()
    found = check_fork(fork(honest, NOTES[1], path), believed)
    assert [len(by) for by in found.cosigned] == [1, 0]


def test_two_logs_and_strangers_are_not_compared():
    with pytest.raises(ValueError, match="two logs"):
        compare(side(OURS, 5), side(OURS, 5, ELSEWHERE), policy_of([LOG.vkey, ELSEWHERE.vkey]))
    with pytest.raises(ValueError, match="not signed"):
        compare(side(OURS, 5), side(OURS, 5, OTHER), BELIEVED)


def test_a_log_of_no_entries_has_one_root():
    liar = read_side(LOG.note(0, b"\1" * 32).encode())
    for other in (side(OURS, 0), side(OURS, 9)):
        found = compare(liar, other, BELIEVED)
        assert found.relation is Relation.FORK
        assert check_fork(found.fork, BELIEVED).holds


@pytest.mark.parametrize(
    "data", [b"", b"{}", b'{"checkpoint":{"note":5}}', b"{" * 100_000, b"\xff", b"x" * (1 << 20)]
)
def test_what_is_no_checkpoint_is_refused(data):
    with pytest.raises(ValueError, match=r"."):
        read_side(data)
