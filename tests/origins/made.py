"""Articles and statements made by hand, for the tests of what stands behind them."""

from __future__ import annotations

from datetime import UTC, datetime

from trucewatch.model import (
    Article,
    Block,
    Bound,
    Interval,
    Passage,
    Quantity,
    RawRef,
    Role,
    Saying,
    Statement,
    content_id,
)
from trucewatch.origins import behind

DAY = Interval.instant(datetime(2026, 1, 6, tzinfo=UTC))


def article(outlet, text, *, credits=(), published=DAY):  # noqa: A002  the field's own name
    return Article(
        id=content_id("art", [outlet, text, *credits]), outlet=outlet, title="", text=text,
        blocks=(Block(role=Role.PARAGRAPH, start=0, end=len(text)),), language="en",
        published=published, dated_by="the page", link=None, byline=None, credits=tuple(credits),
        dropped=(), raw=RawRef(payload="0" * 64, pointer="", start=0, length=len(text)),
    )  # fmt: skip


def said(
    art, sentence, *, kind=Saying.FIGURE, topic="attendance", speaker=None, via=(), quote=None
):
    """A statement on a sentence of an article; the sentence must stand in its text."""
    at = art.text.index(sentence)
    passage = Passage(article=art.id, start=at, end=at + len(sentence))
    quantity = Quantity(low=35, high=35, bound=Bound.EXACT, unit="leader", words="35 leaders")
    return Statement(
        id=content_id("sta", [art.id, str(at), topic, str(speaker)]), article=art.id,
        outlet=art.outlet, kind=kind, passage=passage, core=passage, topic=topic,
        quantity=quantity if kind is Saying.FIGURE else None, speaker=speaker, via=tuple(via),
        quote=quote,
    )  # fmt: skip


def one(outlet, sentence, *, before="", credits=(), **more):  # noqa: A002  the field's own name
    """An outlet's article of one sentence that matters, and the statement on it."""
    art = article(outlet, f"{before} {sentence}".strip(), credits=credits)
    return art, said(art, sentence, **more)


def stand(*pairs, informants=(), sources=None):
    """What stands behind the statements of these articles, taken as one answer."""
    (found,) = behind(
        [tuple(s.id for _, s in pairs)],
        statements={s.id: s for _, s in pairs},
        articles={a.id: a for a, _ in pairs},
        informants=informants, sources=sources or {},
    )  # fmt: skip
    return found


def labels(found):
    return sorted(o.label for o in found.origins)
