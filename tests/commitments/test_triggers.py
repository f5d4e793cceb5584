"""Which breaches count, which conditions open a step, and which approvals it lacks."""

from __future__ import annotations

import runpy
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import trucewatch.commitments.responses.breaches as counting
import trucewatch.commitments.responses.deciding as deciding
from trucewatch.agreements import AgreementTerms
from trucewatch.commitments import open_obligations, would_open
from trucewatch.model import (
    Act,
    Approval,
    Area,
    Body,
    Count,
    Drawn,
    Duty,
    Interval,
    Outcome,
    Pledge,
    Provision,
    Responsibility,
    State,
    Window,
    Zone,
)

PAPER = runpy.run_path(str(Path(__file__).with_name("ladder.py")))
Case, incident, finding, assessment, determined = (
    PAPER[n] for n in ("Case", "incident", "finding", "assessment", "determined")
)
AGREEMENT, TRIGGER, WARN, ACT, at, HOUR = (
    PAPER[n] for n in ("AGREEMENT", "TRIGGER", "WARN", "ACT", "at", "HOUR")
)
A = incident("a", 0)


def under(*steps, **trigger):
    return replace(AGREEMENT, triggers=(replace(TRIGGER, steps=steps or TRIGGER.steps, **trigger),))


def opened(*ones, agreement=AGREEMENT, findings=None, outcome=Outcome.BREACH, **more):
    return open_obligations(
        [assessment(one, outcome) for one in ones],
        ones,
        agreement,
        findings=[finding(one) for one in ones] if findings is None else findings,
        **{"terms": AgreementTerms(agreement), **more},
    )


@pytest.mark.parametrize(
    ("standard", "needed", "opens_at"),
    [
        ("none", (), {"reported", "corroborated", "verified"}),
        ("reasonable suspicion", (), {"reported", "corroborated", "verified"}),
        ("reasonable grounds to believe", (), {"corroborated", "verified"}),
        ("balance of probabilities", (), {"verified"}),
        ("clear and convincing", (), set()),
        ("reasonable suspicion", (("open", "balance of probabilities"),), {"verified"}),
        ("balance of probabilities", (("open", "none"),), {"verified"}),
    ],
)
def test_a_finding_must_reach_the_standard_that_the_step_needs(standard, needed, opens_at):
    agreement = replace(under(replace(WARN, standard=standard)), needed=needed)
    found = {
        state.value
        for state in State
        if opened(A, agreement=agreement, findings=[finding(A, state)])
    }
    assert found == opens_at


def test_a_later_step_waits_for_its_own_standard():
    agreement = under(WARN, replace(ACT, standard="balance of probabilities"))
    assert [one.step for one in opened(A, agreement=agreement)] == ["warn"]
    sure = opened(A, agreement=agreement, findings=[finding(A, State.VERIFIED)])
    assert [one.step for one in sure] == ["warn", "act"]


def test_a_trigger_asks_for_kinds_window_and_counts():
    assert opened(A, agreement=under(kinds=("shelling",)))
    assert not opened(A, agreement=under(kinds=("drone_overflight",)))
    assert opened(A, agreement=under(window=Window(at(0), at(1))))
    # Half of its time lies outside: that is not certain, and starts nothing.
    assert not opened(incident("a", 0, 2), agreement=under(window=Window(at(0), at(1))))
    some = under(at_least=(("killed", 5),), within=48 * HOUR)
    told = [
        replace(incident(name, hour), counts=(Count(what="killed", best=9, low=low),))
        for name, hour, low in (("a", 0, 3), ("b", 5, None), ("c", 9, 2))
    ]
    assert not opened(*told[:2], agreement=some)
    assert opened(*told, agreement=some)[0].opened == at(9)


def test_a_trigger_that_names_a_party_waits_for_a_body():
    agreement = under(by=("south",))
    said = replace(
        finding(A), responsibility=Responsibility.DETERMINED, party="south", body="commission"
    )
    assert opened(A, agreement=agreement, findings=[said])
    for other in (
        finding(A),
        replace(said, party="north"),
        replace(said, body=None),
        replace(said, responsibility=Responsibility.WITHHELD),
    ):
        assert not opened(A, agreement=agreement, findings=[other])


def test_a_trigger_that_names_no_provision_means_all_of_the_agreement():
    assert not opened(A, agreement=under(provisions=("P2",)))
    assert not opened(A, agreement=under(provisions=()))  # and the agreement has none
    term = Provision(
        id="P1",
        instrument="text",
        duty=Duty.FORBID,
        kinds=("shelling",),
        parties=(),
        zones=(),
        window=Window(None, None),
        exceptions=(),
        words="no shelling",
        source="page 1",
    )
    assert opened(A, agreement=replace(under(provisions=()), provisions=(term,)))


