"""Figures: how many, of what, and which question that answers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from trucewatch.model.statements import Saying
from trucewatch.statements.counting import is_name, is_part, tells
from trucewatch.statements.making import hedged, quantity, slug, statement
from trucewatch.statements.rules import IRREGULAR, plural, rules, singular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.language import Number
    from trucewatch.model.statements import Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence
    from trucewatch.statements.voices import Said

_FARTHEST_NOUN = 6
_FARTHEST_OF = 7
_BACK = 14
_NEAR_AGAIN = 5
_ANY = "*"
_PEOPLE = frozenset({"killed", "wounded", "displaced", "prisoners"})
_LONGEST_NOUN = 5
_LONGEST_ASIDE = 14


_Found = tuple[str, str, int, int, str | None]


@cache
def _classes(language: str) -> tuple[tuple[str, dict[tuple[str, ...], str], str, int], ...]:
    """Each table of counted nouns: topic, nouns in both numbers, verbs, and how far they reach."""
    known = rules(language)
    if known is None:
        return ()
    made = []
    for row in known.topics["figures"]:
        nouns = {
            tuple(form.split()): noun
            for noun in row["nouns"].split("|")
            if noun != _ANY
            for form in (noun, plural(noun))
        }
        reach = 1 if row.get("next") else _FARTHEST_NOUN
        made.append((row["topic"], nouns, row["verbs"], reach))
    return tuple(made)


def figures(context: Context) -> Iterator[Statement]:
    """Every number that counts something in an article; a bare number states nothing."""
    told: tuple[int, Statement] | None = None
    for sentence in context.reading.sentences:
        before: str | None = None
        for number in sentence.numbers:
            last = told[1] if told is not None and sentence.number - told[0] <= 1 else None
            made = _figure(context, sentence, number, before, last)
            if made is not None:
                before = made.topic
                yield made
                # "Among them 14 children" is no whole, and "puts the number" is at the whole.
                if last is None or told is None or told[0] < sentence.number:
                    told = sentence.number, made


def _figure(
    context: Context,
    sentence: Sentence,
    number: Number,
    before: str | None,
    told: Statement | None,
) -> Statement | None:
    first = sentence.index(number.start)
    behind = sentence.index(number.end)
    if first >= len(sentence.tokens):
        return None
    articles = context.reading.rules.words["grammar.articles"]
    if sentence.lower[behind : behind + 1] == ["of"] and number.unit != "%":
        # "400 of his men".
        behind += 2 if {*sentence.lower[behind + 1 : behind + 2]} & articles else 0
    if is_name(context, sentence, number, first):
        return None
    found = (
        _again(context, sentence, first, behind, told)
        or _share(context, sentence, number, behind)
        or _counted(context, sentence, first, behind, before)
    )
    if found is None:
        return None
    topic, unit, start, last, about = found
    # "Two diplomats said" counts no diplomats, it says whose word follows.
    ascribing = context.voices.said[sentence.number]
    if any(_holds(context, sentence, one, number) for one in ascribing):
        return None
    if tells(context, sentence, first, last):
        return None
    clause = sentence.clause(first, context.reading.rules.words["saying.clauses"])
    return statement(
        context,
        Saying.FIGURE,
        topic,
        sentence,
        start,
        last,
        voice=context.voices.at(sentence, first),
        quantity=quantity(context, number, unit),
        about=about,
        hedged=hedged(context, sentence, *clause),
        span=(
            min(number.start, sentence.tokens[start].start),
            max(number.end, sentence.tokens[last - 1].end),
        ),
    )


def _again(
    context: Context, sentence: Sentence, first: int, behind: int, told: Statement | None
) -> _Found | None:
    """ "Officials put the number at 200": the figure told before, by somebody else."""
    words = sentence.lower
    known = context.reading.rules
    if told is None or told.quantity is None or not first:
        return None
    at = first if words[first] in known.words["figures.again_at"] else first - 1
    if words[at] not in known.words["figures.again_at"]:
        return None
    named = known.phrases["again"].all(words, max(0, at - _NEAR_AGAIN), at)
    if not named or named[-1][1] != at:
        return None
    last = max(behind, first + 1)
    after = words[last : last + 1]
    if after and (sentence.tokens[last].word and after[0] not in known.words["grammar.stops"]):
        return None
    return told.topic, told.quantity.unit, named[-1][0], last, told.about


def _holds(context: Context, sentence: Sentence, one: Said, number: Number) -> bool:
    """Whether a number is of who speaks; "the army, which sent 50 men, says" counts the men."""
    if not (one.start <= number.end + 1 and number.end <= one.end):
        return False
    between = sentence.lower[sentence.index(one.start) : sentence.index(number.start)]
    return context.reading.rules.words["grammar.relatives"].isdisjoint(between)


def _share(context: Context, sentence: Sentence, number: Number, behind: int) -> _Found | None:
    """A percentage of a country's land, or of anything else that is named."""
    first = sentence.index(number.start)
    if number.unit != "%":
        if number.unit:
            return (
                f"number-of-{slug(number.unit)}",
                number.unit,
                first,
                max(behind, first + 1),
                None,
            )
        return None
    words = sentence.lower
    if words[behind : behind + 1] != ["of"]:
        return None
    nouns = frozenset(context.reading.rules.topics["territory"]["nouns"].split())
    stops = context.reading.rules.words["grammar.stops"]
    articles = context.reading.rules.words["grammar.articles"]
    end = min(len(words), behind + _FARTHEST_OF)
    whose = next((n.name for n in sentence.named if behind < n.first < end), None)
    for at in range(behind + 1, end):
        if singular(words[at]) in nouns:
            topic = context.reading.rules.topics["territory"]["topic"]
            return topic, "%", first, at + 1, whose
        if words[at] in stops - articles or not sentence.tokens[at].word:
            break
    named = behind + 1 + bool({*words[behind + 1 : behind + 2]} & articles)
    noun = _noun(context, sentence, named)
    if noun is None:
        return None
    return f"share-of-{slug(noun[0])}", "%", first, noun[1], whose


