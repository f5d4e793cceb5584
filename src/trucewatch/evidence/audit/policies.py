"""Whom a checker believes: logs, witnesses, and how many of these must have signed (C2SP)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.errors import ConfigurationError
from trucewatch.evidence.audit.notes import LOG, WITNESS, Key, read_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

POLICY_LIMIT = 1 << 18
_LINES = 4096
_OCTETS = re.compile(rb"[\x09\x0a\x20-\x7e\x80-\xff]*")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `least` of the `members`, each a witness or another group, by name."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs and witnesses that are believed, and the witness or group whose word is the quorum.

    `quorum` is empty where no cosignature is asked for. Names are the policy's own: they say
    nothing outside of it. A group stands behind the groups that it names.
    """

    logs: tuple[Key, ...]
    witnesses: Mapping[str, Key]
    groups: Mapping[str, Group]
    quorum: str

    def reached(self, signed: frozenset[str]) -> bool:
        """Whether these witnesses, by the policy's names, are the quorum or more."""
        held = set(signed)
        for name, group in self.groups.items():
            if len(held.intersection(group.members)) >= group.least:
                held.add(name)
        return not self.quorum or self.quorum in held

    @property
    def liars(self) -> int:
        """How many of the witnesses may lie: fewer than a third of them."""
        return max(0, len(self.witnesses) - 1) // 3

    @property
    def resists(self) -> bool:
        """Whether two quorums always share so many witnesses that a split view needs a liar more.

        They must share more than a third of all. For k of n witnesses that is k >= 1 + 2n // 3.
        """
        # The fewest witnesses that two sets share if each of them satisfies the name.
        shared = dict.fromkeys(self.witnesses, 1)
        for name, group in self.groups.items():
            parts = sorted(shared[member] for member in group.members)
            shared[name] = sum(parts[: max(0, 2 * group.least - len(parts))])
        return 3 * shared.get(self.quorum, 0) > len(self.witnesses)


def policy_of(
    logs: Sequence[str], witnesses: Sequence[str] = (), quorum: int | None = None
) -> Policy:
    """A policy of these vkeys: `quorum` of the witnesses, all of them where it is not given.

    ValueError for a key that cannot be read or stands twice, and for a quorum that there are no
    witnesses for.
    """
    held = [read_key(one, WITNESS) for one in witnesses]
    if len({key.public for key in held}) < len(held):
        raise ValueError("a witness is named twice")
    least = len(held) if quorum is None else quorum
    if not 0 <= least <= len(held):
        raise ValueError(f"a quorum of {least} among {len(held)} witnesses")
    names = [f"{key.name}+{key.id.hex()}" for key in held]
    return Policy(
        logs=tuple(read_key(one, LOG) for one in logs),
        witnesses=dict(zip(names, held, strict=True)),
        groups={"quorum": Group(least, tuple(names))} if least else {},
        quorum="quorum" if least else "",
    )


def read_policy(data: bytes, *, file: str) -> Policy:
    """Read a C2SP tlog-policy; ConfigurationError, with file and line, for anything else.

    ML-DSA keys are refused, as they cannot be checked here: a policy is never read in part.
    """
    return _Reader(file).read(data)


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._line = 0
        self._logs: dict[bytes, Key] = {}
        self._witnesses: dict[str, Key] = {}
        self._groups: dict[str, Group] = {}
        self._members: set[str] = set()
        self._quorum: str | None = None

    def _wrong(self, words: str) -> ConfigurationError:
        return ConfigurationError(words, file=self._file, line=self._line or None)

    def read(self, data: bytes) -> Policy:
        if len(data) > POLICY_LIMIT or data.count(b"\n") > _LINES:
            raise self._wrong(f"a policy has at most {POLICY_LIMIT} bytes and {_LINES} lines")
        if not data.endswith(b"\n"):
            raise self._wrong("the last line of a policy ends with a line feed")
        for number, line in enumerate(data[:-1].split(b"\n"), start=1):
            self._line = number
            if not _OCTETS.fullmatch(line):
                raise self._wrong("a control sign")
            # A name is octets: what is not UTF-8 is carried through as it is.
            words = [w.decode(errors="surrogateescape") for w in re.split(rb"[ \t]+", line) if w]
            if words and not words[0].startswith("#"):
                self._take(words)
        self._line = 0
        if self._quorum is None:
            raise self._wrong("a policy has one line 'quorum NAME'")
        return Policy(
            logs=tuple(self._logs.values()),
            witnesses=self._witnesses,
            groups=self._groups,
            quorum="" if self._quorum == "none" else self._quorum,
        )

    def _take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                key = self._key(vkey, LOG)
                if key.public in self._logs:
                    raise self._wrong("this log's key stands twice")
                self._logs[key.public] = key
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                key = self._key(vkey, WITNESS)
                if any(key.public == other.public for other in self._witnesses.values()):
                    raise self._wrong("this witness's key stands twice")
                self._new(name)
                self._witnesses[name] = key
            case ["group", name, least, *members] if members:
                self._new(name)
                self._groups[name] = Group(self._least(least, len(members)), self._known(members))
            case ["quorum", name]:
                if self._quorum is not None:
                    raise self._wrong("a second quorum")
                if name != "none" and not self._defined(name):
                    raise self._wrong("the quorum is no witness or group of the lines above")
                self._quorum = name
            case _:
                raise self._wrong(
                    "not a line 'log VKEY [URL]', 'witness NAME VKEY [URL]', "
                    "'group NAME all|any|K NAME...' or 'quorum NAME'"
                )

    def _key(self, vkey: str, use: int) -> Key:
        try:
            return read_key(vkey, use)
        except ValueError as error:
            raise self._wrong(str(error)) from None

    def _defined(self, name: str) -> bool:
        return name in self._witnesses or name in self._groups

    def _new(self, name: str) -> None:
        if name == "none" or self._defined(name):
            raise self._wrong("this name is taken")

    def _least(self, word: str, count: int) -> int:
        if word in {"any", "all"}:
            return 1 if word == "any" else count
        if not _COUNT.fullmatch(word) or int(word) > count:
            raise self._wrong(f"a group needs 'all', 'any' or a number from 1 to {count}")
        return int(word)

    def _known(self, members: list[str]) -> tuple[str, ...]:
        for name in members:
            if not self._defined(name):
                raise self._wrong("a member is no witness or group of the lines above")
            if name in self._members:
                raise self._wrong("a name is a member once, and of one group")
            self._members.add(name)
        return tuple(members)
