"""One finding, as the entries on it leave it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.findings.hearing.ladder import SETS
from trucewatch.findings.hearing.telling import tell
from trucewatch.findings.judging import NO_STANDARD, UNREVIEWED
from trucewatch.model import Attributed, Responsibility, State, content_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.findings.hearing.cases import Case
    from trucewatch.findings.hearing.ladder import Held
    from trucewatch.model import Effect, Entered, Finding

DID_NOT_HAPPEN = frozenset({State.REFUTED, State.DUPLICATE})
"""States in which nobody is held responsible, whatever a body said before."""


def heard(
    finding: Finding,
    case: Case,
    *,
    claims: frozenset[str],
    standards: Mapping[str, str],
    two_person: bool,
    regrouped: Mapping[int, Effect],
) -> Finding:
    """The finding after one case; `claims` are those that its incident has now.

    `regrouped` says what has come of splits and merges, by log index.
    """
    held = case.bench.held
    state = finding.state if held is None else SETS[held.ruling]
    spoken = _attributed(case)
    named = _word(spoken)
    if named is not None and state in DID_NOT_HAPPEN:
        named = None
    looked_at = [one.claims for one in held.given] if held is not None else []
    if named is not None:
        looked_at.append(frozenset(named.claims))
    new, gone = _changed(claims, looked_at)
    offices = {one.entered.by: _office(one.entered) for one in case.heard}
    by = () if held is None else tuple(sorted({offices[one.by] for one in held.given}))
    reasons = [one for one in finding.reasons if one != UNREVIEWED]
    reasons += _standing(case, state, by, offices, two_person=two_person)
    reasons += _since(new, gone)
    reasons.append(_responsible(spoken, named, state))
    changed = held is not None or named is not None
    return replace(
        finding,
        id=_id(finding, state, named) if changed else finding.id,
        state=state,
        provisional=held is None,
        responsibility=Responsibility.WITHHELD if named is None else Responsibility(named.how),
        standard=finding.standard if held is None else standards.get(state.value, NO_STANDARD),
        reasons=tuple(reasons),
        said=tell(case, spoken, holds=named is not None, regrouped=regrouped),
        stale=bool(new or gone),
        party=None if named is None else named.party,
        body=None if named is None else named.body,
        reviewed_by=by,
        duplicate_of=None if held is None else held.other,
        asked=case.bench.asked is not None,
    )


def _id(finding: Finding, state: State, named: Attributed | None) -> str:
    said = ["", ""] if named is None else [str(named.party), named.how]
    return content_id("fnd", [finding.id, state, *said])


def _attributed(case: Case) -> Entered | None:
    """The last word of a body on who did it, one that withholds it again included."""
    words = [
        one.entered
        for one in case.heard
        if one.counts and isinstance(one.entered.decision, Attributed)
    ]
    return words[-1] if words else None


def _word(spoken: Entered | None) -> Attributed | None:
    if spoken is None or not isinstance(spoken.decision, Attributed):
        return None
    return None if spoken.decision.party is None else spoken.decision


def _changed(claims: frozenset[str], looked_at: list[frozenset[str]]) -> tuple[int, int]:
    """How many accounts somebody had not seen who spoke, and how many are no longer here."""
    if not looked_at:
        return 0, 0
    seen = frozenset.intersection(*looked_at)
    return len(claims - seen), len(frozenset.union(*looked_at) - claims)


def _office(entered: Entered) -> str:
    return entered.by if entered.person is None else entered.person.name


def _standing(
    case: Case, state: State, by: tuple[str, ...], offices: Mapping[str, str], *, two_person: bool
) -> list[str]:
    """What the reviewers have come to, in words."""
    held, out = case.bench.held, []
    if held is not None:
        out.append(f"Reviewed: {state}, by {' and '.join(by)}.{_other(held)}")
    out += [
        f"One of two reviewers has said {one.ruling}: {offices[one.by]}."
        for one in case.bench.waiting
    ]
    if held is None:
        no = "no two reviewers have ruled alike" if two_person else "no ruling of a reviewer holds"
        out.append(f"Provisional: {no}.")
    if case.bench.asked is not None:
        out.append("A reviewer has asked for more, and has no answer yet.")
    return out


def _other(held: Held) -> str:
    return "" if held.other is None else f" The original is {held.other}."


def _since(new: int, gone: int) -> list[str]:
    out = []
    if new:
        have = "account has" if new == 1 else "accounts have"
        out.append(f"{new} {have} come since people spoke: it is to be looked at again.")
    if gone:
        was = "account that they looked at is" if gone == 1 else "accounts that they looked at are"
        out.append(f"{gone} {was} no longer part of it: it is to be looked at again.")
    return out


def _responsible(spoken: Entered | None, named: Attributed | None, state: State) -> str:
    if named is not None:
        return f"Attribution {named.how} by {named.body} ({named.standard}): {named.party}."
    if _word(spoken) is not None:
        return f"Attribution withheld: it is {state}."
    return "Attribution withheld."
