"""The desk: the one place that knows the way from articles to briefs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief import AtHand, LeftOut, compose_brief
from trucewatch.errors import RecordRejected
from trucewatch.model import Interval
from trucewatch.origins import behind
from trucewatch.reports.press import read_articles, report_id, without_recurring
from trucewatch.statements import find_statements
from trucewatch.stories import align, group, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.bulletins.brief import Brief
    from trucewatch.model import Article, Informant, Source, Statement, Story

Progress = Callable[[str, int, int], None]
"""Told of long work: what is done, how much of it, of how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """Bytes as received, with a name, and the outlet where it is known whose they are.

    `source` is the mission's source of them, `zone` that of its bare days, and `withdrawn` the ids
    of its reports that no longer count; a file at hand has none of them.
    """

    raw: bytes
    name: str
    outlet: str | None = None
    source: str = ""
    zone: tzinfo = UTC
    withdrawn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Articles that were read, with what every one of them says, and what could not be read."""

    articles: Mapping[str, Article]
    statements: Mapping[str, Statement]
    left_out: LeftOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One story with its verdicts settled, and its brief."""

    story: Story
    brief: Brief


def read(delivered: Iterable[Delivered], *, of: int = 0, progress: Progress | None = None) -> Desk:
    """Bytes into articles and statements; a pure function of the set of what was delivered.

    What is no article is counted with its reason. `of` is how many deliveries there are, for the
    progress alone.
    """
    articles: dict[str, Article] = {}
    reasons: Counter[str] = Counter()
    repeated = withdrawn = 0
    for done, one in enumerate(delivered, 1):
        for item in read_articles(one.raw, name=one.name, outlet=one.outlet, zone=one.zone):
            if isinstance(item, RecordRejected):
                reasons[item.reason] += 1
            elif report_id(one.source, item.id) in one.withdrawn:
                withdrawn += 1
            elif item.id in articles:
                # Two deliveries of one article differ in where its bytes stand; the least is kept.
                articles[item.id] = min(articles[item.id], item, key=lambda each: each.raw)
                repeated += 1
            else:
                articles[item.id] = item
        if progress is not None:
            progress("reading", done, max(of, done))
    # What an outlet's frame repeats is known only once all of its pages have been read.
    read_ = without_recurring(articles.values())
    statements = {each.id: each for one in read_ for each in find_statements(one)}
    return Desk(
        articles={one.id: one for one in read_},
        statements={key: statements[key] for key in sorted(statements)},
        left_out=LeftOut(
            quarantined=tuple(sorted(reasons.items())), repeated=repeated, withdrawn=withdrawn
        ),
    )


def placed(desk: Desk, groups: Iterable[tuple[str, ...]]) -> Desk:
    """The desk with undated articles read anew, by the days on which their stories came out.

    "On Sunday" in a page without a day says nothing; among pages of one story it does. The span of
    their days is the error that such a day carries.
    """
    statements = dict(desk.statements)
    for group_ in groups:
        days = [day for one in group_ if (day := desk.articles[one].published) is not None]
        undated = [one for one in group_ if desk.articles[one].published is None]
        if not days or not undated:
            continue
        near = Interval(min(day.earliest for day in days), max(day.latest for day in days))
        ids = set(undated)
        statements = {key: one for key, one in statements.items() if one.article not in ids}
        for one in undated:
            found = find_statements(desk.articles[one], near=near)
            statements.update((each.id, each) for each in found)
    return replace(desk, statements={key: statements[key] for key in sorted(statements)})


def tell(
    read_: Desk,
    *,
    informants: Sequence[Informant] = (),
    sources: Mapping[str, Source] | None = None,
    at_hand: AtHand | None = None,
    progress: Progress | None = None,
) -> tuple[Told, ...]:
    """The stories that the articles tell, settled, each with its brief; the widest told first."""
    groups = group(read_.articles.values(), read_.statements.values())
    desk = placed(read_, groups)
    by_article: dict[str, list[Statement]] = {key: [] for key in desk.articles}
    for statement in desk.statements.values():
        by_article[statement.article].append(statement)
    settled = []
    for done, ids in enumerate(groups, 1):
        articles = {one: desk.articles[one] for one in ids}
        statements = {each.id: each for one in ids for each in by_article[one]}
        settled.append(_settled(articles, statements, informants, sources))
        if progress is not None:
            progress("aligning", done, len(groups))
    settled.sort(key=lambda one: (-len(one.outlets), -len(one.articles), one.id))
    return tuple(
        Told(
            story=story,
            brief=compose_brief(
                story,
                articles=desk.articles,
                statements=desk.statements,
                at_hand=at_hand,
                left_out=desk.left_out,
                number_of=(number, len(settled)),
            ),
        )
        for number, story in enumerate(settled, 1)
    )


def _settled(
    articles: Mapping[str, Article],
    statements: Mapping[str, Statement],
    informants: Sequence[Informant],
    sources: Mapping[str, Source] | None,
) -> Story:
    """One story: aligned, asked what stands behind each answer, and settled."""
    story = align(articles.values(), statements.values())
    found = behind(
        (answer.statements for question in story.questions for answer in question.answers),
        statements=statements,
        articles=articles,
        informants=informants,
        sources=sources,
    )
    return settle(
        story,
        {one.statements: one.origins for one in found},
        {one.statements: one.independent for one in found},
        articles=articles.values(),
        statements=statements.values(),
    )
