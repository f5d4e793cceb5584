"""An article's sentences as words, with what is named, counted, dated and quoted in each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from trucewatch.language import (
    Dated,
    Number,
    countries,
    dates,
    numbers,
    quotations,
    sentences,
    tokens,
    vocabulary,
)
from trucewatch.model.articles import Passage, Role
from trucewatch.model.times import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.language import Named, Quoted, Token
    from trucewatch.model.articles import Article
    from trucewatch.statements.rules import Rules

_BULLETS = "•*-–—>·◦‣▪"
# Of words that usually have none, so many with a capital are a style.
_TITLE_STYLE = 0.3
_LONG = 12
_LONGEST = 200
_LEAST_WORD = 3
_ALWAYS = frozenset({"state", "states", "will", "may", "force", "forces"})
_Placed = TypeVar("_Placed", Dated, Number)


@dataclass(slots=True)
class Sentence:
    """One sentence, or one heading or item; positions in words, unless said to be of the text."""

    number: int
    start: int
    end: int
    role: Role
    line: int
    tokens: list[Token]
    lower: list[str]
    named: tuple[Named, ...]
    numbers: tuple[Number, ...]
    dates: tuple[Dated, ...]
    quotes: tuple[Quoted, ...]
    # For each word the number of the quotation of `quotes` that it stands in, -1 for none.
    inside: list[int]
    titled: bool
    # Filled by `people`: who is named where.
    mentions: list[Mention] = field(default_factory=list)

    def index(self, offset: int) -> int:
        """The word that ends after an offset of the text, or the number of words."""
        return bisect_right(self.tokens, offset, key=lambda token: token.end)

    def clause(self, at: int, stops: frozenset[str]) -> tuple[int, int]:
        """The run of words around a place that no mark and no word of `stops` divides."""
        first = at
        while first > 0 and not self._divides(first - 1, stops):
            first -= 1
        last = at + 1
        while last < len(self.tokens) and not self._divides(last, stops):
            last += 1
        return first, last

    def _divides(self, at: int, stops: frozenset[str]) -> bool:
        return self.lower[at] in _DIVIDING or self.lower[at] in stops

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The words `first` to `last` (not included) as offsets of the text."""
        return self.tokens[first].start, self.tokens[last - 1].end


