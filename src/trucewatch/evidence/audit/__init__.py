"""The auditor: recomputes everything from the files, and shares no code with the writer."""

from __future__ import annotations

from trucewatch.evidence.audit.checking import Audit, fsck
from trucewatch.evidence.audit.forks import (
    Comparison,
    ForkCheck,
    Relation,
    Side,
    check_fork,
    compare,
    read_side,
)
from trucewatch.evidence.audit.mirror import Mirror
from trucewatch.evidence.audit.policies import Policy, policy_of, read_policy
from trucewatch.evidence.audit.proofs import ProofCheck, check_proof, make_proof
from trucewatch.evidence.audit.reading import AuditedEntry, AuditedLog

__all__ = [
    "Audit",
    "AuditedEntry",
    "AuditedLog",
    "Comparison",
    "ForkCheck",
    "Mirror",
    "Policy",
    "ProofCheck",
    "Relation",
    "Side",
    "check_fork",
    "check_proof",
    "compare",
    "fsck",
    "make_proof",
    "policy_of",
    "read_policy",
    "read_side",
]
