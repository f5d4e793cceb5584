"""The pen that writes a brief: it cites, numbers, checks each sentence, and counts what fails."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from trucewatch.bulletins.brief.content import Citation, Note, Sentence
from trucewatch.bulletins.brief.grounds import LONGEST_QUOTATION, Grounds
from trucewatch.bulletins.brief.showing import shown, shown_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.bulletins.brief.at_hand import Term
    from trucewatch.model import Answer, Article, Passage, Question, Statement, Story

_INNER = str.maketrans({"“": "‘", "”": "’", "„": "‘", '"': "’", "«": "‘", "»": "’"})
_OPENING = re.compile(r'(?<![^\s(\[—–-])"')
# What a file is called and no newspaper: no blank, and an underscore, or figures with a dot.
_FILE = re.compile(r"\S*_\S*|(?=\S*\d)(?=\S*\.)\S+")
NOT_NAMED = "outlet not named"
_WORD = re.compile(r"[^\W_]+")


def excerpt(text: str, most: int = LONGEST_QUOTATION) -> tuple[str, bool]:
    """Words of others on one line, at most `most` of them, and whether that is all of them.

    Marks of quotation within become single ones, so that the outer pair stays readable.
    """
    line = _OPENING.sub("‘", shown(text)).translate(_INNER)
    if len(shown_words(line)) <= most:
        return line, True
    kept, _ = _some(line.split(" "), most)
    # A piece may be longer than what may be shown: a run of words without a blank.
    return f"{' '.join(kept)} …".lstrip(), False


def window(
    before: str, core: str, after: str, *, most: int = LONGEST_QUOTATION, lead: bool = False
) -> tuple[str, str, str]:
    """A core with as much of its sentence as may be quoted; what is cut shows as "…".

    With `lead`, what leads up to it comes first; else both sides alike.
    """
    told, whole = excerpt(core, most)
    room = most - len(shown_words(told))
    if not whole or room <= 0:
        return "", told, "" if whole else "…"
    ahead = shown(after).translate(_INNER).split()
    behind = _OPENING.sub("‘", shown(before)).translate(_INNER).split()
    for_head = min(len(behind), room if lead else room // 2)
    tail, _ = _some(ahead, room - for_head)
    head, _ = _some(behind[::-1], most - len(shown_words(f"{told} {' '.join(tail)}")))
    return (
        ("" if len(head) == len(behind) else "… ") + " ".join(head[::-1]) + _space(before[-1:]),
        told,
        _space(after[:1]) + " ".join(tail if len(tail) == len(ahead) else [*tail, "…"]),
    )


def _space(edge: str) -> str:
    """The space that parts a core from its surroundings, where there is one."""
    return " " if edge.isspace() else ""


def _some(pieces: Sequence[str], room: int) -> tuple[list[str], int]:
    """As many pieces as hold no more words than there is room for, and the room left."""
    taken: list[str] = []
    for piece in pieces:
        size = len(shown_words(piece))
        if size > room:
            break
        taken.append(piece)
        room -= size
    return taken, room


def labels_of(articles: Iterable[Article]) -> dict[str, str]:
    """A letter for each article, by day of publication, outlet and id: A to Z, then A2 and on."""
    ordered = sorted(
        articles,
        key=lambda one: (
            one.published is None,
            one.published.earliest.isoformat() if one.published else "",
            one.outlet,
            one.id,
        ),
    )
    made = {}
    for n, one in enumerate(ordered):
        turn, letter = divmod(n, 26)
        made[one.id] = chr(ord("A") + letter) + (str(turn + 1) if turn else "")
    return made


class Pen:
    """Writes sentences on one story; what fails the check is counted in `failed` and not said."""

    def __init__(
        self,
        story: Story,
        *,
        articles: Mapping[str, Article],
        statements: Mapping[str, Statement],
        terms: Mapping[str, Term],
    ) -> None:
        self.story = story
        self.articles = {one: articles[one] for one in story.articles}
        self.labels = labels_of(self.articles.values())
        self._statements = statements
        self._terms = terms
        self.grounds = Grounds(
            story,
            articles=self.articles,
            statements=statements,
            labels=self.labels,
            terms={one.id: one.text for one in terms.values()},
        )
        self.failed: Counter[str] = Counter()
        self._numbers: dict[str | Passage, int] = {}
        self._held: dict[int, set[str]] = {}

    def found(self, answer: Answer) -> tuple[Statement, ...]:
        """The statements of an answer, in an order of their own content."""
        found = [self._statements[one] for one in answer.statements if one in self._statements]
        return tuple(sorted(found, key=lambda one: (self.labels[one.article], one.core, one.id)))

    def outlet(self, name: str) -> str:
        """An outlet as it is called in print; one known by a file's name alone, by its article."""
        if not self.unnamed(name):
            return shown(name)
        held = [self.labels[one.id] for one in self.articles.values() if one.outlet == name]
        return f"article {min(held, key=lambda one: (len(one), one))}" if held else shown(name)

    def unnamed(self, name: str) -> bool:
        """Whether an outlet is known by the name of a file alone."""
        return bool(_FILE.fullmatch(name))

    def masthead(self, name: str) -> str:
        """An outlet as a list of articles calls it, where the letter stands beside it."""
        return NOT_NAMED if self.unnamed(name) else shown(name)

    def reason(self, text: str) -> str:
        """A reason of an earlier stage, with outlets called as everywhere else in the brief."""
        for name in sorted({one.outlet for one in self.articles.values()}, key=len, reverse=True):
            if _FILE.fullmatch(name):
                text = text.replace(name, self.outlet(name))
        if self.grounds.copied(text):
            self.failed["a reason copies an article"] += 1
            return "a reason that copies an article is left out"
        return shown(text)

    def label_of(self, statement: str) -> str:
        """The letter of the article that a statement stands in."""
        return self.labels[self._statements[statement].article]

    def one_each(self, answer: Answer) -> list[str]:
        """One statement of each article that gives an answer: the first in its text."""
        first: dict[str, str] = {}
        for one in self.found(answer):
            first.setdefault(one.article, one.id)
        return list(first.values())

    def say(
        self, text: str | None, cited: Sequence[str], *questions: Question
    ) -> tuple[Sentence, ...]:
        """A checked sentence, or nothing: `text` without its first capital and full stop.

        None says that there is nothing to say, and is not counted as a failure.
        """
        if not text:
            return ()
        asked = tuple(one.id for one in questions)
        told = f"{text[:1].upper()}{text[1:]}"
        told = told if told.endswith((".", "?", ".”")) else f"{told}."
        fault = self.grounds.fault(told, cited, asked)
        if fault is not None:
            self.failed[fault] += 1
            return ()
        return (Sentence(text=told, citations=self.cite(cited), questions=asked),)

    def may(self, text: str | None, cited: Sequence[str], *questions: Question) -> bool:
        """Whether a sentence would pass; nothing is cited and no failure is counted."""
        asked = tuple(one.id for one in questions)
        return bool(text) and self.grounds.fault(f"{text}.", cited, asked) is None

    def note(self, text: str) -> tuple[Note, ...]:
        """A note on the desk's own work, held to the desk's own words."""
        fault = self.grounds.note_fault(text)
        if fault is not None:
            self.failed[fault] += 1
            return ()
        return (Note(text=text),)

    def cite(self, cited: Iterable[str]) -> tuple[int, ...]:
        """The numbers of citations for statements and terms, new ones where there were none."""
        made = set()
        for one in cited:
            place = one if one in self._terms else self._statements[one].core
            number = self._numbers.setdefault(place, len(self._numbers) + 1)
            self._held.setdefault(number, set()).add(one)
            made.add(number)
        return tuple(sorted(made))

    def citations(self) -> tuple[Citation, ...]:
        """All citations made so far, by number."""
        return tuple(
            self._of_term(number, self._terms[place])
            if isinstance(place, str)
            else self._of_passage(number, place)
            for place, number in sorted(self._numbers.items(), key=lambda item: item[1])
        )

    def _of_term(self, number: int, term: Term) -> Citation:
        told, whole = excerpt(term.words)
        return Citation(
            number=number,
            label="",
            name=shown(term.name),
            before="",
            words=told,
            after="" if whole else "…",
            article=None,
            start=None,
            end=None,
            link=None,
            statements=(term.id,),
        )

    def _of_passage(self, number: int, core: Passage) -> Citation:
        article, held = self.articles[core.article], tuple(sorted(self._held[number]))
        sentence = min(self._statements[one].passage for one in held)
        before, told, after = window(
            article.text[sentence.start : core.start],
            article.words(core),
            article.text[core.end : sentence.end],
        )
        return Citation(
            number=number,
            label=self.labels[article.id],
            name=self.masthead(article.outlet),
            before=before,
            words=told,
            after=after,
            article=article.id,
            start=core.start,
            end=core.end,
            link=opening(article.link, told + after),
            statements=held,
        )


def opening(link: str | None, text: str) -> str | None:
    """A link that opens an article at the words (a text fragment), where its link is safe."""
    if not safe_link(link):
        return None
    found = shown(text).split(" ")
    head, tail = " ".join(found[:4]), " ".join(found[-4:])
    told = quote(head, safe="").replace("-", "%2D")
    if len(found) > 8:
        told += "," + quote(tail, safe="").replace("-", "%2D")
    return f"{(link or '').partition('#')[0]}#:~:text={told}"


def safe_link(link: str | None) -> bool:
    """Whether a link leads to a page of the web, and runs nothing."""
    if not link or any(c.isspace() or ord(c) < 32 for c in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
