"""Who may say what of a finding. The shell refuses by the same rules that the hearing goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import (
    PROOF,
    Attributed,
    Determination,
    Dissent,
    Notified,
    Reply,
    Review,
    Ruling,
    Separated,
    TakenBack,
    United,
)

if TYPE_CHECKING:
    from trucewatch.model import Agreement, Decision, Person

REVIEWERS = frozenset({"reviewer", "lead"})
TELLERS = frozenset({"reviewer", "lead", "desk"})
"""Roles that may tell a party of a finding."""

LEAD = "lead"
DESK = "desk"
HOWS = ("assessed", "determined")


Regrouping = Separated | United | TakenBack
"""What people enter on which claims are one incident."""

OnFinding = Review | Regrouping | Determination | Attributed | Notified | Reply | Dissent
"""What people enter on a finding; each names an incident and the claims that it had."""


def objection(decision: Decision, person: Person | None, agreement: Agreement) -> str | None:
    """Why what somebody enters on a finding counts for nothing; None where it counts.

    `person` is whom the mission named at the time, None for nobody. A desk may write down what a
    party or a state has said, and nobody may rule, determine or attribute for another. None, too,
    for a decision that is not on a finding.
    """
    if not isinstance(decision, OnFinding):
        return None
    if person is None:
        return "the mission named nobody of that id at the time"
    if isinstance(decision, Review):
        return _review(decision, person, agreement)
    if isinstance(decision, Regrouping):
        return _regroups(decision, person)
    if isinstance(decision, Attributed | Determination):
        return _by_body(decision, person, agreement)
    if isinstance(decision, Notified):
        if not TELLERS.intersection(person.roles):
            return (
                f"{person.name} tells no party of a finding: a reviewer, the lead or the desk does"
            )
        return _no_party(decision.party, agreement)
    if isinstance(decision, Reply):
        return _reply(decision, person, agreement)
    return _dissent(decision, person, agreement)


def _review(review: Review, person: Person, agreement: Agreement) -> str | None:
    if not REVIEWERS.intersection(person.roles):
        return f"{person.name} reviews nothing: a reviewer or the lead does"
    if not review.reason.strip():
        return "a ruling has a reason"
    if review.ruling is Ruling.DUPLICATE and review.other in {None, review.incident}:
        return "a duplicate names the other incident"
    if review.ruling is Ruling.EXEMPT:
        bodies = _who_decide("exemption", agreement)
        if bodies and person.body not in bodies:
            return f"{person.name} exempts nothing: {_named(bodies, agreement)} decides exemptions"
    return None


def _regroups(decision: Regrouping, person: Person) -> str | None:
    if not REVIEWERS.intersection(person.roles):
        return f"{person.name} parts and joins nothing: a reviewer or the lead does"
    if not decision.reason.strip():
        return "what parts, joins or takes back has a reason"
    if isinstance(decision, Separated):
        part, whole = {*decision.part}, {*decision.claims}
        if not part or not part < whole:
            return "a split names some claims of the incident, and not all of them"
    if isinstance(decision, United) and (
        not decision.claims
        or not decision.other_claims
        or not {*decision.claims}.isdisjoint(decision.other_claims)
    ):
        return "a merge names two incidents with claims of their own"
    if isinstance(decision, TakenBack) and person.id != decision.whose and LEAD not in person.roles:
        return f"{person.name} takes back what they entered themselves; the lead may do so for all"
    return None


def _by_body(
    decision: Attributed | Determination, person: Person, agreement: Agreement
) -> str | None:
    on = "attribution" if isinstance(decision, Attributed) else "breach"
    bodies = _who_decide(on, agreement)
    if decision.body not in bodies:
        who = _named(bodies, agreement) if bodies else "no body named in the agreement"
        return f"{decision.body} does not decide on {on}: {who} does"
    if person.body != decision.body:
        return f"{person.name} does not speak for {decision.body}"
    if not decision.reason.strip():
        return "a word of a body has a reason"
    if isinstance(decision, Determination):
        if decision.provision not in {one.id for one in agreement.provisions}:
            return f"the agreement has no provision {decision.provision}"
        return _standard(decision.standard, None)
    if decision.party is None:
        return None
    if decision.how not in HOWS:
        return f"an attribution is {' or '.join(HOWS)}"
    return _no_party(decision.party, agreement) or _standard(
        decision.standard, dict(agreement.needed).get("attribute")
    )


def _standard(given: str, needed: str | None) -> str | None:
    """Why a standard of proof does not do; "none" never does."""
    if given not in PROOF[1:]:
        return f"{given!r} is no standard of proof; there are: {', '.join(PROOF[1:])}"
    if needed in PROOF and PROOF.index(given) < PROOF.index(needed):
        return f"the agreement asks for {needed!r}, and {given!r} is less"
    return None


def _reply(reply: Reply, person: Person, agreement: Agreement) -> str | None:
    if not reply.words.strip():
        return "a reply has words"
    if person.party != reply.party and DESK not in person.roles:
        return f"{person.name} does not speak for {reply.party}, and is no desk that writes it down"
    return _no_party(reply.party, agreement)


def _dissent(dissent: Dissent, person: Person, agreement: Agreement) -> str | None:
    if not dissent.words.strip():
        return "a dissent has words"
    if person.state == dissent.state:
        return None
    if DESK not in person.roles:
        return (
            f"{person.name} does not speak for {dissent.state}, and is no desk that writes it down"
        )
    states = {
        *agreement.guarantors,
        *(state for body in agreement.bodies for state in body.members),
    }
    if agreement.lead is not None:
        states.add(agreement.lead)
    if dissent.state not in states:
        return f"{dissent.state} takes no part in the agreement ({', '.join(sorted(states))})"
    return None


def _no_party(party: str, agreement: Agreement) -> str | None:
    parties = sorted(one.id for one in agreement.parties)
    return None if party in parties else f"{party} is no party ({', '.join(parties)})"


def _who_decide(on: str, agreement: Agreement) -> list[str]:
    return sorted(body.id for body in agreement.bodies if on in body.decides)


def _named(bodies: list[str], agreement: Agreement) -> str:
    names = {body.id: body.name for body in agreement.bodies}
    return " or ".join(f"{names[one]} ({one})" for one in bodies)
