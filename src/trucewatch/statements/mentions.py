"""Persons, countries, bodies, groups and documents as the words of a sentence name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import Form, adjective, vocabulary
from trucewatch.statements.names import (
    MOST_NAMES,
    POSSESSIVE,
    country_after,
    country_before,
    kind_of,
    name_end,
)
from trucewatch.statements.reading import Mention

if TYPE_CHECKING:
    from trucewatch.language import Named
    from trucewatch.statements.names import People
    from trucewatch.statements.reading import Sentence
    from trucewatch.statements.rules import Rules

_MOST_ADJECTIVES = 4
_LAST_DOCUMENTS = 20
_LEAST_ADVERB = 4


def mentions(
    sentence: Sentence,
    rules: Rules,
    small: frozenset[str],
    people: People,
    documents: list[str],
) -> list[Mention]:
    """Every mention of a sentence in its order, none over another."""
    found: list[Mention] = []
    at = 0
    while at < len(sentence.tokens):
        mention = (
            _body(sentence, at)
            or _person(sentence, at, rules, small, people)
            or _group(sentence, at, rules, people)
            or _document(sentence, at, rules, documents)
            or _plain(sentence, at)
            or _pronoun(sentence, at, rules)
        )
        if mention is None:
            at += 1
            continue
        while found and found[-1].last > mention.first:
            found.pop()
        found.append(mention)
        at = mention.last
    return found


def _person(
    sentence: Sentence, at: int, rules: Rules, small: frozenset[str], people: People
) -> Mention | None:
    lower = sentence.lower
    start = at
    office = rules.phrases["offices"].at(lower, at)
    if office is not None and office[1] != "plural":
        start = office[0]
    elif lower[at] in rules.words["offices.honorifics"]:
        start = at + 1
        if start < len(lower) and lower[start] == ".":
            start += 1
    if start < len(lower):
        titled = sentence.titled
        end = name_end(sentence, start, rules, small, 2 if titled else MOST_NAMES)
        while end > start:
            words = " ".join(t.text for t in sentence.tokens[start:end]).replace(" - ", "-")
            words = words.replace(" . ", ". ")
            known = words.lower() in people.full
            titled_off = titled and start == at and not known
            single = end - start == 1 and start == at and not known
            unseen = at == 0 and sentence.lower[start] not in people.seen
            if not titled_off and not (single and unseen):
                name = people.fullest(words)
                country = people.country.get(name, "")
                first = country_before(sentence, at, rules)[0] if start > at else at
                return Mention(first=first, last=end, sort="person", name=name, country=country)
            end -= 1
    if office is None or office[1] == "plural":
        return None
    return _office_alone(sentence, at, office, rules, people)


def _office_alone(
    sentence: Sentence, at: int, office: tuple[int, str], rules: Rules, people: People
) -> Mention | None:
    """An office without a name: "Kenya's president" is whoever the article names so."""
    end, rank = office
    first, country = country_before(sentence, at, rules)
    if country is None:
        country = country_after(sentence, end, rules)
        if country is not None:
            end = country.last
    if country is None or not country.code:
        return None
    words = " ".join(sentence.lower[at : office[0]]).replace(" - ", "-")
    leader = people.leaders.get(country.code, "") if rank == "leads" else ""
    kind = kind_of(words)
    holders = people.holders.get((country.code, kind), set())
    former = not rules.words["offices.past"].isdisjoint(sentence.lower[max(0, first - 1) : at])
    if not leader and not former and len(holders) == 1 and kind in rules.words["offices.alone"]:
        leader = next(iter(holders))
    name = leader or f"{adjective(country.code, rules.language)} {words}"
    return Mention(first=first, last=end, sort="person", name=name, country=country.code)


def _group(sentence: Sentence, at: int, rules: Rules, people: People) -> Mention | None:
    noun = sentence.lower[at]
    if noun in rules.words["groups.own"] and at:
        if sentence.lower[at - 1] in rules.words["grammar.owners"]:
            return Mention(first=at, last=at + 1, sort="group", name=noun)
        return None
    if noun not in rules.words["groups.nouns"] or _is_adjective(sentence, at, rules):
        return None
    first, country = country_before(sentence, at, rules)
    own = [
        word.capitalize() if word in rules.words["groups.regions"] else word
        for word in sentence.lower[first if country is None else country.last : at]
        if word != POSSESSIVE
    ]
    whom = _spoken_for(sentence, at, rules)
    if whom is not None and country is None:
        who = adjective(whom.code, rules.language) if whom.code else whom.name
        name = f"{who} {noun}"
        return Mention(first=first, last=whom.last, sort="group", name=name, country=whom.code)
    owner = _owner(sentence, at, rules, people)
    if owner is not None:
        start, person = owner
        code = people.country.get(person, "")
        if noun in rules.words["groups.offices"] and code and people.leaders.get(code) == person:
            return _state(start, at + 1, code, "presidency", rules)
        if noun in rules.words["groups.named"]:
            if code:
                return _state(start, at + 1, code, "", rules)
            return Mention(first=start, last=at + 1, sort="group", name=f"{person} {noun}")
        name = f"{noun} of {person}"
        return Mention(first=start, last=at + 1, sort="group", name=name, country=code)
    if country is None and noun in rules.words["groups.states"]:
        country = country_after(sentence, at + 1, rules)
        if country is not None and country.code:
            office = "presidency" if noun == "presidency" else ""
            return _state(first, country.last, country.code, office, rules)
        country = None
    if country is not None and country.code:
        both = _both(sentence, country, rules)
        if both is not None:
            name = " ".join([both.name, "and", adjective(country.code, rules.language), *own, noun])
            return Mention(first=both.first, last=at + 1, sort="group", name=name)
        if noun in rules.words["groups.states"]:
            office = "presidency" if noun == "presidency" else ""
            return _state(first, at + 1, country.code, office, rules)
        own = [adjective(country.code, rules.language), *own]
        name = " ".join([*own, noun])
        return Mention(first=first, last=at + 1, sort="group", name=name, country=country.code)
    if country is not None:
        own = [country.name, *own]
    return Mention(first=first, last=at + 1, sort="group", name=" ".join([*own, noun]))


def _spoken_for(sentence: Sentence, at: int, rules: Rules) -> Named | None:
    """Whom a spokesman "for" or "of" somebody speaks for, the country or body itself named."""
    if sentence.lower[at] not in rules.words["groups.spokesmen"]:
        return None
    behind = at + 1
    if behind >= len(sentence.lower) or sentence.lower[behind] not in rules.words["groups.for"]:
        return None
    behind += 1 + (sentence.lower[behind + 1 : behind + 2] == ["the"])
    named = next((n for n in sentence.named if n.first == behind), None)
    if named is None or named.form not in {Form.BODY, Form.NAME}:
        return None
    # "For the Kenya office": the name only begins another.
    follows = sentence.tokens[named.last : named.last + 1]
    return None if follows and follows[0].lower == POSSESSIVE else named


def _both(sentence: Sentence, country: Named, rules: Rules) -> Mention | None:
    """The other country of "Danish and Swedish officials"."""
    at = country.first - 1
    if at < 1 or sentence.lower[at] not in rules.words["grammar.and"]:
        return None
    named = next((n for n in sentence.named if n.last == at and n.form is Form.ADJECTIVE), None)
    if named is None or country.form is not Form.ADJECTIVE or not named.code:
        return None
    name = adjective(named.code, rules.language)
    return Mention(first=named.first, last=at, sort="group", name=name)


def _is_adjective(sentence: Sentence, at: int, rules: Rules) -> bool:
    """Whether "military" and the like stand before another noun ("military aid")."""
    if sentence.lower[at] not in rules.words["groups.adjectival"]:
        return False
    after = sentence.tokens[at + 1] if at + 1 < len(sentence.tokens) else None
    return (
        after is not None
        and after.word
        and after.lower != POSSESSIVE
        and after.lower not in rules.every_verb
        and after.lower not in rules.words["saying.between"]
        and after.lower not in rules.words["saying.clauses"]
        and after.lower not in rules.words["groups.after"]
        and not (after.lower.endswith("ly") and len(after.lower) > _LEAST_ADVERB)
    )


def _owner(sentence: Sentence, at: int, rules: Rules, people: People) -> tuple[int, str] | None:
    """The person of "Smith's office" or "the Smith administration", if the article knows them."""
    end = at
    if end and sentence.lower[end - 1] == POSSESSIVE:
        end -= 1
    elif sentence.lower[at] not in rules.words["groups.named"]:
        return None
    for length in (3, 2, 1):
        if end - length < 0:
            continue
        words = " ".join(t.text for t in sentence.tokens[end - length : end])
        if words.lower() in people.full and sentence.tokens[end - length].capital:
            return end - length, people.fullest(words)
    return None


def _state(first: int, last: int, code: str, office: str, rules: Rules) -> Mention:
    name = _country_name(code, rules)
    if office:
        name = f"{adjective(code, rules.language)} {office}"
    return Mention(first=first, last=last, sort="country", name=name, country=code)


def _country_name(code: str, rules: Rules) -> str:
    known = vocabulary(rules.language)
    return code if known is None else known.countries[code][0]


def _document(sentence: Sentence, at: int, rules: Rules, documents: list[str]) -> Mention | None:
    lower = sentence.lower
    if lower[at] not in rules.words["groups.documents"]:
        return None
    first = at
    while (
        first > max(0, at - _MOST_ADJECTIVES)
        and lower[first - 1] in rules.words["groups.document_adjectives"]
    ):
        first -= 1
    own = lower[first : at + 1]
    named = next((n for n in sentence.named if n.last == first), None)
    if named is not None and named.form in {Form.BODY, Form.ADJECTIVE, Form.NAME}:
        # "A UN report" is another than "a Kenyan report".
        first, own = named.first, [named.name, *own]
    if lower[at] in rules.words["groups.same_document"] and documents:
        name = documents[-1]
    else:
        fitting = [
            d
            for d in documents[-_LAST_DOCUMENTS:]
            if d.split()[-1] == own[-1] and {*" ".join(own).split()} <= {*d.split()}
        ]
        name = fitting[-1] if fitting else " ".join(own)
        if not fitting:
            documents.append(name)
    return Mention(first=first, last=at + 1, sort="document", name=name)


def _body(sentence: Sentence, at: int) -> Mention | None:
    """A body by its name, whatever its first word means ("Office for …")."""
    named = next((n for n in sentence.named if n.first == at and n.form is Form.BODY), None)
    if named is None:
        return None
    return Mention(first=at, last=named.last, sort="body", name=named.name)


def _plain(sentence: Sentence, at: int) -> Mention | None:
    named = next((n for n in sentence.named if n.first == at), None)
    if named is None or named.form is Form.ADJECTIVE:
        return None
    if named.form is Form.SEAT:
        name = f"{adjective(named.code)} {named.office}"
        return Mention(first=at, last=named.last, sort="country", name=name, country=named.code)
    sort = "body" if named.form is Form.BODY else "country"
    capital = named.form is Form.CAPITAL
    return Mention(
        first=at, last=named.last, sort=sort, name=named.name, country=named.code, place=capital
    )


def _pronoun(sentence: Sentence, at: int, rules: Rules) -> Mention | None:
    word = sentence.lower[at]
    if word in rules.words["pronouns.person"] or word in rules.words["pronouns.thing"]:
        return Mention(first=at, last=at + 1, sort="pronoun", name=word)
    return None
