"""Which delegation is led, and who sends it where no country's adjective tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.statements.names import POSSESSIVE
from trucewatch.statements.subjects import mention_ending, mention_from, subject

if TYPE_CHECKING:
    from trucewatch.statements.reading import Mention, Sentence
    from trucewatch.statements.rules import Rules

_FARTHEST = 6
_SENDERS = frozenset({"country", "body", "group"})


def sender(sentence: Sentence, team: Mention, rules: Rules) -> str:
    """Whoever a delegation is of: "the group's team", "a team from the group", "sent a team".

    "" where the sentence does not tell: a delegation without a sender leads to no topic.
    """
    lower = sentence.lower
    named = next((n for n in sentence.named if team.first <= n.first < team.last), None)
    if named is not None:
        return named.name
    found: Mention | None = None
    before = team.first
    if before and lower[before - 1] == POSSESSIVE:
        found = mention_ending(sentence, before - 1)
    elif before and lower[before - 1] in rules.words["roles.whose"]:
        end = before - 1 - (before > 1 and lower[before - 2] == ",")
        found = mention_ending(sentence, end)
    elif before and lower[before - 1] not in rules.words["grammar.articles"]:
        # "The army delegation".
        found = mention_ending(sentence, before)
    behind = lower[team.last : team.last + 1]
    if found is None and behind and behind[0] in rules.words["roles.from"]:
        found = mention_from(sentence, team.last + 1, rules)
    if found is None:
        found = _sending(sentence, team, rules)
    if found is None or found.sort not in _SENDERS:
        return ""
    own = rules.words["roles.delegations"]
    return "" if not own.isdisjoint(lower[found.first : found.last]) else found.name


def _sending(sentence: Sentence, team: Mention, rules: Rules) -> Mention | None:
    """The subject of "sent a delegation" and "is represented by a delegation"."""
    lower = sentence.lower
    for at in range(team.first - 1, max(-1, team.first - _FARTHEST), -1):
        if lower[at] in rules.words["roles.sent"] or (
            lower[at] in rules.words["roles.represented"]
            and not rules.words["roles.by"].isdisjoint(lower[at : team.first])
        ):
            who = subject(sentence, at, rules)
            return who[0] if len(who) == 1 else None
        if lower[at] in rules.every_verb:
            return None
    return None


def teams_before(sentence: Sentence, at: int, rules: Rules) -> list[Mention]:
    """The delegations before "led by", the nearest first; none that another verb is led by."""
    led = rules.words["roles.led"]
    since = max((i for i in range(at) if sentence.lower[i] in {";", "while"}), default=0)
    passed = [i for i in range(since, at) if sentence.lower[i] in led]
    near = [m for m in reversed(sentence.mentions) if since <= m.first and m.last <= at]
    # "Which was to be headed by X, is now led by Y" is still of the one delegation before "which".
    return near if not passed or "is" in sentence.lower[passed[-1] : at] else near[:1]
