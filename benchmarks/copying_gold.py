"""Made-up newsrooms as the desk would have them, with the truth about each statement."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.model import (
    Article,
    Block,
    Bound,
    Passage,
    Quantity,
    RawRef,
    Role,
    Saying,
    Statement,
    content_id,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.newsroom import Corpus, Told

Group = tuple[str, ...]
_SAYING = {
    "official": Saying.FIGURE, "count": Saying.FIGURE, "action": Saying.ACTION,
    "position": Saying.PLEDGE, "quotation": Saying.QUOTATION,
}  # fmt: skip


def articles(corpus: Corpus) -> dict[int, Article]:
    """The printed articles as the desk has them."""
    out = {}
    for a in corpus.articles:
        out[a.number] = Article(
            id=content_id("art", [str(a.number)]), outlet=a.outlet, title=a.text.split("\n")[0],
            text=a.text, blocks=(Block(role=Role.PARAGRAPH, start=0, end=len(a.text)),),
            language="en", published=None, dated_by="", link=None, byline=None,
            credits=a.credits, dropped=(),
            raw=RawRef(payload="0" * 64, pointer=str(a.number), start=0, length=0),
        )  # fmt: skip
    return out


def gold(corpus: Corpus) -> tuple[dict[str, Statement], dict[str, Told]]:
    """Statements as a perfect reader would find them, and the truth about each, by id."""
    known = articles(corpus)
    statements, truth = {}, {}
    for k, t in enumerate(corpus.told):
        article = known[t.article]
        passage = Passage(article=article.id, start=t.start, end=t.end)
        number = float(t.value) if t.value.isdigit() else None
        s = Statement(
            id=content_id("sta", [str(k)]), article=article.id, outlet=article.outlet,
            kind=_SAYING[t.kind], passage=passage, core=passage, topic=t.answer, value=t.value,
            quantity=None if number is None else Quantity(
                low=number, high=number, bound=Bound.EXACT, unit="", words=t.value
            ),
            actor=t.origin if t.kind == "position" else None, speaker=t.speaker,
            quote=t.value if t.kind == "quotation" else None,
        )  # fmt: skip
        statements[s.id] = s
        truth[s.id] = t
    return statements, truth


def answers(truth: Mapping[str, Told]) -> list[tuple[str, ...]]:
    """Statements that give one answer, where two or more do."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, t in truth.items():
        groups[t.answer].append(key)
    return [tuple(sorted(g)) for g in groups.values() if len(g) > 1]
