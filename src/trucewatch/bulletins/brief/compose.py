"""One story into a brief: what is agreed, what is disputed, and who said it first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.content import Brief, LeftOut, Note, Read, Sentence
from trucewatch.bulletins.brief.matters import matters, opinions
from trucewatch.bulletins.brief.pen import Pen, excerpt, safe_link
from trucewatch.bulletins.brief.phrases import when
from trucewatch.bulletins.brief.sections import SILENT, Said, Sections
from trucewatch.bulletins.brief.showing import shown
from trucewatch.bulletins.brief.telling import Teller, rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from trucewatch.bulletins.brief.at_hand import AtHand
    from trucewatch.model import Article, Statement, Story


def compose_brief(
    story: Story,
    *,
    articles: Mapping[str, Article],
    statements: Mapping[str, Statement],
    at_hand: AtHand | None = None,
    left_out: LeftOut | None = None,
    number_of: tuple[int, int] = (1, 1),
) -> Brief:
    """The brief of one story whose verdicts are settled.

    A sentence that its citations do not support is left out and counted in `left_out`, so a brief
    may be short, but says nothing of its own. The order of the inputs changes nothing.
    """
    pen = Pen(
        story,
        articles=articles,
        statements=statements,
        terms={} if at_hand is None else at_hand.terms(),
    )
    composer = Sections(Teller(pen), sorted(story.questions, key=rank))
    headline = composer.headline()
    glance = composer.glance(headline)
    told, points = composer.story(), composer.points()
    spoken = opinions(composer.teller, composer.questions, composer.told())
    unsure = composer.unsure(frozenset(question.id for question, _ in spoken))
    why = matters(composer.teller, spoken, composer.questions, at_hand) or pen.note(SILENT)
    takeaways = composer.takeaways()
    tables = composer.tables()
    seen = left_out or LeftOut()
    return Brief(
        id=story.id,
        headline=headline,
        glance=_once(glance),
        story=tuple(_once(paragraph) for paragraph in told),
        points=_once(points),
        unsure=_once(unsure),
        matters=_once(why),
        takeaways=_once(takeaways),
        tables=tables,
        articles=tuple(_read(pen, one) for one in pen.articles.values()),
        citations=pen.citations(),
        left_out=replace(seen, sentences=tuple(sorted(pen.failed.items()))),
        mission=None if at_hand is None else shown(at_hand.name),
        number=number_of[0],
        of=number_of[1],
        reasons=tuple(pen.reason(one) for one in story.reasons),
    )


def _once(said: Said) -> Said:
    """Each sentence once: two questions may have one answer."""
    seen: dict[str, Sentence | Note] = {}
    for one in said:
        seen.setdefault(one.text, one)
    return tuple(seen.values())


def _read(pen: Pen, article: Article) -> Read:
    title, _ = excerpt(article.title)
    reasons = sorted({piece.reason for piece in article.dropped})
    return Read(
        label=pen.labels[article.id],
        id=article.id,
        outlet=pen.masthead(article.outlet),
        title=title,
        published=when(article.published),
        dated_by=shown(article.dated_by),
        language=shown(article.language),
        link=article.link if safe_link(article.link) else None,
        credits=tuple(shown(one) for one in article.credits),
        dropped=tuple(
            (shown(reason), sum(piece.reason == reason for piece in article.dropped))
            for reason in reasons
        ),
        payload=article.raw.payload,
    )
