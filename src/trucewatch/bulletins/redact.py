"""The only door to publication: what an audience may read of a bulletin, and nothing else.

Places become cells of the audience's grid and times become local days. Sealed sources are never
named, quoted or counted apart. There is nothing here for raw payloads or deconfliction notices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins import published as pub
from trucewatch.bulletins.compose import hidden_by, zone_of
from trucewatch.bulletins.counting import UNKNOWN, outcome_of
from trucewatch.bulletins.holding import course_rows, headline
from trucewatch.bulletins.redact_dues import DueParts
from trucewatch.bulletins.redact_people import PeopleParts
from trucewatch.bulletins.redact_pledges import pledges_by_stage
from trucewatch.bulletins.redact_sources import SourceParts, local_days
from trucewatch.bulletins.saying import truce_words
from trucewatch.bulletins.told import (
    ELSEWHERE,
    NO_REGION,
    Labels,
    Seen,
    Shares,
    cell_of,
    few,
    probability_told,
    reasons_of,
)
from trucewatch.bulletins.veil import Veil
from trucewatch.bulletins.wording import likelihood, plain, window_days
from trucewatch.model import ALWAYS, Area, Edition, Interval, Responsibility, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from trucewatch.bulletins.content import Bulletin, Case, RegionRow, Tally
    from trucewatch.bulletins.situation import Audience
    from trucewatch.model import AccessRate, Instrument

_NOBODY = "nobody named, or more than one"


def redact(bulletin: Bulletin, audience: Audience) -> pub.Published:
    """What `audience` may read of a bulletin.

    Every string of the result is swept once more for the names and words of sealed sources:
    raises Withheld, and publishes nothing, where one is found.
    """
    result = _Redaction(bulletin, audience).result()
    sweep(bulletin, audience, result)
    return result


def sweep(bulletin: Bulletin, audience: Audience, thing: object) -> None:
    """Hold any other dataclass that is to be published beside a bulletin to the same last look.

    Raises Withheld where a string of it would name a sealed source.
    """
    Veil(bulletin.sources, bulletin.claims, audience).sweep(thing)


class _Redaction:
    def __init__(self, bulletin: Bulletin, audience: Audience) -> None:
        self.bulletin = bulletin
        self.audience = audience
        self.zone: ZoneInfo = zone_of(bulletin.zone)
        self.veil = Veil(bulletin.sources, bulletin.claims, audience)
        self.regions = {area.code: plain(area.name) for area in bulletin.agreement.regions}
        self.labels = Labels(self.veil, audience, bulletin.origins)
        self.shares, self.seen = Shares(bulletin.agreement), Seen(bulletin.region_days)
        self.sources = SourceParts(bulletin, audience, self.veil, self.zone)
        last = Interval.days(bulletin.period.first, bulletin.period.last, self.zone).latest
        self.not_before = last + audience.delay
        spoken = [
            said.at
            for case in (*bulletin.events, *bulletin.fires, *bulletin.static, *bulletin.set_aside)
            if case.finding is not None
            for said in case.finding.said
        ]
        # No clock is asked: this bulletin is not out sooner, and these entries are in it.
        now = max([self.not_before, *spoken])
        self.people = PeopleParts(bulletin.agreement, self.veil, self.zone, now=now)

    def result(self) -> pub.Published:
        b, agreement, period = self.bulletin, self.bulletin.agreement, self.bulletin.period
        courses = course_rows(b.courses, self.veil, self.zone)
        return pub.Published(
            mission=plain(b.mission),
            number=plain(period.number),
            title=plain(period.title),
            exercise=b.exercise,
            audience=plain(self.audience.name),
            grid_m=self.audience.grid_m,
            min_count=self.audience.min_count,
            not_before=self.not_before,
            zone=b.zone,
            first_day=period.first,
            last_day=period.last,
            previous_first_day=b.previous.first if b.previous else None,
            previous_last_day=b.previous.last if b.previous else None,
            agreement=plain(agreement.name),
            parties=tuple(sorted({plain(p.name) for p in agreement.parties})),
            instruments=tuple(sorted(self._instrument(i) for i in agreement.instruments)),
            truce=truce_words(agreement.truce, self.zone),
            provisions=self._provisions(),
            headline=headline(b.headline, courses),
            clauses=b.clauses,
            figures=dict(b.figures),
            regions=tuple(self._region(row) for row in b.regions),
            days=b.days,
            rates=tuple(
                pub.RateRow(
                    period=plain(r.period),
                    words=window_days(r.window, self.zone),
                    days=r.days,
                    count=r.count,
                    per_day=r.per_day,
                    low=r.low,
                    high=r.high,
                    left_out=self.veil.free(r.left_out),
                )
                for r in b.rates
            ),
            ratios=tuple(
                pub.RatioRow(of=r.of, over=r.over, ratio=r.ratio, low=r.low, high=r.high)
                for r in b.ratios
            ),
            caveats=self.veil.free(b.caveats),
            incidents=self._items(b.events, reasons=True),
            fires=self._items(b.fires, reasons=False),
            static_sources=self._items(b.static, reasons=False),
            set_aside=self._items(b.set_aside, reasons=True),
            side_claims=self.sources.side_claims(),
            visibility=self.sources.visibility(),
            hidden_by=hidden_by(b.watches),
            overpasses=self.sources.overpasses(),
            contributions=self.sources.contributions(),
            others_not_named=any(s.sealed for s in b.sources),
            faults=self.sources.faults(),
            instrument_names_consequences=bool(agreement.triggers),
            obligations=DueParts(agreement, self.veil, self.zone).dues(b.obligations),
            pledges=pledges_by_stage(b.pledges, self.veil),
            evidence=b.evidence,
            access_denied=tuple(self._access(row) for row in b.access),
            outlines=tuple(
                Area(code=plain(a.code), name=plain(a.name), polygons=a.polygons)
                for a in sorted(agreement.regions, key=lambda area: area.code)
            ),
            courses=courses,
        )

    def _access(self, row: AccessRate) -> pub.AccessRow:
        names = {party.id: party.name for party in self.bulletin.agreement.parties}
        return pub.AccessRow(
            party=_NOBODY if row.party is None else plain(names.get(row.party, row.party)),
            incidents=row.incidents,
            observations=row.observations,
            days=row.days,
            per_day=row.per_day,
            low=row.low,
            high=row.high,
        )

    def _items(self, cases: Iterable[Case], *, reasons: bool) -> tuple[pub.Item, ...]:
        """In the order of what is told: that of the hours would tell which was first."""
        told = (self._item(case, reasons=reasons) for case in cases)
        return tuple(sorted(told, key=lambda item: (item.first_day, item.last_day, item.id)))

    def _item(self, case: Case, *, reasons: bool) -> pub.Item:
        incident, finding = case.incident, case.finding
        lat, lon, wide = cell_of(incident.place, self.audience)
        first, last = local_days(incident.when, self.zone)
        outcome = outcome_of(case)
        return pub.Item(
            id=incident.id,
            nature=incident.nature.value,
            kind=_kind(incident.kind),
            region=self._region_name(incident.region),
            cell=pub.Cell(lat=lat, lon=lon, spread_m=wide),
            first_day=first,
            last_day=last,
            certain=case.firm,
            share=case.share,
            state="reported" if finding is None else finding.state.value,
            provisional=finding is None or finding.provisional,
            standard="none" if finding is None else plain(finding.standard),
            attribution=(Responsibility.WITHHELD if finding is None else finding.responsibility),
            probability=probability_told(incident.probability),
            likelihood=likelihood(probability_told(incident.probability)),
            origins=0 if finding is None else finding.independent_origins,
            origin_labels=self.labels.of(incident.origins),
            accounts=few(len(set(incident.claims)), self.audience.min_count),
            observations=incident.observations,
            sources=self.veil.names(incident.sources),
            seen_share=self.seen.least(self._code(incident.region), first, last),
            outcome="not assessed" if outcome is None else outcome.value,
            held=tuple(
                pub.Held(
                    provision=plain(a.provision),
                    outcome=a.outcome.value,
                    share=self.shares.share(a),
                )
                for a in case.assessments
            ),
            reasons=reasons_of(self.veil, self.shares, incident, finding, case.assessments)
            if reasons
            else (),
            heard=self.people.heard(finding),
        )

    def _code(self, region: str | None) -> str | None:
        """The code of a region that an incident may name by its name."""
        if region is None or region in self.regions:
            return region
        return next((code for code, name in self.regions.items() if name == region), None)

    def _region_name(self, region: str | None) -> str:
        if region is None:
            return NO_REGION
        if region in self.regions:
            return self.regions[region]
        name = plain(region)
        return name if name in self.regions.values() else ELSEWHERE

    def _region(self, row: RegionRow) -> pub.Region:
        return pub.Region(
            code=plain(row.code),
            name=plain(row.name),
            now=_figures(row.now),
            previous=None if row.previous is None else _figures(row.previous),
            sight=_sight(row),
            reported=row.reported,
            quiet=row.quiet,
            unobserved=row.unobserved,
            seen_low=row.seen_low,
            seen_high=row.seen_high,
            passes=row.passes,
            # Where a sealed source reports from would tell where it stands.
            sources=self.veil.names(row.sources, fold=False),
        )

    def _instrument(self, i: Instrument) -> str:
        """One text, with who announced and who accepted it; silence is "not on record"."""
        names = {p.id: p.name for p in self.bulletin.agreement.parties}
        announced = ", ".join(sorted(names.get(p, p) for p in i.announced_by))
        accepted = ", ".join(sorted(names.get(p, p) for p in i.accepted_by))
        return plain(
            f"{i.title} (standing: {i.standing}; version {i.version}; "
            + ("a draft that binds nobody; " if i.edition is Edition.DRAFT else "")
            + (
                ""
                if i.holds == ALWAYS or i.edition is Edition.DRAFT
                else f"these words count: {truce_words(i.holds, self.zone)}; "
            )
            + (f"announced by {announced}; " if announced else "")
            + (f"accepted by {accepted})" if accepted else "acceptance not on record)")
        )

    def _provisions(self) -> tuple[pub.Term, ...]:
        holds = {i.id: i.holds for i in self.bulletin.agreement.instruments}
        return tuple(
            pub.Term(
                id=plain(p.id),
                duty=p.duty.value,
                words=plain(p.words),
                window=truce_words(p.window.overlap(holds[p.instrument]), self.zone),
                source=plain(p.source),
            )
            for p in sorted(self.bulletin.agreement.provisions, key=lambda p: p.id)
        )


def _figures(tally: Tally) -> pub.Figures:
    return pub.Figures(firm=tally.firm, expected=tally.expected, observations=tally.observations)


def _sight(row: RegionRow) -> str:
    """The days of a region in a word. No word but "quiet" means quiet, and it needs every day."""
    total = row.reported + row.quiet + row.unobserved
    if not total:
        return "no place" if row.code == UNKNOWN else "not looked at"
    if row.reported:
        return "reported"
    if row.quiet == total:
        return "quiet"
    return "unobserved" if row.unobserved == total else "partly unobserved"


def _kind(kind: str) -> str:
    tree = kind_tree()
    return tree[kind].name if kind in set(tree) else plain(kind)
