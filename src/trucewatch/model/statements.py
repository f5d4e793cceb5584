"""What someone says, does, pledges or is said to have done, and the words it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trucewatch.model.articles import Passage
    from trucewatch.model.times import Interval


class Bound(StrEnum):
    """How a number was bounded by the words before it; none of them is ever dropped."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at least"
    MORE_THAN = "more than"
    AT_MOST = "at most"
    LESS_THAN = "less than"
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number as it was put: "more than 27 leaders" has low 27, no high, and bound MORE_THAN.

    `unit` is the counted noun in the singular and in lower case ("leader", "troop", "%", "USD");
    `words` are the run as printed. A range keeps both ends, never a middle.
    """

    low: float | None
    high: float | None
    bound: Bound
    unit: str
    words: str


class Saying(StrEnum):
    """What sort of statement it is."""

    FIGURE = "figure"
    QUOTATION = "quotation"
    POSITION = "position"
    PLEDGE = "pledge"
    ACTION = "action"
    ROLE = "role"
    LISTING = "listing"


class Stance(StrEnum):
    """Where somebody stands on something, as the words put it."""

    SUPPORTS = "supports"
    PLEDGES = "pledges"
    CONSIDERS = "considers"
    ASKED = "is asked for"
    UNDECIDED = "is undecided on"
    REFUSES = "refuses"
    OPPOSES = "opposes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that an article says, with the words it stands on.

    `passage` is the sentence, `core` the run within it that says it. `topic` is the key of the
    question it answers ("attendance", "attendance/heads-of-state",
    "delegation-lead@united-states"): two statements with one topic answer one question. `value` is
    the answer in a plain, comparable form where it is no quantity ("jared kushner; steve witkoff":
    names in lower case without accents, sorted). `actor` is who does or is,
    `about` what it is about, both by their fullest name in the article. `speaker` is who said it
    by the article's own words, None where the outlet says it in its own voice; `via` are the
    attributing words as printed ("Macron's office announced"), one a link of the chain.
    `when` is what the words date (resolved against the day of publication, whose error it
    carries), `when_words` the words. `quote` is the quoted text without its marks. `earlier` marks
    what the article itself tells as the state before ("initially", "had").
    """

    id: str
    article: str
    outlet: str
    kind: Saying
    passage: Passage
    core: Passage
    topic: str
    value: str | None = None
    quantity: Quantity | None = None
    stance: Stance | None = None
    actor: str | None = None
    about: str | None = None
    speaker: str | None = None
    via: tuple[str, ...] = ()
    when: Interval | None = None
    when_words: str | None = None
    quote: str | None = None
    negated: bool = False
    hedged: bool = False
    earlier: bool = False
