"""What the composers draw on, looked up once for all of them, and for whom they compose."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from trucewatch.bulletins.anchor import Anchors
from trucewatch.bulletins.compose import zone_of
from trucewatch.bulletins.counting import NOT_COUNTED
from trucewatch.bulletins.redact_sources import local_days
from trucewatch.bulletins.told import ELSEWHERE, NO_REGION
from trucewatch.bulletins.veil import ANOTHER, Veil
from trucewatch.bulletins.views.door import Door
from trucewatch.bulletins.views.naming import Names
from trucewatch.bulletins.wording import plain
from trucewatch.model import Interval, Nature

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.situation import Audience, Situation
    from trucewatch.bulletins.views.sight import Sight
    from trucewatch.model import Assessment, Claim, Finding, Incident, Origin, Source


@dataclass(frozen=True, kw_only=True)
class Material:
    """One state of a mission, and what is looked up in it again and again.

    `entries` are the log indices of each report, by its id: only those inside see them. Hand the
    same one to every composer, as its look-ups are made once.
    """

    situation: Situation
    entries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The mission's time zone."""
        return zone_of(self.situation.zone)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """Findings by incident."""
        return {f.incident: f for f in sorted(self.situation.findings, key=lambda f: f.id)}

    @cached_property
    def assessments(self) -> dict[str, tuple[Assessment, ...]]:
        """Assessments by incident, in the order of the provisions."""
        found: defaultdict[str, list[Assessment]] = defaultdict(list)
        for each in sorted(set(self.situation.assessments), key=lambda a: (a.provision, a.id)):
            found[each.incident].append(each)
        return {incident: tuple(each) for incident, each in found.items()}

    @cached_property
    def claims(self) -> dict[str, Claim]:
        """Claims by id."""
        return {claim.id: claim for claim in self.situation.claims}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by id."""
        return {source.id: source for source in self.situation.sources}

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Origins by id."""
        return {origin.id: origin for origin in self.situation.origins}

    @cached_property
    def voices(self) -> dict[str, tuple[str, ...]]:
        """Ids of the origins behind each claim."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for origin in sorted(self.situation.origins, key=lambda o: o.id):
            for claim in origin.claims:
                found[claim].append(origin.id)
        return {claim: tuple(ids) for claim, ids in found.items()}

    @cached_property
    def regions(self) -> dict[str, str]:
        """Names of the mission's regions by code."""
        return {area.code: plain(area.name) for area in self.situation.agreement.regions}

    @cached_property
    def bodies(self) -> dict[str, str]:
        """Names of parties, bodies and states by id."""
        agreement = self.situation.agreement
        known = [one.id for one in agreement.bodies] + [one.id for one in agreement.parties]
        names = Names(agreement)
        who = (*known, *agreement.guarantors, *agreement.states)
        return {one: names.of(one) for one in who}

    @cached_property
    def anchored(self) -> dict[str, Incident]:
        """Each incident as it is told outside, by id."""
        anchors = Anchors(self.situation.claims, self.situation.agreement.regions)
        return {incident.id: anchors.told(incident) for incident in self.situation.incidents}

    @cached_property
    def days(self) -> dict[str, tuple[date, date]]:
        """The first and the last local day of each incident, by id."""
        known: dict[Interval, tuple[date, date]] = {}
        for incident in self.situation.incidents:
            if incident.when not in known:
                known[incident.when] = local_days(incident.when, self.zone)
        return {incident.id: known[incident.when] for incident in self.situation.incidents}

    @cached_property
    def _ends(self) -> dict[date, datetime]:
        return {}

    def end_of(self, day: date) -> datetime:
        """The end of a local day, in UTC."""
        if day not in self._ends:
            self._ends[day] = Interval.days(day, day, self.zone).latest
        return self._ends[day]

    def region_code(self, region: str | None) -> str | None:
        """The code of a region that an incident names by code or by name."""
        if region is None or region in self.regions:
            return region
        return next((code for code, name in self.regions.items() if name == region), None)

    def region_name(self, region: str | None) -> str:
        """What a region is called; of one that is not the mission's only that it is not."""
        code = self.region_code(region)
        if code is not None:
            return self.regions[code]
        return NO_REGION if region is None else ELSEWHERE

    def is_counted_event(self, incident: Incident) -> bool:
        """Whether it counts as an incident: an event that was neither refuted nor doubled."""
        finding = self.findings.get(incident.id)
        return incident.nature is Nature.EVENT and (
            finding is None or finding.state not in NOT_COUNTED
        )


class Outlook:
    """For whom is composed, and at which moment: what they may know of by then.

    Whoever waits for a delay is told at fixed hours alone: `at` is then the last of them.
    """

    def __init__(self, material: Material, sight: Sight, *, at: datetime) -> None:
        self.material, self.sight = material, sight
        self.at = at if sight.live else last_release(at, material.zone)
        self.veil = Veil(material.situation.sources, material.situation.claims, sight.audience)

    def door(self, known: frozenset[str]) -> Door:
        """The door for this sight at this moment; `known` is the policy's."""
        return Door(self.sight, self.veil, at=self.at, known=known)

    def names(self, sources: Iterable[str]) -> list[str]:
        """What sources are called here; those under seal are named to nobody."""
        if not self.sight.inside:
            return list(self.veil.names(sources))
        known = self.material.sources
        found = {
            plain(known[each].name) if self.veil.is_open(each) else ANOTHER for each in sources
        }
        return sorted(found, key=lambda name: (name == ANOTHER, name))

    def reporters(self, sources: Iterable[str]) -> list[str]:
        """Who told of a region; outside without those that stand where they report from."""
        if self.sight.inside:
            return self.names(sources)
        return list(self.veil.reporters(sources))

    def words(self, texts: Iterable[str]) -> list[str]:
        """Sentences for those inside: each whole, but for one that would break a seal."""
        return [SEALED if self.veil.gives_away(text) else plain(text) for text in texts]

    @property
    def audience(self) -> Audience:
        """How much is held back."""
        return self.sight.audience

    def may_know(self, day: date) -> bool:
        """Whether what had ended by the end of a local day may be told."""
        return self.sight.live or self.material.end_of(day) + self.audience.delay <= self.at

    @cached_property
    def incidents(self) -> dict[str, Incident]:
        """The incidents that may be known of, by id: at their anchors for whoever is outside."""
        material = self.material
        if self.sight.inside:
            return {incident.id: incident for incident in material.situation.incidents}
        days = material.days
        return {key: each for key, each in material.anchored.items() if self.may_know(days[key][1])}


SEALED = "not told here: it would name or quote a source under seal"
"""What stands in place of a sentence that speaks of a sealed source."""

RELEASE_HOUR = 6
"""The local hour at which what is outside moves on: news at other hours would tell when it came."""


def last_release(at: datetime, zone: ZoneInfo) -> datetime:
    """The last daily hour of release that is not after a moment."""
    local = at.astimezone(zone)
    hour = local.replace(hour=RELEASE_HOUR, minute=0, second=0, microsecond=0, fold=0)
    return (
        hour
        if hour <= local
        else (local - timedelta(days=1)).replace(
            hour=RELEASE_HOUR, minute=0, second=0, microsecond=0, fold=0
        )
    )
