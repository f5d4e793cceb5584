"""What a leaf says, in the auditor's reading."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.evidence.audit.records import KINDS, LEAF


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafFields:
    """The public part of an entry. Times are nanoseconds since 1970 UTC, hashes hex.

    `source` is a commitment that only the source's salt opens.
    """

    kind: str
    source: str
    sequence: int
    previous: str | None
    payload: str
    length: int
    received: int
    uncertainty: int
    clock: int
    envelope: str
    policy: str | None


def read_leaf(data: bytes) -> LeafFields | None:
    """The fields of a leaf; None unless it is one of version 1 in its one spelling."""
    match = LEAF.fullmatch(data)
    if match is None:
        return None
    clock, envelope, kind, length, payload, policy, previous, received, sequence, source, doubt = (
        part.decode() if part is not None else "" for part in match.groups()
    )
    if kind not in KINDS or "-" in f"{length}{sequence}{doubt}":
        return None
    return LeafFields(
        kind=kind,
        source=source,
        sequence=int(sequence),
        previous=previous or None,
        payload=payload,
        length=int(length),
        received=int(received),
        uncertainty=int(doubt),
        clock=int(clock),
        envelope=envelope,
        policy=policy or None,
    )
