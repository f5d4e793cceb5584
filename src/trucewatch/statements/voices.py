"""Who says each part of an article, quotations with their speakers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.language import Quoted
    from trucewatch.statements.reading import Reading, Sentence

# A quotation alone on its line is the last speaker's, if that one spoke no farther back.
_LINES_BACK = 2
_AS_FAR = 10
_SENTENCES_BACK = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words that ascribe: "the ministry announced", and what they reach.

    `first` to `last` are the words of the sentence that they cover; `start` and `end` the
    ascribing words in the text. `cited` says that they name the source of another speaker, `light`
    that they open no report ("praised"), so that only quotations are by them, `denied` that they
    deny, `reports` that they do no more than say.
    """

    sentence: int
    verb: int
    speaker: str
    sort: str
    country: str
    first: int
    last: int
    start: int
    end: int
    cited: bool = False
    light: bool = False
    denied: bool = False
    reports: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, and the words that make them one; no speaker is the outlet itself.

    `denied` says that what they speak of is denied by them.
    """

    speaker: str | None = None
    via: tuple[str, ...] = ()
    sort: str = ""
    denied: bool = False


@dataclass(slots=True)
class Voices:
    """Who says each part of an article; made by `attribute`."""

    reading: Reading
    said: list[list[Said]]
    quoted: dict[Quoted, Voice]

    def at(self, sentence: Sentence, word: int) -> Voice:
        """Who says the word at a place, innermost; the outlet's own words have no speaker."""
        inside = sentence.inside[word]
        if inside >= 0 and self.quoted[sentence.quotes[inside]].speaker is not None:
            return self.quoted[sentence.quotes[inside]]
        covering = [
            s for s in self.said[sentence.number] if s.first <= word < s.last and not s.light
        ]
        return self.voice(covering)

    def voice(self, covering: Sequence[Said]) -> Voice:
        """The voice that ascribing words make, the innermost its speaker."""
        if not covering:
            return Voice()
        # Who is cited stands behind who cites, and whoever "said that" within what another's
        # "… , a diplomat said" closes; else the last to be named is the innermost.
        within = any(s.reports and s.first > s.verb for s in covering)
        ordered = sorted(covering, key=lambda s: (s.cited, s.last > s.verb or not within, s.verb))
        ordered = [
            s for i, s in enumerate(ordered) if s.speaker not in {o.speaker for o in ordered[:i]}
        ]
        text = self.reading.text
        via = tuple(" ".join(text[s.start : s.end].split()) for s in ordered)
        return Voice(ordered[-1].speaker, via, ordered[-1].sort, ordered[-1].denied)


def give_quotations(voices: Voices) -> None:
    """Give each quotation its speaker."""
    reading = voices.reading
    held: dict[Quoted, list[Sentence]] = {}
    for sentence in reading.sentences:
        for quote in sentence.quotes:
            held.setdefault(quote, []).append(sentence)
    before: tuple[Sentence, Voice] | None = None
    for quote in reading.quotes:
        over = held.get(quote, [])
        voice = Voice()
        if over:
            voice = _around(voices, quote, over)
            if voice.speaker is None and _stands_alone(quote, over):
                voice = _carried(voices, over[0], before)
            elif voice.speaker is None and _goes_on(reading, over[0], before):
                voice = Voice() if before is None else before[1]
            if voice.speaker is not None:
                before = over[-1], voice
        voices.quoted[quote] = voice


def _around(voices: Voices, quote: Quoted, over: Sequence[Sentence]) -> Voice:
    """The speaker whom the sentence itself names, before or behind the quotation."""
    first, last = over[0], over[-1]
    head = [s for s in voices.said[first.number] if s.end <= quote.start]
    tail = [s for s in voices.said[last.number] if s.start >= quote.end]
    word = first.index(quote.start)
    leading = [s for s in head if s.first <= word < s.last]
    behind = [s for s in tail if last is not first or s.first == 0]
    opens = quote.start <= first.start + 1
    chosen = behind[:1] if opens and behind else leading or behind[:1] or head[-1:]
    if chosen and not behind and _another_tells(voices, first, chosen[-1].verb, word):
        return Voice()
    return voices.voice(chosen)


def _another_tells(voices: Voices, sentence: Sentence, verb: int, word: int) -> bool:
    """Whether right before a quotation somebody speaks who was not made out.

    "Smith hopes so, but, as an adviser of his admits, “…”": the words are not Smith's.
    """
    rules = voices.reading.rules
    known = {s.verb for s in voices.said[sentence.number]}
    return any(
        sentence.lower[at] in rules.words["saying.as"]
        and any(
            rules.verbs["saying.verbs"].at(sentence.lower, one) is not None and one not in known
            for one in range(at + 1, word)
        )
        for at in range(max(verb + 1, word - _AS_FAR), word)
    )


def _stands_alone(quote: Quoted, over: Sequence[Sentence]) -> bool:
    """Whether the quotation is all that its sentences have."""
    return quote.start <= over[0].start + 1 and quote.end >= over[-1].end - 2


def _goes_on(reading: Reading, sentence: Sentence, before: tuple[Sentence, Voice] | None) -> bool:
    """Whether a sentence quotes on from the one before: "Those commitments could include …"."""
    return (
        before is not None
        and sentence.number - before[0].number == 1
        and sentence.line == before[0].line
        and sentence.lower[0] in reading.rules.words["saying.demonstratives"]
    )


def _carried(voices: Voices, sentence: Sentence, before: tuple[Sentence, Voice] | None) -> Voice:
    """The speaker of the speech that a quotation on its own goes on with."""
    if before is not None and sentence.line - before[0].line <= 1:
        last = before[0].number
        near = sentence.number - last <= _SENTENCES_BACK
        if near and not any(voices.said[n] for n in range(last + 1, sentence.number)):
            return before[1]
    for number in range(sentence.number - 1, max(-1, sentence.number - _SENTENCES_BACK), -1):
        earlier = voices.reading.sentences[number]
        if sentence.line - earlier.line > _LINES_BACK:
            break
        people = [s for s in voices.said[number] if s.sort == "person"]
        if people:
            return voices.voice(people[-1:])
    return Voice()
