"""Where the article begins and ends on a page: openers of the frame, and what is on its subject."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.reports.press.biography import is_biography
from trucewatch.reports.press.features import LONG_WORDS, Shape
from trucewatch.reports.press.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.model import Role
    from trucewatch.reports.press.pieces import Line

ENOUGH_WORDS = 60
"""So many words of running text before an opener ("Comments") make what follows the page's end."""

TOPICAL = 0.3
"""A line is on the article's subject where so much of its telling words are the article's."""

GAP = 3
"""So many short lines part running text from running text."""

MAIN = 3
"""With no more lines of running text than this, none is taken to be apart from the others."""

TEASER_WORDS = 45
"""Running text under a list of headlines is a teaser unless it is longer, or on the subject."""


@dataclass(slots=True)
class Judged:
    """One line with its judgement: kept with a role, or dropped for a reason.

    `opens` tells what part of the frame it opens, `under` which such part it stands in.
    """

    line: Line
    shape: Shape
    role: Role | None = None
    reason: str = ""
    opens: tuple[str, str] | None = None
    under: str = ""

    @property
    def open_(self) -> bool:
        """Whether nothing has been said against it."""
        return not self.reason


def _telling(one: Shape) -> set[str]:
    """The words of a line by which its subject is known: the longer ones."""
    return {word for word in one.words if len(word) >= 4 and not word.isdigit()}


def subject_of(judged: Sequence[Judged]) -> Counter[str]:
    """In how many lines of running text each word stands."""
    return Counter(
        word for one in judged if one.open_ and one.shape.prose for word in _telling(one.shape)
    )


def share(one: Judged, subject: Counter[str]) -> float:
    """How much of a line's telling words other lines of the article use."""
    words = _telling(one.shape)
    own = 1 if one.shape.prose and one.open_ else 0
    return sum(subject[word] > own for word in words) / len(words) if words else 0.0


def close(judged: Sequence[Judged], subject: Counter[str]) -> None:
    """Drop what stands under a heading of the frame, as far as that reaches."""
    read = 0
    scope: tuple[str, str] | None = None
    ahead = sum(one.shape.count for one in judged if one.open_ and one.shape.prose)
    least = min(ENOUGH_WORDS, ahead / 2)
    for i, one in enumerate(judged):
        after = judged[i + 1] if i + 1 < len(judged) else None
        running = one.open_ and one.shape.prose
        ahead -= one.shape.count if running else 0
        if one.opens and one.opens[0] != "line":
            scope = _opened(one.opens, scope, read >= least, ahead > read)
        elif (
            scope
            and scope[0] == "list"
            and one.open_
            and _resumes(one, after, subject, least=LONG_WORDS if read else 0)
        ):
            scope = None
        elif scope:
            one.under, one.reason = scope[1], one.reason or scope[1]
        if one.open_ and running:
            if read >= ENOUGH_WORDS and is_biography(one.shape):
                one.reason = "author"
            else:
                read += one.shape.count


def _opened(
    opens: tuple[str, str], scope: tuple[str, str] | None, enough: bool, more: bool
) -> tuple[str, str] | None:
    """The part of the frame that a line stands in after an opener.

    What ends a page ends it for good once `enough` has been read, readers' comments even where
    `more` follows than was read; before that a line such as "Comments" is a link to below.
    """
    if scope and scope[0] == "rest":
        return scope
    kind, reason = opens
    if kind == "list":
        return opens
    if not enough:
        return None
    return opens if reason == "comments" or not more else ("list", reason)


def _resumes(one: Judged, after: Judged | None, subject: Counter[str], *, least: int) -> bool:
    """Whether the article goes on with this line after a list of headlines.

    A teaser is short, and a headline follows it; the article is on its subject and goes on. A line
    of fewer than `least` words that nothing follows is a teaser.
    """
    if one.shape.bare in vocabulary().labels:
        return True
    if not one.shape.prose:
        return False
    goes_on = after is not None and after.open_ and after.shape.prose
    topical = share(one, subject) >= TOPICAL
    return one.shape.count >= TEASER_WORDS or goes_on or (topical and one.shape.count >= least)


def drop_apart(judged: Sequence[Judged], body: list[int], subject: Counter[str]) -> None:
    """Drop running text at an end that short lines part from the rest, and of other things."""
    labels = vocabulary().labels
    for end, other in ((0, 1), (-1, -2)):
        while len(body) > MAIN:
            one, low, high = judged[body[end]], *sorted((body[end], body[other]))
            between = judged[low + 1 : high]
            if len(between) < GAP or share(one, subject) >= TOPICAL:
                break
            if leads_to_list(judged[low].shape) or any(
                part.shape.bare in labels for part in between
            ):
                break
            one.reason = "apart from the article"
            del body[end]


def leads_to_list(line: Shape) -> bool:
    """Whether a list follows."""
    return line.text.rstrip().endswith((":", "："))
