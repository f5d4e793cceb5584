"""Organisations, offices and armed groups that an article names in full, and by their initials."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucewatch.language import Form, Named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trucewatch.statements.reading import Reading, Sentence
    from trucewatch.statements.rules import Rules

_LONGEST = 14
_LEAST_INITIALS, _MOST_INITIALS = 2, 10


@dataclass(slots=True)
class _Bodies:
    """Each printed form of a body, by its first word: its words, and the name it is known by."""

    index: dict[str, dict[tuple[str, ...], tuple[str, str]]] = field(default_factory=dict)

    def add(self, words: tuple[str, ...], name: str, code: str = "") -> None:
        """Keep a printed form; the first name given to it stays."""
        self.index.setdefault(words[0], {}).setdefault(words, (name, code))


def name_bodies(reading: Reading) -> None:
    """Put every body that an article names in full into the names of all its sentences.

    "Rapid Relief Agency (RRA)" makes "RRA" the same body in the whole article; so do initials that
    only one of its bodies has. A ministry that merely stands with its country's adjective is left
    to the rules for groups.
    """
    known = _Bodies()
    initials: dict[str, set[str]] = {}
    for sentence in reading.sentences:
        if sentence.titled:
            continue
        for first, last in _runs(sentence, reading.rules):
            _keep(sentence, first, last, known, initials, reading.rules)
    for short, names in initials.items():
        if len(names) == 1:
            known.add((short,), next(iter(names)))
    if known.index:
        for sentence in reading.sentences:
            sentence.named = tuple(_with(sentence, known))


def _keep(
    sentence: Sentence,
    first: int,
    last: int,
    known: _Bodies,
    initials: dict[str, set[str]],
    rules: Rules,
) -> None:
    """Keep a run of capitals that is a body by its noun, or by the initials behind it."""
    short = _bracketed(sentence, last)
    spelt = short is not None and _spells(sentence, first, last, short)
    country = next((n for n in sentence.named if n.first == first and n.last == last), None)
    if country is not None:
        if short is not None and spelt:
            known.add((short,), country.name, country.code)
        return
    if not spelt and not _is_body(sentence, first, last, rules):
        return
    words = tuple(t.text for t in sentence.tokens[first:last])
    name = _printed(sentence, first, last)
    known.add(words, name)
    if short is not None:
        known.add((short,), name)
    own = "".join(w[0] for w in words if w[0].isupper())
    if len(own) > _LEAST_INITIALS:
        initials.setdefault(own, set()).add(name)


def _printed(sentence: Sentence, first: int, last: int) -> str:
    """The words of a name with blanks only where the text has them."""
    parts = [sentence.tokens[first].text]
    for before, token in zip(
        sentence.tokens[first : last - 1], sentence.tokens[first + 1 : last], strict=True
    ):
        parts.append(token.text if before.end == token.start else f" {token.text}")
    return "".join(parts)


def _runs(sentence: Sentence, rules: Rules) -> Iterator[tuple[int, int]]:
    """Each run of words with capitals, small words within: "Office for the Care of Refugees"."""
    at = 0
    small = rules.words["bodies.within"]
    while at < len(sentence.tokens):
        if not _opens(sentence, at, rules):
            at += 1
            continue
        end = at + 1
        while end < len(sentence.tokens) and end - at < _LONGEST - 2:
            if _capital(sentence, end):
                end += 1
                continue
            if sentence.lower[end] == "-" and _hyphen(sentence, end):
                end += 2
                continue
            if _holds_office(sentence, end, rules):
                end += 2
                continue
            over = end
            while over < len(sentence.tokens) and over - end < 2 and sentence.lower[over] in small:
                over += 1
            joins = over > end and over < len(sentence.tokens) and _capital(sentence, over)
            if not joins or not _may_join(sentence, at, end, over, rules):
                break
            end = over + 1
        if end - at > 1:
            yield at, end
        at = end


def _opens(sentence: Sentence, at: int, rules: Rules) -> bool:
    """Whether a name may begin here: at the beginning of a sentence any word has a capital."""
    word = sentence.lower[at]
    if not _capital(sentence, at) or word in rules.words["grammar.articles"]:
        return False
    function = word in rules.words["grammar.stops"] or word in rules.words["saying.clauses"]
    return not function


def _capital(sentence: Sentence, at: int) -> bool:
    token = sentence.tokens[at]
    dated = any(d.start <= token.start < d.end for d in sentence.dates)
    return token.capital and token.text[0].isalpha() and not dated


def _hyphen(sentence: Sentence, at: int) -> bool:
    return (
        at + 1 < len(sentence.tokens)
        and sentence.tokens[at - 1].end == sentence.tokens[at].start
        and sentence.tokens[at + 1].start == sentence.tokens[at].end
        and _capital(sentence, at + 1)
    )


def _holds_office(sentence: Sentence, end: int, rules: Rules) -> bool:
    """Whether "Prosecutor's Office" goes on here: of an office, and of no person or country."""
    return (
        sentence.lower[end : end + 2] == ["'s", "office"]
        and sentence.tokens[end + 1].capital
        and sentence.lower[end - 1] in rules.words["bodies.offices"]
    )


def _may_join(sentence: Sentence, first: int, end: int, over: int, rules: Rules) -> bool:
    """Whether small words go on with a name: "and" only within what such a name is of."""
    small = sentence.lower[end:over]
    heads = rules.words["bodies.heads"]
    inside = [w for w in sentence.lower[first:end] if w in rules.words["bodies.of"]]
    if "in" in small:
        return sentence.lower[end - 1] in rules.words["bodies.sent"]
    if rules.words["grammar.and"].isdisjoint(small):
        # "Ministry of …", "Doctors Without …": the noun stands before the small word.
        return sentence.lower[end - 1] in heads or bool(inside)
    if inside:
        # "Care of Children and Mothers", but no second body behind "and".
        return not any(n.first <= over < n.last for n in sentence.named)
    after = over
    while after < len(sentence.tokens) and _capital(sentence, after):
        after += 1
    plain = not any(n.last > first and n.first < after for n in sentence.named if n.last > end)
    named = any(w in heads for w in sentence.lower[first:end])
    return plain and not named and after - over > 1 and sentence.lower[after - 1] in heads


def _is_body(sentence: Sentence, first: int, last: int, rules: Rules) -> bool:
    heads = rules.words["bodies.heads"]
    lower = sentence.lower[first:last]
    small = next((i for i, w in enumerate(lower) if w in rules.words["bodies.within"]), None)
    head = lower[-1] if small is None else lower[small - 1]
    closes = lower[-1] in heads and small is not None and lower[small] == "and"
    if head not in heads and not closes and lower[0] not in rules.words["bodies.openers"]:
        return False
    if small is not None:
        return True
    # "German Foreign Ministry" and "Foreign Ministry" are groups like any other.
    rest = first + next((n.last - n.first for n in sentence.named if n.first == first), 0)
    plain = rules.words["offices.adjectives"] | rules.words["names.never"]
    nouns = rules.words["groups.nouns"]
    own = sentence.lower[rest : last - 1]
    adjectival = rest == first or any(
        n.first == first and n.form is Form.ADJECTIVE for n in sentence.named
    )
    return not (adjectival and lower[-1] in nouns and all(w in plain for w in own))


def _bracketed(sentence: Sentence, at: int) -> str | None:
    """The initials in brackets behind a name."""
    if sentence.lower[at : at + 1] != ["("] or sentence.lower[at + 2 : at + 3] != [")"]:
        return None
    token = sentence.tokens[at + 1].text
    fits = _LEAST_INITIALS <= len(token) <= _MOST_INITIALS and token[0].isupper()
    return token if fits and sum(c.isupper() or c.isdigit() for c in token) > 1 else None


def _spells(sentence: Sentence, first: int, last: int, short: str) -> bool:
    """Whether initials are those of the words with a capital."""
    own = "".join(t.text[0] for t in sentence.tokens[first:last] if t.text[0].isupper())
    return own == short


def _with(sentence: Sentence, known: _Bodies) -> list[Named]:
    """The names of a sentence, bodies of the article in the place of what they hold."""
    found: list[Named] = []
    at = 0
    texts = [t.text for t in sentence.tokens]
    while at < len(texts):
        forms = known.index.get(texts[at], {})
        # By length, not by form: an article may name thousands that begin alike.
        longest = (tuple(texts[at : at + size]) for size in range(_LONGEST + 1, 0, -1))
        words = next((w for w in longest if w in forms), None) if forms else None
        own = next((n for n in sentence.named if n.first == at), None)
        if words is None or (own is not None and own.last - own.first >= len(words)):
            at += 1 if own is None else own.last - own.first
            continue
        name, code = forms[words]
        form = Form.NAME if code else Form.BODY
        found.append(Named(first=at, last=at + len(words), form=form, code=code, name=name))
        at += len(words)
    kept = [
        n for n in sentence.named if not any(f.first < n.last and n.first < f.last for f in found)
    ]
    return sorted([*kept, *found], key=lambda n: n.first)
