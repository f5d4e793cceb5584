"""The mission as a whole, how its truce holds, and its sources, on their way to the door."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from trucewatch.bulletins.holding import course_rows
from trucewatch.bulletins.redact_sources import contribution
from trucewatch.bulletins.saying import truce_words
from trucewatch.bulletins.views.door import Draft
from trucewatch.bulletins.views.values import at_offset, values
from trucewatch.bulletins.wording import plain, window_days
from trucewatch.model import Nature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.bulletins.views.material import Outlook
    from trucewatch.model import Quarantined, Rate

Body = dict[str, Any]
MISSION = "mission"
"""The id of the one record of the mission."""


def mission_drafts(outlook: Outlook) -> Iterator[Draft]:
    """The one record of the mission as a whole."""
    material, situation = outlook.material, outlook.material.situation
    agreement, zone = situation.agreement, material.zone
    known = outlook.incidents.values()
    events = [each for each in known if material.is_counted_event(each)]
    days = [day for each in known for day in material.days[each.id]]
    rates = [rate for rate in situation.compliance.rates if _may_know(outlook, rate)]
    told = {rate.period for rate in rates}
    evidence = situation.evidence
    # Of a truce that does not hold yet no hour is known: it has no beginning to print.
    truce = None if agreement.truce.empty else agreement.truce
    yield Draft(
        sort="mission",
        id=MISSION,
        exact={
            "id": MISSION,
            "name": plain(situation.mission),
            "exercise": situation.exercise,
            "zone": situation.zone,
            "agreement": plain(agreement.name),
            "parties": sorted(plain(party.name) for party in agreement.parties),
            "truce_words": truce_words(agreement.truce, zone),
            "truce_from": truce and at_offset(truce.start, zone),
            "truce_until": truce and at_offset(truce.end, zone),
            "first_day": min((day.isoformat() for day in days), default=None),
            "last_day": max((day.isoformat() for day in days), default=None),
            "incidents": len(events),
            "observations": sum(each.observations for each in events),
            "fires": sum(each.nature is Nature.FIRE for each in known),
            "static_sources": sum(each.nature is Nature.STATIC_SOURCE for each in known),
            "states": dict(sorted(Counter(_state(outlook, each.id) for each in events).items())),
            "rates": [
                {**values_of_rate(rate), "words": window_days(rate.window, zone)} for rate in rates
            ],
            "ratios": [
                values(ratio)
                for ratio in situation.compliance.ratios
                if {ratio.of, ratio.over} <= told
            ],
            "caveats": list(outlook.veil.free(sorted(set(situation.compliance.caveats)))),
            "others_not_named": any(source.sealed for source in situation.sources),
            "grid_m": None if outlook.sight.inside else outlook.audience.grid_m,
            "delay_hours": 0.0
            if outlook.sight.inside
            else outlook.audience.delay.total_seconds() / 3600,
            "min_count": 0 if outlook.sight.inside else outlook.audience.min_count,
            "audience": None if outlook.sight.inside else outlook.audience.name,
            "evidence_records": evidence.size,
            "evidence_root": evidence.root,
            "version": evidence.version,
        },
    )


def _state(outlook: Outlook, incident: str) -> str:
    finding = outlook.material.findings.get(incident)
    return "reported" if finding is None else finding.state.value


def _may_know(outlook: Outlook, rate: Rate) -> bool:
    """Whether all that a rate counts may be known of: it is told once its time is over."""
    if outlook.sight.live:
        return True
    end = rate.window.end
    return end is not None and end + outlook.audience.delay <= outlook.at


def values_of_rate(rate: Rate) -> Body:
    """A rate without its window, which is told in words."""
    return {
        "period": rate.period,
        "days": rate.days,
        "count": rate.count,
        "per_day": rate.per_day,
        "low": rate.low,
        "high": rate.high,
        "left_out": [plain(each) for each in rate.left_out],
    }


def holding_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each source that counts: whether the truce holds by what it counted."""
    zone = outlook.material.zone
    for course in sorted(
        set(outlook.material.situation.compliance.courses), key=lambda c: (c.source, c.what)
    ):
        end = course.window.end
        stated = any(each.stated for each in course.series)
        if not outlook.sight.inside and not stated:
            continue
        if not outlook.sight.live and (end is None or end + outlook.audience.delay > outlook.at):
            continue
        name = _short("holding", course.source, course.what)
        for row in course_rows([course], outlook.veil, zone):
            yield Draft(
                sort="holding",
                id=name,
                exact={
                    "id": name,
                    **values(row),
                    "from": at_offset(course.window.start, zone),
                    "until": at_offset(end, zone),
                    "series": [
                        {
                            "from": at_offset(one.when.earliest, zone),
                            "until": at_offset(one.when.latest, zone),
                            "count": one.count,
                            "seen": one.seen,
                            "stated": one.stated,
                        }
                        for one in course.series
                    ],
                },
                ended=end,
            )


def source_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each source that may be named; of the others only that there are some."""
    situation = outlook.material.situation
    parties = {party.id: plain(party.name) for party in situation.agreement.parties}
    named = outlook.sight.inside or outlook.audience.show_sources
    bodies = []
    for source in sorted(situation.sources, key=lambda s: s.id):
        if not outlook.veil.is_open(source.id):
            continue
        row = contribution(
            source,
            intake=[i for i in situation.intake if i.source == source.id],
            cover=next((c for c in situation.coverage.sources if c.source == source.id), None),
            party=parties.get(source.party or "", source.party or ""),
            name=outlook.veil.name(source.id),
            named=named,
        )
        bodies.append((source.id, values(row)))
    if not named:
        # An id would name it; the order of the rows tells nothing that the rows do not.
        bodies.sort(key=lambda each: repr(sorted(each[1].items())))
        bodies = [(f"source-{at}", body) for at, (_, body) in enumerate(bodies, start=1)]
    for name, body in bodies:
        yield Draft(sort="source", id=name, exact={"id": name, **body})


def quarantined_drafts(outlook: Outlook) -> Iterator[Draft]:
    """One draft for each reason why records of one source were kept out."""
    veil = outlook.veil
    groups: defaultdict[tuple[str, str], list[Quarantined]] = defaultdict(list)
    for each in sorted(set(outlook.material.situation.quarantined)):
        if veil.is_open(each.source) and not veil.gives_away(each.reason):
            groups[veil.name(each.source), plain(each.reason)].append(each)
    for (source, reason), found in sorted(groups.items()):
        name = _short("quarantined", source, reason)
        yield Draft(
            sort="quarantined",
            id=name,
            exact={
                "id": name,
                "source": source,
                "reason": reason,
                "records": len(found),
                "payloads": sorted({each.raw.payload for each in found}),
                "pointers": [each.raw.pointer for each in found[:MOST_POINTERS]],
            },
        )


MOST_POINTERS = 20
"""How many records that were kept out for one reason are pointed at."""


def _short(*parts: str) -> str:
    """A name for what has none of its own, made from what it is."""
    whole = "\x1f".join(parts).encode()
    return f"{parts[0][:3]}-{hashlib.sha256(whole).hexdigest()[:16]}"
