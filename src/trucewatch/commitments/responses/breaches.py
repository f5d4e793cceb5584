"""Which breaches count towards a trigger, and which of them make up one response."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from trucewatch.model import PROOF, Outcome, Responsibility, State, kind_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from trucewatch.model import Agreement, Assessment, Finding, Incident, Step, Trigger

ESTABLISHED = frozenset({State.REPORTED, State.CORROBORATED, State.VERIFIED})
"""The states whose breaches may count; what one side says of the other opens nothing."""

OPEN = "open"
"""What the agreement's `needed` calls the opening of an obligation."""

Fact = int | float | bool


class Terms(Protocol):
    """What the agreement's own language says, handed in by whoever can read it."""

    def share(self, incident: Incident, zones: Collection[str]) -> float:
        """The share, 0 to 1, of an incident's place that lies in any of the zones."""
        ...

    def asks_for(self, condition: str, incident: Incident, finding: Finding) -> bool | None:
        """Whether a trigger's condition holds of one incident; None where it cannot be told."""
        ...

    def holds(self, condition: str, facts: Mapping[str, Fact]) -> bool | None:
        """Whether a step's condition holds of a response; None where it cannot be told."""
        ...


class _Unread:
    """Stands in where nobody reads zones and conditions: what needs them must not be guessed."""

    def share(self, incident: Incident, zones: Collection[str]) -> float:
        """Refuses."""
        raise ValueError(f"nobody measures how {incident.id} lies to {', '.join(zones)}")

    def asks_for(self, condition: str, incident: Incident, finding: Finding) -> bool | None:
        """Refuses."""
        raise ValueError(f"nobody reads {condition!r} ({incident.id}, {finding.state})")

    def holds(self, condition: str, facts: Mapping[str, Fact]) -> bool | None:
        """Refuses."""
        raise ValueError(f"nobody reads {condition!r} (over {', '.join(facts)})")


UNREAD: Terms = _Unread()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One state of what was judged: incidents, their findings, and what they are by the terms.

    `reached` tells of an incident, by id and in order of time, what was judged of it from the
    records that were finding-grade by then; what it does not name waited for no witness.
    """

    assessments: tuple[Assessment, ...]
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    reached: Mapping[str, tuple[tuple[datetime, Evidence], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An incident that breaches what a trigger names, and the standard of proof it reaches."""

    incident: Incident
    rank: int
    provisions: frozenset[str]
    attributed: bool

    @property
    def counts_at(self) -> datetime:
        """When it has certainly happened: the end of its span."""
        return self.incident.when.latest

    @property
    def may_be_at(self) -> datetime:
        """The earliest that it can have happened."""
        return self.incident.when.earliest


@dataclass(slots=True)
class Response:
    """Breaches that met a trigger together (`met`), and those that followed within its window."""

    met: tuple[Breach, ...]
    moment: datetime
    earliest: datetime
    later: list[Breach] = field(default_factory=list)

    @property
    def founder(self) -> Breach:
        """The breach that the response is named by."""
        return self.met[0]

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """All of them."""
        return (*self.met, *self.later)

    @property
    def incidents(self) -> tuple[str, ...]:
        """The ids of their incidents, sorted."""
        return tuple(sorted(one.incident.id for one in self.breaches))


def rank(standard: str) -> int:
    """Where a standard of proof stands among the others; an unknown one meets nothing."""
    return PROOF.index(standard) if standard in PROOF else 0


def needed(step: Step, agreement: Agreement) -> int:
    """The standard that a breach must reach for a step: its own, and that of opening anything.

    "none" is nothing that was shown, so at least the lowest standard is needed.
    """
    return max(1, rank(step.standard), rank(dict(agreement.needed).get(OPEN, "none")))


def terms_of(trigger: Trigger, agreement: Agreement) -> tuple[str, ...]:
    """The provisions whose breaches count; all of them where the source names none."""
    return trigger.provisions or tuple(one.id for one in agreement.provisions)


