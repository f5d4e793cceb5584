"""Incidents, and the accounts behind them, on their way to the door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.counting import gravest
from trucewatch.bulletins.redact_people import PeopleParts
from trucewatch.bulletins.redact_sources import local_days
from trucewatch.bulletins.told import (
    Labels,
    Seen,
    Shares,
    cell_of,
    few,
    probability_told,
    reasons_of,
)
from trucewatch.bulletins.views.door import Draft
from trucewatch.bulletins.views.values import at_offset, values
from trucewatch.bulletins.wording import likelihood, plain
from trucewatch.model import Point, Responsibility, kind_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from trucewatch.bulletins.views.material import Outlook
    from trucewatch.model import Assessment, Claim, Finding, Incident, Said

Body = dict[str, Any]


def incident_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each incident that may be known of, in the order of their ids."""
    composer = _Incidents(outlook)
    for key in sorted(outlook.incidents):
        yield composer.draft(outlook.incidents[key])


def account_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft an account; none for whoever is outside, as no bulletin tells of single ones."""
    if not outlook.sight.inside:
        return
    claims = outlook.material.claims
    for key in sorted(outlook.incidents):
        incident = outlook.incidents[key]
        for name in incident.claims:
            if name in claims:
                yield _account(outlook, incident, claims[name])


class _Incidents:
    def __init__(self, outlook: Outlook) -> None:
        self._outlook, self._material = outlook, outlook.material
        self._veil, self._audience = outlook.veil, outlook.audience
        situation = self._material.situation
        self._shares, self._seen = (
            Shares(situation.agreement),
            Seen(situation.coverage.region_days),
        )
        self._labels = Labels(self._veil, self._audience, situation.origins)
        self._people = PeopleParts(
            situation.agreement, self._veil, self._material.zone, now=outlook.at
        )

    def draft(self, incident: Incident) -> Draft:
        material = self._material
        finding = material.findings.get(incident.id)
        held = material.assessments.get(incident.id, ())
        first, last = material.days[incident.id]
        outcome = gravest(held)
        same: Body = {
            "id": incident.id,
            "nature": incident.nature.value,
            "kind": incident.kind,
            "kind_name": kind_name(incident.kind),
            "region": material.region_code(incident.region),
            "region_name": material.region_name(incident.region),
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "likelihood": likelihood(probability_told(incident.probability)),
            "observations": incident.observations,
            "sources": self._outlook.names(incident.sources),
            "outcome": "not assessed" if outcome is None else outcome.value,
            "outcomes": [f"{plain(each.provision)}:{each.outcome.value}" for each in held],
            **self._found(finding),
        }
        inside = self._outlook.sight.inside
        return Draft(
            sort="incident",
            id=incident.id,
            exact=same | (self._exact(incident, finding, held) if inside else {}),
            coarse=same | ({} if inside else self._coarse(incident, finding, held)),
            ended=material.end_of(last),
        )

    def _found(self, finding: Finding | None) -> Body:
        """What was found of it, as everybody may know."""
        heard = self._people.heard(finding)
        told = finding is not None and finding.responsibility is not Responsibility.WITHHELD
        names = self._material.bodies
        duplicate = None if finding is None else finding.duplicate_of
        return {
            "state": "reported" if finding is None else finding.state.value,
            "provisional": finding is None or finding.provisional,
            "stale": finding is not None and finding.stale,
            "standard": "none" if finding is None else plain(finding.standard),
            "attribution": Responsibility.WITHHELD.value
            if finding is None
            else finding.responsibility.value,
            "responsible": names.get(finding.party or "", finding.party)
            if told and finding is not None
            else None,
            "determined_by": names.get(finding.body or "", finding.body)
            if told and finding is not None
            else None,
            "duplicate_of": duplicate if duplicate in self._outlook.incidents else None,
            "origins": 0 if finding is None else finding.independent_origins,
            "heard": None if heard is None else values(heard),
        }

    def _coarse(
        self, incident: Incident, finding: Finding | None, held: tuple[Assessment, ...]
    ) -> Body:
        veil, audience, material = self._veil, self._audience, self._material
        lat, lon, wide = cell_of(incident.place, audience)
        accounts = len(set(incident.claims))
        shares, days = self._shares, material.days[incident.id]
        sealed = not all(veil.is_open(source) for source in incident.sources)
        return {
            "place": _place(lat, lon, wide, exact=False, grid_m=audience.grid_m),
            "probability": probability_told(incident.probability),
            "accounts": accounts if accounts >= audience.min_count else None,
            "accounts_words": few(accounts, audience.min_count),
            "seen_share": self._seen.least(material.region_code(incident.region), *days),
            "origin_labels": list(self._labels.of(incident.origins)),
            "reasons": list(reasons_of(veil, self._shares, incident, finding, held)),
            "held": [
                {
                    "provision": plain(each.provision),
                    "outcome": each.outcome.value,
                    "share": shares.share(each),
                    "reasons": [] if sealed else list(shares.words(veil, each, each.reasons)),
                    "near_misses": []
                    if sealed
                    else list(shares.words(veil, each, each.near_misses)),
                }
                for each in held
            ],
        }

    def _exact(
        self, incident: Incident, finding: Finding | None, held: tuple[Assessment, ...]
    ) -> Body:
        material, zone, outlook = self._material, self._material.zone, self._outlook
        at = incident.place
        accounts = len(set(incident.claims))
        # Whom nobody but a source under seal names is under its seal, too.
        origins = [
            material.origins[o]
            for o in sorted(set(incident.origins))
            if o in material.origins
            and any(self._veil.is_open_claim(claim) for claim in material.origins[o].claims)
        ]
        reports = {material.claims[c].report for c in incident.claims if c in material.claims}
        return {
            "place": _place(at.lat, at.lon, at.error_m, exact=True, grid_m=None),
            "earliest": at_offset(incident.when.earliest, zone),
            "latest": at_offset(incident.when.latest, zone),
            "probability": incident.probability,
            "accounts": accounts,
            "accounts_words": few(accounts, 0),
            "origin_labels": sorted(set(outlook.words(origin.label for origin in origins))),
            "seen_share": None if finding is None else finding.seen_share,
            "reasons": [] if finding is None else outlook.words(finding.reasons),
            "why_joined": outlook.words(incident.reasons),
            "terms": [
                {"name": one.name, "nats": one.nats, "words": outlook.words([one.words])[0]}
                for one in incident.terms
            ],
            "weapons": list(incident.weapons),
            "counts": values(incident.counts),
            "asked": finding is not None and finding.asked,
            "reviewed_by": [] if finding is None else list(finding.reviewed_by),
            "history": [] if finding is None else [self._said(one) for one in finding.said],
            "entries": sorted({i for r in reports for i in material.entries.get(r, ())}),
            "held": [
                {
                    "provision": each.provision,
                    "outcome": each.outcome.value,
                    "share": each.share,
                    "reasons": outlook.words(each.reasons),
                    "near_misses": outlook.words(each.near_misses),
                }
                for each in held
            ],
        }

    def _said(self, one: Said) -> Body:
        zone, names = self._material.zone, self._material.bodies
        return {
            "index": one.index,
            "at": at_offset(one.at, zone),
            "by": one.by,
            "what": one.what,
            "word": one.word,
            "words": self._outlook.words([one.words])[0],
            "of": names.get(one.of, one.of),
            "effect": one.effect.value,
            "why": self._outlook.words([one.why])[0],
            "standard": one.standard,
            "until": at_offset(one.until, zone),
            "late": one.late,
        }


def _place(lat: float, lon: float, error_m: float, *, exact: bool, grid_m: float | None) -> Body:
    return {"lat": lat, "lon": lon, "error_m": error_m, "exact": exact, "grid_m": grid_m}


def kind_name(kind: str) -> str:
    """The name of a kind of event; of one that the tree lacks its own word."""
    tree = kind_tree()
    return tree[kind].name if kind in tree else plain(kind)


def _account(outlook: Outlook, incident: Incident, claim: Claim) -> Draft:
    """One source's account. A source under seal is not named to those inside either."""
    material, zone, veil = outlook.material, outlook.material.zone, outlook.veil
    source = material.sources.get(claim.source)
    named = veil.is_open(claim.source)
    first, last = local_days(claim.when, zone)
    place = claim.place
    labels = [material.origins[o].label for o in material.voices.get(claim.id, ())]
    body: Body = {
        "id": claim.id,
        "incident": incident.id,
        "report": claim.report,
        "source": veil.name(claim.source),
        "source_id": claim.source if named else None,
        "source_kind": source.kind.value if source is not None and named else None,
        "kind": claim.kind,
        "kind_name": kind_name(claim.kind),
        "place": _place(place.lat, place.lon, place.error_m, exact=True, grid_m=None)
        if isinstance(place, Point)
        else None,
        "area": None if isinstance(place, Point) else plain(place.name or place.code),
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "earliest": at_offset(claim.when.earliest, zone),
        "latest": at_offset(claim.when.latest, zone),
        "text": claim.text if named and not veil.gives_away(claim.text) else "",
        "external_id": claim.external_id if named else None,
        "informants": [_informant(claim, at) for at in range(len(claim.attributions))]
        if named
        else [],
        "origin_labels": sorted(set(outlook.words(labels))) if named else [],
        "alleged": [material.bodies.get(party, party) for party in claim.alleged],
        "weapons": list(claim.weapons),
        "counts": values(claim.counts),
        "platform": None if claim.detection is None else plain(claim.detection.platform),
        "notes": outlook.words(claim.notes) if named else [],
        "entries": list(material.entries.get(claim.report, ())),
    }
    return Draft(sort="account", id=claim.id, exact=body)


def _informant(claim: Claim, at: int) -> Mapping[str, str | None]:
    said = claim.attributions[at]
    return {
        "outlet": said.outlet,
        "informant": said.informant,
        "headline": said.headline,
        "link": said.link,
    }
