"""Articles read, statements found, origins behind them: the desk's stages, one after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from trucewatch.model import Article, Statement, Story
from trucewatch.origins import behind
from trucewatch.reports.press import read_articles
from trucewatch.statements import find_statements
from trucewatch.stories import align, settle

Read = Callable[[Path], tuple[Story, dict[str, Article], dict[str, Statement]]]


def read_story(folder: Path) -> tuple[Story, dict[str, Article], dict[str, Statement]]:
    """The one story of a folder of flat texts, settled, with its articles and statements."""
    articles = {
        one.id: one
        for file in sorted(folder.glob("*.txt"))
        for one in read_articles(file.read_bytes(), name=file.name)
        if isinstance(one, Article)
    }
    statements = {s.id: s for one in articles.values() for s in find_statements(one)}
    story = align(articles.values(), statements.values())
    found = behind(
        (answer.statements for question in story.questions for answer in question.answers),
        statements=statements,
        articles=articles,
    )
    story = settle(
        story,
        {one.statements: one.origins for one in found},
        {one.statements: one.independent for one in found},
        articles=articles.values(),
        statements=statements.values(),
    )
    return story, articles, statements


@pytest.fixture(scope="session")
def read() -> Read:
    """Reads a folder of flat texts into a settled story."""
    return read_story
