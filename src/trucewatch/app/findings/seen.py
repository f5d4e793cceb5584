"""What somebody had before them when they decided, held against what there is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.listing import current
from trucewatch.errors import Refused
from trucewatch.findings import hear, placed
from trucewatch.model import Review, Ruling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trucewatch.app.mission import Mission
    from trucewatch.model import Entered, Incident, Said

_TOLD = 3
"""So many accounts are named that came or went; of more their number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The accounts of an incident, and the log entries of people on it, as somebody saw them."""

    claims: frozenset[str]
    entries: frozenset[int]

    @classmethod
    def of(cls, claims: Iterable[str], entries: Iterable[int]) -> Seen:
        """From any order of either."""
        return cls(claims=frozenset(claims), entries=frozenset(entries))


class Stale(Refused):
    """What somebody decided on has changed since they looked; nothing was entered.

    `changes` say how, in sentences; `now` is what they must look at before they decide again.
    `other` is the second incident of a merge where that is the one they must look at.
    """

    def __init__(self, changes: tuple[str, ...], now: Seen, *, other: str = "") -> None:
        told = " ".join(changes)
        super().__init__(told if other else f"it has changed since you looked: {told}")
        self.changes = changes
        self.now = now
        self.other = other


class Repeated(Refused):
    """Somebody said again what they have said of the very same accounts; nothing was entered."""


def seen_now(mission: Mission, incident: Incident) -> Seen:
    """What there is to see of an incident now: by the last run, and by the log as it stands."""
    return Seen.of(incident.claims, (one.index for one in said_on(mission, incident)))


def said_on(mission: Mission, incident: Incident) -> tuple[Said, ...]:
    """All that people entered on an incident, what came after the last run included."""
    derived, configuration = current(mission), mission.configuration()
    (heard,) = hear(
        [one for one in derived.findings if one.incident == incident.id],
        derived.incidents,
        mission.decisions(),
        agreement=configuration.agreement,
        two_person=configuration.mission.review.two_person,
    )
    return heard.said


def check_seen(mission: Mission, incident: Incident, seen: Seen) -> None:
    """Raise `Stale` where accounts or entries have come, or gone, since somebody looked."""
    said = said_on(mission, incident)
    now = Seen.of(incident.claims, (one.index for one in said))
    changes = tuple(_changes(seen, now, said))
    if changes:
        raise Stale(changes, now)


def check_other(mission: Mission, incident: Incident, seen: Seen | None) -> None:
    """The same for the other incident of a merge; `Stale`, too, for one nobody looked at: None."""
    said = said_on(mission, incident)
    now = Seen.of(incident.claims, (one.index for one in said))
    if seen is None:
        raise Stale((f"You have not looked at {incident.id} yet.",), now, other=incident.id)
    changes = tuple(_changes(seen, now, said))
    if changes:
        first = f"{incident.id} has changed since you looked."
        raise Stale((first, *changes), now, other=incident.id)


def _changes(seen: Seen, now: Seen, said: tuple[Said, ...]) -> Iterator[str]:
    if come := now.claims - seen.claims:
        yield f"{_accounts(come)} joined it."
    if gone := seen.claims - now.claims:
        yield f"{_accounts(gone)} left it."
    for one in said:
        if one.index not in seen.entries:
            gist = one.word if one.what == "review" else one.what
            yield f"{one.by} entered {gist} (log entry {one.index})."
    for index in sorted(seen.entries - now.entries):
        yield f"Log entry {index} no longer speaks of it."


def _accounts(claims: frozenset[str]) -> str:
    if len(claims) > _TOLD:
        return f"{len(claims)} accounts have"
    return f"{' and '.join(sorted(claims))} {'has' if len(claims) == 1 else 'have'}"


def check_new(mission: Mission, incident: Incident, ruling: Ruling, *, by: str, other: str) -> None:
    """Repeated where somebody says again what they have said of the very same accounts.

    Of two who must rule alike nobody is both, and a button that was pressed twice rules once.
    """
    word = standing_word(mission, incident, by=by)
    if word is None or ruling is Ruling.ASK:
        return
    decision = word.decision
    if (
        isinstance(decision, Review)
        and (decision.ruling, decision.other or "") == (ruling, other)
        and frozenset(decision.claims) == frozenset(incident.claims)
    ):
        two = mission.configuration().mission.review.two_person
        second = "; the second of two must be somebody else" if two else ""
        raise Repeated(f"you have said {ruling.value} already (log entry {word.index}){second}")


def standing_word(mission: Mission, incident: Incident, *, by: str) -> Entered | None:
    """The last ruling of one person on an incident, if they have not taken it back."""
    found = placed(
        current(mission).incidents,
        mission.decisions(),
        agreement=mission.configuration().agreement,
    )
    last: Entered | None = None
    for one in found:
        decision = one.decision
        if not isinstance(decision, Review) or (one.by, decision.incident) != (by, incident.id):
            continue
        if decision.ruling is not Ruling.ASK:
            last = None if decision.ruling is Ruling.RELEASE else one
    return last
