"""What each source gives, as records: counts, reach, delays, availability, parameters in force."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from trucewatch.app.findings.symmetry import audit
from trucewatch.app.parameters.changing import in_force
from trucewatch.app.running import intakes
from trucewatch.app.web.composing.issuing import folders
from trucewatch.bulletins.redact_sources import local_days
from trucewatch.bulletins.views import Draft
from trucewatch.bulletins.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from trucewatch.app.web.composing.material import Material
    from trucewatch.model import Source

MARK = 0.98
"""The share of days that the best of its kind have data of each station for (CTBTO)."""


def feeds(material: Material) -> Iterator[Draft]:
    """A record for each source that may be named, for those inside as it is now.

    Anybody else is told what the newest bulletin of theirs says, as what has just come in is not
    for them yet. A source under seal has no record for anybody.
    """
    if material.sight.inside:
        yield from _now(material)
    else:
        yield from _published(material)


def symmetry(material: Material) -> Iterator[Draft]:
    """The symmetry audit, for those inside: rates of each party, what differs, what cannot be told.

    A rate of too few cases is None, and never a nought.
    """
    if not material.sight.inside:
        return
    found = audit(material.mission)
    for row in found["rows"]:
        name = f"{row['view']}.{row['party']}"
        yield Draft(sort="symmetry", id=name, exact={"id": name, **row})
    for row in found["differences"]:
        name = f"{row['view']}.{row['party']}.{row['measure']}"
        yield Draft(sort="comparison", id=name, exact={"id": name, **row})
    yield Draft(
        sort="audit",
        id="symmetry",
        exact={
            "id": "symmetry",
            "fewest": found["fewest"],
            "tests": found["tests"],
            "without": found["without"],
            "caveats": found["caveats"],
        },
    )


def _now(material: Material) -> Iterator[Draft]:
    counts = intakes(material.mission)
    rates = {row["source"]: row for row in in_force(material.mission)["sources"]}
    reach = {one.source: one for one in material.situation.coverage.sources}
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record in material.situation.quarantined:
        reasons[record.source][plain(record.reason)] += 1
    days = availability(material)
    for name, source in sorted(material.configuration.sources.items()):
        if source.sealed:
            continue
        cover = reach.get(name)
        intake = counts.get(name, {})
        yield _draft(
            name,
            {
                **_registered(source, material),
                **{key: intake.get(key, 0) for key in _COUNTS},
                "claims": cover.claims if cover else 0,
                "regions": len(cover.regions) if cover else 0,
                "first_day": _iso(cover.first_day if cover else None),
                "last_day": _iso(cover.last_day if cover else None),
                "delay_days_median": cover.delay_days_median if cover else None,
                "delay_days_max": cover.delay_days_max if cover else None,
                "reasons": [
                    {"reason": reason, "records": count}
                    for reason, count in sorted(reasons[name].items())
                ],
                "availability": days.get(name),
                "parameters": {key: rates[name][key] for key in (*_RATES, "came")},
                "as_of": None,
            },
        )


_COUNTS = ("received", "accepted", "duplicate", "quarantined", "erased")
_RATES = ("detection", "false_share", "place_scale", "tau_days", "coverage")


def _draft(name: str, body: Mapping[str, Any]) -> Draft:
    return Draft(sort="feed", id=name, exact={"id": name, **body})


def _registered(source: Source, material: Material) -> dict[str, Any]:
    parties = {one.id: plain(one.name) for one in material.configuration.agreement.parties}
    return {
        "name": plain(source.name),
        "kind": source.kind.value,
        "watches": source.kind.watches,
        "party": None if source.party is None else parties.get(source.party, source.party),
        "owner": plain(source.owner or ""),
        "licence": plain(source.licence),
        "citation": plain(source.citation),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def availability(material: Material) -> dict[str, dict[str, Any]]:
    """For each source that watches: on how many days, of those it spans, anything of it speaks.

    A satellite that detects nothing leaves no trace, so the share is a lower bound. What lies
    before the first day and after the last is no part of it: `after` counts the days that the
    mission has looked at since.
    """
    found: defaultdict[str, set[date]] = defaultdict(set)
    watching = {name for name, one in material.configuration.sources.items() if one.kind.watches}
    spans = [(one.source, one.when) for one in material.situation.claims]
    spans += [(one.source, one.when) for one in material.situation.coverage.watches]
    zone: Any = material.zone
    for source, when in spans:
        if source in watching and when.length < timedelta(days=3):
            first, last = local_days(when, zone)
            found[source] |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    looked = {one.day for one in material.situation.coverage.region_days}
    rows = {}
    for source, days in found.items():
        first, last = min(days), max(days)
        span = (last - first).days + 1
        rows[source] = {
            "days": len(days),
            "of": span,
            "share": round(len(days) / span, 4),
            "meets": len(days) >= MARK * span,
            "first_day": first.isoformat(),
            "last_day": last.isoformat(),
            "missing": [
                day.isoformat()
                for n in range(span)
                if (day := first + timedelta(days=n)) not in days
            ],
            "after": sum(day > last for day in looked),
        }
    return rows


def _published(material: Material) -> Iterator[Draft]:
    """The sources as the newest bulletin for this audience has them; none before the first."""
    bulletin = _newest(material)
    if bulletin is None:
        return
    identifier, body = bulletin
    faults: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in body["faults"]:
        faults[one["source"]].append({"reason": one["reason"], "records": one["records"]})
    for row in body["contributions"]:
        name = hashlib.sha256(f"{row['name']}\0{row['citation']}".encode()).hexdigest()[:12]
        yield _draft(
            f"feed-{name}",
            {
                "name": row["name"],
                "kind": row["kind"],
                "party": row["party"] or None,
                "owner": "",
                "licence": row["licence"],
                "citation": row["citation"],
                "distinct": row["distinct"],
                "accepted": row["accepted"],
                "quarantined": row["quarantined"],
                "claims": row["claims"],
                "regions": row["regions"],
                "first_day": row["first_day"],
                "last_day": row["last_day"],
                "delay_days_median": row["delay_days_median"],
                "delay_days_max": row["delay_days_max"],
                "reasons": faults[row["name"]],
                "as_of": identifier,
            },
        )


def _newest(material: Material) -> tuple[str, dict[str, Any]] | None:
    """The bulletin of this audience that was sealed last, whole as it was sealed."""
    mission, mine = material.mission, dict(folders(material))
    for entry in reversed(mission.in_force().seals):
        folder = entry.name.partition("/")[0]
        audience = next((name for name, one in mine.items() if one == folder), None)
        if audience is None:
            continue
        seal = json.loads(mission.log.payload(entry.payload))
        name = next((one for one in seal["bodies"] if one.endswith(".json")), None)
        path = mission.folder / folder / (name or "")
        if name is None or not path.is_file():
            continue
        raw = path.read_bytes()
        if hashlib.sha256(raw).hexdigest() == seal["bodies"][name]:
            return f"{audience}.{name.removesuffix('.json')}", json.loads(raw)
    return None
