"""Lines about whoever wrote the article, which no heading announces."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.reports.press.vocabulary import alternatives, vocabulary

if TYPE_CHECKING:
    from trucewatch.reports.press.features import Shape

_NAME = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s+){1,4}")
NEAR = 120
"""A biography says what its subject is within so many characters."""


def is_biography(line: Shape) -> bool:
    """Whether a line of running text is of its author: a name, then a trade and what it covers.

    Two signs are asked for, as an article may be about a journalist; a line in which somebody
    says something is never one.
    """
    signs = vocabulary().signs
    if signs["reporting"] & {*line.words} or '"' in line.plain:
        return False
    if any(line.plain.startswith(first) for first in vocabulary().biography["first"]):
        return bool(_trade().search(line.plain[:NEAR]))
    if not _NAME.match(line.text):
        return False
    trade = _trade().search(line.plain[:NEAR])
    acts = {found[0] for found in _acts().finditer(line.plain)}
    return len(acts) + bool(trade) >= 2


@cache
def _trade() -> re.Pattern[str]:
    return alternatives(vocabulary().biography["trades"])


@cache
def _acts() -> re.Pattern[str]:
    return alternatives(vocabulary().biography["acts"])
