"""What was done, and when: posts, meetings, and approvals that are needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import Form
from trucewatch.model.statements import Saying
from trucewatch.statements.making import hedged, slug, statement
from trucewatch.statements.voices import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.language import Dated
    from trucewatch.model.statements import Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence

_NEAR = 12


def actions(context: Context) -> Iterator[Statement]:
    """Dated posts and meetings, and the approvals that an article says are needed."""
    for sentence in context.reading.sentences:
        posts = tuple(_posted(context, sentence))
        yield from posts or _met(context, sentence)
        yield from _approvals(context, sentence)


def _near(sentence: Sentence, at: int) -> Dated | None:
    """The date that stands nearest to a word, if near at all."""
    found = [(abs(sentence.index(d.start) - at), d.start, d) for d in sentence.dates]
    if not found:
        return None
    distance, _, dated = min(found, key=lambda one: one[:2])
    return dated if distance <= _NEAR else None


def _posted(context: Context, sentence: Sentence) -> Iterator[Statement]:
    known = context.reading.rules
    words = sentence.lower
    verbs = [at for at in range(len(words)) if known.verbs["actions.post"].at(words, at)]
    phrases = known.phrases["posts"].all(words, 0, len(words))
    marks = [*verbs, *(first for first, _, _ in phrases)]
    marks = [at for at in marks if sentence.inside[at] < 0]
    said = [s for s in context.voices.said[sentence.number] if s.sort == "person"]
    if not marks or not said:
        return
    dated = _near(sentence, marks[0])
    if dated is None:
        return
    by = next((s for s in said if s.verb in marks), said[0])
    day = sentence.index(dated.start)
    first = min(marks[0], day)
    last = max(marks[0] + 1, sentence.index(dated.end))
    start = min(by.start, sentence.tokens[first].start)
    end = max(by.end, sentence.tokens[last - 1].end)
    yield statement(
        context,
        Saying.ACTION,
        f"post@{slug(by.speaker)}",
        sentence,
        first,
        last,
        voice=Voice(),
        value=dated.day,
        actor=by.speaker,
        dated=dated,
        span=(start, end),
    )


def _met(context: Context, sentence: Sentence) -> Iterator[Statement]:
    known = context.reading.rules
    words = sentence.lower
    for at, word in enumerate(words):
        verb = known.verbs["actions.meet"].at(words, at) is not None
        noun = word in known.words["actions.meetings"]
        # With a capital amid a sentence it is part of a name ("the Northern Conference").
        noun = noun and (sentence.titled or not sentence.tokens[at].capital or at == 0)
        if sentence.inside[at] >= 0 or not (verb or noun):
            continue
        dated = _near(sentence, at)
        if dated is None:
            continue
        day = sentence.index(dated.start)
        first, last = min(at, day), max(at + 1, sentence.index(dated.end))
        said = context.voices.said[sentence.number]
        if any(first < one.verb < last for one in said):
            continue
        clause = sentence.clause(at, known.words["saying.clauses"])
        if not known.words["actions.off"].isdisjoint(words[clause[0] : clause[1]]):
            continue
        place = _place(context, sentence)
        yield statement(
            context,
            Saying.ACTION,
            f"meeting@{slug(place)}" if place else "meeting",
            sentence,
            first,
            last,
            voice=context.voices.at(sentence, at),
            value=dated.day,
            about=place or None,
            dated=dated,
            hedged=hedged(context, sentence, first, last),
        )
        return


def _place(context: Context, sentence: Sentence) -> str:
    """The place that a sentence names with "in": a capital, or any name with a capital letter."""
    before = context.reading.rules.words["actions.places"]
    for named in sentence.named:
        capital = named.form is Form.CAPITAL and named.first > 0
        if capital and sentence.lower[named.first - 1] in before:
            return " ".join(t.text for t in sentence.tokens[named.first : named.last])
    if sentence.titled:
        return ""
    for at in range(1, len(sentence.tokens)):
        token = sentence.tokens[at]
        dated = any(d.start <= token.start < d.end for d in sentence.dates)
        known = any(n.first <= at < n.last for n in sentence.named)
        name = token.capital and token.text[0].isalpha() and not dated and not known
        if name and sentence.lower[at - 1] in before:
            return token.text
    return ""


def _approvals(context: Context, sentence: Sentence) -> Iterator[Statement]:
    known = context.reading.rules
    words = sentence.lower
    found = known.phrases["approvals"].first(words, 0, len(words))
    needs = [at for at, word in enumerate(words) if word in known.words["approvals.needs"]]
    if found is None or not needs:
        return
    who = known.phrases["approvers"].first(words, 0, len(words))
    spans = [found[:2], (needs[0], needs[0] + 1), *([who[:2]] if who else [])]
    first, last = min(s[0] for s in spans), max(s[1] for s in spans)
    yield statement(
        context,
        Saying.ACTION,
        "approval-needed",
        sentence,
        first,
        last,
        voice=context.voices.at(sentence, found[0]),
        value="parliamentary approval",
        actor=None if who is None else " ".join(words[who[0] : who[1]]),
        negated=not known.words["saying.negations"].isdisjoint(words[first:last]),
        hedged=hedged(context, sentence, first, last),
    )
