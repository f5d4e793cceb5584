"""What a single line shows by itself: its length, marks, words and shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from trucewatch.reports.press.dates import find_date
from trucewatch.reports.press.vocabulary import alternatives, bare, plain, vocabulary

PROSE_WORDS = 9
"""A line of so many words that ends as a sentence ends is running text."""

LONG_WORDS = 25
"""A line of so many words is running text however it ends."""

PUBLISHER = "about the publisher"
"""Why a line about whoever publishes the page is dropped."""

ADDRESS = "address to the reader"
"""Why a line is dropped that only its way of speaking gives away."""

FEW_WORDS = 4
"""What opens a part of a page has few words beside the ones by which it is known."""

FRAME_WORDS = 60
"""A longer line is not judged by phrases: articles quote notices, notices are short."""

FRAME_CHARACTERS = 800
"""Nor is a line of more characters, whatever its words."""

_LEAD = re.compile(r"[^:]{1,40}:\s*\S")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_MARK = re.compile(r"(?:>\s*)?(?:(?:[•·‣▪●○◦*–—-]|&bull;)\s+)?")
_CLOSING = "\"'”’»)]* \u200f\u200e"
_TERMINAL = frozenset(".!?…。！？؟।۔")
_QUOTED = re.compile(r'"[^"]{1,400}"')
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|[#@]\w+")
_TRAIL = re.compile(r"\s(?:[|>›»/·•→]|::|--)\s|\s?[|›»→]\s?")
_NAMED = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}")


@dataclass(frozen=True, slots=True)
class Shape:
    """One line, measured once; `mark` is the list or quotation mark before its words."""

    mark: str
    text: str
    plain: str
    bare: str
    words: tuple[str, ...]
    prose: bool
    ended: bool

    @property
    def count(self) -> int:
        """How many words it has."""
        return len(self.words)


def shape(line: str) -> Shape:
    """Measure a line that is not blank."""
    stripped = line.strip()
    found = _MARK.match(stripped)
    mark = found[0] if found else ""
    text = stripped[len(mark) :] or stripped
    mark = mark if text is not stripped else ""
    low = plain(text)
    words = tuple(_WORD.findall(low))
    # Scripts without spaces: two signs make about a word.
    count = len(words) + len(_UNSPACED.findall(text)) // 2
    tail = text.rstrip(_CLOSING)
    ended = bool(tail) and tail[-1] in _TERMINAL
    colon = bool(tail) and tail[-1] in ":;,،"
    prose = count >= LONG_WORDS or (count >= PROSE_WORDS and (ended or colon))
    return Shape(mark.strip(), text, low, bare(text), words, prose, ended)


def frame_reason(line: Shape) -> str | None:
    """Why a line is the page's frame, judged by itself; None where it may be the article's."""
    table = vocabulary()
    if not line.words:
        return "rule"
    if line.bare in table.labels:
        return None
    if line.bare in table.headline and line.text.endswith(":"):
        return "label"
    whole = table.whole.get(line.bare)
    if whole:
        return whole
    if line.count <= FRAME_WORDS and len(line.text) <= FRAME_CHARACTERS:
        return (
            _counter(line)
            or _date_alone(line)
            or _links(line)
            or _trail(line)
            or _copyright(line)
            or _picture(line)
            or _phrase(line)
            or _address(line)
        )
    return None


def opener(line: Shape) -> tuple[str, str] | None:
    """What part of the frame a line opens, and why; None where it opens none.

    "rest" opens what ends the page, "list" a list of headlines, and "line" is a list in one line.
    """
    table = vocabulary()
    if line.bare in table.rest:
        return "rest", table.rest[line.bare]
    if line.bare in table.lists:
        return "list", table.lists[line.bare]
    label, colon, _ = line.text.partition(":")
    if colon and table.rest.get(bare(label)) == "author":
        # "About the author: …" says all in one line.
        return "line", "author"
    if line.ended and line.count > FEW_WORDS:
        return None
    for reason, pattern in table.starts:
        found = pattern.match(line.bare)
        if not found or (reason == PUBLISHER and not _names(line, found.end())):
            continue
        # "Read more: what happened" leads to one page, "More from the Post" to those below it.
        if len(line.bare[found.end() :].split()) > FEW_WORDS or _LEAD.match(line.plain):
            return ("line", reason) if reason != PUBLISHER and ":" in line.text else None
        return ("rest" if reason == PUBLISHER else "list"), reason
    return None


def _names(line: Shape, at: int) -> bool:
    """Whether a line such as "About Open Harbours" goes on with names, as a heading does."""
    rest = [word for word in line.text[at:].split() if word[:1].isalpha()]
    small = vocabulary().signs["small"]
    return bool(rest) and all(word[0].isupper() or word in small for word in rest)


def byline(line: Shape) -> str | None:
    """The name in a line that says who wrote it, "By Jane Roe | 6 January 2026"; None elsewhere."""
    if line.count > 16 or len(line.text) > FRAME_CHARACTERS or (line.ended and line.count > 8):
        return None
    text = _after_date(line)
    found = _by().match(text)
    if not found:
        return None
    rest = text[found.end() :].lstrip(" -–—:|")
    name = _NAMED.match(rest)
    if not name or not rest[:1].isupper():
        return None
    kept: list[str] = []
    for word in name[0].split():
        if not word[0].isupper():
            break
        kept.append(word)
    return " ".join(kept).rstrip(".'’-") or None


def _after_date(line: Shape) -> str:
    """What stands after "Posted on 6 January 2026", the line itself where no such words lead it."""
    if not line.plain.startswith(vocabulary().credit["date"]):
        return line.text
    found = find_date(line.text)
    return line.text[found[2] :].lstrip(" ,-–—:|") if found else line.text


def _counter(line: Shape) -> str | None:
    counted = vocabulary().signs["counted"]
    others = [word for word in line.words if not word[0].isdigit()]
    some = len(others) < line.count
    if some and line.count <= 8 and all(word in counted for word in others):
        return "counter"
    return None


def _date_alone(line: Shape) -> str | None:
    if line.count > 14:
        return None
    found = find_date(line.text)
    if not found:
        return None
    _, start, end = found
    rest = bare(line.text[:start] + " " + line.text[end:])
    left = list(_WORD.findall(rest))
    words = vocabulary().credit["date"]
    phrases = {part for phrase in words for part in phrase.split()}
    counted = vocabulary().signs["counted"]
    small = vocabulary().signs["clock"]
    days = vocabulary().signs["days"]
    if all(w in phrases or w in counted or w in small or w in days for w in left):
        return "date"
    if byline(line) or (line.count <= 10 and not line.ended and "|" in line.text):
        return "byline"
    return None


def _links(line: Shape) -> str | None:
    rest, found = _LINK.subn(" ", line.text)
    return "links" if found and len(_WORD.findall(rest)) <= min(2, found) else None


def _trail(line: Shape) -> str | None:
    """Menus and paths of sections: short names between marks."""
    parts = [part.strip() for part in _TRAIL.split(line.text)]
    filled = [part for part in parts if part]
    if len(parts) >= 3 and len(filled) >= 2 and all(len(part.split()) <= 4 for part in filled[:-1]):
        return "navigation"
    return None


def _copyright(line: Shape) -> str | None:
    if line.plain.startswith(vocabulary().credit["copyright"]):
        return "legal"
    return None


def _picture(line: Shape) -> str | None:
    words = vocabulary().credit["picture"]
    low = line.plain.lstrip("([")
    head, colon, _ = low.partition(":")
    if colon and head.strip() in words:
        return "picture"
    if low.startswith(("photo by", "image by", "photo credit", "image credit", "picture by")):
        return "picture"
    return None


def _phrase(line: Shape) -> str | None:
    text = _QUOTED.sub(" ", line.plain)
    table = vocabulary()
    if line.prose and table.signs["reporting"] & {*line.words}:
        return None
    for reason, pattern in table.within:
        found = pattern.search(text)
        if found and (reason != "related" or (found.start() == 0 and not line.ended)):
            return reason
    return None


def _address(line: Shape) -> str | None:
    """A line that speaks to its reader about the site, in words that nobody has listed."""
    signs = vocabulary().signs
    if line.plain[:1] in "\"'" or signs["reporting"] & {*line.words}:
        return None
    words = _WORD.findall(_QUOTED.sub(" ", line.plain))
    if not words or len(words) > 40:
        return None
    spoken = signs["second_person"] & {*words}
    things = len(signs["things"] & {*words})
    orders = words[0] in signs["imperatives"] or (
        len(words) > 2 and words[0] == "please" and words[1] in signs["imperatives"]
    )
    inside = not orders and bool(signs["imperatives"] & {*words[1:]})
    ours = bool(signs["site"] & {*words})
    score = 2 * orders + inside + 2 * bool(spoken) + ours + min(things, 3) + ("!" in line.text)
    return ADDRESS if things and score >= 4 else None


@cache
def _by() -> re.Pattern[str]:
    pattern = alternatives(vocabulary().credit["byline"])
    return re.compile(pattern.pattern, re.IGNORECASE)
