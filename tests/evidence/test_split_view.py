"""A log that shows two histories to two readers: with few enough liars it never gets two quorums.

Above the bound it must get them, which shows that the trial bites.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from trucewatch.evidence import audit
from trucewatch.evidence.tlog.cosignatures import Cosigner, CosignerKey
from trucewatch.evidence.tlog.notes import split_note
from trucewatch.evidence.tlog.policy import Policy, PolicyWitness
from trucewatch.evidence.witness import Witness, make_witness, watch
from trucewatch.model import Grade

NOW = datetime(2026, 4, 12, 6, tzinfo=UTC)
HERE = Path("witness")


class Honest:
    """A real witness on a disk of its own."""

    def __init__(self, disks, vkey: str, name: str) -> None:
        disk = disks.sim()
        self.cosigner = Cosigner.parse(make_witness(HERE, name=name, disk=disk))
        watch(HERE, vkey, disk=disk)
        self._witness = Witness.open(HERE, disk=disk)
        self._size = 0

    def ask(self, log, size: int) -> str:
        """What it cosigns; empty where it refuses. The log knows what it has seen."""
        proof = () if size < self._size else None
        body = log.request(self._size, size, proof=proof)
        answer = self._witness.add_checkpoint(body, now=NOW)
        if answer.status == 200:
            self._size = size
            return answer.body
        return ""


class Liar:
    """A witness that signs whatever it is shown."""

    def __init__(self, number: int, name: str) -> None:
        self._key = CosignerKey(name, number.to_bytes(32, "big"))
        self.cosigner = self._key.cosigner

    def ask(self, log, size: int) -> str:
        text = split_note(log.note(size))[0]
        return f"{self._key.cosign(text, int(NOW.timestamp()))}\n"


class Split:
    """A log with a fork, its witnesses, and who is shown which of the two first."""

    def __init__(self, disks, tree, random: Random, *, count: int, liars: int, quorum: int) -> None:
        self.log = tree().grow(random.randrange(1, 40))
        common = random.randrange(len(self.log.leaves))
        self.fork = self.log.fork(common, random.randrange(1, 40))
        names = [f"w{number}" for number in range(count)]
        lying = set(random.sample(names, liars))
        self.honest = [Honest(disks, self.log.vkey, name) for name in names if name not in lying]
        self.liars = [Liar(1 + number, name) for number, name in enumerate(sorted(lying))]
        members = [
            PolicyWitness(witness.cosigner.name, witness.cosigner)
            for witness in [*self.honest, *self.liars]
        ]
        self.policy = Policy(members, quorum)

    def notes(self, first: list[Honest], second: list[Honest]) -> list[str]:
        """Both histories with every cosignature that can be had.

        `first` are shown the log before its fork, `second` the other way round.
        """
        shown = [(self.log, [first, second]), (self.fork, [second, first])]
        notes = [log.note(len(log.leaves)) for log, _ in shown]
        for half in (0, 1):
            for place, (log, halves) in enumerate(shown):
                for witness in halves[half]:
                    notes[place] += witness.ask(log, len(log.leaves))
        for place, (log, _) in enumerate(shown):
            for liar in self.liars:
                notes[place] += liar.ask(log, len(log.leaves))
        return notes


def findings(split: Split, notes: list[str]) -> int:
    return sum(split.policy.judge(note).grade is Grade.FINDING for note in notes)


class Growth:
    """Proofs of growth out of a log's memory, in the place of its tiles."""

    def __init__(self, log) -> None:
        self._log = log

    def growth(self, old: int, new: int) -> tuple[bytes, ...]:
        whole = old & (old - 1) == 0
        # The auditor wants the first hash also where RFC 6962 leaves it away.
        return (*([self._log.root(old)] if whole else []), *self._log.proof(old, new))


def guilty(split: Split, notes: list[str]) -> set[str]:
    """Hold the two notes against each other as a reader would; who cosigned both histories.

    The fork is proven to anybody by the log's two signatures alone, whatever witnesses did.
    """
    one, two = (
        audit.read_side(note.encode(), Growth(log))
        for note, log in zip(notes, (split.log, split.fork), strict=True)
    )
    keys = [witness.cosigner.vkey() for witness in split.policy.witnesses]
    policy = audit.policy_of([split.log.vkey], keys)
    found = audit.compare(one, two, policy)
    assert found.relation is audit.Relation.FORK
    checked = audit.check_fork(found.fork, policy)
    assert checked.holds, checked.reasons
    small, large = ({said.witness for said in side} for side in checked.cosigned)
    return small & large


def test_within_the_bound_no_split_view_succeeds(disks, tree):
    random = Random(41)
    seen = {0: 0, 1: 0}
    for _ in range(200):
        count = random.randrange(1, 14)
        bound = (count - 1) // 3
        split = Split(
            disks,
            tree,
            random,
            count=count,
            liars=random.randint(0, bound),
            quorum=random.randint(1 + 2 * count // 3, count),
        )
        assert split.policy.resists_split_view
        assert split.policy.liars == bound
        cut = random.randint(0, len(split.honest))
        mixed = random.sample(split.honest, len(split.honest))
        notes = split.notes(mixed[:cut], mixed[cut:])
        reached = findings(split, notes)
        assert reached <= 1
        seen[reached] += 1
        lying = {f"{w.cosigner.name}+{w.cosigner.key_id.hex()}" for w in split.liars}
        assert guilty(split, notes) == lying
    # Both ends are met: one history that is believed, and none.
    assert min(seen.values()) > 20


def test_above_the_bound_it_succeeds(disks, tree):
    random = Random(42)
    for _ in range(20):
        count = random.randrange(4, 14)
        quorum = random.randint(1 + 2 * count // 3, count - 1)
        # As many as two quorums share: then every honest one need lie to nobody.
        liars = 2 * quorum - count
        assert liars > (count - 1) // 3
        split = Split(disks, tree, random, count=count, liars=liars, quorum=quorum)
        half = len(split.honest) // 2
        notes = split.notes(split.honest[:half], split.honest[half:])
        assert findings(split, notes) == 2
        # It succeeds until somebody compares: then log and liars stand convicted by their own hand.
        assert len(guilty(split, notes)) == liars


@pytest.mark.parametrize("count", [3, 4, 7, 37])
def test_a_quorum_below_the_rule_is_split_by_as_many_as_may_lie(disks, tree, count):
    """Why the rule is what it is: half of the honest on either side, and liars on both."""
    bound = max(1, (count - 1) // 3)
    quorum = (count - bound) // 2 + bound
    split = Split(disks, tree, Random(1), count=count, liars=bound, quorum=quorum)
    assert not split.policy.resists_split_view
    half = len(split.honest) // 2
    assert findings(split, split.notes(split.honest[:half], split.honest[half:])) == 2


def test_one_liar_under_two_names_would_be_two(disks, tree):
    """The saboteur: a policy that does not look whether a key stands under two names."""
    split = Split(disks, tree, Random(3), count=3, liars=1, quorum=3)
    alias = Liar(1, "alias")
    split.liars.append(alias)
    members = [*split.policy.witnesses, PolicyWitness("alias", alias.cosigner)]
    with pytest.raises(ValueError, match="under two names"):
        Policy(members, 3)
    careless = Policy.__new__(Policy)
    careless.witnesses, careless.quorum = tuple(members), 3
    careless._by_key = {(w.cosigner.name, w.cosigner.key_id): w for w in members}
    split.policy = careless
    assert (careless.liars, careless.resists_split_view) == (1, True)
    assert findings(split, split.notes(split.honest[:1], split.honest[1:])) == 2