def breaches(
    evidence: Evidence, agreement: Agreement, trigger: Trigger, terms: Terms
) -> tuple[Breach, ...]:
    """The breaches that a trigger asks for, by the time at which they count."""
    standards = dict(agreement.standards)
    findings = {one.id: one for one in evidence.findings}
    incidents = {one.id: one for one in evidence.incidents}
    breached: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    named = terms_of(trigger, agreement)
    for each in evidence.assessments:
        if each.outcome is Outcome.BREACH and each.provision in named:
            breached[each.incident, each.finding].add(each.provision)
    found = []
    for (incident, finding), provisions in breached.items():
        if incident not in incidents or finding not in findings:
            continue
        judged = findings[finding]
        reached = rank(standards.get(judged.state, "none"))
        if judged.state not in ESTABLISHED or not reached:
            continue
        if _asked_for(incidents[incident], judged, trigger, terms):
            found.append(
                Breach(
                    incident=incidents[incident],
                    rank=reached,
                    provisions=frozenset(provisions),
                    attributed=_attributed(judged),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.counts_at, one.may_be_at, one.incident.id)))


def _asked_for(incident: Incident, finding: Finding, trigger: Trigger, terms: Terms) -> bool:
    if incident.when.share_within(trigger.window) < 1:
        return False
    tree = kind_tree()
    if trigger.kinds and not any(tree.is_a(incident.kind, kind) for kind in trigger.kinds):
        return False
    if trigger.by and not (_attributed(finding) and finding.party in trigger.by):
        return False
    if trigger.zones and terms.share(incident, trigger.zones) < CERTAIN:
        return False
    return trigger.condition is None or (
        terms.asks_for(trigger.condition, incident, finding) is True
    )


def _attributed(finding: Finding) -> bool:
    """Whether a named body has said who did it."""
    return (
        finding.party is not None
        and finding.body is not None
        and finding.responsibility is not Responsibility.WITHHELD
    )


CERTAIN = 0.95
"""At least this share of a place in the trigger's zones: it lies in them (as for provisions)."""


def responses(ones: Iterable[Breach], trigger: Trigger) -> list[Response]:
    """The responses that breaches call for, in order of time; `ones` come sorted by `breaches`.

    A response begins when its trigger is met by breaches that certainly lie in one window with one
    another, each counted at the end of its span. What may have happened within one more such
    window belongs to it; only what certainly came later can open another.
    """
    made: list[Response] = []
    waiting: list[Breach] = []
    for breach in ones:
        if made and breach.may_be_at < made[-1].moment + trigger.within:
            made[-1].later.append(breach)
            continue
        waiting.append(breach)
        moment = breach.counts_at
        together = [one for one in waiting if one.may_be_at >= moment - trigger.within]
        if not _met(together, trigger):
            continue
        spans = sorted(one.may_be_at for one in together)
        made.append(Response(tuple(together), moment, spans[trigger.count - 1]))
        waiting = []
    return made


def _met(ones: Sequence[Breach], trigger: Trigger) -> bool:
    return len(ones) >= trigger.count and all(
        counted(ones, what) >= least for what, least in trigger.at_least
    )


def counted(ones: Iterable[Breach], what: str) -> int:
    """The least that the breaches' accounts give together; what nobody counted adds nothing."""
    return sum(
        count.low or 0 for one in ones for count in one.incident.counts if count.what == what
    )


def met_by(ones: Sequence[Breach], trigger: Trigger, since: Mapping[str, datetime]) -> datetime:
    """By when as many of a response's breaches were finding-grade as its trigger asks for.

    `since` says it of each incident; `ones` come sorted by `breaches` and meet the trigger together
    (ValueError otherwise). A further breach never makes it later: it only adds ways to meet it.
    """
    for at in sorted(set(since.values())):
        if responses((one for one in ones if since[one.incident.id] <= at), trigger):
            return at
    raise ValueError("these breaches do not meet the trigger")


class Tally:
    """What a step's condition may speak of: the breaches of a response since it began."""

    def __init__(self, response: Response) -> None:
        self._began = response.moment
        self._attributed = any(one.attributed for one in response.breaches)
        self._regions: set[str] = set()
        self._breaches = self._killed = self._wounded = 0

    def add(self, breach: Breach) -> None:
        """Count one more breach that came since."""
        self._breaches += 1
        self._killed += counted([breach], "killed")
        self._wounded += counted([breach], "wounded")
        if breach.incident.region is not None:
            self._regions.add(breach.incident.region)

    def facts(self, at: datetime, *, determined: bool) -> dict[str, Fact]:
        """The facts at a moment; `hours` run from the beginning of the response to it."""
        return {
            "breaches": self._breaches,
            "killed": self._killed,
            "wounded": self._wounded,
            "regions": len(self._regions),
            "hours": (at - self._began).total_seconds() / 3600,
            "determined": determined,
            "attributed": self._attributed,
        }
