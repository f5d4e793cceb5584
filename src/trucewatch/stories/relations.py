"""Whether two answers to one question are the same, can both be true, or exclude one another."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.model import Bound, Quantity, Stance
from trucewatch.stories.days import fitting
from trucewatch.stories.names import holders
from trucewatch.stories.placing import printed
from trucewatch.stories.topics import COUNTED, brief, plural
from trucewatch.stories.vocabulary import Sort, english

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trucewatch.model import Answer, Article, Statement
    from trucewatch.stories.topics import Topic

# "About 20" leaves room of a tenth on either side.
ABOUT = 0.1
# A round number of this size or more may be a finer one rounded, by a twentieth at the most.
ROUND_FROM = 1000
ROUNDED = 0.05
UPPER = frozenset({Bound.MORE_THAN, Bound.AT_LEAST})
LOWER = frozenset({Bound.LESS_THAN, Bound.AT_MOST})
NOT = "not "
YES, NO = "yes", "no"
# A meeting that is told of on two days so far apart is not one that went on.
LASTING = 3


class Relation(StrEnum):
    """How two different answers stand to one another.

    SUCCESSIVE answers can both be true at one time, and are a change where one comes after the
    other: asked for, then promised.
    """

    COMPATIBLE = "compatible"
    SUCCESSIVE = "successive"
    EXCLUSIVE = "exclusive"


_FOR = frozenset({Stance.SUPPORTS, Stance.PLEDGES})
_AGAINST = frozenset({Stance.REFUSES, Stance.OPPOSES})


def relation(sort: Sort, one: Answer, other: Answer, *, alike: bool = True) -> tuple[Relation, str]:
    """How two answers stand to one another, with the reason; it does not matter which is first.

    Numbers exclude one another only where they count the same things, which the nouns of all the
    wordings tell: `alike` is whether their `counted` have anything in common.
    """
    one, other = sorted((one, other), key=lambda answer: (answer.value, answer.statements))
    if sort is Sort.QUOTATION:
        return (
            Relation.EXCLUSIVE,
            f"two renderings differ in a number or a “not”: {_both(one, other)}",
        )
    if one.value == f"{NOT}{other.value}" or other.value == f"{NOT}{one.value}":
        return Relation.EXCLUSIVE, f"one says what the other denies: {_both(one, other)}"
    if NOT in {one.value[: len(NOT)], other.value[: len(NOT)]}:
        return Relation.COMPATIBLE, f"denying one is not saying the other: {_both(one, other)}"
    if one.quantity is not None and other.quantity is not None:
        how, reason = _quantities(one.quantity, other.quantity, _both(one, other))
        if how is Relation.EXCLUSIVE and not alike:
            return Relation.COMPATIBLE, f"they may count different things: {_both(one, other)}"
        return how, reason
    if sort is Sort.STANCE:
        return _stances(one, other)
    if sort in {Sort.HOLDERS, Sort.MEMBERS}:
        return _names(sort, one, other)
    if sort in {Sort.DAY, Sort.DAYS}:
        return _days(sort, one, other)
    if sort is Sort.PRESENCE:
        return Relation.EXCLUSIVE, f"it cannot be so and not so: {_both(one, other)}"
    return Relation.COMPATIBLE, f"nothing in the words excludes the other: {_both(one, other)}"


def counted(
    topic: Topic, statements: Iterable[Statement], articles: Mapping[str, Article]
) -> frozenset[frozenset[str]]:
    """What the wordings of an answer count; two answers count alike where these have one in common.

    A topic that is a part ("attendance/heads-of-state") says itself what is counted. Of a number
    that was read without its subject ("number-of-…") only the same words behind it tell: "three
    pirate vessels" and "five merchant vessels" are no dispute, nor are two distances.
    """
    if topic.sub:
        return frozenset({frozenset({topic.sub})})
    if not topic.name.startswith(COUNTED):
        return frozenset(_counted(one) for one in statements)
    if _is_measure(topic.name.removeprefix(COUNTED).replace("-", " ")):
        return frozenset()
    return frozenset(_things(one, articles) for one in statements)


def _counted(statement: Statement) -> frozenset[str]:
    unit = "" if statement.quantity is None else statement.quantity.unit
    last = frozenset(words(unit)[-1:])
    return next((alike for alike in english().counted if alike & last), last)


def _things(statement: Statement, articles: Mapping[str, Article]) -> frozenset[str]:
    """What is counted in the words of the article, without the number."""
    number = "" if statement.quantity is None else statement.quantity.words
    return frozenset(words(printed(statement, articles))) - frozenset(words(number))


def shown(quantity: Quantity) -> str:
    """A quantity in a plain form: "35", "more than 27", "15,000 to 30,000", with its measure."""
    ends = [number for number in (quantity.low, quantity.high) if number is not None]
    if not ends:
        return quantity.words
    if quantity.bound is Bound.RANGE and len(ends) == 2:
        text = f"{_number(ends[0])} to {_number(ends[1])}"
    elif quantity.bound in {Bound.EXACT, Bound.RANGE}:
        text = _number(ends[0])
    else:
        text = f"{quantity.bound} {_number(ends[-1] if quantity.bound in LOWER else ends[0])}"
    unit = measure(quantity)
    if unit and unit not in english().signs and ends != [1]:
        unit = plural(unit)
    return f"{text} {unit}" if unit else text


def measure(quantity: Quantity) -> str:
    """The unit where it is a measure ("%", "km"), "" where it is a counted noun."""
    unit = quantity.unit.casefold()
    return unit if _is_measure(unit) else ""


def _is_measure(unit: str) -> bool:
    return unit in english().measures or unit in english().signs


def span(quantity: Quantity) -> tuple[float, float]:
    """The numbers that a quantity leaves open, least and greatest; a strict bound is a hair off."""
    low, high = quantity.low, quantity.high
    match quantity.bound:
        case Bound.RANGE:
            return (-math.inf if low is None else low, math.inf if high is None else high)
        case Bound.AT_LEAST:
            return (_end(low, high), math.inf)
        case Bound.MORE_THAN:
            return (math.nextafter(_end(low, high), math.inf), math.inf)
        case Bound.AT_MOST:
            return (-math.inf, _end(high, low))
        case Bound.LESS_THAN:
            return (-math.inf, math.nextafter(_end(high, low), -math.inf))
        case _:
            number = _end(low, high)
            room = abs(number) * (ABOUT if quantity.bound is Bound.ABOUT else 0.0)
            return (number - room, number + room)


def _quantities(one: Quantity, other: Quantity, both: str) -> tuple[Relation, str]:
    if measure(one) != measure(other):
        return Relation.COMPATIBLE, f"two measures, which are not compared: {both}"
    (low, high), (least, most) = span(one), span(other)
    if low <= most and least <= high:
        return Relation.COMPATIBLE, f"one number fits both: {both}"
    if one.bound is other.bound is Bound.EXACT and (_rounded(low, least) or _rounded(least, low)):
        return Relation.COMPATIBLE, f"one may be the other, rounded: {both}"
    return Relation.EXCLUSIVE, f"no number fits both: {both}"


def _rounded(coarse: float, fine: float) -> bool:
    """Whether `coarse` is a round number that `fine` rounds to."""
    if coarse < ROUND_FROM or coarse != int(coarse):
        return False
    grain, number = 1, int(coarse)
    while number % 10 == 0:
        grain, number = grain * 10, number // 10
    return (
        grain > 1 and fine % grain != 0 and abs(fine - coarse) <= min(grain / 2, coarse * ROUNDED)
    )


def _stances(one: Answer, other: Answer) -> tuple[Relation, str]:
    try:
        pair = {Stance(one.value), Stance(other.value)}
    except ValueError:
        return Relation.COMPATIBLE, f"nothing in the words excludes the other: {_both(one, other)}"
    if pair & _FOR and pair & _AGAINST:
        return Relation.EXCLUSIVE, f"for and against: {_both(one, other)}"
    if pair <= _FOR or pair <= _AGAINST:
        return Relation.COMPATIBLE, f"both lean one way: {_both(one, other)}"
    if Stance.UNDECIDED in pair and Stance.ASKED not in pair and Stance.CONSIDERS not in pair:
        return Relation.EXCLUSIVE, f"nobody is undecided and decided: {_both(one, other)}"
    return Relation.SUCCESSIVE, f"one may come before the other: {_both(one, other)}"


def _names(sort: Sort, one: Answer, other: Answer) -> tuple[Relation, str]:
    first, second = set(holders(one.value)), set(holders(other.value))
    if first <= second or second <= first:
        return Relation.COMPATIBLE, f"the shorter list is a part of the longer: {_both(one, other)}"
    if sort is Sort.MEMBERS:
        return Relation.SUCCESSIVE, f"two lists, neither said to be whole: {_both(one, other)}"
    return Relation.EXCLUSIVE, f"different names for one place: {_both(one, other)}"


def _days(sort: Sort, one: Answer, other: Answer) -> tuple[Relation, str]:
    fit = fitting(one.value, other.value, LASTING if sort is Sort.DAYS else 0)
    if fit is None:
        return Relation.COMPATIBLE, f"a day that is not dated: {_both(one, other)}"
    if fit:
        why = "it may have lasted" if sort is Sort.DAYS else "one day fits both"
        return Relation.COMPATIBLE, f"{why}: {_both(one, other)}"
    return Relation.EXCLUSIVE, f"no day fits both: {_both(one, other)}"


def _end(number: float | None, other: float | None) -> float:
    found = number if number is not None else other
    return math.nan if found is None else found


def _number(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,}"


def _both(one: Answer, other: Answer) -> str:
    return f"“{brief(one.value)}” and “{brief(other.value)}”"
