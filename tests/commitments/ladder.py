"""A ladder of 24 and 72 hours on paper, and the entries that people make on it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from trucewatch.commitments import Evidence, as_of, open_obligations
from trucewatch.model import (
    Act,
    Agreement,
    Assessment,
    Body,
    Clock,
    Decided,
    Determination,
    Entered,
    Finding,
    Incident,
    Interval,
    Nature,
    Outcome,
    Person,
    Point,
    Responsibility,
    State,
    Step,
    Trigger,
    Window,
)

# Two days before the clocks of Europe/Paris go forward (29 March 2026, 02:00 to 03:00).
T0 = datetime(2026, 3, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

WARN = Step(
    id="warn",
    duty="warn",
    duty_of=("north",),
    decided_by="commission",
    clock=Clock.EVENT,
    after=24 * HOUR,
    standard="reasonable grounds to believe",
    standing="reported",
    source="page 5",
)
ACT = replace(
    WARN, id="act", duty="act", clock=Clock.DETERMINATION, after=24 * HOUR, follows="warn"
)
ALL = replace(WARN, id="all", duty="act together", after=72 * HOUR, follows="act")
TRIGGER = Trigger(
    id="ladder", provisions=("P1",), count=1, within=24 * HOUR, steps=(WARN, ACT, ALL), source="p"
)
AGREEMENT = Agreement(
    id="island",
    name="Island",
    parties=(),
    guarantors=("north", "south"),
    instruments=(),
    provisions=(),
    regions=(),
    zones=(),
    truce=Window(T0 - 1000 * HOUR, None),
    standards=(
        ("allegation", "none"),
        ("reported", "reasonable suspicion"),
        ("corroborated", "reasonable grounds to believe"),
        ("verified", "balance of probabilities"),
    ),
    bodies=(Body(id="commission", name="Commission", decides=("breach", "obligation")),),
    triggers=(TRIGGER,),
)
CLERK = Person(id="clerk", name="Clerk", roles=("lead",), body="commission")
ENVOY = Person(id="envoy", name="Envoy", roles=("observer",), state="north")
GUEST = Person(id="guest", name="Guest", roles=("analyst",), body="harbour")
PEOPLE = {one.id: one for one in (CLERK, ENVOY, GUEST)}


def at(hours: float) -> datetime:
    return T0 + hours * HOUR


def incident(name: str, start: float, end: float | None = None) -> Incident:
    return Incident(
        id=f"inc-{name}",
        nature=Nature.EVENT,
        kind="mortar",
        place=Point(48.0, 37.0, 100.0),
        when=Interval(at(start), at(start if end is None else end)),
        region=None,
        probability=0.9,
        claims=(f"clm-{name}",),
        sources=(),
        origins=(),
        observations=1,
        terms=(),
        reasons=(),
    )


def finding(one: Incident, state: State = State.CORROBORATED) -> Finding:
    return Finding(
        id=f"f-{one.id}",
        incident=one.id,
        state=state,
        provisional=True,
        responsibility=Responsibility.WITHHELD,
        standard="",
        independent_origins=2,
        probability=0.9,
        seen_share=None,
        reasons=(),
    )


def assessment(one: Incident, outcome: Outcome = Outcome.BREACH) -> Assessment:
    return Assessment(
        id=f"a-{one.id}",
        incident=one.id,
        finding=f"f-{one.id}",
        provision="P1",
        outcome=outcome,
        share=1.0,
        reasons=(),
        near_misses=(),
    )


def evidence(*ones: Incident, state: State = State.CORROBORATED) -> Evidence:
    return Evidence(
        assessments=tuple(assessment(one) for one in ones),
        incidents=ones,
        findings=tuple(finding(one, state) for one in ones),
    )


def determined(one: Incident, *, breach: bool = True, standard: str = WARN.standard):
    return Determination(
        body="commission",
        incident=one.id,
        claims=one.claims,
        provision="P1",
        breach=breach,
        standard=standard,
        reason="we have seen it",
    )


@dataclass
class Case:
    """A mission on paper: what is in evidence, and what people enter, in the log's order."""

    ones: tuple[Incident, ...]
    agreement: Agreement = AGREEMENT
    log: list[Entered] = field(default_factory=list)
    once: tuple[Incident, ...] | None = None
    losses: tuple = ()

    def opened(self, log: list[Entered] | None = None):
        log = self.log if log is None else log
        now = evidence(*self.ones)
        once = None if self.once is None else evidence(*self.once)
        return open_obligations(
            now.assessments,
            now.incidents,
            self.agreement,
            findings=now.findings,
            decisions=log,
            once=once,
            losses=self.losses,
        )

    def step(self, name: str):
        return next(one for one in self.opened() if one.step == name)

    def enter(self, hours: float, decision, by: str = "clerk") -> None:
        person = PEOPLE.get(by)
        self.log.append(
            Entered(index=len(self.log), at=at(hours), by=by, decision=decision, person=person)
        )

    def decide(
        self,
        hours: float,
        step: str,
        act: Act,
        *,
        until: float | None = None,
        by: str = "clerk",
        body: str = "commission",
    ) -> None:
        one = self.step(step)
        claims = tuple(c for i in self.ones for c in i.claims if i.id in one.incidents)
        self.enter(
            hours,
            Decided(
                body=body,
                obligation=one.id,
                act=act,
                reason="so decided",
                until=None if until is None else at(until),
                about=replace(one, history=()),
                claims=claims,
            ),
            by,
        )

    def table(self, hours: float) -> dict[str, tuple[str, float | None]]:
        """At that hour, each step's word and the hours left on the clock that counts."""
        found = {}
        for row in as_of(self.opened(), at(hours)):
            left = dict(row.left)[row.obligation.clock]
            found[row.obligation.step] = (row.word, None if left is None else left / HOUR)
        return found
