"""What a brief holds: sentences with their citations, tables of answers, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field

from trucewatch.model import Verdict

UNSURE = (Verdict.DISPUTED, Verdict.CHANGED, Verdict.SINGLE_ORIGIN)
"""The verdicts that a reader must be warned of, in the order in which a brief shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the desk's own, with the numbers of the citations that support it.

    Words of others stand between “ and ”. `questions` are those whose counts of outlets, origins
    or wordings it gives.
    """

    text: str
    citations: tuple[int, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the desk says of its own work; never of the story, and so without a citation."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a sentence stands on: words of an article, or a term of the mission at hand.

    `words` are the words that say it, between `before` and `after`, at most 25 words together;
    `label` is the letter of its article ("" for a term). `start` and `end` are the characters of
    the article's text, None for a term. `statements` are the statements, or the id of the term,
    that stand there; `link` opens the article at these words where it has a link.
    """

    number: int
    label: str
    name: str
    before: str
    words: str
    after: str
    article: str | None
    start: int | None
    end: int | None
    link: str | None
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One wording of an answer, as printed, with the letters of the articles that put it so."""

    words: str
    labels: tuple[str, ...]
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """One origin of an answer: its name, the articles whose words go back to it, and why."""

    name: str
    labels: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer to a question.

    `labels` are the articles that give it; `independent` is the effective number of origins,
    `first` the day on which it was first seen, in words.
    """

    value: str
    labels: tuple[str, ...]
    outlets: tuple[str, ...]
    origins: tuple[Beginning, ...]
    independent: float
    first: str
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One question with its answers, the verdict over them, and why."""

    id: str
    topic: str
    asked: str
    verdict: Verdict
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    inconsistent: tuple[str, ...]
    sentences: tuple[Sentence, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The articles that answer it."""
        return tuple(sorted({one for row in self.rows for one in row.labels}))

    @property
    def origins(self) -> int:
        """How many different origins stand behind its answers."""
        return len({one.name for row in self.rows for one in row.origins})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One article that was read; `title` is cut to 25 words, `dropped` counts pieces of frame."""

    label: str
    id: str
    outlet: str
    title: str
    published: str
    dated_by: str
    language: str
    link: str | None
    credits: tuple[str, ...]
    dropped: tuple[tuple[str, int], ...]
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What did not come into a brief, in numbers: the reader's files, and the desk's sentences.

    `quarantined` counts records that could not be read, by reason; `sentences` those that failed
    the check, by fault; `sealed` articles of sources under seal, `withdrawn` those taken back.
    """

    quarantined: tuple[tuple[str, int], ...] = ()
    sentences: tuple[tuple[str, int], ...] = ()
    repeated: int = 0
    sealed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One story, told from what its articles share, dispute, or have from one origin alone.

    The order of the fields is the order on the page; `story` is in paragraphs. `tables` are all
    questions that a table is shown of, those to be warned of first. `mission` is the name of the
    mission whose agreement and commitments were at hand, None where none was.
    """

    id: str
    headline: Sentence | Note
    glance: tuple[Sentence | Note, ...]
    story: tuple[tuple[Sentence | Note, ...], ...]
    points: tuple[Sentence | Note, ...]
    unsure: tuple[Sentence | Note, ...]
    matters: tuple[Sentence | Note, ...]
    takeaways: tuple[Sentence | Note, ...]
    tables: tuple[Table, ...]
    articles: tuple[Read, ...]
    citations: tuple[Citation, ...]
    left_out: LeftOut
    mission: str | None = None
    number: int = 1
    of: int = 1
    reasons: tuple[str, ...] = field(default=())

    def sentences(self) -> tuple[Sentence | Note, ...]:
        """Everything that is said, in the order of the page."""
        return (
            self.headline,
            *self.glance,
            *(one for paragraph in self.story for one in paragraph),
            *self.points,
            *self.unsure,
            *(one for table in self.tables for one in table.sentences),
            *self.matters,
            *self.takeaways,
        )
