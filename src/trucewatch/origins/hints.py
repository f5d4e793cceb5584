"""What makes it likely, and not certain, that two claims have one beginning."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.language import link, shingles, words
from trucewatch.model import Edge, Tie
from trucewatch.origins.copies import COMMON, addresses, may_be_copies
from trucewatch.origins.media import media

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Claim, Source

STRENGTH = {
    Tie.SHARED_QUOTATION: 0.9,
    Tie.RARE_PHRASE: 0.5,
    Tie.SAME_LINK: 0.5,
    Tie.SAME_OWNER: 0.5,
    Tie.SAME_TEXT: 0.5,
    Tie.SAME_MEDIA: 0.5,
    Tie.SAME_RECORD: 0.5,
}
"""How likely a tie makes two one origin, where it is not certain: judgements, not measurements.

A quotation that two print was said once. Outlets of one owner may share a desk or not. A link in
running text may be where it is from, or further reading. Of two claims with one text, picture or
record that name different informants, either the text has two origins or one of the names is loose.
"""

RARE = 3
"""A run of words is rare where at most so many voices use it."""

PHRASE = 9
"""The least words of a rare phrase: shorter ones are the common stock of the trade."""

_QUOTED = re.compile(r"“([^“”]{1,2000})”|«([^«»]{1,2000})»|\"([^\"]{1,2000})\"")
_LEAST_QUOTED = 6


def text_hints(
    claims: Sequence[Claim], voices: Mapping[str, frozenset[str]], stories: Mapping[str, str]
) -> Iterator[Edge]:
    """Ties of quotation, phrase and link between claims with different voices, as chains in time.

    `claims` are sorted by id and unique. Edges of one tie with one reason belong together.
    `stories` names the story of each claim that has copies: what copies share is no further tie.
    """
    told = [c for c in claims if c.detection is None and c.text]
    quoted, phrases, linked = (defaultdict[str, list[int]](list) for _ in range(3))
    for i, claim in enumerate(told):
        for run in sorted(_quoted_runs(claim.text)):
            quoted[run].append(i)
        for run in sorted(_runs(claim.text, PHRASE)):
            phrases[run].append(i)
        for address in sorted({link(each) for each in addresses(claim.text)} - {""}):
            if not media(address):
                linked[address].append(i)

    def voices_of(group: Iterable[int]) -> set[frozenset[str]]:
        return {voices[told[i].id] for i in group}

    rare = {run: group for run, group in phrases.items() if len(voices_of(group)) <= RARE}
    for tie, groups, say in (
        (Tie.SHARED_QUOTATION, quoted, "both quote the words “{}”"),
        (Tie.RARE_PHRASE, rare, "both say “{}”, and hardly anybody else does"),
        (Tie.SAME_LINK, linked, "the text of both leads to {}"),
    ):
        done: set[tuple[int, ...]] = set()
        for words_shared, group in sorted(groups.items()):
            # A sentence holds many runs; the first of them is enough for the same claims.
            if len(group) < 2 or tuple(group) in done or len(voices_of(group)) < 2:
                continue
            done.add(tuple(group))
            for one, other in _chain([told[i] for i in group]):
                story = stories.get(one.id)
                copied = story is not None and story == stories.get(other.id)
                # Between copies with one voice the chain goes on: it may tie others to either.
                if not copied or voices[one.id] & voices[other.id]:
                    yield edge(tie, one.id, other.id, say.format(words_shared), STRENGTH[tie])


def owners(sources: Mapping[str, Source]) -> Iterator[Edge]:
    """Ties between sources that belong to one owner or speak for one party."""
    for tie, word in ((Tie.SAME_OWNER, "belong to"), (Tie.SAME_PARTY, "speak for")):
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for name in sorted(sources):
            source = sources[name]
            who = source.owner if tie is Tie.SAME_OWNER else source.party
            if who:
                groups[who].append(name)
        for who, (first, *others) in sorted(groups.items()):
            for other in others:
                strength = STRENGTH.get(tie, 1.0)
                yield edge(tie, first, other, f"both {word} {who}", strength)


def edge(tie: Tie, one: str, other: str, reason: str, strength: float = 1.0) -> Edge:
    """An edge with its ends in order."""
    first, second = sorted((one, other))
    return Edge(tie=tie, one=first, other=second, reason=reason, strength=strength)


def _chain(group: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Each claim with the nearest before it in time that may be its copy."""
    ordered = sorted(group, key=lambda c: (c.when, c.id))
    for at, claim in enumerate(ordered):
        for earlier in reversed(ordered[max(0, at - COMMON) : at]):
            if may_be_copies(claim, earlier):
                yield earlier, claim
                break


def _runs(text: str, size: int) -> set[str]:
    found = words(text)
    return {" ".join(found[i : i + size]) for i in range(len(found) - size + 1)}


def _quoted_runs(text: str) -> set[str]:
    """The runs of five words that stand inside quotations of six words or more."""
    found: set[str] = set()
    for match in _QUOTED.finditer(text):
        said = next(part for part in match.groups() if part is not None)
        if len(words(said)) >= _LEAST_QUOTED:
            found |= {" ".join(run) for run in shingles(said)}
    return found
