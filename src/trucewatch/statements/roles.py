"""Who holds an office, leads a delegation, belongs to one, or leads a mechanism."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.language import name, vocabulary
from trucewatch.model.statements import Saying
from trucewatch.statements.making import hedged, slug, statement
from trucewatch.statements.reading import Mention
from trucewatch.statements.senders import sender, teams_before
from trucewatch.statements.subjects import mention_ending, mention_from, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trucewatch.model.statements import Statement
    from trucewatch.statements.making import Context
    from trucewatch.statements.reading import Sentence

_NEAR = 9
_LIST = frozenset({",", "and", "&", "(", ")", "r", "d", "envoys", "envoy"})


def roles(context: Context) -> Iterator[Statement]:
    """Offices, delegations and mechanisms; what the article tells as the state before is marked."""
    yield from _offices(context)
    for sentence in context.reading.sentences:
        for at in range(len(sentence.tokens)):
            yield from _led(context, sentence, at)
            if sentence.inside[at] >= 0:
                continue
            yield from _leading(context, sentence, at)
            yield from _represented(context, sentence, at)
            yield from _featured(context, sentence, at)
            yield from _absent(context, sentence, at)


def _country(context: Context, code: str) -> str:
    known = vocabulary(context.reading.rules.language)
    return code if known is None or not code else known.countries[code][0]


def _names(people: Sequence[Mention]) -> str:
    return "; ".join(sorted({name(one.name) for one in people}))


def _offices(context: Context) -> Iterator[Statement]:
    for office in context.people.offices:
        if not office.country:
            continue
        sentence = context.reading.sentences[office.sentence]
        country = _country(context, office.country)
        yield statement(
            context,
            Saying.ROLE,
            f"role@{slug(office.office)}-of-{slug(country)}",
            sentence,
            office.first,
            office.last,
            voice=context.voices.at(sentence, office.first),
            value=name(office.person),
            actor=office.person,
            about=country,
            earlier=office.past,
        )


def _people_from(sentence: Sentence, at: int) -> list[Mention]:
    """The persons listed from a word on, up to anything that is none of the list."""
    found: list[Mention] = []
    while at < len(sentence.tokens):
        person = next((m for m in sentence.mentions if m.first <= at < m.last), None)
        if person is not None and person.sort == "person":
            found.append(person)
            at = person.last
            continue
        word = sentence.lower[at]
        if word in _LIST or (not found and not sentence.tokens[at].text.islower()):
            at += 1
            continue
        if person is not None and person.sort == "group" and not found:
            at = person.last
            continue
        break
    return found


def _delegation(context: Context, mention: Mention | None, sentence: Sentence) -> str:
    """The country or body that sends a delegation, "" where a mention is none or nobody's."""
    if mention is None or mention.sort != "group":
        return ""
    nouns = context.reading.rules.words["roles.delegations"]
    noun = next(
        (at for at in range(mention.first, mention.last) if sentence.lower[at] in nouns), None
    )
    if noun is None:
        return ""
    return _country(context, mention.country) or sender(sentence, mention, context.reading.rules)


def _earlier(context: Context, sentence: Sentence, at: int) -> bool:
    """Whether the words of the clause before a verb tell of the state before."""
    first = at
    while first and sentence.lower[first - 1] != "," and at - first < _NEAR:
        first -= 1
    if first < at and sentence.lower[at - 1] == "had":
        return context.voices.at(sentence, at).speaker is None
    return context.reading.rules.phrases["earlier"].first(sentence.lower, first, at) is not None


def _role(
    context: Context,
    topic: str,
    sentence: Sentence,
    people: Sequence[Mention],
    first: int,
    last: int,
    *,
    about: str,
    of: Mention | None = None,
    earlier: bool = False,
) -> Statement:
    parts = [*people] if of is None else [*people, of]
    people_last = max(last, *(m.last for m in parts))
    start = min(first, *(m.first for m in parts))
    return statement(
        context,
        Saying.ROLE,
        topic,
        sentence,
        start,
        people_last,
        voice=context.voices.at(sentence, first),
        value=_names(people),
        actor="; ".join(dict.fromkeys(m.name for m in people)),
        about=about,
        hedged=hedged(context, sentence, start, people_last),
        earlier=earlier,
    )