def _counted(
    context: Context, sentence: Sentence, first: int, behind: int, before: str | None
) -> _Found | None:
    """A number of people or things, by the noun behind it or the words before it."""
    known = context.reading.rules
    length = _length(context, sentence, behind, first)
    if length is not None:
        return length
    for topic, nouns, verbs, reach in _classes(known.language):
        found = (
            _class_noun(sentence, behind, nouns, known.words["grammar.stops"], reach)
            if nouns
            else _beside(context, sentence, first, behind, verbs)
        )
        if found is None:
            continue
        unit, last = found
        again = before is not None and before.split("/")[0] == topic
        part = again and is_part(context, sentence, first)
        if verbs and not part and not _governed(context, sentence, first, last, verbs, again=again):
            continue
        heads = known.topics["heads"]
        if topic == "attendance" and unit in heads["nouns"].split("|"):
            topic = heads["topic"]
        return topic, unit, first, last, None
    noun = _noun(context, sentence, behind)
    start = sentence.tokens[first].start
    if noun is not None and before in _PEOPLE and is_part(context, sentence, first):
        return before, noun[0], first, noun[1], None
    if noun is not None:
        return f"number-of-{slug(noun[0])}", noun[0], first, noun[1], None
    since = max((sentence.index(n.end) for n in sentence.numbers if n.end <= start), default=0)
    named = known.phrases["before"].all(sentence.lower, max(since, first - _BACK), first)
    if named:
        opens, _, topic = named[-1]
        return topic, singular(topic), opens, max(behind, first + 1), None
    return None


def _length(context: Context, sentence: Sentence, behind: int, first: int) -> _Found | None:
    """ "A 30-day ceasefire": how long it is to last."""
    table = context.reading.rules.topics["length"]
    words = sentence.lower
    at = behind + (words[behind : behind + 1] == ["-"])
    unit = singular(words[at]) if at < len(words) else ""
    if unit not in table["units"].split():
        return None
    for last in range(at + 1, min(len(words), at + 4)):
        if words[last] in table["nouns"].split():
            return table["topic"], unit, first, last + 1, None
    return None


