"""Which question each statement answers, where its words leave that open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.model import Bound
from trucewatch.stories.names import fuller
from trucewatch.stories.topics import Topic
from trucewatch.stories.vocabulary import english

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trucewatch.model import Quantity, Statement

# After "@" these name a person, whose shorter and fuller name are one.
OF_PEOPLE = frozenset({"post", "quotation"})

Numbers = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement under a topic, and why it stands there where its own words do not say so."""

    statement: Statement
    note: str | None = None


def place(statements: Iterable[Statement]) -> dict[Topic, tuple[Placed, ...]]:
    """Each statement under the topic that it answers; one may stand under two.

    A noun that may count two things goes where its numeral is given with a plain noun. A numeral
    that its own topic does not know from anybody else, and that the whole has, names the whole in
    other words: it stands under both.
    """
    unique = {one.id: one for one in statements}
    ordered = [unique[key] for key in sorted(unique)]
    whom = _full_whom(Topic.of(one.topic) for one in ordered)
    topics = {one.id: whom(Topic.of(one.topic)) for one in ordered}
    plain: defaultdict[Topic, set[Numbers]] = defaultdict(set)
    for one in ordered:
        if one.quantity is not None and not _may_be(one, topics[one.id]):
            plain[topics[one.id]].add(numbers(one.quantity))
    placed: defaultdict[Topic, list[Placed]] = defaultdict(list)
    for one in ordered:
        topic, note = _by_numeral(one, topics[one.id], plain)
        topics[one.id] = topic
        placed[topic].append(Placed(one, note))
    for one in ordered:
        whole = topics[one.id].whole
        if one.quantity is None or whole is None or whole not in placed:
            continue
        if _names_the_whole(one, [p.statement for p in placed[topics[one.id]]], plain[whole]):
            note = f"“{one.quantity.words}” has the number of the whole, in other words"
            placed[whole].append(Placed(one, note))
    return {topic: tuple(placed[topic]) for topic in sorted(placed)}


def numbers(quantity: Quantity) -> Numbers:
    """The numbers of a quantity without its bound: "more than 27" and "27" have the same."""
    if quantity.bound is Bound.RANGE:
        return quantity.low, quantity.high
    number = quantity.low if quantity.low is not None else quantity.high
    return number, number


def _may_be(statement: Statement, topic: Topic) -> tuple[Topic, ...]:
    """The topics that an ambiguous noun may answer; none for a plain noun."""
    if statement.quantity is None:
        return ()
    run = words(statement.quantity.unit)
    for nouns, keys in english().ambiguous:
        if topic.key.partition("@")[0] in keys and run and run[-1] in nouns:
            return tuple(Topic.of(f"{key}@{topic.whom}" if topic.whom else key) for key in keys)
    return ()


def _by_numeral(
    statement: Statement, topic: Topic, plain: dict[Topic, set[Numbers]]
) -> tuple[Topic, str | None]:
    candidates = _may_be(statement, topic)
    if not candidates or statement.quantity is None:
        return topic, None
    number = numbers(statement.quantity)
    fitting = [one for one in candidates if number in plain.get(one, set())]
    if len(fitting) != 1:
        return topic, None
    words_ = statement.quantity.words
    return fitting[0], f"“{words_}” is put where others give that number with a plainer noun"


def _names_the_whole(statement: Statement, beside: list[Statement], whole: set[Numbers]) -> bool:
    if statement.quantity is None or numbers(statement.quantity) not in whole:
        return False
    others = [one for one in beside if one.quantity is not None]
    number = numbers(statement.quantity)
    known = {numbers(one.quantity) for one in others if one.quantity is not None}
    elsewhere = any(
        one.outlet != statement.outlet
        for one in others
        if one.quantity is not None and numbers(one.quantity) == number
    )
    return not elsewhere and bool(known - {number})


def _full_whom(topics: Iterable[Topic]) -> Callable[[Topic], Topic]:
    """Puts the fullest name that the story has for a person in the place of a shorter one."""
    full = fuller(one.whom.replace("-", " ") for one in topics if one.name in OF_PEOPLE)

    def put(topic: Topic) -> Topic:
        if topic.name not in OF_PEOPLE:
            return topic
        return Topic(topic.name, topic.sub, full[topic.whom.replace("-", " ")].replace(" ", "-"))

    return put
