"""Incidents held against the provisions of an agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.agreements.kinds import SIGN, Cover, cover_of, may_be_left_by
from trucewatch.agreements.placing import ZoneMap
from trucewatch.agreements.wording import edge_of_time, percent, standing_of
from trucewatch.model import (
    Agreement,
    Assessment,
    Duty,
    Finding,
    Incident,
    Nature,
    Outcome,
    Provision,
    State,
    content_id,
    kind_tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

CERTAIN = 0.95
"""At least this share of time and place: the provision holds. At most 1 minus it: it does not."""

_PLACES = 6
_SETTLED = {
    State.REFUTED: Outcome.OUTSIDE,
    State.DUPLICATE: Outcome.OUTSIDE,
    State.SUPERSEDED: Outcome.OUTSIDE,
    State.EXEMPT: Outcome.EXEMPT,
    State.UNVERIFIABLE: Outcome.UNDETERMINED,
}
"""What follows where a person has taken the incident off the ladder."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far an incident lies in the time and the place of one provision."""

    time: float
    place: float

    @property
    def share(self) -> float:
        """Rounded before it is compared, so that what is printed is what was judged."""
        return round(self.time * self.place, _PLACES)

    @property
    def certain(self) -> bool:
        return self.share >= CERTAIN

    @property
    def excluded(self) -> bool:
        return self.share <= round(1 - CERTAIN, _PLACES)


def assess(
    incidents: Iterable[Incident], findings: Iterable[Finding], agreement: Agreement
) -> tuple[Assessment, ...]:
    """Every incident under every provision, sorted by incident and provision.

    An assessment says what the event would be *if it happened as reported*; how far that is
    established is the finding's to say, and who did it is nobody's here. ValueError where an
    incident has no finding.
    """
    by_incident = {finding.incident: finding for finding in findings}
    bench = _Bench(agreement)
    made: list[Assessment] = []
    for incident in sorted(incidents, key=lambda one: one.id):
        if incident.id not in by_incident:
            raise ValueError(f"{incident.id} has no finding: judge it before it is assessed")
        made += [
            bench.assess(incident, by_incident[incident.id], provision)
            for provision in sorted(agreement.provisions, key=lambda one: one.id)
        ]
    return tuple(made)