def square(lon: float) -> Zone:
    edge = ((lon, 47.9), (lon + 0.2, 47.9), (lon + 0.2, 48.1), (lon, 48.1), (lon, 47.9))
    area = Area(code="Z", name="Z", polygons=((edge,),))
    return Zone(code="Z", name="Z", drawn=Drawn.POLYGON, area=area)


def test_a_trigger_asks_where_and_what_is_on_the_edge_starts_nothing():
    for lon, opens in ((36.9, True), (37.0, False), (37.5, False)):
        agreement = replace(under(zones=("Z",)), zones=(square(lon),))
        assert bool(opened(A, agreement=agreement)) is opens


def test_conditions_are_read_and_what_they_cannot_tell_opens_nothing():
    for condition, opens in (
        ("kind == 'mortar'", True),
        ("killed > 3", False),  # nobody said how many
        ("region == 'X'", False),
        ("origins >= 2", True),
    ):
        assert bool(opened(A, agreement=under(condition=condition))) is opens, condition


def test_if_fighting_goes_on():
    second = replace(ACT, clock=WARN.clock, after=72 * HOUR, condition="breaches > 0")
    going_on = under(WARN, second, within=72 * HOUR)
    assert [one.step for one in opened(A, agreement=going_on)] == ["warn"]
    # A breach while the first step runs: it opens when that step runs out.
    found = opened(A, incident("b", 10), agreement=going_on)
    assert [(one.step, one.opened, one.due) for one in found] == [
        ("warn", at(0), at(24)),
        ("act", at(24), at(72)),
    ]
    # The next breach comes after that: the step opens with it.
    late = opened(A, incident("b", 30), agreement=going_on)
    assert [(one.step, one.opened) for one in late] == [("warn", at(0)), ("act", at(30))]
    # One after the window begins a response of its own, and adds nothing to the first.
    other = opened(A, incident("b", 72), agreement=going_on)
    assert [(one.step, one.opened) for one in other] == [("warn", at(0)), ("warn", at(72))]
    # Whether this one came before or after the first cannot be told.
    assert len(opened(A, incident("b", -2, 9), agreement=going_on)) == 1


@pytest.mark.parametrize(
    ("condition", "opens"),
    [
        ("breaches >= 2", 40),
        ("killed >= 5", 40),
        ("wounded > 0", 40),
        ("regions == 1", 24),
        ("regions > 1", 40),
        ("hours >= 30.0", 40),
        ("determined", None),
        ("attributed", None),
    ],
)
def test_the_facts_of_a_step(condition, opens):
    told = [
        replace(one, region=region, counts=counts)
        for one, region, counts in (
            (incident("b", 10), "R1", (Count(what="killed", best=4, low=3),)),
            (
                incident("c", 40),
                "R2",
                (Count(what="killed", best=4, low=2), Count(what="wounded", best=None, low=1)),
            ),
        )
    ]
    agreement = under(WARN, replace(ACT, condition=condition), within=72 * HOUR)
    found = [one.opened for one in opened(A, *told, agreement=agreement) if one.step == "act"]
    assert found == ([] if opens is None else [at(opens)])


def test_a_condition_on_the_determination_opens_with_it():
    agreement = under(WARN, replace(ACT, condition="determined && hours >= 24.0"))
    case = Case((A,), agreement)
    case.enter(40, determined(A))
    found = opened(A, agreement=agreement, decisions=case.log)
    assert [(one.step, one.opened) for one in found] == [("warn", at(0)), ("act", at(40))]


def test_nobody_reads_is_no_answer():
    for agreement in (under(condition="true"), under(zones=("Z",))):
        with pytest.raises(ValueError, match="nobody"):
            opened(A, agreement=agreement, terms=counting.UNREAD)


def pledge(by: str, *approvals: Approval) -> Pledge:
    return Pledge(
        id=f"p-{by}-{len(approvals)}",
        by=by,
        priority="response-to-aggression",
        what="to act",
        stage="announced",
        standing="reported",
        said=None,
        low=None,
        high=None,
        unit=None,
        caveats=(),
        source="page 9",
        approvals=approvals,
    )


def approval(state: str, hour: float | None = 1, body: str = "assembly") -> Approval:
    said = None if hour is None else Interval.instant(at(hour))
    return Approval(body=body, kind="vote", state=state, said=said, source="gazette")


