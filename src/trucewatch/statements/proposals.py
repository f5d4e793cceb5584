"""Statements that somebody else proposes: kept only where the article's words bear them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.language import name, numbers, quotations, sentences, words
from trucewatch.model.articles import Passage
from trucewatch.model.identity import content_id
from trucewatch.model.statements import Quantity, Saying, Stance, Statement
from trucewatch.statements.attribution import attribute
from trucewatch.statements.making import Context
from trucewatch.statements.people import name_all
from trucewatch.statements.positions import positions
from trucewatch.statements.reading import read
from trucewatch.statements.rules import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.language import Number
    from trucewatch.model.articles import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A statement as a model, or anybody, proposes it: `text[start:end]` is what it stands on.

    Everything in it is a claim to be checked; nothing in it is an instruction. `low` and `high`
    are the ends of a number, None where a side is open.
    """

    kind: Saying
    topic: str
    start: int
    end: int
    value: str | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    speaker: str | None = None
    actor: str | None = None
    quote: str | None = None
    stance: Stance | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What became of proposals: `statements` are borne out, `dropped` says why each other is not.

    The statements are marked as proposed by their identifiers ("prp-…"). They may be shown to a
    person; they are no input of a story, an incident or a finding.
    """

    statements: tuple[Statement, ...]
    dropped: tuple[tuple[Proposal, str], ...]


PROPOSED = "prp"


def is_proposed(statement: Statement) -> bool:
    """Whether a statement was proposed and not read by rule; such a one never makes a finding."""
    return statement.id.startswith(f"{PROPOSED}-")


def accept(article: Article, proposals: Iterable[Proposal]) -> Accepted:
    """Keep the proposals that the article's own words bear out, and count the rest with reasons.

    The span must lie in the text, and its words must hold the value, the number with its unit,
    every name, and the quotation between marks; a stance must be one that the rules read there.
    The same proposal twice is one.
    """
    kept: dict[str, Statement] = {}
    dropped: list[tuple[Proposal, str]] = []
    stances = _stances(article)
    for proposal in proposals:
        reason = _unsupported(article, proposal, stances)
        if reason is None:
            one = _statement(article, proposal)
            kept[one.id] = one
        else:
            dropped.append((proposal, reason))
    dropped.sort(key=lambda pair: (pair[0].start, pair[0].end, pair[0].topic, repr(pair[0])))
    return Accepted(
        statements=tuple(sorted(kept.values(), key=lambda one: (one.core, one.topic, one.id))),
        dropped=tuple(dropped),
    )


def _stances(article: Article) -> list[tuple[int, int, Stance | None]]:
    known = rules(article.language)
    if known is None:
        return []
    reading = read(article, known)
    context = Context(reading, name_all(reading), attribute(reading))
    return [(one.core.start, one.core.end, one.stance) for one in positions(context)]


def _unsupported(
    article: Article, proposal: Proposal, stances: list[tuple[int, int, Stance | None]]
) -> str | None:
    """Why the article does not bear a proposal out; None where it does."""
    start, end = proposal.start, proposal.end
    if not 0 <= start < end <= len(article.text):
        return "the span lies outside the text"
    said = article.text[start:end]
    if not words(said):
        return "the span has no words"
    spoken = f" {name(said)} "
    for part in (proposal.value, proposal.speaker, proposal.actor):
        for one in (part or "").split(";"):
            if one.strip() and f" {name(one)} " not in spoken:
                return "a name or value is not in the words of the span"
    counts = proposal.low is not None or proposal.high is not None
    if counts and _number(article, proposal) is None:
        return "the number is not in the words of the span"
    if proposal.unit and proposal.unit != "%" and name(proposal.unit) not in spoken:
        return "the unit is not in the words of the span"
    if proposal.quote is not None and not _quoted(article, proposal):
        return "the quotation does not stand between marks in the span"
    if proposal.stance is not None and not any(
        stance is proposal.stance and first < end and start < last
        for first, last, stance in stances
    ):
        return "the words show no such stance"
    if not _says_something(proposal):
        return "the proposal states nothing that could be checked"
    return None


def _says_something(proposal: Proposal) -> bool:
    checked = (proposal.value, proposal.low, proposal.high, proposal.quote, proposal.stance)
    return any(part is not None and part != "" for part in checked)


def _number(article: Article, proposal: Proposal) -> Number | None:
    said = article.text[proposal.start : proposal.end]
    for one in numbers(said, article.language):
        if (one.low, one.high) == (proposal.low, proposal.high):
            return one
    return None


def _quoted(article: Article, proposal: Proposal) -> bool:
    said = article.text[proposal.start : proposal.end]
    return any(said[q.first : q.last].rstrip(",") == proposal.quote for q in quotations(said))


def _statement(article: Article, proposal: Proposal) -> Statement:
    number = _number(article, proposal)
    said = article.text[proposal.start : proposal.end]
    put = None
    if number is not None:
        put = Quantity(
            low=number.low,
            high=number.high,
            bound=number.bound,
            unit=proposal.unit or number.unit,
            words=" ".join(said[number.start : number.end].split()),
        )
    over = [
        span
        for span in sentences(article.text, article.language)
        if span[0] < proposal.end and proposal.start < span[1]
    ]
    first = min([proposal.start, *(span[0] for span in over)])
    last = max([proposal.end, *(span[1] for span in over)])
    core = Passage(article=article.id, start=proposal.start, end=proposal.end)
    return Statement(
        id=content_id(PROPOSED, [article.id, repr(proposal)]),
        article=article.id,
        outlet=article.outlet,
        kind=proposal.kind,
        passage=Passage(article=article.id, start=first, end=last),
        core=core,
        topic=proposal.topic,
        value=proposal.value,
        quantity=put,
        stance=proposal.stance,
        actor=proposal.actor,
        speaker=proposal.speaker,
        quote=proposal.quote,
    )
