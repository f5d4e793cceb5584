"""What is written in the log when something received is no longer to count."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rfc8785

from trucewatch.errors import LogDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.evidence import StoredEntry

SCHEMA = "trucewatch.withdrawal/1"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """What is withdrawn: one claim, one report, or one delivery with all its records.

    `what` is "claim", "report" or "delivery"; `name` its id, or the delivery's SHA-256 (hex).
    `source` is whose it is.
    """

    what: str
    source: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """One decision, as it stands in the log; the later one on a target supersedes the earlier.

    `stands` is False where it takes an earlier withdrawal back.
    """

    target: Target
    reason: str
    stands: bool

    def encode(self) -> bytes:
        """The payload of its entry, as canonical JSON (RFC 8785)."""
        return rfc8785.dumps(
            {
                "schema": SCHEMA,
                "what": self.target.what,
                "source": self.target.source,
                "name": self.target.name,
                "reason": self.reason,
                "stands": self.stands,
            }
        )

    @classmethod
    def decode(cls, payload: bytes) -> Withdrawal:
        """Read a payload; LogDamaged unless it is what `encode` writes."""
        try:
            read = json.loads(payload)
            target = Target(what=read["what"], source=read["source"], name=read["name"])
            found = cls(target=target, reason=read["reason"], stands=read["stands"])
            whole = found.encode() == payload
        except (ValueError, KeyError, TypeError) as fault:
            raise LogDamaged(f"a withdrawal in the log cannot be read: {fault}") from fault
        if not whole:
            raise LogDamaged("a withdrawal in the log is not in its one form")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A withdrawal in force, and its entry in the log."""

    withdrawal: Withdrawal
    entry: StoredEntry


def leaves_of(withdrawn: Mapping[Target, Withdrawn]) -> set[str]:
    """What withdrawals add to the evidence that a bulletin names, in whatever order they came."""
    return {f"withdrawn\0{t.what}\0{t.source}\0{t.name}" for t in withdrawn}
