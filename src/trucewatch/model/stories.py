"""Articles on one event, and what they answer: agreed, disputed, or on whose word alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model.incidents import Origin
    from trucewatch.model.statements import Quantity
    from trucewatch.model.times import Interval


class Tie(StrEnum):
    """What ties two reports, statements or sources to one beginning."""

    SAME_TEXT = "the same text"
    RETOLD = "the same story in other words"
    SHARED_QUOTATION = "a shared quotation"
    RARE_PHRASE = "a rare shared phrase"
    ATTRIBUTION = "an explicit attribution"
    CREDIT = "a credit"
    SAME_RECORD = "the same record of one source"
    SAME_LINK = "the same link"
    SAME_MEDIA = "the same media"
    SAME_OWNER = "the same owner"
    SAME_PLATFORM = "the same platform"
    SAME_PARTY = "the same party"
    SAME_FIGURE = "the same figure, and one of them says whose it is"
    DEPENDENCE = "errors shared more often than by chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Why two things are not independent.

    `one` < `other` are ids of claims, statements, origins or sources. `strength`, 0 to 1,
    is the probability that the tie makes them one origin.
    """

    tie: Tie
    one: str
    other: str
    reason: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """The beginnings behind one answer; `statements` are the ids of those that give it, sorted.

    `independent` is the effective number of independent origins: 0 for no statement, never more
    than there are outlets, and not the length of `origins`, which holds the loosely named, too.
    `edges` tie statements, each with its reason; `reasons` open the number.
    """

    statements: tuple[str, ...]
    origins: tuple[Origin, ...]
    independent: float
    edges: tuple[Edge, ...]
    reasons: tuple[str, ...]


class Verdict(StrEnum):
    """What the answers to one question amount to."""

    AGREED = "agreed"
    COMPATIBLE = "compatible"
    DISPUTED = "disputed"
    SINGLE_ORIGIN = "single origin"
    CHANGED = "changed over time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One wording of an answer, as printed, and the statements that put it so."""

    words: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What some outlets answer to a question: one value, in however many wordings.

    `outlets` are those that print it, `origins` the independent beginnings behind them: never take
    the first for the second. `independent` is the effective number of origins. `first` is the
    earliest publication known, None where no outlet that prints it is dated.
    """

    value: str
    quantity: Quantity | None
    statements: tuple[str, ...]
    outlets: tuple[str, ...]
    variants: tuple[Variant, ...]
    first: Interval | None
    origins: tuple[Origin, ...] = ()
    independent: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that a story's articles answer, and the verdict over their answers.

    `answers` stand with the most printed first, or, where the verdict is CHANGED, from the earliest
    to the latest. `inconsistent` are the outlets that contradict themselves, each with why.
    """

    id: str
    topic: str
    text: str
    answers: tuple[Answer, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    inconsistent: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles on one event, with the questions that they answer."""

    id: str
    title: str
    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    questions: tuple[Question, ...]
    reasons: tuple[str, ...]
