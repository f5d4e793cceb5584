"""The policy of a mission: its witnesses, and how many of them make a quorum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.evidence.tlog.cosignatures import Cosigner
from trucewatch.evidence.tlog.policy import Policy, PolicyWitness

if TYPE_CHECKING:
    from trucewatch.app.settings import MissionFile

OWN_WORD = "none"
"""The quorum of a mission that declares its own log to suffice."""


def policy_of(settings: MissionFile) -> Policy:
    """The witnesses of mission.toml, and their quorum; None in it where no number is set."""
    quorum = settings.witnessing.quorum
    return Policy(
        [PolicyWitness(one.id, Cosigner.parse(one.vkey), one.url) for one in settings.witness],
        quorum if isinstance(quorum, int) else None,
    )


def doubt(settings: MissionFile) -> str:
    """Why the quorum is weaker than it looks, in words; empty where it resists a split view."""
    policy = policy_of(settings)
    if policy.quorum is None or policy.resists_split_view:
        return ""
    count = len(policy.witnesses)
    return (
        f"a quorum of {policy.quorum} of {count} does not resist a split view, in which two "
        f"readers are shown two logs: that takes {1 + 2 * count // 3}"
    )
