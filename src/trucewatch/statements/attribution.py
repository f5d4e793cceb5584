"""To whom an article ascribes what it says, and by which words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trucewatch.language import country_name
from trucewatch.statements.subjects import (
    mention_ending,
    mention_from,
    passive,
    phrase_before,
    subject,
)
from trucewatch.statements.voices import Said, Voices, give_quotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trucewatch.statements.reading import Mention, Reading, Sentence
    from trucewatch.statements.rules import Rules

_MARKS = frozenset({"“", "”", '"', "'", "‘", "’", "»", "«"})
_SHORT_TAIL = 7
_LEAST_CLAIM = 3
_NEAR = 5


def attribute(reading: Reading) -> Voices:
    """Find who says what in an article, pronouns resolved by who spoke before.

    "He" is the last to speak or, where nobody did, the last to act; what follows a speech without
    a word of attribution is the outlet's again.
    """
    voices = Voices(reading, [], {})
    rules = reading.rules
    person: Mention | None = None
    thing: Mention | None = None
    for sentence in reading.sentences:
        sentence.mentions = _without_pronouns(sentence, person, thing, rules)
        said = _said(sentence, rules)
        voices.said.append(said)
        speakers = [m for s in said for m in sentence.mentions if m.name == s.speaker]
        named = [m for m in sentence.mentions if sentence.inside[m.first] < 0]
        first = [*speakers, *(m for m in named if not _owned(sentence, m, rules))]
        # A lone capital in a headline is as often a place.
        if not sentence.titled or speakers:
            person = next((m for m in first if _is_person(m, rules)), person)
        thing = next((m for m in first if _is_thing(m, rules)), thing)
    give_quotations(voices)
    return voices


def _is_person(mention: Mention, rules: Rules) -> bool:
    """Whether "he" or "she" can mean it: a person, or one of a group ("an officer")."""
    return mention.sort == "person" or (
        mention.sort == "group" and mention.name.split()[-1] in rules.words["groups.single"]
    )


def _is_thing(mention: Mention, rules: Rules) -> bool:
    """Whether "it" can mean it: a country, a body, a text, or a group that acts as one."""
    if mention.sort in {"country", "body", "document"}:
        return True
    return mention.sort == "group" and mention.name.split()[-1] in rules.words["groups.bodies"]


def _owned(sentence: Sentence, mention: Mention, rules: Rules) -> bool:
    """Whether a mention only owns or completes something: "Smith's plan", "with Smith"."""
    after = sentence.lower[mention.last : mention.last + 1]
    before = sentence.lower[mention.first - 1] if mention.first else ""
    return after == ["'s"] or before in rules.words["grammar.prepositions"]


def _without_pronouns(
    sentence: Sentence, person: Mention | None, thing: Mention | None, rules: Rules
) -> list[Mention]:
    """The mentions of a sentence, each pronoun as whom it means; unknown ones left out."""
    found: list[Mention] = []
    for mention in sentence.mentions:
        if mention.sort != "pronoun":
            known = [m for m in found if not _owned(sentence, m, rules)]
            found += _own_country(sentence, mention, known, person, rules)
            continue
        known = [
            m for m in found if not _owned(sentence, m, rules) and sentence.inside[m.first] < 0
        ]
        if mention.name == "it":
            meant = next((m for m in known if _is_thing(m, rules)), thing)
        else:
            meant = next((m for m in known if _is_person(m, rules)), person)
        if meant is not None:
            found.append(replace(meant, first=mention.first, last=mention.last))
    return found


def _own_country(
    sentence: Sentence, one: Mention, known: Sequence[Mention], person: Mention | None, rules: Rules
) -> tuple[Mention, ...]:
    """A mention; "his government" and "her country" as the country of him or her, if it is known.

    "Country" alone is nobody and left out.
    """
    noun = sentence.lower[one.first]
    own = noun in rules.words["groups.own"]
    if one.sort != "group" or one.last - one.first > 1 or not one.first:
        return (one,)
    if not own and noun not in rules.words["groups.states"]:
        return (one,)
    if sentence.lower[one.first - 1] in rules.words["pronouns.his"]:
        meant = next((m for m in known if _is_person(m, rules)), person)
        if meant is not None and meant.country:
            name = country_name(meant.country, rules.language)
            return (replace(one, sort="country", name=name, country=meant.country),)
    return () if own else (one,)


def _said(sentence: Sentence, rules: Rules) -> list[Said]:
    found: list[Said] = []
    lower = sentence.lower
    at = 0
    while at < len(lower):
        if sentence.inside[at] >= 0:
            at += 1
            continue
        according = rules.phrases["according"].at(lower, at)
        if according is not None:
            one = _according(sentence, at, according[0], rules)
        else:
            one = _speech(sentence, at, rules)
        if one is not None:
            found.append(one)
        at += 1
    return [_to_semicolon(sentence, one, found) for one in found]


def _to_semicolon(sentence: Sentence, one: Said, every: Sequence[Said]) -> Said:
    """Words that ascribe reach over a semicolon only where nobody else is named behind it."""
    later = [o for o in every if o.verb > one.verb and o.speaker != one.speaker]
    for at in range(max(one.first, one.verb), one.last):
        if sentence.lower[at] == ";" and sentence.inside[at] < 0:
            ends = any(at < o.verb for o in later)
            return replace(one, last=at) if ends and one.first > one.verb else one
    return one


def _according(sentence: Sentence, at: int, end: int, rules: Rules) -> Said | None:
    mention = mention_from(sentence, end, rules)
    if mention is None:
        return None
    start, stop = sentence.span(at, mention.last)
    # What a semicolon parts from it is not according to it.
    opens = [i for i in range(at) if sentence.lower[i] == ";" and sentence.inside[i] < 0]
    return Said(
        sentence=sentence.number,
        verb=at,
        speaker=mention.name,
        sort=mention.sort,
        country=mention.country,
        first=opens[-1] + 1 if opens else 0,
        last=len(sentence.tokens),
        start=start,
        end=stop,
    )


def _speech(sentence: Sentence, at: int, rules: Rules) -> Said | None:
    lower = sentence.lower
    verb = rules.verbs["saying.verbs"].at(lower, at)
    of_text = rules.verbs["saying.documents"].at(lower, at)
    if verb is None and of_text is None:
        return None
    size = len(lower)
    cited = _cited(sentence, at, rules) or _said_by(sentence, at, rules)
    if cited is not None:
        return cited
    if verb is not None and (at == 0 or lower[at - 1] in _MARKS or lower[at - 1] == ","):
        behind = mention_from(sentence, at + 1, rules)
        after = "" if behind is None else "".join(lower[behind.last : behind.last + 1])
        acts = after in rules.every_verb or after in rules.words["saying.between"]
        # "Smith, said his forces …": whoever is his is no speaker; nor is what a quotation follows.
        owned = behind is not None and _is_objects(sentence, at, behind, rules)
        owned = owned or lower[at] not in rules.words["saying.inverted"]
        if behind is not None and at and not lower[at].endswith("ing") and not (acts or owned):
            start, end = sentence.span(at, behind.last)
            return _one(sentence, at, (behind,), 0, at, start, end)
    who = () if passive(sentence, at, rules) else subject(sentence, at, rules)
    if not who and lower[at] in rules.words["saying.speech"]:
        unnamed = phrase_before(sentence, at, rules)
        who = () if unnamed is None or passive(sentence, at, rules) else (unnamed,)
    if verb is None and (not who or who[0].sort != "document"):
        return None
    if not who or (who[0].place and _in_place(sentence, who[0], rules)):
        return None
    first = min(m.first for m in who)
    while first and lower[first - 1] in rules.words["grammar.articles"]:
        first -= 1
    own = min(at, first)
    start, end = sentence.span(own, at + 1)
    before = lower[first - 1] if first else ""
    if first < at and before in _MARKS:
        return _one(sentence, at, who, 0, size, start, end)
    if _LEAST_CLAIM <= first < at and _closes(sentence, at, before, rules):
        return _one(sentence, at, who, 0, first, start, end)
    light = lower[at] in rules.words["saying.light"]
    that = not rules.words["saying.that"].isdisjoint(lower[at + 1 : at + _NEAR])
    one = _one(sentence, at, who, at + 1, size, start, end)
    denied = lower[at] in rules.words["saying.denying"]
    reports = lower[at] in rules.words["saying.speech"]
    return replace(one, light=light and not that, denied=denied, reports=reports)


def _is_objects(sentence: Sentence, at: int, behind: Mention, rules: Rules) -> bool:
    """Whether what stands behind ", said" is what is spoken of: "his forces", 'it "will not"'."""
    lower = sentence.lower
    if lower[at - 1] in _MARKS:
        return False
    named = mention_ending(sentence, at - 1)
    if named is not None and named.sort == "person" and lower[named.first - 1] == ",":
        return True
    owned = not rules.words["grammar.owners"].isdisjoint(lower[at + 1 : behind.first + 1])
    quotes = sentence.inside[behind.last : behind.last + 1]
    return owned or (bool(quotes) and quotes[0] >= 0) or lower[at + 1] == "it"


def _closes(sentence: Sentence, at: int, before: str, rules: Rules) -> bool:
    """Whether a verb of saying ends what it reports: "… , he said on Monday", "… , she told us"."""
    after = sentence.lower[at + 1 :]
    if after and after[0] in _MARKS:
        return False
    if "," in after[:-1] and after[after.index(",") + 1].endswith("ing"):
        # "…, he said on Monday, adding that …".
        after = after[: after.index(",")]
    if not after or not sentence.tokens[at + 1].word:
        return True
    dated = any(at < sentence.index(d.start) <= at + _NEAR - 2 for d in sentence.dates)
    part = after[0] in rules.words["saying.this"] and len(after) > 1
    dated = dated or (part and after[1] in rules.words["saying.parts_of_days"])
    occasion = (part or after[0] in rules.words["saying.occasions"]) and (
        dated or not rules.words["saying.settings"].isdisjoint(after[:_NEAR])
    )
    short = len(after) <= _SHORT_TAIL and rules.words["saying.that"].isdisjoint(after)
    told = before == "," and len(after) <= _LEAST_CLAIM
    return short and (occasion or told or (dated and before == ","))


def _in_place(sentence: Sentence, mention: Mention, rules: Rules) -> bool:
    before = sentence.lower[mention.first - 1] if mention.first else ""
    return before in rules.words["grammar.places"]


def _cited(sentence: Sentence, at: int, rules: Rules) -> Said | None:
    """ "… , citing the ministry": the ministry says it, whoever reports it."""
    word = sentence.lower[at]
    if not word.endswith("ing") or rules.verbs["saying.citing"].at(sentence.lower, at) is None:
        return None
    mention = mention_from(sentence, at + 1, rules)
    if mention is None or mention.sort == "country":
        return None
    after = sentence.lower[mention.last : mention.last + 1]
    if after and after[0] not in {",", ".", ";", ")", "and"}:
        return None
    start, end = sentence.span(at, mention.last)
    one = _one(sentence, at, (mention,), 0, len(sentence.lower), start, end)
    return replace(one, cited=True)


def _said_by(sentence: Sentence, at: int, rules: Rules) -> Said | None:
    """ "It was announced by the ministry that …": whoever stands behind "by"."""
    lower = sentence.lower
    if lower[at + 1 : at + 2] != ["by"] or not passive(sentence, at, rules):
        return None
    back = at
    while back and lower[back - 1] in rules.words["saying.between"]:
        back -= 1
    mention = mention_from(sentence, at + 2, rules)
    if mention is None or not back or lower[back - 1] != "it":
        return None
    if lower[mention.last : mention.last + 1] != ["that"]:
        return None
    start, end = sentence.span(back - 1, mention.last)
    return _one(sentence, at, (mention,), mention.last, len(lower), start, end)


def _one(
    sentence: Sentence,
    verb: int,
    who: Sequence[Mention],
    first: int,
    last: int,
    start: int,
    end: int,
) -> Said:
    return Said(
        sentence=sentence.number,
        verb=verb,
        speaker="; ".join(dict.fromkeys(m.name for m in who)),
        sort=who[0].sort,
        country=who[0].country,
        first=first,
        last=last,
        start=start,
        end=end,
    )
