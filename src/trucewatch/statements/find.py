"""Statements found in an article by rules, vocabulary and grammar."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from trucewatch.model.statements import Saying
from trucewatch.statements.actions import actions
from trucewatch.statements.attribution import attribute
from trucewatch.statements.figures import figures
from trucewatch.statements.listings import listings
from trucewatch.statements.making import Context
from trucewatch.statements.people import name_all
from trucewatch.statements.positions import positions
from trucewatch.statements.quoted import quoted
from trucewatch.statements.reading import read
from trucewatch.statements.roles import roles
from trucewatch.statements.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model.articles import Article
    from trucewatch.model.statements import Statement
    from trucewatch.model.times import Interval


def find_statements(article: Article, *, near: Interval | None = None) -> tuple[Statement, ...]:
    """What an article says, each statement with the words it stands on, in the order of the text.

    An article in a language without rules has no statements: ask `reads`. `near` is when an undated
    article came out, as far as known from elsewhere; a dated one needs none.
    """
    known = rules(article.language)
    if known is None:
        return ()
    reading = read(article, known, near)
    people = name_all(reading)
    context = Context(reading, people, attribute(reading))
    found = {
        one.id: one
        for one in chain(
            figures(context),
            quoted(context),
            positions(context),
            roles(context),
            listings(context),
            actions(context),
        )
    }
    kept = _once(found.values())
    return tuple(sorted(kept, key=lambda one: (one.core, one.topic, one.id)))


def _once(found: Iterable[Statement]) -> list[Statement]:
    """Without the bare counts whose number a pledge has: one amount is one statement."""
    every = list(found)
    pledged = {
        (one.passage, one.quantity.words)
        for one in every
        if one.kind is Saying.PLEDGE and one.quantity is not None
    }
    return [
        one
        for one in every
        if not one.topic.startswith("number-of-")
        or one.quantity is None
        or (one.passage, one.quantity.words) not in pledged
    ]


def reads(language: str) -> bool:
    """Whether there are rules for an ISO 639-1 code."""
    return rules(language) is not None
