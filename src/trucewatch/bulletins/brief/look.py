"""What the formats of a brief share: the marking of quotations, the matrix, counts in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.grounds import QUOTED
from trucewatch.bulletins.brief.telling import SPOKEN, head_of
from trucewatch.model import Verdict

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.content import Brief, Read, Table

SECTIONS = (
    ("glance", "At a glance"),
    ("story", "The story"),
    ("points", "Key points"),
    ("unsure", "What is disputed, changed, or stands on one origin"),
    ("matters", "Why it matters, and what follows"),
    ("takeaways", "Key takeaways"),
    ("more", "Read more"),
)
"""The sections of a brief below its headline, in their order, with their headings."""

MOST_COLUMNS = 30

MEANINGS = {
    Verdict.AGREED: "told alike, from more than one origin",
    Verdict.COMPATIBLE: "told differently, and all of it can be true",
    Verdict.DISPUTED: "told so that not all of it can be true",
    Verdict.CHANGED: "true at one time, and no longer at a later",
    Verdict.SINGLE_ORIGIN: "however many print it, one beginning is known",
}
"""The verdicts in plain words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one article answers to one question: numbers of answers, (1,) is the main one."""

    label: str
    answers: tuple[int, ...]


def matrix(brief: Brief, *, spoken: bool) -> tuple[tuple[Table, tuple[Cell, ...]], ...]:
    """Who gives which answer, for the questions that two articles or more answer.

    With `spoken` those on quotations, else all the others. None is made of more than 30
    articles: no page is that wide.
    """
    labels = [one.label for one in by_letter(brief)]
    if len(labels) > MOST_COLUMNS:
        return ()
    return tuple(
        (
            table,
            tuple(
                Cell(
                    label,
                    tuple(n for n, row in enumerate(table.rows, 1) if label in row.labels),
                )
                for label in labels
            ),
        )
        for table in brief.tables
        if len(table.labels) >= 2 and (head_of(table.topic) in SPOKEN) is spoken
    )


def by_letter(brief: Brief) -> tuple[Read, ...]:
    """The articles by their letters."""
    return tuple(sorted(brief.articles, key=lambda one: (len(one.label), one.label)))


def runs_of(numbers: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """Numbers of citations as runs from first to last; two neighbours stay apart."""
    made: list[tuple[int, int]] = []
    for n in numbers:
        if made and made[-1][1] == n - 1:
            made[-1] = (made[-1][0], n)
        else:
            made.append((n, n))
    return tuple(part for a, b in made for part in ([(a, b)] if b - a != 1 else [(a, a), (b, b)]))


def pieces(text: str) -> tuple[tuple[bool, str], ...]:
    """A sentence in pieces: (True, words) for a marked quotation, (False, text) for the rest."""
    return tuple((i % 2 == 1, part) for i, part in enumerate(QUOTED.split(text)) if part)


def tables_of(brief: Brief) -> dict[str, tuple[Table, ...]]:
    """The tables by the section they stand in; what one article alone answers is in neither."""
    several = [one for one in brief.tables if len(one.labels) >= 2]
    unsure = (Verdict.DISPUTED, Verdict.CHANGED, Verdict.SINGLE_ORIGIN)
    return {
        "unsure": tuple(one for one in several if one.verdict in unsure),
        "points": tuple(one for one in several if one.verdict not in unsure),
        "alone": tuple(one for one in brief.tables if len(one.labels) < 2),
    }


def foot(brief: Brief) -> tuple[str, ...]:
    """What did not come into the brief, in numbers."""
    left = brief.left_out
    dropped = sum(n for one in brief.articles for _, n in one.dropped)
    said = [
        f"Pieces of page frame dropped from the articles: {dropped}.",
        f"Records quarantined: {sum(n for _, n in left.quarantined)}.",
        f"Copies of the same bytes, read once: {left.repeated}.",
        (
            "Sentences left out because no cited words carried them: "
            f"{sum(n for _, n in left.sentences)}."
        ),
    ]
    if left.sealed:
        said.append(f"Articles of sources under seal, not used: {left.sealed}.")
    if left.withdrawn:
        said.append(f"Articles withdrawn since, not used: {left.withdrawn}.")
    return tuple(said)