_DIVIDING = frozenset({",", ";", ":", "–", "—", "(", ")", "“", "”", '"', "•"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody or something that can speak and act, named by the words `first` to `last`.

    `sort` is "person", "country", "body", "group", "document" or "pronoun"; `name` the fullest
    name, `country` a code where one is known, `place` that it is a capital and may be no more.
    """

    first: int
    last: int
    sort: str
    name: str
    country: str = ""
    place: bool = False


@dataclass(slots=True)
class Reading:
    """An article as its sentences, by the rules of its language."""

    article: Article
    rules: Rules
    sentences: list[Sentence]
    quotes: tuple[Quoted, ...]

    @property
    def text(self) -> str:
        """The article's text."""
        return self.article.text

    def passage(self, start: int, end: int) -> Passage:
        """A run of the article's text."""
        return Passage(article=self.article.id, start=start, end=end)

    def around(self, start: int, end: int) -> Passage:
        """The sentence or sentences that a run of the text stands in."""
        first = bisect_right(self.sentences, start, key=lambda s: s.end)
        last = bisect_left(self.sentences, end, key=lambda s: s.start)
        if first >= last:
            return self.passage(start, end)
        one, other = self.sentences[first], self.sentences[last - 1]
        return self.passage(min(start, one.start), max(end, other.end))

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that ends behind an offset of the text; None behind the last."""
        at = bisect_right(self.sentences, offset, key=lambda s: s.end)
        return self.sentences[at] if at < len(self.sentences) else None


def read(article: Article, rules: Rules, near: Interval | None = None) -> Reading:
    """Cut an article into sentences and find what is named, counted, dated and quoted in each.

    `near` is when the article came out, as far as known from elsewhere; it serves only where the
    article itself is undated. Where nothing is known, a day without a year is resolved by the full
    dates that the article has, and "on Tuesday" by nothing.
    """
    text, language = article.text, rules.language
    quotes = tuple(q for q in quotations(text) if not q.depth)
    blocks = sorted((block.start, block.end, block.role) for block in article.blocks)
    starts = [block[0] for block in blocks]
    made: list[Sentence] = []
    quote = 0
    for start, end, words in _cut(text, language):
        while quote < len(quotes) and quotes[quote].end <= start:
            quote += 1
        here = tuple(_until(quotes, quote, end))
        at = bisect_right(starts, start) - 1
        held = at >= 0 and start < blocks[at][1]
        made.append(
            Sentence(
                number=len(made),
                start=start,
                end=end,
                role=blocks[at][2] if held else Role.PARAGRAPH,
                line=at if held else -1,
                tokens=words,
                lower=[word.lower for word in words],
                named=countries(words, language),
                numbers=(),
                dates=(),
                quotes=here,
                inside=_inside(words, here),
                titled=False,
            )
        )
    published = article.published if article.published is not None else near
    _date(made, text, published, language)
    for sentence in made:
        counted = numbers(text[sentence.start : sentence.end], language)
        sentence.numbers = tuple(
            moved
            for one in counted
            for moved in (_moved(one, sentence.start),)
            if not any(d.start < moved.end and moved.start < d.end for d in sentence.dates)
        )
    _mark_styles(made, rules)
    return Reading(article, rules, made, quotes)


def _cut(text: str, language: str) -> Iterator[tuple[int, int, list[Token]]]:
    """Sentences with their words; a run too long for any sentence is cut at its longest length.

    That bounds what any rule can cost that looks at a sentence as a whole.
    """
    for start, end in sentences(text, language):
        while start < end and (text[start] in _BULLETS or text[start].isspace()):
            start += 1
        words = tokens(text, start, end)
        for first in range(0, len(words), _LONGEST):
            part = words[first : first + _LONGEST]
            whole = first + _LONGEST >= len(words)
            yield (start if not first else part[0].start), (end if whole else part[-1].end), part


def _until(quotes: Sequence[Quoted], first: int, end: int) -> Iterator[Quoted]:
    for number in range(first, len(quotes)):
        if quotes[number].start >= end:
            return
        yield quotes[number]


def _date(made: Sequence[Sentence], text: str, published: Interval | None, language: str) -> None:
    known = vocabulary(language)
    future = frozenset() if known is None else frozenset(known.dates["future"].split())

    def found(sentence: Sentence, by: Interval | None) -> tuple[Dated, ...]:
        ahead = not future.isdisjoint(sentence.lower)
        part = text[sentence.start : sentence.end]
        every = dates(part, published=by, future=ahead, language=language)
        return tuple(_moved(one, sentence.start) for one in every)

    for sentence in made:
        sentence.dates = found(sentence, published)
    if published is not None:
        return
    full = [d.when for sentence in made for d in sentence.dates if d.when is not None and d.day]
    if not full:
        return
    around = Interval(min(w.earliest for w in full), max(w.latest for w in full))
    for sentence in made:
        if any(d.day and d.when is None for d in sentence.dates):
            better = {d.start: d for d in found(sentence, around) if d.day}
            sentence.dates = tuple(
                better.get(d.start, d) if d.day and d.when is None else d for d in sentence.dates
            )


def _moved(one: _Placed, by: int) -> _Placed:
    return replace(one, start=one.start + by, end=one.end + by)


def _inside(words: Sequence[Token], quotes: Sequence[Quoted]) -> list[int]:
    inside = []
    at = 0
    for word in words:
        while at < len(quotes) and quotes[at].end <= word.start:
            at += 1
        held = at < len(quotes) and quotes[at].start <= word.start
        inside.append(at if held else -1)
    return inside


def _mark_styles(made: Sequence[Sentence], rules: Rules) -> None:
    """Tell which sentences print ordinary words with a capital: there a capital shows no name.

    A word is ordinary that the article elsewhere writes small, or that is a form of a known verb.
    An article that does it in every third sentence does it as a style.
    """
    small = {t.text for one in made for t in one.tokens if t.text.islower()} | rules.every_verb
    for key in ("leads", "others", "plurals"):
        small -= rules.words[f"offices.{key}"]
    longer = styled = 0
    for one in made:
        ordinary = [
            t
            for t in one.tokens[1:]
            if len(t.text) > _LEAST_WORD
            and t.lower in small
            and t.lower not in _ALWAYS
            and not any(d.start <= t.start < d.end for d in one.dates)
        ]
        capital = sum(t.capital for t in ordinary)
        one.titled = capital > 1 and capital >= _TITLE_STYLE * len(ordinary)
        if len(one.tokens) > _LONG and one.role is Role.PARAGRAPH:
            longer += 1
            styled += one.titled
    style = longer > 1 and styled > longer / 3
    for one in made:
        one.titled |= style or one.role in {Role.TITLE, Role.HEADING}
