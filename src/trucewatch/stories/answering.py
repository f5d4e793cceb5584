"""Statements on one topic put together into answers: equal values, in however many wordings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.model import Answer, Bound, Variant
from trucewatch.stories.days import days, is_day, without_year
from trucewatch.stories.names import fuller, holders
from trucewatch.stories.placing import numbers, printed
from trucewatch.stories.quoting import differing, opposed, renderings
from trucewatch.stories.relations import LOWER, NO, NOT, UPPER, YES, measure, shown
from trucewatch.stories.vocabulary import Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from trucewatch.model import Article, Quantity, Statement
    from trucewatch.stories.placing import Placed

# Which of an answer's quantities stands for it: what is most exactly put.
_PUT = [
    Bound.EXACT, Bound.ABOUT, Bound.RANGE, Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST,
    Bound.LESS_THAN,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes one answer: its value, its statements and what there is to say of them."""

    value: str
    statements: tuple[Statement, ...]
    quantity: Quantity | None = None
    notes: tuple[str, ...] = ()


def grouped(
    sort: Sort, placed: Sequence[Placed], articles: Mapping[str, Article]
) -> tuple[tuple[Group, ...], ...]:
    """The answers to a topic, one tuple for each question that the topic asks.

    Only quotations ask several: two quotations of one speaker do not answer one question. What a
    statement lacks for the topic's sort (a number, a stance) leaves its words as the answer.
    """
    ordered = sorted({p.statement.id: p.statement for p in placed}.values(), key=lambda s: s.id)
    notes = {p.statement.id: p.note for p in placed if p.note is not None}
    fitting = [one for one in ordered if _FITS[sort](one)]
    rest = [one for one in ordered if not _FITS[sort](one)]

    def wording(one: Statement) -> str:
        return " ".join(words(one.value or articles[one.article].words(one.core)))

    left = _by_value(rest, wording, notes)
    if sort is Sort.QUOTATION:
        asked = [_rendered(group, notes) for group in _quotations(fitting)]
        return (*sorted(asked, key=_first), *((one,) for one in left))
    if sort is Sort.QUANTITY:
        groups = _quantities(fitting, notes)
    elif sort in {Sort.HOLDERS, Sort.MEMBERS}:
        full = fuller(one for statement in fitting for one in holders(statement.value or ""))
        groups = _by_value(fitting, lambda one: _people(one, full), notes)
    elif sort in {Sort.DAY, Sort.DAYS}:
        groups = _days(fitting, notes)
    elif sort is Sort.STANCE:
        groups = _by_value(fitting, lambda one: str(one.stance), notes)
    else:
        groups = _presence(fitting, notes)
    return (tuple(sorted(groups + left, key=_place)),)


def answer(group: Group, articles: Mapping[str, Article]) -> Answer:
    """A group as an answer, its origins not yet known."""
    published = [articles[one.article].published for one in group.statements]
    wordings: defaultdict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for one in group.statements:
        wordings[words(printed(one, articles))].append(one)
    return Answer(
        value=group.value,
        quantity=group.quantity,
        statements=tuple(sorted(one.id for one in group.statements)),
        outlets=tuple(sorted({one.outlet for one in group.statements})),
        variants=tuple(
            sorted(
                (
                    Variant(
                        words=min(printed(one, articles) for one in alike),
                        statements=tuple(sorted(one.id for one in alike)),
                    )
                    for alike in wordings.values()
                ),
                key=lambda one: (-len(one.statements), one.words),
            )
        ),
        first=min((one for one in published if one is not None), default=None),
    )


_FITS: Mapping[Sort, Callable[[Statement], bool]] = {
    Sort.QUANTITY: lambda one: one.quantity is not None,
    Sort.STANCE: lambda one: one.stance is not None,
    Sort.HOLDERS: lambda one: bool(holders(one.value or "")),
    Sort.MEMBERS: lambda one: bool(holders(one.value or "")),
    Sort.DAY: lambda one: bool(_day(one)),
    Sort.DAYS: lambda one: bool(_day(one)),
    Sort.PRESENCE: lambda _: True,
    Sort.QUOTATION: lambda one: bool(words(one.quote or "")),
    Sort.TEXT: lambda _: False,
}


def _by_value(
    statements: Iterable[Statement],
    value: Callable[[Statement], str],
    notes: Mapping[str, str],
) -> tuple[Group, ...]:
    found: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in statements:
        found[(NOT if one.negated else "") + value(one)].append(one)
    return tuple(
        Group(key, tuple(group), notes=_notes(group, notes)) for key, group in sorted(found.items())
    )


