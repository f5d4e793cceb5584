"""The seed articles as the press reader gives them, and articles made of a few sentences."""

from __future__ import annotations

from datetime import UTC, date

from trucewatch.model import Article, Block, Interval, RawRef, Role
from trucewatch.reports.press import read_articles
from trucewatch.statements import find_statements

SIXTH = Interval.days(date(2026, 1, 6), date(2026, 1, 6), UTC)


def seed(shared, number):
    """A seed by its number ("003"), and its statements; the story's day serves the undated."""
    (path,) = sorted((shared / "seeds").glob(f"{number}_*"))
    (article,) = read_articles(path.read_bytes(), name=path.name)
    return article, find_statements(article, near=SIXTH)


def article(text, *, published=SIXTH, language="en", outlet="The Outlet", roles=None):
    """An article of these lines, each a block."""
    blocks, at = [], 0
    for number, line in enumerate(text.split("\n")):
        if line:
            role = (roles or {}).get(number, Role.PARAGRAPH)
            blocks.append(Block(role=role, start=at, end=at + len(line)))
        at += len(line) + 1
    return Article(
        id="art-1",
        outlet=outlet,
        title="",
        text=text,
        blocks=tuple(blocks),
        language=language,
        published=published,
        dated_by="",
        link=None,
        byline=None,
        credits=(),
        dropped=(),
        raw=RawRef(payload="0" * 64, pointer="", start=0, length=len(text.encode())),
    )


def said(text, **more):
    """The statements of a text."""
    return find_statements(article(text, **more))


def figures(statements):
    """Topic, low, high and unit of each figure."""
    return [
        (s.topic, s.quantity.low, s.quantity.high, s.quantity.unit)
        for s in statements
        if s.kind == "figure"
    ]
