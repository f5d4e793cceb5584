"""Lines of a page in, its pieces and what it says of itself out; flat text is its lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.model import Role
from trucewatch.reports.press.arranging import arrange
from trucewatch.reports.press.cutting import cut
from trucewatch.reports.press.dates import find_date
from trucewatch.reports.press.limits import LINE_CHARACTERS, LINES, Unreadable
from trucewatch.reports.press.pieces import Line, Page, Piece
from trucewatch.reports.press.telling import byline_of, credits_of, date_of, outlet_of
from trucewatch.reports.press.vocabulary import bare, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.reports.press.closing import Judged

DATELINES = 5
"""A line that begins with a date is split there only among so many first lines."""

_AFTER_DATE = re.compile(r"\s*(?:[:|–—-]\s*|:\s*)(?=\S)")
_LABEL = re.compile(r"\s*([^\W\d_][^:\n]{1,30}):\s+(?=\S)")


def page_of_text(text: str) -> Page:
    """A flat text as a page."""
    lines = text.splitlines()
    # The page of lines would say so as well, once millions of them had been made into objects.
    _check_count(len(lines))
    return page_of_lines([Line(text=line) for line in lines])


def page_of_lines(lines: Sequence[Line], *, title: str = "") -> Page:
    """A page of lines, its article apart from its frame.

    The characters of the lines that are not spaces are all in the pieces, in their order. Raises
    Unreadable for more, or longer, lines than the limits allow.
    """
    _check_count(len(lines))
    if any(len(line.text) > LINE_CHARACTERS for line in lines):
        raise Unreadable(f"a line of it has more than {LINE_CHARACTERS:,} characters")
    judged = arrange(list(_split_first(lines)), title=title)
    pieces = tuple(piece for one in judged for piece in _pieces(one))
    published, dated_by = date_of(judged)
    shown = next((piece.text for piece in pieces if piece.role is Role.TITLE), "")
    return Page(
        pieces=pieces,
        title=shown or title,
        outlet=outlet_of(judged),
        published=published,
        dated_by=dated_by,
        byline=byline_of(judged),
        credits=credits_of(judged, pieces),
    )


def _check_count(lines: int) -> None:
    if lines > LINES:
        raise Unreadable(f"it has more than {LINES:,} lines")


def _split_first(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, with a date and a word such as "Headline" before the first ones as lines apart."""
    seen = 0
    for line in lines:
        if not line.text.strip():
            continue
        seen += 1
        rest = line.text
        if seen <= DATELINES and line.role is None:
            found = find_date(rest[:60])
            if found and _only_days(rest[: found[1]]):
                after = _AFTER_DATE.match(rest, found[2])
                if after:
                    yield Line(text=rest[: after.end()])
                    rest = rest[after.end() :]
            label = _LABEL.match(rest)
            if label and bare(label[1]) in vocabulary().headline:
                yield Line(text=rest[: label.end()])
                rest = rest[label.end() :]
        label = _LABEL.match(rest)
        if label and bare(label[1]) in vocabulary().labels and line.role in {None, Role.PARAGRAPH}:
            yield Line(text=rest[: label.end()], role=line.role and Role.HEADING, kept=line.kept)
            rest = rest[label.end() :]
        yield Line(text=rest, role=line.role, kept=line.kept)


def _only_days(before: str) -> bool:
    words = bare(before).split()
    return all(word in vocabulary().signs["days"] for word in words)


def _pieces(one: Judged) -> Iterator[Piece]:
    text = one.line.text.strip()
    if one.role is None:
        yield Piece(text=text, reason=one.reason)
        return
    mark = one.shape.mark
    if mark:
        yield Piece(text=mark, reason="list mark")
    if one.role is Role.TITLE or one.role is Role.HEADING:
        yield Piece(text=one.shape.text, role=one.role)
        return
    begun = False
    for part, reason in cut(one.shape.text):
        if reason:
            yield Piece(text=part.strip(), reason=reason)
        else:
            yield Piece(text=part.strip(), role=one.role, joined=begun)
            begun = True
