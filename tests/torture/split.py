"""A log that shows two histories to two readers, and the witnesses that it shows them to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from tests.evidence.conftest import Tree
from tests.torture.disk import SimDisk

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

    def __init__(self, vkey: str, name: str) -> None:
        disk = SimDisk()
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

    def __init__(self, random: Random, *, count: int, liars: int, quorum: int) -> None:
        self.log = Tree().grow(random.randrange(1, 40))
        common = random.randrange(len(self.log.leaves))
        self.fork = self.log.fork(common, random.randrange(1, 40))
        names = [f"w{number}" for number in range(count)]
        lying = set(random.sample(names, liars))
        self.honest = [Honest(self.log.vkey, name) for name in names if name not in lying]
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
