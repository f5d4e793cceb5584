"""Whose cosignatures count, and how many make a quorum (C2SP tlog-policy for the text form).

With n witnesses f = (n-1)//3 of them may lie. A quorum of k >= 1 + 2n//3 resists a split view:
any two quorums share more than f witnesses, so an honest one would have to have cosigned both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trucewatch.errors import LogDamaged
from trucewatch.evidence.tlog.cosignatures import Cosigner
from trucewatch.evidence.tlog.notes import Verifier, signature, split_note
from trucewatch.model import Cosigned, Grade, Witnessed

if TYPE_CHECKING:
    from collections.abc import Sequence

# 9999-12-31T23:59:59Z: a later time is no time that anybody can have cosigned at.
_LAST_SECOND = 253_402_300_799
_NONE = "none"
_LONGEST_POLICY = 1 << 16
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness under the name by which a policy calls it; `url` is where it is asked, or empty."""

    name: str
    cosigner: Cosigner
    url: str = ""


class Policy:
    """Witnesses and the number of them that must have cosigned; None asks for no witness at all.

    ValueError for the same name or the same public key twice, as one party would count as two, and
    for a quorum that the witnesses cannot make.
    """

    def __init__(self, witnesses: Sequence[PolicyWitness], quorum: int | None) -> None:
        self.witnesses = tuple(sorted(witnesses, key=lambda witness: witness.name))
        self.quorum = quorum
        names = [witness.name for witness in self.witnesses]
        keys = [witness.cosigner.public for witness in self.witnesses]
        for name in names:
            if not name.isprintable() or name in {"", _NONE} or any(c.isspace() for c in name):
                raise ValueError(f"{name!r} cannot be the name of a witness")
            if names.count(name) > 1:
                raise ValueError(f"two witnesses have the name {name}")
        for witness in self.witnesses:
            if keys.count(witness.cosigner.public) > 1:
                raise ValueError(f"the key of {witness.name} stands under two names")
        self._by_key = {(w.cosigner.name, w.cosigner.key_id): w for w in self.witnesses}
        if len(self._by_key) < len(names):
            raise ValueError("two witnesses have keys that a note cannot tell apart")
        if quorum is not None and not 1 <= quorum <= len(names):
            raise ValueError(f"a quorum of {quorum} cannot be made of {len(names)} witnesses")

    @property
    def liars(self) -> int:
        """How many witnesses may lie: f = (n-1)//3."""
        return max(0, (len(self.witnesses) - 1) // 3)

    @property
    def resists_split_view(self) -> bool:
        """Whether two contradicting checkpoints cannot both reach the quorum while f witnesses lie.

        False too where no quorum is asked for.
        """
        return self.quorum is not None and self.quorum >= 1 + 2 * len(self.witnesses) // 3

    def judge(self, note: str) -> Witnessed:
        """The grade of what a checkpoint covers; the caller has verified the log's own signature.

        A witness counts once, with its earliest time. LogDamaged where a line of a known key does
        not verify; lines of unknown keys are passed over.
        """
        text, lines = split_note(note)
        times: dict[str, int] = {}
        for line in lines:
            name, data = signature(line)
            witness = self._by_key.get((name, data[:4]))
            found = witness.cosigner.verify(text, line) if witness else None
            if witness and found and found.at <= _LAST_SECOND:
                times[witness.name] = min(found.at, times.get(witness.name, found.at))
        by = tuple(
            Cosigned(witness=name, at=datetime.fromtimestamp(times[name], UTC))
            for name in sorted(times)
        )
        if len(by) < (self.quorum or 0):
            return Witnessed(grade=Grade.APPEND_ONLY if by else Grade.RECORDED, by=by)
        earliest = sorted(cosigned.at for cosigned in by)
        bound = earliest[self.liars] if len(by) > self.liars else None
        return Witnessed(grade=Grade.FINDING, by=by, not_after=bound)


def policy_text(policy: Policy, logs: Sequence[Verifier] = ()) -> str:
    """The policy as a C2SP tlog-policy file, which others' verifiers read too."""
    lines = [f"log {log.vkey()}" for log in logs]
    for witness in policy.witnesses:
        words = ("witness", witness.name, witness.cosigner.vkey(), witness.url)
        lines.append(" ".join(word for word in words if word))
    names = [witness.name for witness in policy.witnesses]
    if policy.quorum is None:
        lines.append("quorum none")
    else:
        group = "quorum-group"
        while group in names:
            group += "-"
        lines += [f"group {group} {policy.quorum} {' '.join(names)}", f"quorum {group}"]
    return "".join(f"{line}\n" for line in lines)


def read_policy(data: bytes) -> tuple[Policy, tuple[Verifier, ...]]:
    """Read a tlog-policy file: the policy, and the logs that it names; LogDamaged otherwise.

    Only one group, over all the witnesses, is understood: a group of groups is refused, as is a
    witness that the quorum leaves out. Nothing is guessed.
    """
    if len(data) > _LONGEST_POLICY or _CONTROL.search(data):
        raise LogDamaged("the policy is too long or holds a control character")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise LogDamaged("the policy is not UTF-8") from error
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), start=1):
        words = [word for word in re.split("[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            try:
                reading.line(words)
            except (LogDamaged, ValueError) as error:
                raise LogDamaged(f"line {number} of the policy: {error}") from error
    try:
        return reading.policy(), tuple(reading.logs)
    except ValueError as error:
        raise LogDamaged(f"the policy: {error}") from error


class _Reading:
    """A policy file as far as it was read."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: dict[str, tuple[int, list[str]]] = {}
        self._quorum = ""

    def line(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                log = Verifier.parse(vkey)
                if log.public in {known.public for known in self.logs}:
                    raise ValueError("the same log stands here twice")
                self.logs.append(log)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._new(name)
                self._witnesses.append(PolicyWitness(name, Cosigner.parse(vkey), "".join(url)))
            case ["group", name, count, *members] if members:
                self._new(name)
                if len(set(members)) != len(members):
                    raise ValueError("a member stands twice in a group")
                self._groups[name] = (_threshold(count, len(members)), members)
                self._known(members)
            case ["quorum", name] if not self._quorum:
                if name != _NONE and name not in self._groups:
                    self._known([name])
                self._quorum = name
            case _:
                raise ValueError("not a line that a policy may have here")

    def _names(self) -> set[str]:
        return {witness.name for witness in self._witnesses}

    def _new(self, name: str) -> None:
        if name == _NONE or name in self._names() or name in self._groups:
            raise ValueError(f"the name {name!r} is taken")

    def _known(self, names: list[str]) -> None:
        for name in names:
            if name in self._groups:
                raise ValueError("a group of groups is not supported")
            if name not in self._names():
                raise ValueError(f"{name!r} has not been defined")

    def policy(self) -> Policy:
        if not self._quorum:
            raise ValueError("it names no quorum")
        if self._quorum == _NONE:
            return Policy(self._witnesses, None)
        count, members = self._groups.get(self._quorum, (1, [self._quorum]))
        if set(members) != self._names():
            raise ValueError("a witness that the quorum leaves out is not supported")
        return Policy(self._witnesses, count)


def _threshold(count: str, members: int) -> int:
    count = {"any": "1", "all": str(members)}.get(count, count)
    if not re.fullmatch("[1-9][0-9]{0,5}", count) or int(count) > members:
        raise ValueError("a threshold lies between 1 and the number of members")
    return int(count)
