"""One incident under one provision: the rules of docs/agreements.md, with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements.assessing.covering import Covering
from trucewatch.agreements.assessing.nearing import near_misses
from trucewatch.agreements.assessing.reaching import CERTAIN, EXCLUDED, PLACES, Reach
from trucewatch.agreements.assessing.wording import names_of, percent, standing_of, status_of
from trucewatch.agreements.holding import Term, terms_of
from trucewatch.agreements.kinds import SIGN, Cover, may_be_left_by
from trucewatch.agreements.zones.placing import ZoneMap
from trucewatch.model import (
    Agreement,
    Assessment,
    Duty,
    Finding,
    Incident,
    Nature,
    Outcome,
    State,
    content_id,
    kind_tree,
)

if TYPE_CHECKING:
    from trucewatch.model import Exemption

SETTLED = {
    State.REFUTED: Outcome.OUTSIDE,
    State.DUPLICATE: Outcome.OUTSIDE,
    State.SUPERSEDED: Outcome.OUTSIDE,
    State.EXEMPT: Outcome.EXEMPT,
    State.UNVERIFIABLE: Outcome.UNDETERMINED,
}
"""What follows where a person has taken the incident off the ladder."""

Ruling = tuple[Outcome, str]
Grants = list[tuple[str, Ruling]]


class Bench:
    """One agreement, ready to assess incidents one by one.

    Ask for all terms of an incident together: it remembers what it worked out of the last place.
    """

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.terms = terms_of(agreement)
        self.zones = ZoneMap(agreement.zones)
        self._parties = frozenset(party.id for party in agreement.parties)
        self._asked: tuple[Incident, Finding] | None = None
        self._grants: Grants = []
        self._permits = [one for one in self.terms if one.provision.duty is Duty.PERMIT]

    def assess(self, incident: Incident, finding: Finding, term: Term) -> Assessment:
        """One incident under one term, with its reasons in words."""
        reach = Reach(incident, term, self.zones)
        covering = Covering(incident, finding, term.provision)
        outcome, reason = self.outcome(reach, covering)
        provision, instrument = term.provision, term.instrument
        shown = f"{reach.share:.{PLACES}f}"
        return Assessment(
            id=content_id(
                "asm",
                [finding.id, self.agreement.id, provision.id, instrument.version, outcome, shown],
            ),
            incident=incident.id,
            finding=finding.id,
            provision=provision.id,
            outcome=outcome,
            share=reach.share,
            reasons=(
                f"{provision.id} ({instrument.id}, version {instrument.version}): {reason}",
                standing_of(instrument, self.agreement),
                status_of(finding),
            ),
            near_misses=near_misses(reach, covering, self.agreement.instruments),
        )

    def outcome(self, reach: Reach, covering: Covering, grants: Grants | None = None) -> Ruling:
        """The first rule of docs/agreements.md that applies, and its reason.

        `grants` are the permissions that hold, or may hold, for the act, where they are known.
        """
        incident, provision = covering.incident, covering.provision
        if covering.finding.state in SETTLED:
            state = covering.finding.state
            return SETTLED[state], f"a person has set this incident to {state}"
        tree = kind_tree()
        kind, named = tree[incident.kind].name, names_of(provision.kinds)
        if incident.nature is Nature.STATIC_SOURCE:
            return Outcome.OUTSIDE, "a place hot time and again; not a violation"
        sign = incident.nature is Nature.FIRE or tree.is_a(incident.kind, SIGN)
        if sign and not may_be_left_by(tree, incident.kind, provision.kinds):
            return Outcome.OUTSIDE, f"{kind} is no sign that {named} may leave"
        if not sign and covering.term.cover is Cover.NOT:
            return Outcome.OUTSIDE, covering.term.reason
        if reach.excluded:
            return Outcome.OUTSIDE, f"{percent(reach.share)} of its time and place lie in it"
        if sign:
            return (
                Outcome.UNDETERMINED,
                f"{kind} is a sign and no act: it does not show that {named} took place",
            )
        if provision.duty is Duty.REQUIRE:
            return (
                Outcome.UNDETERMINED,
                "a duty to act is not judged by one incident: what was left undone is not known",
            )
        if provision.duty is Duty.PERMIT:
            return self._permitted(reach, covering)
        return self._spared(reach, covering, grants) or self._within(reach, covering)

    def _within(self, reach: Reach, covering: Covering) -> Ruling:
        """The ruling on an act that may fall under the provision and that nothing spares."""
        provision = covering.provision
        kind = kind_tree()[covering.incident.kind].name
        if covering.term.cover is Cover.MAYBE:
            return Outcome.UNDETERMINED, covering.term.reason
        left = reach.left(covering.exceptions(Cover.MAYBE))
        if left < CERTAIN:
            spared = "" if left == reach.share else " and in nothing that it excepts"
            return (
                Outcome.UNDETERMINED,
                f"{percent(left)} of its time and place lie in it{spared}: neither in nor out",
            )
        if not self._parties <= set(provision.parties):
            bound = ", ".join(provision.parties)
            return (
                Outcome.UNDETERMINED,
                f"it speaks of {bound} alone, and who acted is not established",
            )
        if provision.duty is Duty.PERMIT:
            return Outcome.EXEMPT, f"it permits {kind}, and time and place lie in it"
        return (
            Outcome.BREACH,
            f"it forbids {kind}, and {percent(left)} of time and place lie in it",
        )

    def _spared(
        self, reach: Reach, covering: Covering, grants: Grants | None = None
    ) -> Ruling | None:
        """What an exception, or a permission elsewhere, makes of the act; None: neither does."""
        surely = covering.exceptions(Cover.NAMED)
        left = reach.left(surely)
        if surely and _covered(reach.share, left):
            return Outcome.EXEMPT, f"{covering.what} is excepted"
        doubt = self._doubt(reach, covering, surely, left)
        if covering.provision.duty is Duty.FORBID:
            for permit, (outcome, reason) in self._granted(covering) if grants is None else grants:
                if outcome is Outcome.EXEMPT:
                    return Outcome.EXEMPT, f"{permit} applies: {reason}"
                if doubt is None:
                    doubt = f"{permit} may apply: {reason}"
        return None if doubt is None else (Outcome.UNDETERMINED, doubt)

    def _granted(self, covering: Covering) -> Grants:
        """The permissions that hold, or may hold, for an act; they hang on no other provision."""
        asked = (covering.incident, covering.finding)
        if self._asked is None or self._asked[0] is not asked[0] or self._asked[1] is not asked[1]:
            rulings = (
                (
                    permit.provision.id,
                    self._permitted(
                        Reach(covering.incident, permit, self.zones),
                        covering.under(permit.provision),
                    ),
                )
                for permit in self._permits
            )
            self._asked = asked
            self._grants = [one for one in rulings if one[1][0] is not Outcome.OUTSIDE]
        return self._grants

    def _doubt(
        self, reach: Reach, covering: Covering, surely: tuple[Exemption, ...], left: float
    ) -> str | None:
        """Why an exception that is not certain leaves it open; None where it changes nothing.

        What takes away so little that the rest may still be a breach is left to the shares.
        """
        perhaps = covering.exceptions(Cover.MAYBE)
        if len(perhaps) > len(surely):
            still = reach.left(perhaps)
            if not _all_left(reach.share, still) and still < left:
                return covering.doubt
        if surely and not _all_left(reach.share, left):
            part = percent(1 - left / reach.share)
            return f"an exception holds for {part} of its time and place within"
        return None

    def _permitted(self, reach: Reach, covering: Covering) -> Ruling:
        """EXEMPT where a permission certainly holds; what it excepts, it does not permit."""
        if covering.term.cover is Cover.NOT or reach.excluded:
            return Outcome.OUTSIDE, "it does not reach this act"
        limit = self._spared(reach, covering)
        if limit is not None:
            excepted = limit[0] is Outcome.EXEMPT
            return Outcome.OUTSIDE if excepted else Outcome.UNDETERMINED, limit[1]
        return self._within(reach, covering)


def _covered(share: float, left: float) -> bool:
    """Whether exceptions take away all that lies in the provision, as far as shares go."""
    return round(left, PLACES) <= round(EXCLUDED * share, PLACES)


def _all_left(share: float, left: float) -> bool:
    """Whether exceptions take away next to nothing of what lies in the provision."""
    return round(share - left, PLACES) <= round(EXCLUDED * share, PLACES)
