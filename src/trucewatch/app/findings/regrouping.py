"""Reviewers' word on which reports are one incident: split, merge, and what takes it back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from trucewatch.app.deciding import called
from trucewatch.app.findings.reviewing import enter_on, incident_of, words_of
from trucewatch.app.listing import current
from trucewatch.app.withdrawing import standing
from trucewatch.errors import NotFound, Refused
from trucewatch.incidents import inseparable
from trucewatch.model import (
    Claim,
    Incident,
    Nature,
    Report,
    Review,
    Ruling,
    Separated,
    TakenBack,
    United,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.app.mission import Mission
    from trucewatch.model import Entered

_DUPLICATE = "'review --ruling duplicate' says that it tells of the same"


def separate(
    mission: Mission,
    identifier: str,
    claims: Sequence[str],
    *,
    by: str,
    reason: str,
    expected_claims: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Enter that some claims of an incident tell of something else than the rest of it.

    A claim is named by a unique beginning of its id, a report by its own for all its claims here.
    `expected_claims` are those that the incident had when it was looked at: Refused where they are
    others now. Refused, too, for who may not, and where claims cannot be told apart.
    """
    mission.sync_settings()
    incident = incident_of(mission, identifier)
    as_looked_at(incident, expected_claims)
    part = _named(mission, incident, claims)
    if part == set(incident.claims):
        raise Refused("a split leaves something: it names some claims of the incident, not all")
    if incident.nature is Nature.STATIC_SOURCE:
        raise Refused(f"{incident.id} is a place that is always hot, and no event: nothing to part")
    for together, why in _inseparable(mission, [incident]):
        cut = together & part
        if cut and cut != together:
            rest = ", ".join(sorted(together - part))
            told = why or (
                "they are one account: revisions, copies, or pixels of one overpass that touch"
            )
            raise Refused(f"{', '.join(sorted(cut))} cannot be parted from {rest}: {told}")
    return enter_on(
        mission,
        Separated(
            incident=incident.id,
            claims=incident.claims,
            part=tuple(sorted(part)),
            reason=words_of(reason, "the reason"),
        ),
        by=by,
    )


def unite(
    mission: Mission,
    identifier: str,
    other: str,
    *,
    by: str,
    reason: str,
    expected_claims: Iterable[str] | None = None,
    expected_other: Iterable[str] | None = None,
) -> dict[str, Any]:
    """Enter that two incidents are one; it adds no origin, as those of both are counted anew.

    `expected_claims` and `expected_other` are the claims that each had when it was looked at.
    Refused where they are others now, for who may not, and for what is joined to nothing.
    """
    mission.sync_settings()
    incident, second = incident_of(mission, identifier), incident_of(mission, other)
    as_looked_at(incident, expected_claims)
    as_looked_at(second, expected_other)
    if incident.id == second.id:
        raise Refused(f"{identifier!r} and {other!r} are one incident already: {incident.id}")
    for one in (incident, second):
        if one.nature is Nature.STATIC_SOURCE:
            raise Refused(f"{one.id} is a place that is always hot, and no event to join")
    for together, why in _inseparable(mission, [incident, second]):
        if why:
            one = incident if together & {*incident.claims} else second
            raise Refused(f"{one.id} is joined to nothing: {why}; {_DUPLICATE}")
    return enter_on(
        mission,
        United(
            incident=incident.id,
            claims=incident.claims,
            other=second.id,
            other_claims=second.claims,
            reason=words_of(reason, "the reason"),
        ),
        by=by,
    )


def undo(mission: Mission, index: int, *, by: str, reason: str) -> dict[str, Any]:
    """Take back a split, a merge or a ruling by its log index; what was before it holds again.

    One takes back one's own, and the lead anybody's split or merge. A ruling is taken back by a
    release, which is of the last ruling of that person on the incident. NotFound where the entry is
    no decision; Refused where it is another one, or was taken back or superseded since.
    """
    mission.sync_settings()
    decisions = mission.decisions()
    entered = next((one for one in decisions if one.index == index), None)
    if entered is None:
        raise NotFound(f"log entry {index} is no decision of people")
    said = entered.decision
    reason = words_of(reason, "the reason")
    if isinstance(said, Review):
        return enter_on(mission, _release(mission, entered, said, decisions, by, reason), by=by)
    if not isinstance(said, Separated | United):
        what = called(said)
        raise Refused(f"log entry {index} ({what}) is no split, merge or ruling: enter a new one")
    if any(
        isinstance(one.decision, TakenBack) and one.decision.entry == index for one in decisions
    ):
        raise Refused(f"log entry {index} was taken back before")
    other = said.other_claims if isinstance(said, United) else ()
    return enter_on(
        mission,
        TakenBack(
            incident=said.incident,
            claims=tuple(sorted({*said.claims, *other})),
            entry=index,
            whose=entered.by,
            reason=reason,
        ),
        by=by,
    )


