"""Which actions, told by several outlets in their own words, are one."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.language import Unions, name
from trucewatch.model import Saying
from trucewatch.stories.events import COMPARED, sorts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trucewatch.model import Article, Statement

# A day, with the hours by which its zone may be unknown, or a weekend. What is dated to no better
# overlaps with too much to say that two things are one.
DATED = timedelta(days=3)


def same_event(
    statements: Iterable[Statement], articles: Iterable[Article]
) -> tuple[tuple[str, ...], ...]:
    """The ids of the actions of one story that are one event, in however many articles.

    Two dated actions are one where they have one topic, or words of one sort of event, their dates
    overlap and nobody else acts. An undated one joins them only if all that it may be are one
    event: it never brings two together. Statements of other kinds are left out.
    """
    of = {article.id: article for article in articles}
    actions = {s.id: s for s in statements if s.kind is Saying.ACTION and s.article in of}
    kinds = {key: _kinds(s, of[s.article]) for key, s in sorted(actions.items())}
    dated = [key for key in kinds if _dated(actions[key])]
    same = Unions()
    for key in kinds:
        same.find(key)
    for one, other in _pairs(dated, dated, kinds):
        if _compatible(actions[one], actions[other]):
            same.join(one, other)
    events = {key: same.find(key) for key in dated}
    may_be: defaultdict[str, set[str]] = defaultdict(set)
    vague = [key for key in kinds if key not in events]
    for one, other in _pairs(vague, dated, kinds):
        if _compatible(actions[one], actions[other]):
            may_be[one].add(events[other])
    alone: dict[tuple[str, str | None], str] = {}
    for key in vague:
        if len(may_be[key]) == 1:
            same.join(key, min(may_be[key]))
        elif not may_be[key] and actions[key].actor is not None:
            told = (actions[key].topic, name(actions[key].actor or ""))
            same.join(key, alone.setdefault(told, key))
    return tuple(tuple(sorted(event)) for event in same.groups())


def _kinds(statement: Statement, article: Article) -> frozenset[str]:
    named = {f"sort {number}" for number in sorts(article.words(statement.core))}
    return frozenset(named | {f"topic {statement.topic}"})


def _dated(statement: Statement) -> bool:
    return statement.when is not None and statement.when.length <= DATED


def _pairs(
    ones: Iterable[str], others: Iterable[str], kinds: Mapping[str, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    """Pairs of a kind; of one kind each meets no more than COMPARED others."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for key in others:
        for kind in kinds[key]:
            by_kind[kind].append(key)
    for one in ones:
        for kind in sorted(kinds[one]):
            for other in by_kind[kind][:COMPARED]:
                if one != other:
                    yield one, other


def _compatible(one: Statement, other: Statement) -> bool:
    """Whether nothing speaks against it: another actor, another time, or one of them denied."""
    if one.negated != other.negated:
        return False
    if one.when is not None and other.when is not None:
        late = max(one.when.earliest, other.when.earliest)
        if late > min(one.when.latest, other.when.latest):
            return False
    if one.actor is None or other.actor is None:
        return True
    return bool(set(name(one.actor).split()) & set(name(other.actor).split()))
