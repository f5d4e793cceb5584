"""Clauses in plain English, made from what a statement says by its topic; never from its sentence.

A topic without a clause of its own gives None: then only its printed words may be quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.nouns import counted_as, noun_of
from trucewatch.bulletins.brief.showing import shown, shown_words
from trucewatch.bulletins.brief.vocabulary import NUMBERS, figure
from trucewatch.bulletins.wording import days, whole
from trucewatch.language import countries, tokens
from trucewatch.model import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Answer, Article, Interval, Quantity, Question, Statement

_LIST = re.compile(r"\s*;\s*")
_ARTICLE = re.compile(
    r"^(united|.*\b(islands|emirates|states|union|nations|netherlands|republic|presidency|"
    r"ministry|office|council|government|army|agency|union|statement|parliament|authority|draft|"
    r"communique|communiqué|declaration|report|agreement|document|accord|treaty|memorandum)$)",
    re.IGNORECASE,
)

PRIORITIES = {
    "monitoring": "monitoring",
    "armed-forces-support": "support for the armed forces",
    "multinational-force": "a multinational force",
    "response-to-aggression": "a response to aggression",
    "long-term-defence-cooperation": "long-term defence cooperation",
}


def number(n: int) -> str:
    """A count in words up to twelve, else in figures."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else whole(n)


def counted(n: int, one: str, many: str = "") -> str:
    """A count with its noun: "one outlet", "four outlets"."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def listed(items: Sequence[str], word: str = "and") -> str:
    """Items as English lists them: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def unslug(slug: str) -> str:
    """The words of a part of a topic."""
    return slug.replace("-", " ").replace("/", ", ")


def amount(quantity: Quantity, *, in_words: bool = True) -> str:
    """A quantity with its bound: "about 20 %", "15,000 to 30,000", "more than 27"."""
    low, high = quantity.low, quantity.high
    sign = " %" if quantity.unit == "%" else ""
    if quantity.bound is Bound.RANGE and low is not None and high is not None:
        return f"{figure(low)} to {figure(high)}{sign}"
    end = low if low is not None else high
    if end is None:
        return ""
    bound = "" if quantity.bound is Bound.EXACT else f"{quantity.bound.value} "
    small = in_words and not sign and 1 <= end < len(NUMBERS) and end == int(end)
    return f"{bound}{NUMBERS[int(end)] if small else figure(end)}{sign}"


def with_article(name: str) -> str:
    """A name in running text: "the United States", but "France"."""
    bare = not name.casefold().startswith("the ")
    return f"the {name}" if bare and _ARTICLE.match(name) else name


def printed(value: str, found: Iterable[Statement], articles: Mapping[str, Article]) -> str | None:
    """The names of a value as an article prints them; None where one of them stands nowhere."""
    made = []
    for part in _LIST.split(value):
        if not shown_words(part):
            continue
        texts = (articles[one.article].text for one in found)
        name = next((hit for text in texts if (hit := _surface(part, text))), None)
        name = name or _country(part, found, articles)
        if name is None:
            return None
        made.append(name)
    return listed(made) if made else None


def _country(part: str, found: Iterable[Statement], articles: Mapping[str, Article]) -> str | None:
    """The name of a country that a cited sentence names by its adjective or its capital."""
    for one in found:
        passage = articles[one.article].words(one.passage)
        for named in countries(tokens(passage)):
            if shown_words(named.name) == shown_words(part):
                return named.name
    return None


def _surface(part: str, text: str) -> str | None:
    pattern = r"[\W_]{1,4}".join(map(re.escape, re.findall(r"[^\W_]+", part)))
    hits = sorted({shown(hit) for hit in re.findall(rf"(?i)(?<!\w){pattern}(?!\w)", text)})
    # Of "STEVE WITKOFF", "steve witkoff" and "Steve Witkoff" the last is the name.
    return min(hits, key=lambda hit: (hit.isupper(), hit.islower(), hit), default=None)


def name_of(slug: str, found: Sequence[Statement], articles: Mapping[str, Article]) -> str:
    """The name behind a part of a topic, as the articles print it."""
    wanted = shown_words(unslug(slug))
    for one in found:
        for name in (one.actor, one.about, one.speaker):
            if name and shown_words(name) == wanted:
                return with_article(shown(name))
    surface = printed(unslug(slug), found, articles)
    return with_article(surface or unslug(slug).title())


def when(interval: Interval | None) -> str:
    """The days that an interval is known to lie in; "day not known" where there is none."""
    if interval is None:
        return "day not known"
    if interval.length <= timedelta(hours=26):
        return days(interval.middle.date(), interval.middle.date())
    return days(interval.earliest.date(), (interval.latest - timedelta(microseconds=1)).date())