def _people(statement: Statement, full: Mapping[str, str]) -> str:
    return "; ".join(sorted({full[one] for one in holders(statement.value or "")}))


def _presence(statements: Iterable[Statement], notes: Mapping[str, str]) -> tuple[Group, ...]:
    found: dict[str, list[Statement]] = {}
    for one in statements:
        found.setdefault(NO if one.negated else YES, []).append(one)
    return tuple(Group(key, tuple(said), notes=_notes(said, notes)) for key, said in found.items())


def _day(statement: Statement) -> str:
    """The day of a statement in ISO's form, "--12-31" where the year is not known."""
    if statement.when is None:
        value = statement.value or ""
        return value if without_year(value) or is_day(value) else ""
    first, last = days(statement.when)
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def _days(statements: Sequence[Statement], notes: Mapping[str, str]) -> tuple[Group, ...]:
    """Days without a year go with the one day of that name that has one, if there is one alone."""
    full = {day for one in statements if not without_year(day := _day(one))}

    def value(one: Statement) -> str:
        day = _day(one)
        same = sorted(other for other in full if other.endswith(day[1:]) and "/" not in other)
        return same[0] if without_year(day) and len(same) == 1 else day

    return _by_value(statements, value, notes)


def _quantities(statements: Iterable[Statement], notes: Mapping[str, str]) -> tuple[Group, ...]:
    found: defaultdict[tuple[object, ...], list[tuple[Statement, Quantity]]] = defaultdict(list)
    for one in statements:
        if one.quantity is not None:
            key = (measure(one.quantity), one.negated, numbers(one.quantity))
            found[key].append((one, one.quantity))
    groups = []
    for alike in found.values():
        sides = [{q.bound for _, q in alike} & side for side in (UPPER, LOWER)]
        # "More than 27" and "fewer than 27" are no two wordings of 27.
        if all(sides):
            parts = [
                [(s, q) for s, q in alike if q.bound in part]
                for part in (UPPER, LOWER, frozenset(_PUT) - UPPER - LOWER)
            ]
            groups += [_quantity(part, notes) for part in parts if part]
        else:
            groups.append(_quantity(alike, notes))
    return tuple(groups)


def _quantity(alike: Sequence[tuple[Statement, Quantity]], notes: Mapping[str, str]) -> Group:
    best = min((q for _, q in alike), key=lambda q: (_PUT.index(q.bound), q.unit, q.words))
    statements = tuple(one for one, _ in alike)
    bounded = {
        f"“{q.words}” is a bound on {shown(best)} and is shown as a wording of it"
        for _, q in alike
        if q.bound in UPPER | LOWER and best.bound in {Bound.EXACT, Bound.ABOUT}
    }
    value = (NOT if statements[0].negated else "") + shown(best)
    return Group(value, statements, best, tuple(sorted({*bounded, *_notes(statements, notes)})))


def _quotations(statements: Iterable[Statement]) -> list[list[Statement]]:
    by_words: defaultdict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for one in statements:
        by_words[words(one.quote or "")].append(one)
    return [[one for run in group for one in by_words[run]] for group in renderings(by_words)]


def _rendered(statements: Sequence[Statement], notes: Mapping[str, str]) -> tuple[Group, ...]:
    """The renderings of one quotation: one answer, or several where they differ in the sense."""
    runs = {one.id: words(one.quote or "") for one in statements}
    ordered = sorted(statements, key=lambda one: (-len(runs[one.id]), runs[one.id], one.id))
    parts: list[list[Statement]] = []
    for one in ordered:
        for part in parts:
            if not any(opposed(runs[one.id], runs[other.id]) for other in part):
                part.append(one)
                break
        else:
            parts.append([one])
    groups = []
    for part in parts:
        value = part[0].quote or ""
        told = {
            f"one rendering has “{' '.join(ours)}” where another has “{' '.join(theirs)}”"
            for one in part[1:]
            for ours, theirs in differing(runs[part[0].id], runs[one.id])
        }
        groups.append(Group(value, tuple(part), notes=tuple(sorted({*told, *_notes(part, notes)}))))
    return tuple(sorted(groups, key=_place))


def _notes(statements: Iterable[Statement], notes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({notes[one.id] for one in statements if one.id in notes}))


def _place(group: Group) -> tuple[int, str]:
    """Answers stand with the most outlets first."""
    return -len({one.outlet for one in group.statements}), group.value


def _first(groups: tuple[Group, ...]) -> tuple[int, str]:
    return _place(groups[0])
