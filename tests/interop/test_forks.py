"""Proofs of a fork: Go says of each, and of each mutant, what the auditor says."""

from __future__ import annotations

import base64
from random import Random

from tests.evidence.test_forks import LOG, Tree, leaves
from tests.evidence.witnesses import Signer

from trucewatch.evidence.audit import check_fork, compare, policy_of, read_side
from trucewatch.evidence.audit.published import tree_root

OTHER = Signer("example.org/forked", 8, type=1)


def fork(random: Random) -> bytes:
    """A fork between two histories that part before the smaller of two sizes."""
    one, two = random.randrange(1, 80), random.randrange(1, 80)
    parted = random.randrange(min(one, two))
    sides = [
        read_side(LOG.note(size, tree_root(history[:size])).encode(), Tree(history))
        for size, history in ((one, leaves(80)), (two, leaves(80, other=parted)))
    ]
    return compare(*sides, policy_of([LOG.vkey])).fork


def honest(random: Random) -> bytes:
    """Two checkpoints of one history, dressed up as a fork."""
    history = leaves(80)
    small, large = sorted(random.sample(range(1, 80), 2))
    signer = random.choice((LOG, LOG, OTHER))
    notes = [signer.note(size, tree_root(history[:size])) for size in (small, large)]
    if random.random() < 0.5:
        # The smaller is a lie, and the path is that of the truth: a fork, if LOG signed it.
        notes[0] = signer.note(small, random.randbytes(32))
    lines = [
        "trucewatch/tlog-fork@v1",
        f"smaller {base64.b64encode(notes[0].encode()).decode()}",
        f"larger {base64.b64encode(notes[1].encode()).decode()}",
        *(base64.b64encode(one).decode() for one in Tree(history).growth(small, large)),
    ]
    return "\n".join([*lines, ""]).encode()


def mutant(random: Random) -> bytes:
    data = random.choice((fork, honest))(random)
    lines = data.split(b"\n")
    at = random.randrange(len(data))
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    swapped = list(lines)
    swapped[one], swapped[other] = lines[other], lines[one]
    return random.choice(
        (
            data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :],
            data[:at],
            b"\n".join([*lines[:one], *lines[one + 1 :]]),
            b"\n".join([*lines[:one], lines[one], *lines[one:]]),
            b"\n".join(swapped),
            data + random.choice((b"\n", b"x", b" ", b"\r\n")),
            data.replace(b"\n", b"\r\n"),
        )
    )


def test_both_say_the_same_of_forks_and_of_what_is_none(ask):
    random = Random(5)
    cases = [make(random) for make in (fork, honest, mutant) for _ in range(700)]
    answers = ask(
        {"op": "fork", "logs": [LOG.vkey], "data": base64.b64encode(data).decode()}
        for data in cases
    )
    policy = policy_of([LOG.vkey])
    for data, answer in zip(cases, answers, strict=True):
        found = check_fork(data, policy)
        assert found.holds is answer["ok"], (data, found.reasons, answer)
        if found.holds:
            assert list(map(str, found.sizes)) == answer["sizes"]
            assert list(found.roots) == answer["roots"]
    held = [answer["ok"] for answer in answers]
    assert all(held[:700])
    assert 150 < sum(held[700:1400]) < 350
    assert sum(held[1400:]) < 70
