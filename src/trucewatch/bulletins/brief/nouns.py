"""What a figure counts, by the noun that stands with it in print."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from trucewatch.bulletins.brief.showing import shown, shown_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.model import Article, Statement

ALIKE = frozenset({"aircraft", "people", "personnel", "police", "staff"})
"""Nouns that are plural as they are."""

FAR = 60
"""How many characters after a numeral its noun may stand."""


def counted_as(found: Sequence[Statement], articles: Mapping[str, Article]) -> str:
    """The noun that most of the statements count in, as printed."""
    nouns = Counter(noun for one in found if (noun := noun_of(one, articles)))
    return min(nouns, key=lambda noun: (-nouns[noun], -len(noun), noun), default="")


def noun_of(one: Statement, articles: Mapping[str, Article]) -> str:
    """The counted noun as printed after its numeral; "" where it stands elsewhere."""
    found = _noun_after(one, articles)
    if found is None or one.quantity is None:
        return ""
    noun = shown(found[0]).casefold()
    if noun != one.quantity.unit or one.quantity.high == 1 or noun in ALIKE:
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def run_of(one: Statement, articles: Mapping[str, Article]) -> str:
    """The run of words that gives a figure with its noun, "35 world leaders"; else the core."""
    article = articles[one.article]
    found = _noun_after(one, articles)
    end = one.core.end if found is None else one.core.start + found.end()
    return article.text[one.core.start : max(end, one.core.end)]


def _noun_after(one: Statement, articles: Mapping[str, Article]) -> re.Match[str] | None:
    """The counted noun in the words that follow a figure, within a few words of it."""
    unit = shown_words(one.quantity.unit) if one.quantity is not None else ()
    if not unit:
        return None
    text = articles[one.article].text[one.core.start : one.passage.end][:FAR]
    # "country" stands as "countries"; only the first word of "head of state" is bent.
    first = re.escape(unit[0].removesuffix("y"))
    rest = "".join(rf"\s{re.escape(word)}" for word in unit[1:])
    return re.search(rf"(?i)\b{first}\w{{0,3}}\b{rest}(\sand\sgovernment)?", text)
