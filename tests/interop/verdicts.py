"""What each verifier says of a case, in one form."""

from __future__ import annotations

import base64
from typing import Any

from tests.interop.proofs import Case

from trucewatch.evidence.audit import check_proof, policy_of

Verdict = dict[str, Any]
REFUSED: Verdict = {"ok": False}


def by_python(case: Case) -> Verdict:
    try:
        policy = policy_of(case.logs, case.witnesses, case.quorum)
    except ValueError:
        return REFUSED
    found = check_proof(case.data, policy)
    assert found.holds is not bool(found.reasons)
    if not found.holds:
        return REFUSED
    bound = found.not_after
    return {
        "ok": True,
        "origin": found.origin,
        "index": str(found.index),
        "size": str(found.size),
        "root": found.root,
        "leaf": found.leaf_hash,
        "kind": found.leaf.kind,
        "received": str(found.leaf.received),
        "payload": found.leaf.payload,
        "cosigned": sorted([one.witness, str(int(one.at.timestamp()))] for one in found.cosigned),
        "not_after": None if bound is None else str(int(bound.timestamp())),
    }


def question(case: Case) -> dict[str, Any]:
    return {
        "op": "proof",
        "data": base64.b64encode(case.data).decode(),
        "logs": case.logs,
        "witnesses": case.witnesses,
        "quorum": case.quorum,
    }


def facts(answer: dict[str, Any]) -> Verdict:
    """An answer without its reasons, which are each verifier's own."""
    if not answer["ok"]:
        return REFUSED
    told = {key: value for key, value in answer.items() if key not in {"why", "grade"}}
    return told | {"cosigned": sorted(told["cosigned"])}
