"""What ties the statements that outlets make in their own voice."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.language import name, words
from trucewatch.model import Edge, Saying, Tie
from trucewatch.origins.hints import STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Article, Source, Statement
    from trucewatch.origins.descent import Descents

# What nobody can see for themselves: an outlet that prints it has it from somebody, and where no
# outlet says from whom, nothing shows that there is more than one.
_TOLD = {
    Saying.QUOTATION: (Tie.SHARED_QUOTATION, "the same quotation, and none says whose"),
    Saying.FIGURE: (Tie.SAME_FIGURE, "the same figure, and none says whose"),
    Saying.POSITION: (Tie.ATTRIBUTION, "the same position, and none says whose word it is"),
    Saying.PLEDGE: (Tie.ATTRIBUTION, "the same pledge, which only who makes it can tell"),
}
# Words in a row that two sentences on one thing hardly share unless one has them from the other;
# a phrase that everybody uses may be as long, so it is not certain.
LONG = 8
_STRENGTH = {Tie.RARE_PHRASE: 0.9, Tie.SAME_OWNER: STRENGTH[Tie.SAME_OWNER]}


class Prints:
    """Ties by outlet, owner, credit, sentence, phrase and article; never by who is named."""

    def __init__(
        self,
        articles: Mapping[str, Article],
        statements: Iterable[Statement],
        sources: Mapping[str, Source],
        descents: Descents,
    ) -> None:
        self._articles = articles
        self._descents = descents
        self._owner = {
            name(text): source.owner
            for source in sorted(sources.values(), key=lambda s: s.id)
            for text in (source.id, source.name)
            if source.owner
        }
        printed = sorted({s.outlet for s in statements}, reverse=True)
        self._outlets = {name(outlet): outlet for outlet in printed}

    def ties(self, own: Sequence[Statement], seen: Sequence[Statement]) -> Iterator[Edge]:
        """Ties among statements of one answer.

        `own` name nobody, `seen` are given to the outlet's own reporter: what one cannot see for
        oneself has one origin among the former, and nothing of that sort is said of the latter.
        """
        # In the order of the table, so that it does not matter which of them comes first.
        told_kind = next((k for k in _TOLD if any(s.kind is k for s in own)), None)
        if told_kind is not None:
            yield from _star(own, *_TOLD[told_kind])
        by_key: defaultdict[tuple[Tie, str], list[Statement]] = defaultdict(list)
        for s in (*own, *seen):
            for tie, key in self._prints(s):
                by_key[tie, key].append(s)
        for (tie, key), found in sorted(by_key.items()):
            shown = _short(self._outlets.get(key, key))
            yield from _star(found, tie, _WHY[tie].format(shown), _STRENGTH.get(tie, 1.0))
        yield from self._same_descent((*own, *seen))

    def _same_descent(self, told: Sequence[Statement]) -> Iterator[Edge]:
        by_text: defaultdict[str, list[Statement]] = defaultdict(list)
        for s in told:
            by_text[self._descents.text(s.article)].append(s)
        for found in by_text.values():
            yield from _star(found, Tie.SAME_TEXT, "the same text")
        alike: defaultdict[str, list[Statement]] = defaultdict(list)
        for text, found in by_text.items():
            alike[self._descents.certain(text)].append(min(found, key=lambda s: s.id))
        # One of those that certainly are one text speaks for all: copies are many, texts are few.
        first = {}
        for text, found in alike.items():
            first[text], *others = sorted(found, key=lambda s: s.id)
            for other in others:
                yield from _descended(first[text], other, 1.0)
        pairs: dict[tuple[str, str], float] = {}
        for a in first:
            for b, chance in self._descents.chances(a).items():
                if a != b and b in first:
                    pair = min(a, b), max(a, b)
                    pairs[pair] = max(chance, pairs.get(pair, 0.0))
        for (a, b), chance in sorted(pairs.items()):
            yield from _descended(first[a], first[b], chance)

    def _prints(self, s: Statement) -> Iterator[tuple[Tie, str]]:
        # An agency's own print is of the agency, and so is what others credit it with.
        yield Tie.CREDIT, name(s.outlet)
        if owner := self._owner.get(name(s.outlet)):
            yield Tie.SAME_OWNER, owner
        article = self._articles.get(s.article)
        if article is None:
            return
        for credit in article.credits:
            yield Tie.CREDIT, name(credit)
        found = words(article.text[s.passage.start : s.passage.end])
        yield Tie.SAME_TEXT, " ".join(found)
        for i in range(len(found) - LONG + 1):
            yield Tie.RARE_PHRASE, " ".join(found[i : i + LONG])


_WHY = {
    Tie.SAME_OWNER: "both outlets belong to {}",
    Tie.CREDIT: "both come from {}",
    Tie.SAME_TEXT: "the same sentence: “{}”",
    Tie.RARE_PHRASE: "they share the words “{}”",
}


def _short(text: str) -> str:
    """The first words of a text; a reason is no place for another's whole sentence."""
    found = text.split(" ")
    return text if len(found) <= LONG else " ".join(found[:LONG]) + " …"


def _descended(one: Statement, other: Statement, chance: float) -> Iterator[Edge]:
    outlets = " and ".join(sorted((one.outlet, other.outlet)))
    reason = f"the articles of {outlets} come from one text (probability {chance:.2f})"
    tie = Tie.SAME_TEXT if chance == 1.0 else Tie.RETOLD
    yield from _star((one, other), tie, reason, chance)


def _star(
    told: Sequence[Statement], tie: Tie, reason: str, strength: float = 1.0
) -> Iterator[Edge]:
    if told:
        one, *others = sorted({s.id for s in told})
        for other in others:
            yield Edge(tie=tie, one=one, other=other, reason=reason, strength=strength)
