"""Pledges and positions that the press reports, for the ledger: reported, and no more than that."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.commitments.words import POSITION, PRIORITIES
from trucewatch.language import name
from trucewatch.model import Bound, Pledge, Saying, Stance, content_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trucewatch.model import Article, Interval, Quantity, Statement

UNKNOWN = "unknown"
"""The priority of what no topic puts under one."""


def reported(statements: Iterable[Statement], articles: Iterable[Article]) -> tuple[Pledge, ...]:
    """The pledges and positions among statements, standing "reported", sorted by id.

    The same promise in ten outlets is one entry with ten sources. Only what its words call a pledge
    has the stage "announced"; to support, to consider or to refuse is the stage "position", which
    promises nothing. `said` is None where neither the words nor the page give a day. A statement
    of an article that is not among `articles` is left out: it has no source.
    """
    known = {article.id: article for article in articles}
    found: defaultdict[tuple[str, ...], dict[str, Statement]] = defaultdict(dict)
    for one in statements:
        if one.kind in {Saying.PLEDGE, Saying.POSITION} and one.article in known:
            found[_promise(one)][one.id] = one
    pledges = [
        _pledge(key, [alike[one] for one in sorted(alike)], known) for key, alike in found.items()
    ]
    return tuple(sorted(pledges, key=lambda one: one.id))


def _promise(statement: Statement) -> tuple[str, ...]:
    """What makes two reports reports of one promise."""
    quantity = statement.quantity
    return (
        statement.topic,
        name(statement.actor or ""),
        str(statement.kind),
        str(statement.stance),
        str(statement.negated),
        name(statement.value or ""),
        "" if quantity is None else f"{quantity.bound} {quantity.low} {quantity.high}",
        "" if quantity is None else quantity.unit,
    )


def _pledge(
    key: tuple[str, ...], alike: Sequence[Statement], articles: dict[str, Article]
) -> Pledge:
    first = alike[0]
    days = [day for one in alike if (day := _said(one, articles[one.article])) is not None]
    low, high = (None, None) if first.quantity is None else _ends(first.quantity)
    return Pledge(
        id=content_id("rep", key),
        by=min((one.actor for one in alike if one.actor), default=_holder(first.topic)),
        priority=_priority(first.topic),
        what=min(_what(one, articles[one.article]) for one in alike),
        stage="announced" if _promises(first) else POSITION,
        standing="reported",
        said=min(days, default=None),
        low=low,
        high=high,
        unit=None if first.quantity is None else first.quantity.unit,
        caveats=_caveats(alike),
        source="; ".join(sorted({_source(one, articles[one.article]) for one in alike})),
        outlet="; ".join(sorted({one.outlet for one in alike})),
        credits="; ".join(
            sorted({name for one in alike for name in articles[one.article].credits})
        ),
    )


def _what(statement: Statement, article: Article) -> str:
    """What is promised or thought: "supports security guarantees", else the words that say it."""
    if statement.stance is not None and statement.about:
        return f"{'not ' if statement.negated else ''}{statement.stance} {statement.about}"
    return " ".join(article.words(statement.core).split())


def _promises(statement: Statement) -> bool:
    return (
        statement.kind is Saying.PLEDGE
        and statement.stance in {None, Stance.PLEDGES}
        and not statement.negated
    )


def _caveats(alike: Sequence[Statement]) -> tuple[str, ...]:
    found = set()
    for one in alike:
        if not _promises(one):
            stands = "no pledge" if one.stance is None else str(one.stance)
            found.add(f"a position, not a promise: {'not ' if one.negated else ''}{stands}")
        if one.hedged:
            found.add(f"hedged in the words of {one.outlet}")
        if one.earlier:
            found.add(f"{one.outlet} tells it as the state before")
        if one.speaker and name(one.speaker) != name(one.actor or ""):
            found.add(f"on the word of {one.speaker}")
    return tuple(sorted(found))


def _said(statement: Statement, article: Article) -> Interval | None:
    """The day it was said; one after the article's own is the day of the deed, not of the word."""
    published = article.published
    if published is None:
        return None
    when = statement.when
    return when if when is not None and when.latest <= published.latest else published


def _ends(quantity: Quantity) -> tuple[float | None, float | None]:
    match quantity.bound:
        case Bound.AT_LEAST | Bound.MORE_THAN:
            return quantity.low, None
        case Bound.AT_MOST | Bound.LESS_THAN:
            return None, quantity.high if quantity.high is not None else quantity.low
        case _:
            return quantity.low, quantity.high


def _priority(topic: str) -> str:
    """The priority that a topic's object serves, else unknown: none is guessed."""
    thing = topic.partition("@")[0].partition("/")[2]
    return thing if thing in PRIORITIES else _served().get(thing, UNKNOWN)


@cache
def _served() -> dict[str, str]:
    data = tomllib.loads((files(__package__) / "objects.toml").read_text("utf-8"))
    return {thing: priority for priority, things in data.items() for thing in things}


def _holder(topic: str) -> str:
    return topic.partition("@")[2].replace("-", " ") or UNKNOWN


def _source(statement: Statement, article: Article) -> str:
    where = f"characters {statement.passage.start} to {statement.passage.end} of {article.id}"
    return (
        f"{article.outlet}, {article.link}, {where}"
        if article.link
        else f"{article.outlet}, {where}"
    )
