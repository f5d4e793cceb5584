"""Which lines of a page are the article: by what each shows, and by what stands around it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from trucewatch.model import Role
from trucewatch.reports.press.closing import (
    TOPICAL,
    Judged,
    close,
    drop_apart,
    leads_to_list,
    share,
    subject_of,
)
from trucewatch.reports.press.features import (
    ADDRESS,
    Shape,
    byline,
    frame_reason,
    opener,
    shape,
)
from trucewatch.reports.press.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from trucewatch.reports.press.pieces import Line

TITLE_WORDS = range(3, 31)


def arrange(lines: Sequence[Line], *, title: str = "") -> list[Judged]:
    """Judge every line that is not blank; each comes back with a role or a reason.

    `title` is the article's where the page's markup says it. Nothing is kept where no line reads as
    an article.
    """
    judged = [_first(line) for line in lines if line.text.strip()]
    subject = subject_of(judged)
    for one in judged:
        # An article may speak to its reader, too, but then of its own subject.
        if one.reason == ADDRESS and one.shape.prose and share(one, subject) >= 2 * TOPICAL:
            one.reason = ""
    close(judged, subject)
    body = [i for i, one in enumerate(judged) if one.open_ and one.shape.prose]
    drop_apart(judged, body, subject)
    asked = None
    if len(body) > 1 and not title and _asks(judged[body[0]].shape):
        # A title may be a question, which ends as a sentence does.
        asked = body.pop(0)
    if not body:
        body = [i for i, one in enumerate(judged) if one.open_ and one.shape.count >= 5][:1]
    if not body:
        for one in judged:
            one.reason = one.reason or "no article"
        return judged
    at = _title(judged, body[0], subject, title) if asked is None else asked
    _head(judged, body[0], subject, at)
    _middle(judged, body[0], body[-1], subject)
    _tail(judged, body[-1], subject)
    return judged


def _asks(line: Shape) -> bool:
    return line.text.rstrip()[-1] in "?!؟？" and line.count in TITLE_WORDS and not line.mark


def _first(line: Line) -> Judged:
    one = Judged(line, shape(line.text))
    if one.shape.bare in vocabulary().labels and line.kept is not False:
        return one
    one.opens = opener(one.shape)
    if one.opens:
        one.reason = one.opens[1]
    elif line.kept is False:
        one.reason = frame_reason(one.shape) or "outside the article's markup"
    else:
        one.reason = frame_reason(one.shape) or ""
    return one


def _head(judged: list[Judged], first: int, subject: Counter[str], at: int | None) -> None:
    """What stands above the first running text; `at` is the title, what is above it is frame."""
    for i, one in enumerate(judged[:first]):
        if not one.open_:
            continue
        if i == at:
            one.role = Role.TITLE
        elif at is not None and one.shape.bare == judged[at].shape.bare:
            one.reason = "repeated title"
        elif at is not None and i < at:
            one.reason = "above the title"
        elif one.shape.bare in vocabulary().labels:
            one.role = Role.HEADING
        elif byline(one.shape):
            one.reason = "byline"
        elif at is None:
            one.reason = "above the article"
        else:
            _keep_above(one, subject)


def _keep_above(one: Judged, subject: Counter[str]) -> None:
    """A line between title and text: a list or a standfirst of the article's, or a label."""
    if one.shape.count >= 4 and (share(one, subject) >= TOPICAL or one.shape.ended):
        running = one.shape.count >= 12 or one.shape.ended
        one.role = _role(one, Role.PARAGRAPH if running else Role.HEADING)
    elif one.shape.mark and share(one, subject) >= TOPICAL:
        one.role = _role(one, Role.ITEM)
    else:
        one.reason = "between title and text"


def _title(judged: list[Judged], first: int, subject: Counter[str], title: str) -> int | None:
    """Where the title stands: the line above the text that best tells of it; None if none does."""
    wanted = shape(title).bare if title.strip() else ""
    best: tuple[float, int] | None = None
    for i, one in enumerate(judged[:first]):
        if not one.open_ or one.shape.mark:
            continue
        if wanted and one.shape.bare == wanted:
            return i
        headed = one.line.role in {Role.TITLE, Role.HEADING}
        if one.shape.count not in TITLE_WORDS and not (headed and one.shape.count == 2):
            continue
        topical = share(one, subject)
        near = 1 / (first - i)
        twice = sum(other.shape.bare == one.shape.bare for other in judged[:first]) > 1
        if topical < TOPICAL / 2 and near < 1:
            continue
        score = 2 * topical + near + twice + headed
        if byline(one.shape):
            score -= 2
        if best is None or score > best[0]:
            best = (score, i)
    return best[1] if best else None


