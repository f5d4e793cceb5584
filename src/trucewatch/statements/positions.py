"""Where somebody stands on something: supports, refuses, is asked for, promises."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from trucewatch.language import vocabulary
from trucewatch.model.statements import Saying, Stance
from trucewatch.statements.making import hedged, quantity, slug, statement
from trucewatch.statements.subjects import mention_ending, mention_from, passive, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.model.statements import Quantity, Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Mention, Sentence

_MARKS = frozenset({";", ":", "–", "—", "(", ")"})
_FARTHEST = 24
_JOINT = 4
# Of an object's classes these are only taken where nothing plainer is named.
_VAGUE = frozenset({"peace-plan", "talks", "troops", "election"})
_Object = tuple[int, int, str]


def positions(context: Context) -> Iterator[Statement]:
    """Positions and pledges; a negated one keeps its stance and is marked as negated."""
    for sentence in context.reading.sentences:
        at = 0
        while at < len(sentence.tokens):
            asked = tuple(_asked(context, sentence, at)) if sentence.inside[at] < 0 else ()
            yield from asked or _held(context, sentence, at)
            # "Would not accept" is one phrase, and no "accept" besides.
            phrase = context.reading.rules.phrases["stances"].at(sentence.lower, at)
            at = at + 1 if phrase is None else phrase[0]


def holder(context: Context, mention: Mention) -> str:
    """Who holds a position: a government speaks for its country."""
    known = vocabulary(context.reading.rules.language)
    if mention.sort == "country" and mention.country and known is not None:
        return known.countries[mention.country][0]
    return mention.name


def reach(context: Context, sentence: Sentence, at: int) -> int:
    """How far the object of a verb may stand behind it: to the end of its clause."""
    known = context.reading.rules
    words = sentence.lower
    for end in range(at, min(len(words), at + _FARTHEST)):
        if words[end] in _MARKS or words[end] in known.words["saying.clauses"]:
            return end
        joined = words[end] in known.words["grammar.and"] and end + 1 < len(words)
        if joined and known.verbs["stances"].at(words, end + 1) is not None and end > at:
            return end
        if words[end] == "," and (
            end + 1 == len(words)
            or words[end + 1].endswith("ing")
            or words[end + 1] in known.words["grammar.breaks"]
            or words[end + 1] in known.every_verb
            or _new_subject(context, sentence, end + 1)
        ):
            return end
    return min(len(words), at + _FARTHEST)


def _new_subject(context: Context, sentence: Sentence, at: int) -> bool:
    """Whether somebody else acts from a word on: "… , Kenya wants a ceasefire"."""
    known = context.reading.rules
    one = mention_from(sentence, at, known)
    if one is None or one.last >= len(sentence.tokens):
        return False
    after = sentence.lower[one.last]
    return after in known.every_verb or after in known.words["saying.between"]


def objects(context: Context, sentence: Sentence, first: int, last: int) -> list[_Object]:
    """What a verb's object names: the first, and others joined to it by "and"."""
    found = context.reading.rules.phrases["objects"].all(sentence.lower, first, last)
    plain = [one for one in found if one[2] not in _VAGUE] or found
    taken: list[_Object] = []
    for one in plain:
        if not taken:
            taken.append(one)
            continue
        between = sentence.lower[taken[-1][1] : one[0]]
        joined = {"and", ",", "or"} & {*between} and len(between) <= _JOINT
        if joined and one[2] not in {t[2] for t in taken}:
            taken.append(one)
        elif not joined:
            break
    return taken