def _class_noun(
    sentence: Sentence,
    behind: int,
    nouns: dict[tuple[str, ...], str],
    stops: frozenset[str],
    reach: int,
) -> tuple[str, int] | None:
    """The counted noun behind a number, adjectives between, and where it ends."""
    words = sentence.lower
    for at in range(behind, min(len(words), behind + reach)):
        # No longer than the sentence goes on: its end would be read as a longer phrase.
        for size in range(min(_LONGEST_NOUN, len(words) - at), 0, -1):
            unit = nouns.get(tuple(words[at : at + size]))
            if unit is not None and not _is_modifier(sentence, at + size, nouns):
                return unit, at + size
        if words[at] in stops or not sentence.tokens[at].word:
            return None
    return None


def _beside(
    context: Context, sentence: Sentence, first: int, behind: int, verbs: str
) -> tuple[str, int] | None:
    """Any plural noun whose number a verb of a list stands next to, with no preposition between."""
    known = context.reading.rules
    wanted = known.verbs[f"figures.{verbs}"]
    words = sentence.lower
    noun = _noun(context, sentence, behind)
    if noun is None:
        return None
    before = first and wanted.at(words, first - 1) is not None
    after = noun[1]
    while after < len(words) and words[after] in known.words["saying.between"]:
        after += 1
    return noun if before or (after < len(words) and wanted.at(words, after)) else None


def _is_modifier(sentence: Sentence, at: int, nouns: dict[tuple[str, ...], str]) -> bool:
    """Whether the noun stands before another of the class: "state officials"."""
    return tuple(sentence.lower[at : at + 1]) in nouns


def _governed(
    context: Context, sentence: Sentence, first: int, last: int, verbs: str, *, again: bool
) -> bool:
    """Whether a verb of a list governs the number: the nearest before it, or the first behind."""
    known = context.reading.rules
    wanted = known.verbs[f"figures.{verbs}"]
    include = known.verbs["figures.include"]
    words = sentence.lower
    for at in range(first - 1, max(-1, first - 1 - _BACK), -1):
        if words[at] in {";", ":"} or words[at] in known.words["grammar.contrasts"]:
            break
        if include.at(words, at) is not None and words[at].endswith("ing"):
            return again or wanted.first(words, 0, at) is not None
        if wanted.at(words, at) is not None:
            return True
        if words[at] in known.every_verb and words[at] not in known.words["saying.between"]:
            break
    stops = known.words["saying.clauses"]
    if words[last : last + 1] == [","] and "," in words[last + 1 : last + _LONGEST_ASIDE]:
        # "1,500 people, mostly children, were …"
        last = words.index(",", last + 1) + 1
    for at in range(last, len(words)):
        if words[at] in stops or words[at] in {",", ";", ":"}:
            break
        if wanted.at(words, at) is not None:
            return True
        if verbs in known.phrases and known.phrases[verbs].at(words, at) is not None:
            return True
    return False


def _noun(context: Context, sentence: Sentence, behind: int) -> tuple[str, int] | None:
    """Any plural noun behind a number, in the singular, and where it ends."""
    words = sentence.lower
    found: tuple[str, int] | None = None
    verbs = context.reading.rules.every_verb
    stops = context.reading.rules.words["grammar.stops"]
    plain = context.reading.rules.words["saying.plain"]
    measures = context.reading.rules.topics["length"]["measures"].split()
    for at in range(behind, min(len(words), behind + 4)):
        word = words[at]
        if word in stops or not word.isalpha() or len(word) < 3 or word in plain:
            break
        if (word.endswith("s") and not word.endswith("ss")) or word in IRREGULAR:
            if found is not None and word in verbs:
                break
            if singular(word) in measures:
                return None
            found = singular(word), at + 1
        elif found is not None:
            break
    return found
