"""The review queue on its way to the door."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from trucewatch.app.findings.listing import waits_of
from trucewatch.app.listing import local
from trucewatch.bulletins.views import Draft
from trucewatch.findings import GRAVITY, placed
from trucewatch.model import Effect, Outcome, Review, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from trucewatch.app.mission import Mission
    from trucewatch.app.web.composing.material import Material
    from trucewatch.findings import Waiting
    from trucewatch.store import Derived


def reviewing(material: Material) -> Iterator[Draft]:
    """What reviewers are asked, for those who work in the mission; how it reviews, for all."""
    yield rules_draft(material.mission)
    if material.sight.inside:
        yield from waiting_drafts(material.mission, material.derived)
        yield from history_drafts(material.mission, material.derived)


def waiting_drafts(mission: Mission, derived: Derived) -> Iterator[Draft]:
    """A `waiting` for each finding that waits for a reviewer, the gravest and oldest first.

    How long it waits is for who shows it to say: a view is read long after it was made.
    """
    zone = mission.configuration().zone
    outcomes: dict[str, set[Outcome]] = defaultdict(set)
    for each in derived.assessments:
        outcomes[each.incident].add(each.outcome)
    regions = {area.code: area.name for area in mission.configuration().agreement.regions}
    for place, one in enumerate(waits_of(mission, derived)):
        yield _waiting(one, place, outcomes[one.incident.id], regions, zone)


def _waiting(
    one: Waiting, place: int, outcomes: set[Outcome], regions: dict[str, str], zone: tzinfo
) -> Draft:
    finding, incident = one.finding, one.incident
    receipt = None if one.from_receipt is None else one.from_receipt.since
    event = None if one.from_event is None else one.from_event.since
    return Draft(
        sort="waiting",
        id=incident.id,
        exact={
            "id": incident.id,
            "order": place,
            "kind": incident.kind,
            "kind_words": kind_tree()[incident.kind].name,
            "region": incident.region,
            "region_words": regions.get(incident.region or ""),
            "from": local(incident.when.earliest, zone),
            "to": local(incident.when.latest, zone),
            "first_day": incident.when.earliest.astimezone(zone).date().isoformat(),
            "last_day": incident.when.latest.astimezone(zone).date().isoformat(),
            "state": finding.state.value,
            "probability": round(finding.probability, 4),
            "origins": finding.independent_origins,
            "accounts": len(incident.claims),
            "observations": incident.observations,
            "breach": Outcome.BREACH in outcomes,
            "why": list(one.why),
            "gravity": one.gravity,
            "gravity_words": GRAVITY[one.gravity],
            "overdue": one.overdue,
            "received": None if receipt is None else local(receipt, zone),
            "happened": None if event is None else local(event, zone),
            "stale": finding.stale,
            "asked": finding.asked,
            "claims": list(incident.claims),
            "entries": [said.index for said in finding.said],
            "first_of_two": [
                {"by": said.by, "word": said.word, "log_index": said.index}
                for said in finding.said
                if said.effect is Effect.WAITS
            ],
        },
    )


def history_drafts(mission: Mission, derived: Derived) -> Iterator[Draft]:
    """A `history` for each incident on which somebody entered what counts: who, and what.

    It names persons by their ids, so that each is offered to take back what is their own.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    agreement = mission.configuration().agreement
    for one in placed(derived.incidents, mission.decisions(), agreement=agreement):
        decision = one.decision
        if isinstance(decision, Review):
            found[decision.incident].append(
                {"index": one.index, "person": one.by, "word": decision.ruling.value}
            )
    for incident, entries in found.items():
        yield Draft(sort="history", id=incident, exact={"id": incident, "entries": entries})


def rules_draft(mission: Mission) -> Draft:
    """How the mission reviews, and who may be told and may reply."""
    configuration = mission.configuration()
    rules = configuration.mission.review
    return Draft(
        sort="rules",
        id="review",
        exact={
            "id": "review",
            "parties": [
                {"id": one.id, "name": one.name}
                for one in sorted(configuration.agreement.parties, key=lambda party: party.id)
            ],
            "two_person": rules.two_person,
            "reply_hours": float(rules.reply_hours),
            "target_hours": float(rules.target_hours),
            "limit_days": float(rules.limit_days),
        },
    )