def _held(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    known = context.reading.rules
    words = sentence.lower
    phrase = known.phrases["stances"].at(words, at) or _will_not(context, sentence, at)
    verb = known.verbs["stances"].at(words, at) if phrase is None else None
    found = phrase or verb
    # What somebody says of themselves in a quotation is quoted, not told.
    if found is None or sentence.inside[at] >= 0:
        return
    end, meaning = found
    stance = Stance(meaning)
    if phrase is None and at and words[at - 1] in known.words["grammar.infinitives"]:
        return
    who = subject(sentence, at, known)
    # Whoever "was refused" something holds no position by that.
    suffered = phrase is None and passive(sentence, at, known)
    if not who or suffered or _noun(sentence, who[-1], at):
        return
    opens = who[0].first - 1 - (words[max(0, who[0].first - 1)] in known.words["grammar.articles"])
    if opens >= 0 and words[opens] in known.words["unsettled.words"]:
        return
    last = reach(context, sentence, end)
    if stance is Stance.SUPPORTS and known.phrases["doubts"].first(words, 0, at) is not None:
        stance = Stance.UNDECIDED
    named = objects(context, sentence, end, last)
    if stance is Stance.PLEDGES:
        yield from _pledged(context, sentence, at, end, last, who, named)
        return
    first = who[0].first
    names = [holder(context, one) for one in who]
    between = words[max(0, first - 1) : at]
    for start, stop, thing in named:
        for name in names:
            yield statement(
                context,
                Saying.POSITION,
                f"position/{thing}@{slug(name)}",
                sentence,
                min(first, start),
                stop,
                voice=context.voices.at(sentence, at),
                value=stance.value,
                stance=stance,
                actor=who[0].name if len(who) == 1 else name,
                about=thing.replace("-", " "),
                negated=not known.words["saying.negations"].isdisjoint(between),
                hedged=hedged(context, sentence, first, end),
                earlier=_before(context, sentence, first, between),
            )


def _will_not(context: Context, sentence: Sentence, at: int) -> tuple[int, str] | None:
    """ "Will not send troops": a refusal of what stands right behind it, and of nothing else."""
    known = context.reading.rules
    phrase = known.phrases["will"].at(sentence.lower, at)
    if phrase is None or phrase[0] >= len(sentence.lower):
        return None
    plain = known.phrases["objects"].at(sentence.lower, phrase[0])
    return (phrase[0], Stance.REFUSES.value) if plain is not None else None


def _before(context: Context, sentence: Sentence, first: int, between: list[str]) -> bool:
    """Whether "had" tells of a state before; in reported speech it is only the tense of report."""
    return "had" in between and context.voices.at(sentence, first).speaker is None


def _noun(sentence: Sentence, mention: Mention, at: int) -> bool:
    """Whether a form in "ing" follows a mention with nothing between: "US backing for"."""
    return sentence.lower[at].endswith("ing") and mention.last == at


def _asked(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "X seeks Y from Z" and "X urges Z to Y": Z is asked for Y."""
    known = context.reading.rules
    words = sentence.lower
    whom: Mention | None = None
    end = at
    if (found := known.verbs["asking.from"].at(words, at)) is not None:
        end = found[0]
        last = reach(context, sentence, end)
        for word in range(end, last):
            if words[word] in known.words["asking.source"]:
                whom = mention_from(sentence, word + 1, known)
                if whom is not None:
                    break
    if whom is None and (found := known.verbs["asking.to"].at(words, at)) is not None:
        end = found[0]
        whom = mention_from(sentence, end, known)
        if whom is not None:
            behind = words[whom.last : whom.last + 1]
            if behind and behind[0] in known.words["grammar.and"]:
                other = mention_from(sentence, whom.last + 1, known)
                whom = whom if other is None else other
                behind = words[_over_brackets(sentence, whom.last) :][:1]
            end = whom.last
            if not behind or behind[0] not in known.words["asking.what"]:
                whom = None
    if whom is None or passive(sentence, at, known) or not (who := subject(sentence, at, known)):
        return
    named = objects(context, sentence, end, reach(context, sentence, end))
    for (_, stop, thing), one in product(named, _all_asked(sentence, whom)):
        name = holder(context, one)
        yield statement(
            context,
            Saying.POSITION,
            f"position/{thing}@{slug(name)}",
            sentence,
            min(who[0].first, at),
            max(stop, whom.last),
            voice=context.voices.at(sentence, min(who[0].first, at)),
            value=Stance.ASKED.value,
            stance=Stance.ASKED,
            actor=one.name,
            about=thing.replace("-", " "),
            hedged=hedged(context, sentence, who[0].first, stop),
        )


def _over_brackets(sentence: Sentence, at: int) -> int:
    """The place behind "(ABC)", or the place itself."""
    return at + 3 if sentence.lower[at : at + 3 : 2] == ["(", ")"] else at


def _all_asked(sentence: Sentence, last: Mention) -> list[Mention]:
    """Whoever is asked: the last named, and the one before it that "and" joins to it."""
    first = last.first
    while first and sentence.lower[first - 1] == "the":
        first -= 1
    if not first or sentence.lower[first - 1] != "and":
        return [last]
    other = mention_ending(sentence, first - 1)
    return [last] if other is None else [other, last]


def _pledged(
    context: Context,
    sentence: Sentence,
    at: int,
    end: int,
    last: int,
    who: tuple[Mention, ...],
    named: list[_Object],
) -> Iterator[Statement]:
    """A promise, with the amount where one is named."""
    if not who or last <= end:
        return
    known = context.reading.rules
    amounts = (n for n in sentence.numbers if end <= sentence.index(n.start) < last)
    amount = next(amounts, None)
    put: Quantity | None = None
    sort = named[0][2] if named else "money" if amount is not None and amount.unit else ""
    if amount is not None:
        put = quantity(context, amount, amount.unit or (named[0][2] if named else "number"))
    between = sentence.lower[who[-1].last : at]
    if "," in between:
        # "The union, which has no seat, pledged": what is between commas negates no pledge.
        between = between[len(between) - between[::-1].index(",") :]
    for one in who:
        name = holder(context, one)
        yield statement(
            context,
            Saying.PLEDGE,
            f"pledge/{sort}@{slug(name)}" if sort else f"pledge@{slug(name)}",
            sentence,
            min(who[0].first, at),
            last,
            voice=context.voices.at(sentence, min(who[0].first, at)),
            quantity=put,
            stance=Stance.PLEDGES,
            actor=one.name,
            about=sort.replace("-", " ") or None,
            negated=not known.words["saying.negations"].isdisjoint(between),
            hedged=hedged(context, sentence, who[0].first, end),
            earlier=_before(context, sentence, who[0].first, between),
        )
