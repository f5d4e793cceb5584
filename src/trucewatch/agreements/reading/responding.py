"""Bodies that decide, and the triggers and steps of a response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.agreements.conditions.compiling import EVENTS, RESPONSES
from trucewatch.agreements.moments import read_calendar
from trucewatch.agreements.reading.naming import check_zones
from trucewatch.model import ALWAYS, Body, Clock, Step, Trigger, kind_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import timedelta

    from trucewatch.agreements.reading.checks import Checks
    from trucewatch.agreements.reading.forms import BodyForm, StepForm, TriggerForm
    from trucewatch.agreements.reading.naming import Names
    from trucewatch.documents import Path

NO_HOUR = "none"


def read_bodies(
    forms: Sequence[BodyForm], check: Checks, others: Collection[str]
) -> tuple[Body, ...]:
    """The bodies in the order of the file; `others` are parties, guarantors and states."""
    for place, form in enumerate(forms):
        path: Path = ("bodies", place)
        if form.id in others:
            check.note((*path, "id"), f"{form.id!r} is a party, a guarantor or a state, too")
        check.known(form.members, others, (*path, "members"), "party, guarantor or state")
    return tuple(
        Body(
            id=form.id,
            name=form.name,
            decides=tuple(form.decides),
            members=tuple(form.members),
            standing=form.standing,
            source=form.source,
        )
        for form in forms
    )


def read_trigger(form: TriggerForm, path: Path, check: Checks, names: Names) -> Trigger:
    """One trigger with its steps, every name of it known."""
    check.known(form.provisions, names.provisions, (*path, "provisions"), "provision")
    check.known(form.kinds, frozenset(kind_tree()), (*path, "kinds"), "kind")
    check_zones(form.zones, (*path, "zones"), check, names)
    check.known(form.by, names.parties, (*path, "by"), "party")
    check.condition(form.condition, EVENTS, (*path, "condition"))
    ids = [step.id for step in form.steps]
    check.unique(ids, (*path, "steps"))
    _no_circle(form.steps, (*path, "steps"), check)
    least = form.at_least.model_dump(exclude_none=True)
    window = ALWAYS if form.window is None else check.window(form.window, (*path, "window"))
    return Trigger(
        id=form.id,
        provisions=tuple(form.provisions) or names.terms,
        count=form.count,
        within=check.length(form.within, (*path, "within")),
        steps=tuple(
            _step(step, (*path, "steps", place), check, names)
            for place, step in enumerate(form.steps)
        ),
        source=form.source,
        kinds=tuple(form.kinds),
        zones=tuple(form.zones),
        by=tuple(form.by),
        at_least=tuple(sorted(least.items())),
        window=window,
        condition=form.condition,
    )


def _step(form: StepForm, path: Path, check: Checks, names: Names) -> Step:
    check.known(form.duty_of, names.doers, (*path, "duty_of"), "party, guarantor, state or body")
    for name, field, what in (
        (form.decided_by, (*path, "decided_by"), "obligation"),
        *((one, (*path, "approval", n), "approval") for n, one in enumerate(form.approval)),
    ):
        check.one_of(name, names.bodies, field, "body; list it under bodies")
        if name in names.bodies and what not in names.bodies[name]:
            check.note(field, f"{name!r} does not decide on {what}: see its `decides`")
    check.condition(form.condition, RESPONSES, (*path, "condition"))
    after, calendar = _after(form.after, (*path, "after"), check)
    return Step(
        id=form.id,
        duty=form.duty,
        duty_of=tuple(form.duty_of),
        decided_by=form.decided_by,
        clock=Clock(form.clock),
        after=after,
        standard=form.standard,
        standing=form.standing,
        source=form.source,
        follows=form.follows,
        condition=form.condition,
        approval=tuple(form.approval),
        words=form.words,
        calendar=calendar,
    )


def _after(text: str, path: Path, check: Checks) -> tuple[timedelta | None, str | None]:
    """The length of time, and the zone whose days it counts where it counts calendar days."""
    if text == NO_HOUR:
        return None, None
    days = read_calendar(text)
    if days is None:
        return check.length(text, path), None
    if check.zone is None:
        check.note(path, "calendar days need the `timezone` of the file, to say when a day ends")
        return days, None
    return days, check.zone.key


def _no_circle(steps: Sequence[StepForm], path: Path, check: Checks) -> None:
    """Note each step that follows an unknown one, and each that waits for itself in the end."""
    before = {step.id: step.follows for step in steps}
    waiting: set[str] = set()
    looked_at: set[str] = set()
    for place, step in enumerate(steps):
        check.one_of(step.follows, before, (*path, place, "follows"), "step of this trigger")
        way: list[str] = []
        at: str | None = step.id
        while at is not None and at in before and at not in looked_at:
            looked_at.add(at)
            way.append(at)
            at = before[at]
        # Where two steps share an id, that is the fault, and who waits for whom is not known.
        if at in way and len(before) == len(steps):
            waiting.update(way[way.index(at) :])
    for place, step in enumerate(steps):
        if step.id in waiting:
            check.note((*path, place, "follows"), "these steps wait for one another")
