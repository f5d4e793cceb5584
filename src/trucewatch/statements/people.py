"""Everybody whom an article names, by full name, and the mentions of them in its sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from trucewatch.statements.bodies import name_bodies
from trucewatch.statements.mentions import mentions
from trucewatch.statements.names import (
    MOST_NAMES,
    Office,
    People,
    country_after,
    country_before,
    is_name,
    kind_of,
    name_end,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.statements.reading import Reading, Sentence
    from trucewatch.statements.rules import Rules

# More persons of one name than any article has.
_MOST_NAMESAKES = 20
_LONGEST_NAME = 7


def name_all(reading: Reading) -> People:
    """Find everybody named in an article, and put mentions into its sentences.

    A surname is the person whose full name the article has, wherever it stands; one that two
    persons share stays a surname.
    """
    name_bodies(reading)
    small = _small(reading)
    people = People()
    names: Counter[tuple[str, ...]] = Counter()
    for sentence in reading.sentences:
        for first, last in _full_names(sentence, reading.rules, small):
            names[tuple(t.text for t in sentence.tokens[first:last] if t.text != ".")] += 1
        if not sentence.titled:
            people.seen |= {
                sentence.lower[at]
                for at in range(1, len(sentence.tokens))
                if is_name(sentence, at, reading.rules, small)
            }
    _resolve(people, [one for one in names if not _overlong(one, names)])
    for sentence in reading.sentences:
        people.offices += _offices(sentence, reading.rules, small, people)
    for office in sorted(people.offices, key=lambda o: (o.past, o.sentence, o.first)):
        if office.country:
            people.country.setdefault(office.person, office.country)
            if office.rank == "leads" and not office.past:
                people.leaders.setdefault(office.country, office.person)
            kind = office.country, kind_of(office.office)
            people.holders.setdefault(kind, set()).add(office.person)
    documents: list[str] = []
    for sentence in reading.sentences:
        sentence.mentions = mentions(sentence, reading.rules, small, people, documents)
    return people


def _small(reading: Reading) -> frozenset[str]:
    """Words that the article writes without a capital somewhere: none of them is a name."""
    return frozenset(
        token.text for sentence in reading.sentences for token in sentence.tokens
        if token.text.islower()
    )  # fmt: skip


def _overlong(words: tuple[str, ...], names: Counter[tuple[str, ...]]) -> bool:
    """Whether a name has a word too many: without its last one the article has it more often."""
    return len(words) > 2 and names[words[:-1]] > names[words]


def _resolve(people: People, names: Iterable[tuple[str, ...]]) -> None:
    """Which full name each surname, and each shorter name, means."""
    meant: dict[str, set[str]] = {}
    longest = sorted(names, key=lambda words: (-len(words), words))
    for words in longest:
        whole = " ".join(words).replace(" - ", "-")
        for key in {words[-1].lower(), whole.lower(), " ".join(words[-2:]).lower()}:
            meant.setdefault(key, set()).add(whole)
    # A family name may stand first, and anybody may be called by the first of their names.
    firsts: dict[str, set[str]] = {}
    for words in longest:
        if words[0].lower() not in meant:
            firsts.setdefault(words[0].lower(), set()).add(" ".join(words).replace(" - ", "-"))
    meant |= firsts
    for key, wholes in meant.items():
        if len(wholes) > _MOST_NAMESAKES:
            continue
        top = [w for w in wholes if not any(w != o and w in o for o in wholes)]
        if len(top) == 1:
            people.full[key] = top[0]
        elif key in {w.lower() for w in wholes}:
            people.full[key] = next(w for w in sorted(wholes) if w.lower() == key)


def _full_names(
    sentence: Sentence, rules: Rules, small: frozenset[str]
) -> Iterable[tuple[int, int]]:
    """Names of two words or more, also behind an office; in a title's style only there."""
    at = 0
    while at < len(sentence.tokens):
        office = rules.phrases["offices"].at(sentence.lower, at)
        if office is not None and office[0] < len(sentence.tokens):
            end = name_end(sentence, office[0], rules, small, 2 if sentence.titled else MOST_NAMES)
            if end - office[0] > 1:
                yield office[0], end
                at = end
                continue
            if office[1] == "plural" and end == office[0]:
                at = office[0]
                continue
        if not sentence.titled:
            end = name_end(sentence, at, rules, small)
            if end - at > 1 and not (at == 0 and end - at > MOST_NAMES):
                yield at, end
                at = end
                continue
            at = max(at + 1, end)
        else:
            at += 1