@dataclass(frozen=True, slots=True)
class Clause:
    """What an answer says: a clause that can follow "that", or with `noun` a figure and its noun.

    `line` is the town and the day of a meeting, as they head a report; `brief` a headline's way of
    putting it. `sum` marks how many take part, of whom another question may count a part;
    `possible` is true where all its statements put it with reserve.
    """

    text: str
    noun: bool = False
    sum: bool = False
    possible: bool = False
    line: str = ""
    brief: str = ""

    def alone(self) -> str:
        """The clause by itself."""
        return self.text + (", as a possibility" if self.possible else "")

    def said_by(self, who: str, *, one: bool) -> str:
        """The clause as somebody prints it."""
        if self.noun:
            return f"{who} {'gives' if one else 'give'} the figure of {self.alone()}"
        return f"{who} {'prints' if one else 'print'} that {self.alone()}"


def clause(
    question: Question,
    answer: Answer,
    found: Sequence[Statement],
    articles: Mapping[str, Article],
) -> Clause | None:
    """What an answer says, without a full stop; `found` are its statements."""
    reserved = bool(found) and all(one.hedged for one in found)
    if answer.quantity is not None:
        made = _of_quantity(question.topic, answer.quantity, found, articles)
        return None if made is None else replace(made, possible=reserved)
    text = _of_value(question.topic, answer.value, found, articles)
    if text is None:
        return None
    topic, _, whom = question.topic.partition("@")
    line = f"{name_of(whom, found, articles)}, {_day(found)}" if topic == "meeting" else ""
    return Clause(text, possible=reserved, line=line)


def _day(found: Sequence[Statement]) -> str:
    return when(next((one.when for one in found if one.when is not None), None))


def _of_value(
    topic: str, value: str, found: Sequence[Statement], articles: Mapping[str, Article]
) -> str | None:
    stem, _, whom = topic.partition("@")
    head, _, rest = stem.partition("/")
    if head == "priority":
        return f"{PRIORITIES.get(rest, unslug(rest))} is an aim"
    dated = next((one.when for one in found if one.when is not None), None)
    if head == "post":
        return (
            None if dated is None else f"{name_of(whom, found, articles)} posted on {when(dated)}"
        )
    if head == "meeting":
        place = f" in {name_of(whom, found, articles)}" if whom else ""
        return None if dated is None else f"the meeting{place} takes place on {when(dated)}"
    if head == "attends":
        denied = all(one.negated for one in found)
        who = name_of(whom, found, articles)
        return f"{who} does not attend" if denied else f"{who} attends"
    name = printed(value, found, articles)
    if name is None:
        return None
    several = " and " in name
    s = "" if several else "s"
    before = bool(found) and all(one.earlier for one in found)
    # Who represents it now stands beside who was to lead it before, and is said to do no more.
    if head == "delegation-lead" and any(one.topic.startswith("delegation@") for one in found):
        return f"{name} represent{s} {name_of(whom, found, articles)}"
    if head == "delegation-lead":
        lead = f"{'were' if several else 'was'} to lead" if before else f"lead{s}"
        return f"{name} {lead} the delegation of {name_of(whom, found, articles)}"
    if head == "delegation":
        return f"{name} represent{s} {name_of(whom, found, articles)}"
    if head == "leads":
        return f"{with_article(name)} lead{s} the {unslug(rest)}"
    if head == "role":
        return f"{name} is {office(whom or rest)}"
    return None


def office(slug: str) -> str:
    """An office in running text: "prime minister of Denmark"."""
    what, of, whose = unslug(slug).partition(" of ")
    return f"{what}{of}{with_article(whose.title())}" if of else what


def _of_quantity(
    topic: str, quantity: Quantity, found: Sequence[Statement], articles: Mapping[str, Article]
) -> Clause | None:
    stem, _, whom = topic.partition("@")
    head, _, rest = stem.partition("/")
    told = amount(quantity)
    if not told:
        return None
    nouns = {noun for one in found if (noun := noun_of(one, articles))}
    if topic == "attendance" and len(nouns) != 1:
        return Clause(f"{told} take part", sum=True, brief=f"{told} participants")
    noun = counted_as(found, articles) or unslug(rest or head.removeprefix("number-of-"))
    of = f" ({name_of(whom, found, articles)})" if whom else ""
    one = quantity.low == quantity.high == 1
    if head == "attendance" and not of:
        return Clause(f"{told} {noun} take{'s' if one else ''} part", sum=True)
    if head in _SUFFERED and not of:
        # "Three dead were killed" is no English.
        noun = ("person" if one else "people") if noun in _STATES else noun
        return Clause(f"{told} {noun} {'was' if one else 'were'} {head}")
    return Clause(f"{told} {'' if quantity.unit == '%' else noun}".rstrip() + of, noun=True)


_SUFFERED = frozenset({"killed", "wounded", "displaced"})
_STATES = frozenset({"dead", "killed", "wounded", "injured", "displaced"})
