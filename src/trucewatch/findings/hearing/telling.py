"""Every entry on a finding, as it is printed beside it: those that count for nothing, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.model import (
    Attributed,
    Determination,
    Dissent,
    Effect,
    Notified,
    Reply,
    Review,
    Said,
    Separated,
    TakenBack,
    United,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from trucewatch.findings.hearing.cases import Case, Heard
    from trucewatch.model import Entered


def tell(
    case: Case, spoken: Entered | None, *, holds: bool, regrouped: Mapping[int, Effect]
) -> tuple[Said, ...]:
    """The entries of a case in the order of the log.

    `spoken` is the last word on who did it, and `holds` whether it names somebody now. `regrouped`
    says what has come of splits and merges, by log index.
    """
    effects = {**regrouped, **case.bench.effects}
    effects |= _of_attributions(case, spoken, holds=holds)
    effects |= _of_determinations(case)
    deadlines: dict[str, datetime] = {}
    told = []
    for one in case.heard:
        decision = one.entered.decision
        if isinstance(decision, Notified) and one.counts:
            deadlines[decision.party] = decision.deadline
        told.append(_said(one, effects, deadlines))
    return tuple(told)


def _of_attributions(case: Case, spoken: Entered | None, *, holds: bool) -> dict[int, Effect]:
    found = {
        one.entered.index: Effect.SUPERSEDED
        for one in case.heard
        if one.counts and isinstance(one.entered.decision, Attributed)
    }
    if spoken is not None and isinstance(spoken.decision, Attributed):
        withholds = spoken.decision.party is None
        found[spoken.index] = Effect.HOLDS if holds or withholds else Effect.RECORDED
    return found


def _of_determinations(case: Case) -> dict[int, Effect]:
    """Of each body the last word on each provision holds."""
    found: dict[int, Effect] = {}
    last: dict[tuple[str, str], int] = {}
    for one in case.heard:
        decision = one.entered.decision
        if one.counts and isinstance(decision, Determination):
            key = decision.body, decision.provision
            if key in last:
                found[last[key]] = Effect.SUPERSEDED
            last[key] = one.entered.index
            found[one.entered.index] = Effect.HOLDS
    return found


def _said(one: Heard, effects: Mapping[int, Effect], deadlines: Mapping[str, datetime]) -> Said:
    entered = one.entered
    why = one.void
    if one.part_of:
        why = f"said of what has been split since; it holds for {one.part_of}"
    what, word, words, of, standard = _gist(entered)
    until = None
    if isinstance(entered.decision, Reply | Notified):
        until = deadlines.get(entered.decision.party)
    return Said(
        index=entered.index,
        at=entered.at,
        by=entered.by if entered.person is None else entered.person.name,
        what=what,
        word=word,
        words=words,
        of=of,
        effect=Effect.VOID if one.void else _effect(one, effects),
        why=why,
        standard=standard,
        until=entered.decision.deadline if isinstance(entered.decision, Notified) else until,
    )


def _effect(one: Heard, effects: Mapping[int, Effect]) -> Effect:
    return Effect.RECORDED if one.part_of else effects.get(one.entered.index, Effect.RECORDED)


def _gist(entered: Entered) -> tuple[str, str, str, str, str]:
    """The sort of entry, its gist, its words, who speaks through it, and its standard of proof."""
    decision = entered.decision
    if isinstance(decision, Review):
        of = "" if decision.other is None else f" of {decision.other}"
        return "review", f"{decision.ruling}{of}", decision.reason, "", ""
    if isinstance(decision, Separated):
        word = f"{len(decision.part)} of {len(decision.claims)} claims apart"
        return "split", word, decision.reason, "", ""
    if isinstance(decision, United):
        return "merge", f"{decision.incident} with {decision.other}", decision.reason, "", ""
    if isinstance(decision, TakenBack):
        return "undo", f"of log entry {decision.entry}", decision.reason, "", ""
    if isinstance(decision, Determination):
        word = f"{'breach' if decision.breach else 'no breach'} of {decision.provision}"
        return "determination", word, decision.reason, decision.body, decision.standard
    if isinstance(decision, Attributed):
        word = "withheld" if decision.party is None else f"{decision.how}: {decision.party}"
        return "attribution", word, decision.reason, decision.body, decision.standard
    if isinstance(decision, Notified):
        return "notified", decision.party, "", decision.party, ""
    if isinstance(decision, Reply):
        return "reply", decision.party, decision.words, decision.party, ""
    if isinstance(decision, Dissent):
        return "dissent", decision.state, decision.words, decision.state, ""
    raise TypeError(f"{type(decision).__name__} is no entry on a finding")