@pytest.mark.parametrize(
    ("approvals", "missing"),
    [
        ((), ("assembly of north: not on record",)),
        ((approval("promised", None),), ("assembly of north: promised",)),
        ((approval("granted"),), ()),
        ((approval("granted", None),), ("assembly of north: not on record",)),
        ((replace(approval("granted"), source=""),), ("assembly of north: not on record",)),
        ((approval("refused"),), ("assembly of north: refused",)),
        ((approval("refused", 1), approval("granted", 2)), ()),
        ((approval("granted", 1), approval("refused", 2)), ("assembly of north: refused",)),
        (
            (approval("granted"), approval("refused")),
            ("assembly of north: granted and refused",),
        ),
        ((approval("granted", body="senate"),), ("assembly of north: not on record",)),
    ],
)
def test_only_an_approval_that_is_on_record_is_one(approvals, missing):
    agreement = under(replace(WARN, approval=("assembly",)))
    (found,) = opened(A, agreement=agreement, pledges=[pledge("north", *approvals)])
    assert found.missing == missing
    (other,) = opened(A, agreement=agreement, pledges=[pledge("south", approval("granted"))])
    assert other.missing == ("assembly of north: not on record",)


def test_an_assembly_is_asked_of_its_own_state_alone():
    step = replace(WARN, duty_of=("north", "south"), approval=("assembly", "council"))
    bodies = (
        Body(id="assembly", name="Assembly", decides=("approval",), members=("south",)),
        Body(id="council", name="Council", decides=("approval",), members=("east",)),
    )
    agreement = replace(under(step), bodies=bodies)
    (found,) = opened(A, agreement=agreement)
    assert found.missing == ("assembly of south: not on record", "council: not on record")


def test_what_an_incident_would_open():
    two = under(WARN, count=2)
    b = incident("b", 3)
    ones, findings = [A, b], [finding(A), finding(b, State.ALLEGATION)]
    held = [assessment(A), assessment(b, Outcome.UNDETERMINED)]
    would = would_open(b, held, ones, two, findings=findings)
    assert would.assumed == ("P1",)
    assert [(one.step, one.incidents) for one in would.opens] == [("warn", ("inc-a", "inc-b"))]
    assert (would.joins, would.now) == ((), "it is allegation, and opens nothing")
    outside = would_open(b, [held[0], assessment(b, Outcome.OUTSIDE)], ones, two, findings=findings)
    assert (outside.assumed, outside.opens) == ((), ())
    one_is_enough = would_open(b, held, ones, under(WARN), findings=findings)
    assert (len(one_is_enough.opens), len(one_is_enough.joins)) == (0, 1)


def test_what_came_earlier_joins_a_response_and_opens_none():
    b = incident("0", -2)
    ones, findings = [A, b], [finding(A), finding(b, State.ALLEGATION)]
    held = [assessment(A), assessment(b)]
    would = would_open(b, held, ones, under(WARN), findings=findings)
    assert (len(would.opens), [one.opened for one in would.joins]) == (0, [at(-2)])


def test_a_day_is_24_hours_when_the_clocks_change():
    """29 March 2026 has 23 hours in Paris; 24 hours are 24 hours, in any zone."""
    (found,) = opened(incident("a", 30), agreement=under(WARN))
    paris = ZoneInfo("Europe/Paris")
    local = [one.astimezone(paris) for one in (found.opened, found.due)]
    assert [f"{one:%d %H:%M %Z}" for one in local] == ["28 19:00 CET", "29 20:00 CEST"]
    assert found.due - found.opened == 24 * HOUR


def test_the_guard_on_who_decides_bites(monkeypatch):
    """The saboteur: without it a stranger takes what is the commission's to take."""
    case = Case((A,))
    case.decide(5, "warn", Act.TAKE, by="guest", body="harbour")
    assert case.step("warn").progress.value == "open"
    assert "commission decides" in case.step("warn").history[1].void
    monkeypatch.setattr(deciding, "why_void", lambda *_: "")
    assert case.step("warn").progress.value == "taken"


def test_a_body_that_may_not_decide_on_obligations_does_not():
    body = Body(id="commission", name="Commission", decides=("breach",))
    case = Case((A,), replace(AGREEMENT, bodies=(body,)))
    case.decide(5, "warn", Act.TAKE)
    assert case.step("warn").progress.value == "open"
    deaf = replace(body, decides=("obligation",))
    case = Case((A,), replace(AGREEMENT, bodies=(deaf,)))
    case.enter(5, determined(A))
    assert case.step("warn").timers[1].start is None
