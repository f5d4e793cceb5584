"""Who does what a verb says, by the words before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.statements.reading import Mention

if TYPE_CHECKING:
    from trucewatch.statements.reading import Sentence
    from trucewatch.statements.rules import Rules

_FARTHEST = 40
_MOST_TRIED = 4
_LONGEST_ASIDE = 8
_LONGEST_PHRASE = 4
_ADVERB = 5


def mention_ending(sentence: Sentence, at: int) -> Mention | None:
    """The mention whose last word is the one before `at`."""
    return next((m for m in sentence.mentions if m.last == at), None)


def subject(sentence: Sentence, verb: int, rules: Rules, depth: int = 0) -> tuple[Mention, ...]:
    """Whoever does what the verb at a place says; empty where the words do not tell.

    Two joined by "and" are both given. A noun that looks like a verb ("US support") has no
    subject.
    """
    at = _back(sentence, verb, rules)
    if at == 0 or depth > 1:
        return ()
    before = sentence.lower[at - 1]
    mention = mention_ending(sentence, at)
    if mention is not None:
        joined = _joined(sentence, _head(sentence, mention, rules))
        if len(joined) == 1 and not _agrees(sentence, verb, at, mention, rules):
            return ()
        return joined
    if before in rules.words["grammar.relatives"]:
        end = at - 1 - (at > 1 and sentence.lower[at - 2] == ",")
        one = mention_ending(sentence, end)
        return () if one is None else (one,)
    if before == "," and not _participle(sentence, verb):
        # "Its president, Smith, said": the name itself is set off.
        named = mention_ending(sentence, at - 1)
        person = named is not None and named.sort == "person" and named.first > 0
        if named is not None and person and sentence.lower[named.first - 1] == ",":
            return (named,)
        # "Smith, who runs the talks, said": the name is set off by commas.
        for one in sentence.mentions:
            set_off = one.last < at - 1 and sentence.lower[one.last] == ","
            if set_off and not _governed(sentence, one, rules):
                return (one,)
        return ()
    shares = before in rules.words["grammar.conjunctions"]
    if shares or (_participle(sentence, verb) and (before == "," or at < verb)):
        return _of_earlier_verb(sentence, verb, at, rules, depth)
    return ()


def _of_earlier_verb(
    sentence: Sentence, verb: int, at: int, rules: Rules, depth: int
) -> tuple[Mention, ...]:
    """The subject that a verb shares with one before it: "… said it was over, adding that …".

    A verb of saying shares it rather with another such than with a verb between.
    """
    saying = rules.verbs["saying.verbs"]
    earlier = [
        one
        for one in range(at - 1, max(-1, at - _FARTHEST), -1)
        if sentence.lower[one] in rules.every_verb
        and not _participle(sentence, one)
        and sentence.inside[one] < 0
    ]
    if saying.at(sentence.lower, verb) is not None:
        earlier.sort(key=lambda one: saying.at(sentence.lower, one) is None)
    for one in earlier[:_MOST_TRIED]:
        found = subject(sentence, one, rules, depth + 1)
        if found:
            return found
    return ()


def passive(sentence: Sentence, verb: int, rules: Rules) -> bool:
    """Whether a past form is a passive: "was told", "had been rejected"."""
    if _participle(sentence, verb):
        return False
    at = verb
    while at and sentence.lower[at - 1] in rules.words["saying.between"]:
        at -= 1
        if sentence.lower[at] in rules.words["saying.passive"]:
            return True
    return False


def phrase_before(sentence: Sentence, verb: int, rules: Rules) -> Mention | None:
    """A noun phrase before a verb of speech, as somebody without a name: "a young mother"."""
    at = _back(sentence, verb, rules)
    first = at
    while first and at - first < _LONGEST_PHRASE:
        word = sentence.tokens[first - 1]
        if word.lower in rules.words["grammar.articles"] and first < at:
            governed = sentence.lower[max(0, first - 2) : first - 1]
            if not rules.words["grammar.prepositions"].isdisjoint(governed):
                return None
            name = " ".join(sentence.lower[first:at])
            return Mention(first=first, last=at, sort="group", name=name)
        plain = word.text.isalpha() and word.text.islower()
        known = word.lower in rules.every_verb or word.lower in rules.words["grammar.stops"]
        if not plain or known or word.lower in rules.words["pronouns.person"]:
            return None
        first -= 1
    return None


def _back(sentence: Sentence, verb: int, rules: Rules) -> int:
    """The place behind the subject: over "has also", "(R)" and adverbs."""
    at = verb
    while at:
        word = sentence.lower[at - 1]
        adverb = word.endswith("ly") and len(word) >= _ADVERB
        if (word in rules.words["saying.between"] or adverb) and mention_ending(
            sentence, at
        ) is None:
            at -= 1
        elif word == ")":
            first = at - 1
            while first and sentence.lower[first] != "(" and at - first < _LONGEST_ASIDE:
                first -= 1
            if sentence.lower[first] != "(":
                return at
            at = first
        else:
            return at
    return at


def _participle(sentence: Sentence, at: int) -> bool:
    word = sentence.lower[at]
    return word.endswith("ing") and len(word) > _ADVERB


def _agrees(sentence: Sentence, verb: int, at: int, mention: Mention, rules: Rules) -> bool:
    """Whether a verb's bare form can be its subject's: "officials say", not "Chad say"."""
    word = sentence.lower[verb]
    if verb > at or _participle(sentence, verb) or word in rules.words["saying.between"]:
        return True
    if mention.sort == "group" and (
        mention.name.endswith("s") or mention.name.split()[0] in rules.words["offices.adjectives"]
    ):
        return True
    # A form that ends so is no bare one; "support" is, and is rather a noun here.
    return word.endswith(("s", "ed")) or word in rules.words["saying.past"]


def _head(sentence: Sentence, mention: Mention, rules: Rules) -> Mention:
    """The head of "officials in Kenya" and "the president of the council"."""
    while mention.first > 1:
        before = mention.first - 1
        if sentence.lower[before] in rules.words["grammar.articles"]:
            before -= 1
        if before < 1 or sentence.lower[before] not in rules.words["grammar.prepositions"]:
            return mention
        outer = mention_ending(sentence, before)
        if outer is None:
            return mention
        mention = outer
    return mention


def _governed(sentence: Sentence, mention: Mention, rules: Rules) -> bool:
    """Whether a preposition stands before a mention: "in Kenya, …"."""
    before = mention.first - 1
    if before >= 0 and sentence.lower[before] in rules.words["grammar.articles"]:
        before -= 1
    return before >= 0 and sentence.lower[before] in rules.words["grammar.prepositions"]


def _joined(sentence: Sentence, mention: Mention) -> tuple[Mention, ...]:
    found = [mention]
    first = mention.first
    while first > 1:
        before = first - 1
        if sentence.lower[before] == "the":
            before -= 1
        if before < 1 or sentence.lower[before] not in {"and", ","}:
            break
        if sentence.lower[before] == "," and len(found) == 1:
            break
        if sentence.lower[before - 1] == "," and sentence.lower[before] == "and":
            before -= 1
        other = mention_ending(sentence, before)
        if other is None or other.sort == "pronoun" or other.sort != mention.sort:
            break
        found.append(other)
        first = other.first
    return tuple(reversed(found))


def mention_from(sentence: Sentence, at: int, rules: Rules) -> Mention | None:
    """The mention that begins at a word, articles before it left out."""
    articles = rules.words["grammar.articles"]
    for mention in sentence.mentions:
        if mention.first >= at:
            between = sentence.lower[at : mention.first]
            return mention if set(between) <= articles else None
    return None
