"""Topics taken apart, and the questions that they ask."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.language import words
from trucewatch.stories.vocabulary import Sort, TopicClass, english, topic_classes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trucewatch.model import Statement

COUNTED = "number-of-"
# A question or a reason shows so many words of a quotation at most.
SHOWN = 6


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """A topic's parts: `name[/sub][@whom]`; "" where a part is not there."""

    name: str
    sub: str
    whom: str

    @classmethod
    def of(cls, key: str) -> Topic:
        """Take a key apart; whatever stands after the first "@" is whom."""
        head, _, whom = key.partition("@")
        name, _, sub = head.partition("/")
        return cls(name, sub, whom)

    @property
    def key(self) -> str:
        """The topic as one key again."""
        return (
            self.name
            + (f"/{self.sub}" if self.sub else "")
            + (f"@{self.whom}" if self.whom else "")
        )

    @property
    def whole(self) -> Topic | None:
        """The topic of which this one counts a part, None for a whole."""
        return Topic(self.name, "", self.whom) if self.sub else None


def topic_class(topic: Topic, statements: Iterable[Statement]) -> TopicClass:
    """What answers a topic takes; where no file says so, what its statements show."""
    known = topic_classes().get(topic.name)
    if known is not None and known.sort is not Sort.SHOWN:
        return known
    shown = list(statements)
    if any(one.quantity is not None for one in shown):
        made = TopicClass(Sort.QUANTITY, state=False)
    elif any(one.stance is not None for one in shown):
        made = TopicClass(Sort.STANCE, state=True)
    elif shown and all(one.quote is not None for one in shown):
        made = TopicClass(Sort.QUOTATION, state=False)
    else:
        made = TopicClass(Sort.TEXT, state=False)
    return made if known is None else replace(known, sort=made.sort)


def question_text(topic: Topic, statements: Iterable[Statement], *, start: str = "") -> str:
    """The question in English; `start` are the first words of the quotation it is about."""
    shown = list(statements)
    templates = english().questions
    counted = topic.name.startswith(COUNTED)
    name = COUNTED.rstrip("-") if counted else topic.name
    end = "@" if topic.whom else ""
    parts = [f"{name}/{topic.sub}", f"{name}/"] if topic.sub else []
    heads = [*parts, name]
    keys = [head + tail for head in heads for tail in dict.fromkeys((end, ""))]
    template = next(templates[key] for key in (*keys, "other") if key in templates)
    text = template.format(
        whom=_printed(topic.whom, shown) if topic.whom else _plain(topic.name),
        sub=_plain(topic.sub),
        unit=plural(_plain(topic.name.removeprefix(COUNTED))),
        start=brief(start),
    )
    return text[:1].upper() + text[1:]


def brief(text: str) -> str:
    """The first words of a text, so that a quotation is told of without being printed again."""
    run = text.split()
    return " ".join(run[:SHOWN]) + (" …" if len(run) > SHOWN else "")


def plural(noun: str) -> str:
    """An English noun in the plural; "head of state" bends its first word."""
    first, of, rest = noun.partition(" of ")
    before, blank, last = first.rpartition(" ")
    if last in english().plurals:
        return f"{before}{blank}{english().plurals[last]}{of}{rest}"
    if first.endswith(("s", "x", "ch", "sh")):
        return f"{first}es{of}{rest}"
    if first.endswith("y") and first[-2:-1] not in set("aeiou"):
        return f"{first[:-1]}ies{of}{rest}"
    return f"{first}s{of}{rest}" if first[-1:].isalpha() else noun


def _plain(slug: str) -> str:
    return slug.replace("-", " ").replace("/", ", ")


def _printed(slug: str, statements: list[Statement]) -> str:
    """A slug with the names in it as the articles print them; the rest in lower case."""
    plain = _plain(slug)
    names = Counter(
        name
        for one in statements
        for name in (one.about, one.actor, one.speaker)
        if name is not None and words(name)
    )
    for name in sorted(names, key=lambda name: (-len(words(name)), -names[name], name)):
        inside = re.search(rf"(?<!\w){re.escape(' '.join(words(name)))}(?!\w)", plain)
        if inside is not None:
            return plain[: inside.start()] + name + plain[inside.end() :]
    return plain