def _middle(judged: list[Judged], first: int, last: int, subject: Counter[str]) -> None:
    """Between the first and the last running text."""
    titles = {one.shape.bare for one in judged if one.role is Role.TITLE}
    listing = False
    for one in judged[first : last + 1]:
        if one.shape.prose:
            listing = leads_to_list(one.shape)
        elif one.shape.mark:
            listing = False
        elif one.open_ and not listing and _is_tag(one.shape):
            # A word in small letters alone, under no list, is the tag of a picture.
            one.reason = "tag"
    listing = False
    inside = [one for one in judged[first : last + 1] if one.open_]
    _stray_lists(inside, subject)
    inside = [one for one in inside if one.open_]
    for i, one in enumerate(inside):
        after = inside[i + 1] if i + 1 < len(inside) else None
        if one.shape.bare in vocabulary().labels:
            one.role, listing = Role.HEADING, True
        elif one.shape.prose:
            one.role = _role(one, Role.PARAGRAPH)
            listing = leads_to_list(one.shape)
        elif one.shape.bare in titles:
            one.reason = "repeated title"
        elif one.shape.mark or one.line.role in {Role.ITEM, Role.QUOTE}:
            # What has no mark after items that have one is no item.
            one.role, listing = _role(one, Role.ITEM), False
        elif one.shape.ended:
            one.role, listing = _role(one, Role.PARAGRAPH), False
        elif listing and not _leads_in(after):
            one.role = Role.ITEM
        elif one.line.role is Role.HEADING or _leads_in(after) or share(one, subject) >= TOPICAL:
            one.role, listing = Role.HEADING, False
        else:
            one.reason = "stray line"


def _stray_lists(inside: Sequence[Judged], subject: Counter[str]) -> None:
    """Drop lists that nothing leads to and that are off the subject: headlines, menus."""
    for is_list, run in groupby(enumerate(inside), lambda pair: _is_item(pair[1])):
        if not is_list:
            continue
        items = list(run)
        lead = inside[items[0][0] - 1].shape
        if (
            leads_to_list(lead)
            or not lead.prose
            or any(share(one, subject) >= TOPICAL for _, one in items)
        ):
            continue
        for _, one in items:
            one.reason = "stray list"


def _is_item(one: Judged) -> bool:
    return not one.shape.prose and (bool(one.shape.mark) or one.line.role is Role.ITEM)


def _is_tag(line: Shape) -> bool:
    return line.count <= 2 and line.text[:1].islower() and not (line.mark or line.ended)


def _leads_in(after: Judged | None) -> bool:
    """Whether a line may be the heading of what comes after it."""
    return after is not None and (after.shape.prose or bool(after.shape.mark))


def _tail(judged: list[Judged], last: int, subject: Counter[str]) -> None:
    """Below the last running text: its list, its last short sentence, then the frame."""
    listing = leads_to_list(judged[last].shape)
    labelled = False
    gone = False
    for i, one in enumerate(judged[last + 1 :], last + 1):
        after = judged[i + 1] if i + 1 < len(judged) else None
        if not one.open_:
            gone = True
        elif gone:
            one.reason = "below the article"
        elif one.shape.bare in vocabulary().labels and _leads_in(after):
            one.role, labelled = Role.HEADING, True
        elif one.shape.mark and (listing or labelled or share(one, subject) >= TOPICAL):
            one.role = _role(one, Role.ITEM)
        elif listing and one.shape.count <= 12:
            one.role = Role.ITEM
        elif one.shape.ended and one.shape.count >= 3 and "!" not in one.shape.text:
            one.role = _role(one, Role.PARAGRAPH)
        else:
            one.reason, gone = "below the article", True


def _role(one: Judged, otherwise: Role) -> Role:
    """The role that the markup or a mark before the words gives, else the other."""
    if one.line.role is not None:
        return one.line.role
    mark = one.shape.mark
    if mark.startswith(">"):
        return Role.QUOTE if mark == ">" and one.shape.text[:1] in "\"“«„'‘" else Role.ITEM
    return Role.ITEM if mark else otherwise