def _offices(
    sentence: Sentence, rules: Rules, small: frozenset[str], people: People
) -> Iterable[Office]:
    at = 0
    while at < len(sentence.tokens):
        office = rules.phrases["offices"].at(sentence.lower, at)
        if office is None or office[1] == "plural" or office[0] >= len(sentence.tokens):
            at += 1
            continue
        behind, rank = office
        end = name_end(sentence, behind, rules, small, 2 if sentence.titled else MOST_NAMES)
        if end > behind:
            first, country = country_before(sentence, at, rules)
            after = country_after(sentence, end, rules) if country is None else None
            words = " ".join(t.text for t in sentence.tokens[behind:end]).replace(" - ", "-")
            named = country or after
            yield Office(
                sentence=sentence.number,
                first=first,
                last=end if after is None else after.last,
                office=" ".join(sentence.lower[at:behind]).replace(" - ", "-"),
                rank=rank,
                country="" if named is None else named.code,
                person=people.fullest(words.replace(" . ", ". ")),
                past=first > 0 and sentence.lower[first - 1] in rules.words["offices.past"],
            )
        elif (held := _apposed(sentence, at, office, rules, small, people)) is not None:
            yield held
        at = max(behind, end)


def _apposed(
    sentence: Sentence,
    at: int,
    office: tuple[int, str],
    rules: Rules,
    small: frozenset[str],
    people: People,
) -> Office | None:
    """An office set off from its name: "Smith, the Kenyan president," and the other way round."""
    behind, rank = office
    lower = sentence.lower
    first, country = country_before(sentence, at, rules)
    last = behind
    if country is None:
        country = country_after(sentence, behind, rules)
        last = behind if country is None else country.last
    if country is None or not country.code or sentence.titled:
        return None
    opens = first - (first > 0 and lower[first - 1] in rules.words["grammar.articles"])
    named: tuple[int, int] | None = None
    if opens > 1 and lower[opens - 1] == ",":
        ends = lower[last : last + 1]
        closed = not ends or ends[0] in rules.words["offices.apposed"]
        start = _name_before(sentence, opens - 1, rules, small)
        named = (start, opens - 1) if closed and opens - 1 - start > 1 else None
    elif lower[last : last + 1] == [","]:
        end = name_end(sentence, last + 1, rules, small)
        closed = lower[end : end + 1] == [","]
        named = (last + 1, end) if closed and end - last > 2 else None
    if named is None:
        return None
    words = " ".join(t.text for t in sentence.tokens[slice(*named)]).replace(" - ", "-")
    past = not rules.words["offices.past"].isdisjoint(lower[max(0, first - 1) : at])
    return Office(
        sentence=sentence.number,
        first=min(first, named[0]),
        last=max(last, named[1]),
        office=" ".join(lower[at:behind]).replace(" - ", "-"),
        rank=rank,
        country=country.code,
        person=people.fullest(words.replace(" . ", ". ")),
        past=past,
    )


def _name_before(sentence: Sentence, end: int, rules: Rules, small: frozenset[str]) -> int:
    """Where the name that ends before a place begins; the place itself where none does."""
    for start in range(max(0, end - _LONGEST_NAME), end):
        if name_end(sentence, start, rules, small) == end:
            before = sentence.lower[start - 1] if start else ""
            # "Smith and Jones, envoys": of two names none is the one.
            return end if before in rules.words["grammar.and"] else start
    return end