def _release(
    mission: Mission,
    entered: Entered,
    said: Review,
    decisions: Sequence[Entered],
    by: str,
    reason: str,
) -> Review:
    if entered.by != by:
        raise Refused(f"log entry {entered.index} is by {entered.by!r}: who ruled takes it back")
    if said.ruling in {Ruling.RELEASE, Ruling.ASK}:
        raise Refused(f"log entry {entered.index} ({said.ruling}) sets nothing to take back")
    home = _home(mission, said.claims)
    later = [
        one.index
        for one in decisions
        if one.index > entered.index
        and one.by == by
        and isinstance(one.decision, Review)
        and one.decision.ruling is not Ruling.ASK
        and _home(mission, one.decision.claims) == home
    ]
    if home is None:
        raise Refused(f"no report stands any more on what log entry {entered.index} ruled on")
    if later:
        raise Refused(f"log entry {entered.index} is superseded by {by!r} in log entry {later[-1]}")
    incident = mission.store.incident(home)
    return Review(
        incident=incident.id, claims=incident.claims, ruling=Ruling.RELEASE, reason=reason
    )


def _home(mission: Mission, claims: Iterable[str]) -> str | None:
    """The incident of the last run that holds most of some claims, as the hearing finds it."""
    homes = {claim: one.id for one in current(mission).incidents for claim in one.claims}
    held = Counter(homes[claim] for claim in claims if claim in homes)
    return min(held, key=lambda name: (-held[name], name), default=None)


def as_looked_at(incident: Incident, expected: Iterable[str] | None) -> None:
    """Refused where an incident has other claims than somebody saw who now decides on it."""
    if expected is None:
        return
    seen, now = set(expected), set(incident.claims)
    if seen != now:
        raise Refused(
            f"{incident.id} has changed since you looked at it: {len(now - seen)} claims came and "
            f"{len(seen - now)} went. Look again; nothing was entered"
        )


def _named(mission: Mission, incident: Incident, names: Sequence[str]) -> set[str]:
    """The claims of the incident that are meant, each by a beginning of its id or its report's."""
    found: set[str] = set()
    for name in names:
        meant = [claim for claim in incident.claims if name and claim.startswith(name)]
        if not meant:
            meant = _of_report(mission, incident, name)
        elif len(meant) > 1:
            raise Refused(f"{len(meant)} claims of {incident.id} begin with {name!r}")
        if not meant:
            raise NotFound(f"{incident.id} has no claim {name!r} (it has: {_list(incident)})")
        found |= set(meant)
    if not found:
        raise Refused(f"name the claims that do not belong (it has: {_list(incident)})")
    return found


def _of_report(mission: Mission, incident: Incident, name: str) -> list[str]:
    try:
        report = mission.store.find(name)
    except NotFound:
        return []
    if not isinstance(report, Report):
        return []
    return [claim.id for claim in report.claims if claim.id in incident.claims]


def _list(incident: Incident) -> str:
    return ", ".join(incident.claims)


def _inseparable(
    mission: Mission, incidents: Sequence[Incident]
) -> tuple[tuple[frozenset[str], str], ...]:
    """What of the incidents nobody can part, found from their own claims alone."""
    wanted = {claim for one in incidents for claim in one.claims}
    claims: list[Claim] = [
        claim for report in standing(mission) for claim in report.claims if claim.id in wanted
    ]
    configuration = mission.configuration()
    return inseparable(
        claims,
        current(mission).origins,
        sources=configuration.sources,
        regions=configuration.agreement.regions,
        parameters=mission.parameters().parameters,
    )
