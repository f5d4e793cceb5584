"""Hand-made articles and statements: an outlet's sentence, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from trucewatch.model import (
    Answer,
    Article,
    Block,
    Bound,
    Interval,
    Origin,
    Passage,
    Quantity,
    RawRef,
    Role,
    Saying,
    Statement,
    Story,
    content_id,
)
from trucewatch.stories import align, settle

DAY = datetime(2031, 4, 9, tzinfo=UTC)


def day(number: int, month: int = 4) -> Interval:
    return Interval.days(date(2031, month, number), date(2031, month, number), UTC)


def article(outlet, text, *, published=None, title="Talks on the strait", language="en"):
    return Article(
        id=content_id("art", [outlet, text]),
        outlet=outlet,
        title=title,
        text=text,
        blocks=(Block(role=Role.PARAGRAPH, start=0, end=len(text)),),
        language=language,
        published=published,
        dated_by="" if published is None else "the page",
        link=None,
        byline=None,
        credits=(),
        dropped=(),
        raw=RawRef(payload="0" * 64, pointer="", start=0, length=len(text)),
    )


def count(low, unit, words=None, *, high=None, bound=Bound.EXACT):
    return Quantity(
        low=low,
        high=high if high is not None or bound is not Bound.EXACT else low,
        bound=bound,
        unit=unit,
        words=words or f"{low} {unit}s",
    )


def says(told, topic, core=None, **fields):
    """A statement of an article; `core` is the run of its text that says it."""
    run = core or fields.get("quote") or getattr(fields.get("quantity"), "words", told.text)
    start = told.text.index(run)
    kind = Saying.FIGURE if "quantity" in fields else Saying.ACTION
    kind = fields.pop("kind", Saying.QUOTATION if "quote" in fields else kind)
    return Statement(
        id=content_id("st", [told.id, topic, run, *map(str, fields.values())]),
        article=told.id,
        outlet=told.outlet,
        kind=kind,
        passage=Passage(article=told.id, start=0, end=len(told.text)),
        core=Passage(article=told.id, start=start, end=start + len(run)),
        topic=topic,
        **fields,
    )


def origin(label, party=None):
    return Origin(
        id=content_id("org", [label]), label=label, party=party, claims=(), reasons=("told",)
    )


def settled(articles, statements, behind: Mapping[str, str] | None = None) -> Story:
    """The story with verdicts; an outlet that is not in `behind` stands for itself."""
    story = align(articles, statements)
    behind = behind or {}

    def voices(answer: Answer):
        return tuple(
            sorted({origin(behind.get(o, o)) for o in answer.outlets}, key=lambda one: one.id)
        )

    answers = [answer for question in story.questions for answer in question.answers]
    origins = {answer.statements: voices(answer) for answer in answers}
    return settle(
        story,
        origins,
        {key: float(len(found)) for key, found in origins.items()},
        articles=articles,
        statements=statements,
    )


def question(story, topic, index=0):
    return [one for one in story.questions if one.topic == topic][index]


def given(question):
    return {one.value: one.outlets for one in question.answers}
