"""Whose word counts on an obligation and on a breach, and which obligation it is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.model import Act, Decided, Determination, Happening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Agreement, Entered, Incident, Person

BREACH, OBLIGATION = "breach", "obligation"
"""What a body of the agreement may decide on, of what concerns a response."""


def may_decide(agreement: Agreement, body: str, on: str) -> bool:
    """Whether the agreement lets a body decide on that; one that it does not describe may not."""
    return any(one.id == body and on in one.decides for one in agreement.bodies)


def speaks_for(person: Person | None, body: str) -> bool:
    """Whether the person of an entry speaks for a body, as mission.toml said at that time."""
    return person is not None and person.body == body


def why_void(agreement: Agreement, body: str, decided: Decided, person: Person | None) -> str:
    """Why an entry counts for nothing on what `body` decides, whatever it says; empty: it counts.

    Only the body that the step names decides, through a person who speaks for it. A dispute of a
    party or of a state that takes part is recorded, and stops nothing until that body takes it up:
    else whoever is bound could stop the clock by a word.
    """
    if decided.body == body and speaks_for(person, body):
        known = {one.id for one in agreement.bodies}
        if body in known and not may_decide(agreement, body, OBLIGATION):
            return f"the agreement does not let {body} decide on obligations"
        return ""
    if contests(decided, person):
        return f"recorded; the clocks stop once {body} takes the dispute up"
    if decided.body != body:
        return f"{body} decides, not {decided.body}"
    return f"who entered it does not speak for {body}"


def contests(decided: Decided, person: Person | None) -> bool:
    """Whether it is a dispute that a party or a state raises through its own person."""
    return (
        decided.act is Act.DISPUTE
        and person is not None
        and decided.body in {person.party, person.state} - {None}
    )


def about(
    decisions: Iterable[Entered], places: Sequence[Place]
) -> tuple[dict[str, list[Entered]], list[Entered]]:
    """The decisions on each obligation that there may be, by its id, and those on none of them.

    What was renamed since is found again by an id that it could have had, else by the claims that
    the decision names, under the same step; where several share some, by the most of them.
    """
    here = {alias: one.id for one in places for alias in one.aliases}
    here |= {one.id: one.id for one in places}
    found: defaultdict[str, list[Entered]] = defaultdict(list)
    lost = []
    for entered in decisions:
        decided = entered.decision
        if not isinstance(decided, Decided):
            continue
        if decided.obligation in here:
            found[here[decided.obligation]].append(entered)
            continue
        named = {*decided.claims}
        shared = [
            (-len(one.claims & named), one.id)
            for one in places
            if decided.about is not None
            and (one.trigger, one.step) == (decided.about.trigger, decided.about.step)
            and one.claims & named
        ]
        if shared:
            found[min(shared)[1]].append(entered)
        else:
            lost.append(entered)
    return dict(found), lost


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision may belong: the id that a step of one response has, and its claims.

    `aliases` are the ids that it would have if another of its incidents had founded the response.
    """

    id: str
    aliases: frozenset[str]
    trigger: str
    step: str
    claims: frozenset[str]
    decided_by: str

    def joined(self, other: Place | None) -> Place:
        """This place with what another state of the evidence adds to it."""
        if other is None:
            return self
        return replace(
            self, aliases=self.aliases | other.aliases, claims=self.claims | other.claims
        )


def happening(agreement: Agreement, body: str, entered: Entered) -> Happening:
    """An entry as it stands in the history of an obligation that `body` decides on."""
    decided = entered.decision
    if not isinstance(decided, Decided):
        raise TypeError("only a decision on an obligation stands in its history")
    # Who decided was settled when it was decided: a later amendment takes nothing back.
    then = body if decided.about is None else decided.about.decided_by
    return Happening(
        at=entered.at,
        what=decided.act.value,
        by=decided.body,
        reason=decided.reason,
        until=decided.until,
        void=why_void(agreement, then, decided, entered.person),
        person=entered.by,
    )


class Rulings:
    """What bodies that may decide on breaches have said of incidents, in the order of the log."""

    def __init__(
        self, decisions: Iterable[Entered], agreement: Agreement, incidents: Iterable[Incident]
    ) -> None:
        self._said: defaultdict[tuple[str, str], list[Entered]] = defaultdict(list)
        by_id = {one.id: one for one in incidents}
        for entered in decisions:
            said = entered.decision
            if not isinstance(said, Determination):
                continue
            if not speaks_for(entered.person, said.body):
                continue
            if not may_decide(agreement, said.body, BREACH):
                continue
            incident = _found(said, by_id)
            if incident is not None:
                self._said[incident, said.provision].append(entered)

    def standing(self, incident: str, provision: str) -> Entered | None:
        """The first word of those that say what the last one says; None where nobody has ruled."""
        said = self._said.get((incident, provision), [])
        first = None
        for entered in reversed(said):
            if _breach(entered) != _breach(said[-1]):
                break
            first = entered
        return first

    def affirmed(self, incident: str, provision: str) -> Entered | None:
        """The first word that it is a breach, whatever was said later; None where nobody said so.

        For a response that is gone: its clock began, and that the breach was denied later does not
        make it one that never began.
        """
        said = self._said.get((incident, provision), [])
        return next((entered for entered in said if _breach(entered)), None)

    def last(self, incident: str, provision: str) -> Entered | None:
        """The last word."""
        return next(reversed(self._said.get((incident, provision), [])), None)

    def denied(self, incident: str, provision: str) -> bool:
        """Whether the last word is that it is no breach."""
        last = self.last(incident, provision)
        return last is not None and not _breach(last)


def _breach(entered: Entered) -> bool:
    return isinstance(entered.decision, Determination) and entered.decision.breach


def _found(said: Determination, incidents: Mapping[str, Incident]) -> str | None:
    """The incident that was meant: by its id, else the one that has most of the claims named."""
    if said.incident in incidents:
        return said.incident
    shared = [
        (-len({*one.claims} & {*said.claims}), one.id)
        for one in incidents.values()
        if {*one.claims} & {*said.claims}
    ]
    return min(shared)[1] if shared else None
