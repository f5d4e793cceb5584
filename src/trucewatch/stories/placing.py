"""Which question each statement answers, where its words leave that open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.model import Bound
from trucewatch.stories.actions import same_event
from trucewatch.stories.names import fuller
from trucewatch.stories.topics import COUNTED, Topic
from trucewatch.stories.vocabulary import english, topic_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from trucewatch.model import Article, Quantity, Statement

# After "@" these name a person, whose shorter and fuller name are one.
OF_PEOPLE = frozenset({"post", "quotation"})

Numbers = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement under a topic, and why it stands there where its own words do not say so."""

    statement: Statement
    note: str | None = None


def place(
    statements: Iterable[Statement], articles: Mapping[str, Article]
) -> dict[Topic, tuple[Placed, ...]]:
    """Each statement under the topic that it answers; one may stand under two.

    A noun that may count two things goes where its numeral is given with a plain noun. A numeral
    that its own topic does not know from anybody else, and that the whole has, names the whole in
    other words: it stands under both.
    """
    unique = {one.id: one for one in statements}
    ordered = [unique[key] for key in sorted(unique)]
    whom = _full_whom(Topic.of(one.topic) for one in ordered)
    topics = {one.id: whom(Topic.of(one.topic)) for one in ordered}
    notes = _told_elsewhere(ordered, articles, topics)
    plain = _plain(ordered, topics)
    for one in ordered:
        fitting = [
            topic for topic in _may_be(one, topics[one.id], plain) if _fits(one, plain[topic])
        ]
        if len(fitting) == 1 and fitting[0] != topics[one.id]:
            topics[one.id] = fitting[0]
            notes[one.id] = f"“{printed(one, articles)}” is put where others give that number"
    placed: defaultdict[Topic, list[Placed]] = defaultdict(list)
    for one in ordered:
        placed[topics[one.id]].append(Placed(one, notes.get(one.id)))
    for one in ordered:
        whole = topics[one.id].whole
        if whole is None or whole not in placed or not _fits(one, plain[whole]):
            continue
        if _is_a_stranger(one, [beside.statement for beside in placed[topics[one.id]]]):
            note = f"“{printed(one, articles)}” has the number of the whole, in other words"
            placed[whole].append(Placed(one, note))
    for topic in sorted(placed):
        placed[topic] += _what_followed(topic, placed)
    return {topic: tuple(placed[topic]) for topic in sorted(placed)}


def _told_elsewhere(
    statements: Iterable[Statement], articles: Mapping[str, Article], topics: dict[str, Topic]
) -> dict[str, str]:
    """Puts an action told without its place beside the same event told with one; gives the notes.

    Where the same event is told of two places, none is taken.
    """
    notes: dict[str, str] = {}
    known = topic_classes()
    for event in same_event(statements, articles.values()):
        kinds = {(topics[key].name, topics[key].sub) for key in event}
        for kind, sub in sorted(kinds):
            there = {
                topics[key] for key in event if (topics[key].name, topics[key].sub) == (kind, sub)
            }
            with_place = sorted(topic for topic in there if topic.whom)
            if len(with_place) != 1 or kind not in known or not known[kind].one_place:
                continue
            for key in event:
                if topics[key] in there and not topics[key].whom:
                    topics[key] = with_place[0]
                    notes[key] = "told without a place, on the day of what others tell with one"
    return notes


def printed(statement: Statement, articles: Mapping[str, Article]) -> str:
    """The words of a statement that are its wording of the answer, as printed."""
    if statement.quote is not None:
        return statement.quote
    return articles[statement.article].words(statement.core)


def numbers(quantity: Quantity) -> Numbers:
    """The numbers of a quantity without its bound: "more than 27" and "27" have the same."""
    if quantity.bound is Bound.RANGE:
        return quantity.low, quantity.high
    number = quantity.low if quantity.low is not None else quantity.high
    return number, number


def _what_followed(topic: Topic, placed: Mapping[Topic, list[Placed]]) -> list[Placed]:
    """What is told of now beside a topic of which all is told as the state before."""
    known = topic_classes().get(topic.name)
    other = Topic(known.followed_by if known else "", topic.sub, topic.whom)
    if other not in placed or not all(one.statement.earlier for one in placed[topic]):
        return []
    return [
        Placed(one.statement, "what is told of now stands beside what is told as the state before")
        for one in placed[other]
        if not one.statement.earlier
    ]


def _plain(
    statements: Iterable[Statement], topics: Mapping[str, Topic]
) -> defaultdict[Topic, set[tuple[str, Numbers]]]:
    """By topic, the nouns and numbers that are given there with a noun that is not ambiguous."""
    found: defaultdict[Topic, set[tuple[str, Numbers]]] = defaultdict(set)
    for one in statements:
        if one.quantity is not None and not _ambiguous(one, topics[one.id]):
            found[topics[one.id]].add((_noun(one.quantity), numbers(one.quantity)))
    return found


def _ambiguous(statement: Statement, topic: Topic) -> tuple[str, ...]:
    """The topics that the statement's noun may answer by the list of such nouns; else none."""
    head = topic.key.partition("@")[0]
    noun = "" if statement.quantity is None else _noun(statement.quantity)
    fitting = (keys for nouns, keys in english().ambiguous if noun in nouns and head in keys)
    return next(fitting, ())


def _may_be(
    statement: Statement, topic: Topic, plain: Mapping[Topic, set[tuple[str, Numbers]]]
) -> list[Topic]:
    """The topics that a statement may answer, where its words leave that open.

    A number that was read without its subject ("number-of-…") may answer whatever others count
    with the same noun.
    """
    if topic.name.startswith(COUNTED) and statement.quantity is not None:
        noun = _noun(statement.quantity)
        return [
            other
            for other, known in plain.items()
            if other.whom == topic.whom
            and not other.name.startswith(COUNTED)
            and any(noun == theirs for theirs, _ in known)
        ]
    return [
        Topic.of(f"{key}@{topic.whom}" if topic.whom else key)
        for key in _ambiguous(statement, topic)
    ]


def _fits(statement: Statement, known: set[tuple[str, Numbers]]) -> bool:
    return statement.quantity is not None and numbers(statement.quantity) in {n for _, n in known}


def _is_a_stranger(statement: Statement, beside: Iterable[Statement]) -> bool:
    """Whether nobody else gives the statement's number under its topic, and others give another."""
    if statement.quantity is None:
        return False
    number = numbers(statement.quantity)
    given = {(one.outlet, numbers(one.quantity)) for one in beside if one.quantity is not None}
    alone = {outlet for outlet, each in given if each == number} == {statement.outlet}
    return alone and any(each != number for _, each in given)


def _noun(quantity: Quantity) -> str:
    """The noun that is counted, by its last word."""
    return "".join(words(quantity.unit)[-1:])


def _full_whom(topics: Iterable[Topic]) -> Callable[[Topic], Topic]:
    """Puts the fullest name that the story has for a person, or its one place, after "@"."""
    known = sorted(set(topics))
    full = fuller(one.whom.replace("-", " ") for one in known if one.name in OF_PEOPLE)
    places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in known:
        if one.whom and one.name in topic_classes() and topic_classes()[one.name].one_place:
            places[one.name, one.sub].add(one.whom)

    def put(topic: Topic) -> Topic:
        if topic.name in OF_PEOPLE:
            whom = full[topic.whom.replace("-", " ")].replace(" ", "-")
        else:
            only = places.get((topic.name, topic.sub), set())
            whom = topic.whom or (min(only) if len(only) == 1 else "")
        return Topic(topic.name, topic.sub, whom)

    return put
