"""How an incident is called: by its founding claim alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import content_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.model import Claim


def incident_id(claims: Iterable[Claim]) -> str:
    """The id of the incident that these claims describe, in any order; it names only the founder.

    A later claim renames nothing. A claim that is dated before the founder does, and so does a
    founder that leaves, by a split or because it is withdrawn.
    """
    return founded_by(min(claims, key=_dated).id)


def founded_by(claim: str) -> str:
    """The id of the incident whose founding claim has this id, if there is such an incident.

    So any id that was ever printed leads to a claim, and through it to what became of the incident.
    """
    return content_id("inc", [claim])


def _dated(claim: Claim) -> tuple[datetime, str]:
    """When a claim was first made, by its own content: never by when it was received."""
    stated = [a.published.earliest for a in claim.attributions if a.published is not None]
    return min(stated, default=claim.when.earliest), claim.id
