"""The rules of docs/agreements.md once more, slowly and plainly, point by point.

It shares the trees, the conditions' language and the points of the quadrature with the program,
and nothing else: time is cut into pieces here, point by point the place is looked up, and every
rule is written down in its order.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

import shapely
from shapely.geometry import MultiPolygon

from trucewatch.agreements.conditions.compiling import holds
from trucewatch.agreements.zones.placing import spread
from trucewatch.model import (
    Agreement,
    Duty,
    Edition,
    Exemption,
    Finding,
    Incident,
    Nature,
    Outcome,
    Provision,
    State,
    Window,
    kind_tree,
    weapon_tree,
)

YES, PERHAPS, NO = "yes", "perhaps", "no"
B, X, O, U = Outcome.BREACH, Outcome.EXEMPT, Outcome.OUTSIDE, Outcome.UNDETERMINED  # noqa: E741 - as in the table


def in_window(moment: datetime, window: Window) -> bool:
    return (window.start is None or moment >= window.start) and (
        window.end is None or moment < window.end
    )


def moments(incident: Incident, windows: list[Window]) -> list[tuple[datetime, Fraction]]:
    """A moment for each span in which no window begins or ends, and the span's part of it all."""
    first, last = incident.when.earliest, incident.when.latest
    if first == last:
        return [(first, Fraction(1))]
    cuts = {first, last}
    for window in windows:
        cuts |= {edge for edge in (window.start, window.end) if edge and first < edge < last}
    edges = sorted(cuts)
    micro = [(edge - first) // (first.resolution) for edge in edges]
    return [(edges[i], Fraction(micro[i + 1] - micro[i], micro[-1])) for i in range(len(edges) - 1)]


class Slow:
    """One incident under one agreement."""

    def __init__(self, incident: Incident, finding: Finding, agreement: Agreement) -> None:
        self.incident, self.finding, self.agreement = incident, finding, agreement
        lon, lat = spread(incident.place)
        self.points = list(zip(lon.tolist(), lat.tolist(), strict=True))
        self.kinds, self.arms = kind_tree(), weapon_tree()
        self.masks: dict[int, list[bool]] = {}

    def mask(self, number: int) -> list[bool]:
        if number not in self.masks:
            polygons = self.agreement.zones[number].area.polygons
            shape = MultiPolygon([(one[0], list(one[1:])) for one in polygons])
            shapely.prepare(shape)
            self.masks[number] = [bool(shapely.contains_xy(shape, x, y)) for x, y in self.points]
        return self.masks[number]

    def zones_at(self, codes: tuple[str, ...], moment: datetime) -> list[list[bool]]:
        return [
            self.mask(number)
            for number, zone in enumerate(self.agreement.zones)
            if zone.code in codes and in_window(moment, zone.holds)
        ]

    def mass(self, provision: Provision, exceptions: list[Exemption]) -> float:
        text = next(one for one in self.agreement.instruments if one.id == provision.instrument)
        windows = [provision.window, text.holds, *(one.holds for one in self.agreement.zones)]
        windows += [one.window for one in exceptions]
        total = Fraction(0)
        for moment, part in moments(self.incident, windows):
            if not (in_window(moment, provision.window) and in_window(moment, text.holds)):
                continue
            within = self.zones_at(provision.zones, moment)
            active = [one for one in exceptions if in_window(moment, one.window)]
            if any(not one.zones for one in active):
                continue
            spared = [mask for one in active for mask in self.zones_at(one.zones, moment)]
            hit = sum(
                (not provision.zones or any(mask[i] for mask in within))
                and not any(mask[i] for mask in spared)
                for i in range(len(self.points))
            )
            total += part * hit / len(self.points)
        return round(float(total), 6)

    def kind(self, named: tuple[str, ...]) -> str:
        own = self.incident.kind
        if any(self.kinds.is_a(own, one) for one in named):
            return YES
        return PERHAPS if any(self.kinds.is_a(one, own) for one in named) else NO

    def weapons(self) -> set[str]:
        known = set(self.incident.weapons)
        for step in self.kinds.lineage(self.incident.kind):
            known |= set(self.kinds[step].uses)
        return {a for a in known if not any(a != b and self.arms.is_a(b, a) for b in known)}

    def weapon(self, named: tuple[str, ...], *, every: bool) -> str:
        if not named:
            return YES
        answers = []
        for own in self.weapons():
            if any(self.arms.is_a(own, one) for one in named):
                answers.append(YES)
            elif any(self.arms.is_a(one, own) for one in named):
                answers.append(PERHAPS)
            else:
                answers.append(NO)
        if not answers:
            return PERHAPS
        if every:
            return answers[0] if len(set(answers)) == 1 else PERHAPS
        return YES if YES in answers else PERHAPS if PERHAPS in answers else NO

    def condition(self, text: str | None) -> str:
        """Every kind that the vague one may be, and every number in the span, up to 20 of them."""
        if text is None:
            return YES
        spans = {}
        for count in self.incident.counts:
            low = count.low if count.low is not None else 0
            high = count.high if count.high is not None else low + 20
            spans[count.what] = range(low, high + 1)
        seen = set()
        for kind in (one for one in self.kinds if self.kinds.is_a(one, self.incident.kind)):
            for killed in spans.get("killed", [None]):
                for wounded in spans.get("wounded", [None]):
                    facts = {
                        "kind": kind,
                        "killed": killed,
                        "wounded": wounded,
                        "observations": self.incident.observations,
                        "origins": self.finding.independent_origins,
                        "probability": self.incident.probability,
                        "state": self.finding.state.value,
                        "nature": self.incident.nature.value,
                        "region": self.incident.region,
                    }
                    seen.add(holds(text, facts))
        return YES if seen == {True} else NO if seen == {False} else PERHAPS

    def spares(self, one: Exemption) -> str:
        if one == Exemption(words=one.words):
            return NO
        answers = {
            self.kind(one.kinds) if one.kinds else YES,
            self.weapon(one.weapons, every=True),
            self.condition(one.condition),
        }
        return NO if NO in answers else PERHAPS if PERHAPS in answers else YES

    def meant(self, provision: Provision) -> str:
        answers = {
            self.kind(provision.kinds),
            self.weapon(provision.weapons, every=provision.duty is Duty.PERMIT),
            self.condition(provision.condition),
        }
        return NO if NO in answers else PERHAPS if PERHAPS in answers else YES

    def outcome(self, provision: Provision) -> Outcome | None:
        text = next(one for one in self.agreement.instruments if one.id == provision.instrument)
        if text.edition is Edition.DRAFT or provision.window.overlap(text.holds).empty:
            return None
        state = self.finding.state
        if state in {State.REFUTED, State.DUPLICATE, State.SUPERSEDED}:  # rule 1
            return O
        if state in {State.EXEMPT, State.UNVERIFIABLE}:
            return X if state is State.EXEMPT else U
        if self.incident.nature is Nature.STATIC_SOURCE:  # rule 2
            return O
        own = self.incident.kind
        sign = self.incident.nature is Nature.FIRE or self.kinds.is_a(own, "sign")
        if sign:  # rule 3
            acts = [one for one in self.kinds if not self.kinds.is_a(one, "sign")]
            tied = any(own in self.kinds[one].shows for one in acts)
            if tied and not any(own in self.kinds.signs(one) for one in provision.kinds):
                return O
        elif self.meant(provision) == NO:
            return O
        if self.mass(provision, []) <= 0.05:  # rule 4
            return O
        if sign or provision.duty is Duty.REQUIRE:  # rules 5 and 6
            return U
        return self.act(provision)

    def act(self, provision: Provision) -> Outcome:
        permit = provision.duty is Duty.PERMIT
        if permit and (self.meant(provision) == NO or self.mass(provision, []) <= 0.05):
            return O
        share = self.mass(provision, [])
        spared = [(one, self.spares(one)) for one in provision.exceptions]
        surely = [one for one, answer in spared if answer == YES]
        perhaps = [one for one, answer in spared if answer != NO]
        # Rule 7: wholly excepted; then permitted; then what is open of either.
        if surely and self.mass(provision, surely) <= round(0.05 * share, 6):
            return O if permit else X
        left = self.mass(provision, perhaps)
        open_still = left < self.mass(provision, []) and round(share - left, 6) > round(
            0.05 * share, 6
        )
        if not permit:
            grants = {self.act(one) for one in self.agreement.provisions if self.permits(one)}
            if X in grants:
                return X
            open_still |= U in grants
        # Rules 7 to 11.
        bound = {one.id for one in self.agreement.parties} <= set(provision.parties)
        if open_still or self.meant(provision) != YES or left < 0.95 or not bound:
            return U
        return X if permit else B

    def permits(self, provision: Provision) -> bool:
        text = next(one for one in self.agreement.instruments if one.id == provision.instrument)
        return (
            provision.duty is Duty.PERMIT
            and text.edition is not Edition.DRAFT
            and not provision.window.overlap(text.holds).empty
        )
