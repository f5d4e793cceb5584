"""Where a text quotes, and how deep."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n\r]+")
_MARK = re.compile(r"[\"'“”„‟«»‘’‚‛‹›]")
_SINGLE = frozenset("'‘’‚‛‹›")
_DEEPEST = 8
# An opening mark stands after one of these, or after a blank.
_BEFORE = frozenset("([{–—-/:>|“„«‘‚\"'")
_STOPS = frozenset(".,!?…;:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quotation: `text[start:end]` with its marks, `text[first:last]` without.

    `depth` is 0 for one that stands in no other. `open` says that it ends with its paragraph
    unclosed, since the next paragraph opens again: one speech in several paragraphs.
    """

    start: int
    end: int
    first: int
    last: int
    depth: int
    open: bool = False


@dataclass(slots=True)
class _Opened:
    at: int
    single: bool
    mark: str


def quotations(text: str) -> tuple[Quoted, ...]:
    """The quotations of a text in the order in which they begin, the outer before the inner.

    All common marks, also where opening and closing marks are of two styles. A mark that is never
    closed quotes nothing, and an apostrophe is no mark. No quotation runs over the end of a line,
    save one that the next line opens again.
    """
    found: list[tuple[int, int, bool]] = []
    lines = [match.span() for match in _LINE.finditer(text) if match.group().strip()]
    for number, (start, end) in enumerate(lines):
        left = _line(text, start, end, found)
        if left is None or number + 1 == len(lines):
            continue
        after = text[lines[number + 1][0] : lines[number + 1][1]].lstrip()
        if after and after[0] in '“"«„':
            found.append((left, end, True))
    found.sort(key=lambda span: (span[0], -span[1]))
    nested: list[Quoted] = []
    stack: list[int] = []
    for start, end, opened in found:
        while stack and stack[-1] <= start:
            stack.pop()
        first, last = start + 1, end if opened else end - 1
        while first < last and text[first].isspace():
            first += 1
        while last > first and text[last - 1].isspace():
            last -= 1
        if first < last:
            nested.append(
                Quoted(start=start, end=end, first=first, last=last, depth=len(stack), open=opened)
            )
            stack.append(end)
    return tuple(nested)


def _line(text: str, start: int, end: int, found: list[tuple[int, int, bool]]) -> int | None:
    """Read one line; gives where a double mark stands that the line leaves open."""
    marks = [match.start() for match in _MARK.finditer(text, start, end)]
    sure = _sure_closings(text, marks, start, end)
    stack: list[_Opened] = []
    for number, at in enumerate(marks):
        mark = text[at]
        single = mark in _SINGLE
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if single and before.isalnum() and after.isalnum():
            continue
        opens = not after.isspace() and (before.isspace() or before in _BEFORE)
        closes = not before.isspace()
        match = next((i for i in reversed(range(len(stack))) if stack[i].single == single), None)
        if _is_opening(mark, opens, closes, None if match is None else stack[match].mark, before):
            if mark == "'" and after.isdigit() and match is None and not before.isspace():
                continue
            if len(stack) < _DEEPEST:
                stack.append(_Opened(at, single, mark))
        elif match is not None and (closes or mark in "”»“"):
            if single and _is_possessive(before, after, at, end, text) and sure[number]:
                continue
            found.append((stack[match].at, at + 1, False))
            del stack[match:]
    return next((item.at for item in stack if not item.single), None)


def _is_opening(mark: str, opens: bool, closes: bool, open_mark: str | None, before: str) -> bool:
    if mark in "„‚":
        return True
    if mark in "“‘‛‟":
        # German closes with the mark that English opens with.
        return open_mark not in ("„", "‚") and (opens or not closes)
    if mark in "«‹":
        return open_mark not in ("»", "›")
    if mark in "»›":
        return open_mark is None and opens
    if open_mark is None:
        return opens
    # A straight mark after a blank, while one is open, can only be a new one if it cannot close.
    return opens and not closes and mark == "'" and before.isspace() and open_mark != mark


def _is_possessive(before: str, after: str, at: int, end: int, text: str) -> bool:
    """Whether "allies' talks" is rather the possessive of a plural than the end of a quotation."""
    return before in "sS" and after == " " and at + 2 < end and (text[at + 2].islower())


def _sure_closings(text: str, marks: list[int], start: int, end: int) -> list[bool]:
    """For each mark whether, before the next opening, a single mark follows that must close."""
    sure = [False] * len(marks)
    ahead = False
    for number in reversed(range(len(marks))):
        sure[number] = ahead
        at = marks[number]
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        if text[at] in "'’" and (before in _STOPS or (before.isalnum() and not after.isalnum())):
            if before in _STOPS or before not in "sS":
                ahead = True
        elif text[at] in _SINGLE and before.isspace():
            ahead = False
    return sure