def _leading(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "X leads the delegation" and "the delegation is led by X"."""
    known = context.reading.rules
    words = sentence.lower
    if known.verbs["roles.lead"].at(words, at) is None:
        return
    if words[at + 1 : at + 2] and words[at + 1] in known.words["roles.by"]:
        people = _people_from(sentence, at + 2)
        near = teams_before(sentence, at, known)
    else:
        people = list(_planned_subject(context, sentence, at))
        near = [m for m in sentence.mentions if at < m.first <= at + _NEAR]
    team = next((m for m in near if _delegation(context, m, sentence)), None)
    people = [m for m in people if m.sort == "person"]
    if not people or team is None:
        return
    country = _delegation(context, team, sentence)
    yield _role(
        context,
        f"delegation-lead@{slug(country)}",
        sentence,
        people,
        at,
        at + 1,
        about=country,
        of=team,
        earlier=_earlier(context, sentence, at),
    )


def _planned_subject(context: Context, sentence: Sentence, at: int) -> Sequence[Mention]:
    """The subject of "leads", or of "was slated to lead"."""
    known = context.reading.rules
    if at > 1 and sentence.lower[at - 1] == "to":
        if sentence.lower[at - 2] in known.words["roles.planned"]:
            return subject(sentence, at - 2, known)
        # "Chosen Smith to lead …".
        named = mention_ending(sentence, at - 1)
        planned = known.words["roles.planned"]
        if named is not None and named.first and sentence.lower[named.first - 1] in planned:
            return (named,)
        return ()
    return subject(sentence, at, known)


def _represented(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "X and Y will represent Kenya" and "Kenya is represented by X and Y"."""
    known = context.reading.rules
    words = sentence.lower
    if known.verbs["roles.represent"].at(words, at) is None:
        return
    whom: Mention | None = None
    if words[at + 1 : at + 2] and words[at + 1] in known.words["roles.by"]:
        people = _people_from(sentence, at + 2)
        for one in subject(sentence, at, known):
            if one.sort in {"country", "body"} or _delegation(context, one, sentence):
                whom = one
    else:
        people = [m for m in subject(sentence, at, known) if m.sort == "person"]
        whom = mention_from(sentence, at + 1, known)
    if not people or whom is None:
        return
    country = _country(context, whom.country) or _delegation(context, whom, sentence)
    if whom.sort == "body":
        country = whom.name
    if country and whom.sort in {"country", "group", "body"}:
        yield _role(
            context,
            f"delegation@{slug(country)}",
            sentence,
            people,
            at,
            at + 1,
            about=country,
            of=whom,
            earlier=_earlier(context, sentence, at),
        )


def _featured(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "The Kenyan delegation includes X and Y"."""
    known = context.reading.rules
    if known.verbs["roles.feature"].at(sentence.lower, at) is None:
        return
    teams = [m for m in subject(sentence, at, known) if _delegation(context, m, sentence)]
    people = _people_from(sentence, at + 1) if teams else []
    if people:
        country = _delegation(context, teams[0], sentence)
        topic = f"delegation@{slug(country)}"
        yield _role(context, topic, sentence, people, at, at + 1, about=country, of=teams[0])


def _absent(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "X did not attend": who was not there."""
    known = context.reading.rules
    found = known.phrases["absent"].at(sentence.lower, at)
    if found is None:
        return
    people = [m for m in subject(sentence, at, known) if m.sort == "person"]
    for one in people:
        country = _country(context, one.country)
        yield statement(
            context,
            Saying.ROLE,
            f"delegation@{slug(country)}" if country else f"attends@{slug(one.name)}",
            sentence,
            one.first,
            found[0],
            voice=context.voices.at(sentence, one.first),
            value=name(one.name),
            actor=one.name,
            about=country or None,
            negated=True,
        )


def _led(context: Context, sentence: Sentence, at: int) -> Iterator[Statement]:
    """ "A Kenya-led monitoring mission", "the mission will be led by Kenya"."""
    known = context.reading.rules
    words = sentence.lower
    if words[at] not in known.words["roles.led"]:
        return
    finder = known.phrases["mechanisms"]
    who: list[Mention] = []
    thing: tuple[int, int, str] | None = None
    if at > 1 and words[at - 1] == "-":
        who = [m for m in sentence.mentions if m.last == at - 1 and m.sort in {"country", "body"}]
        if not who:
            who = _adjective_before(sentence, at - 1)
        thing = finder.first(words, at + 1, min(len(words), at + _NEAR))
    elif words[at + 1 : at + 2] and words[at + 1] in known.words["roles.by"]:
        one = mention_from(sentence, at + 2, known)
        who = [one] if one is not None and one.sort in {"country", "body"} else []
        found = finder.all(words, 0, at)
        thing = found[-1] if found else None
        demonstrative = words[0] in known.words["saying.demonstratives"]
        if thing is None and demonstrative and sentence.number:
            above = context.reading.sentences[sentence.number - 1]
            before = finder.all(above.lower, 0, len(above.lower))
            thing = before[-1] if before and above.line == sentence.line else None
    if not who or thing is None:
        return
    inside = at > 1 and words[at - 1] == "-"
    yield _role(
        context,
        f"leads/{thing[2]}",
        sentence,
        who,
        at,
        thing[1] if inside else at + 1,
        about=thing[2].replace("-", " "),
        earlier=_earlier(context, sentence, at),
    )


def _adjective_before(sentence: Sentence, at: int) -> list[Mention]:
    """The country of "French-led", as a mention."""
    return [
        Mention(first=n.first, last=n.last, sort="country", name=n.name, country=n.code)
        for n in sentence.named
        if n.last == at
    ]