class _Bench:
    """One agreement, ready to assess incidents one by one."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.tree = kind_tree()
        self.zones = ZoneMap(agreement.zones)
        self.parties = frozenset(party.id for party in agreement.parties)
        self.instruments = {one.id: one for one in agreement.instruments}
        self.permits = [one for one in agreement.provisions if one.duty is Duty.PERMIT]

    def assess(self, incident: Incident, finding: Finding, provision: Provision) -> Assessment:
        reach = self.reach(incident, provision)
        outcome, reason = self.outcome(incident, finding, provision, reach)
        instrument = self.instruments[provision.instrument]
        shown = f"{reach.share:.{_PLACES}f}"
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
                f"Provisional, attribution withheld; that it happened is so far: {finding.state}.",
            ),
            near_misses=self.near_misses(incident, provision, reach),
        )

    def reach(self, incident: Incident, provision: Provision) -> _Reach:
        time = incident.when.share_within(provision.window)
        # A zone need not be measured for what happened at another time.
        return _Reach(time, self.zones.share(incident.place, provision.zones) if time else 0.0)

    def outcome(
        self, incident: Incident, finding: Finding, provision: Provision, reach: _Reach
    ) -> tuple[Outcome, str]:
        """The first rule that applies, and its reason."""
        if finding.state in _SETTLED:
            return _SETTLED[finding.state], f"a person has set this incident to {finding.state}"
        kind = self.tree[incident.kind].name
        named = " or ".join(self.tree[one].name for one in provision.kinds)
        if incident.nature is Nature.STATIC_SOURCE:
            return Outcome.OUTSIDE, "a place hot time and again; not a violation"
        sign = incident.nature is Nature.FIRE or self.tree.is_a(incident.kind, SIGN)
        cover = cover_of(self.tree, incident.kind, provision.kinds)
        if sign and not may_be_left_by(self.tree, incident.kind, provision.kinds):
            return Outcome.OUTSIDE, f"{kind} is no sign that {named} may leave"
        if not sign and cover is Cover.NOT:
            return Outcome.OUTSIDE, f"{kind} is not among what it names ({named})"
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
            return self.permitted(incident, provision)
        excepted = self.excepted(incident, provision)
        if excepted is not None:
            return excepted
        return self.within(incident, provision, reach, cover)

    def within(
        self, incident: Incident, provision: Provision, reach: _Reach, cover: Cover
    ) -> tuple[Outcome, str]:
        """The outcome of an act that no exception touches and that may fall under the provision."""
        kind = self.tree[incident.kind].name
        named = " or ".join(self.tree[one].name for one in provision.kinds)
        if cover is Cover.MAYBE:
            return (
                Outcome.UNDETERMINED,
                f"{kind} is too vague a word: it may have been {named}, or something else",
            )
        if not reach.certain:
            return (
                Outcome.UNDETERMINED,
                f"{percent(reach.share)} of its time and place lie in it: neither in nor out",
            )
        if not self.parties <= set(provision.parties):
            bound = ", ".join(provision.parties)
            return (
                Outcome.UNDETERMINED,
                f"it speaks of {bound} alone, and who acted is not established",
            )
        if provision.duty is Duty.PERMIT:
            return Outcome.EXEMPT, f"it permits {kind}, and time and place lie in it"
        return (
            Outcome.BREACH,
            f"it forbids {kind}, and {percent(reach.share)} of time and place lie in it",
        )

    def excepted(self, incident: Incident, provision: Provision) -> tuple[Outcome, str] | None:
        """What an exception, or a permission elsewhere, makes of the act; None: neither does."""
        kind = self.tree[incident.kind].name
        cover = cover_of(self.tree, incident.kind, _spared(provision))
        if cover is Cover.NAMED:
            return Outcome.EXEMPT, f"{kind} is excepted"
        doubt: str | None = None
        if cover is Cover.MAYBE:
            doubt = f"{kind} may have been of a kind that is excepted"
        if provision.duty is Duty.FORBID:
            for permit in sorted(self.permits, key=lambda one: one.id):
                outcome, reason = self.permitted(incident, permit)
                if outcome is Outcome.EXEMPT:
                    return Outcome.EXEMPT, f"{permit.id} applies: {reason}"
                if outcome is Outcome.UNDETERMINED and doubt is None:
                    doubt = f"{permit.id} may apply: {reason}"
        return None if doubt is None else (Outcome.UNDETERMINED, doubt)

    def permitted(self, incident: Incident, permit: Provision) -> tuple[Outcome, str]:
        """EXEMPT where a permission certainly holds; what it excepts, it does not permit."""
        cover = cover_of(self.tree, incident.kind, permit.kinds)
        reach = self.reach(incident, permit)
        if cover is Cover.NOT or reach.excluded:
            return Outcome.OUTSIDE, "it does not reach this act"
        limit = self.excepted(incident, permit)
        if limit is not None:
            excepted = limit[0] is Outcome.EXEMPT
            return Outcome.OUTSIDE if excepted else Outcome.UNDETERMINED, limit[1]
        return self.within(incident, permit, reach, cover)

    def near_misses(
        self, incident: Incident, provision: Provision, reach: _Reach
    ) -> tuple[str, ...]:
        """The conditions that held in part, or failed by little, in plain words."""
        notes: list[str] = []
        if (note := edge_of_time(incident.when, provision.window)) is not None:
            notes.append(note)
        if provision.zones and reach.time and reach.place < 1:
            notes.append(self.zones.edge(incident.place, provision.zones))
        if cover_of(self.tree, incident.kind, provision.kinds) is Cover.MAYBE:
            kind = self.tree[incident.kind].name
            named = " or ".join(self.tree[one].name for one in provision.kinds)
            notes.append(f"the reports say {kind}; the provision names {named}")
        if cover_of(self.tree, incident.kind, _spared(provision)) is Cover.MAYBE:
            spared = " or ".join(self.tree[one].name for one in _spared(provision))
            notes.append(f"it would be exempt if it was {spared}")
        return tuple(notes)


def _spared(provision: Provision) -> tuple[str, ...]:
    return tuple(kind for one in provision.exceptions for kind in one.kinds)
