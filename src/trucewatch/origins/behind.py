"""Whose word an answer stands on: statements in articles, grouped by their beginnings."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from trucewatch.language import name, words
from trucewatch.model import Behind, Edge, Origin, Saying, Tie, content_id
from trucewatch.origins.descent import Descents
from trucewatch.origins.forest import SURE, Forest, components
from trucewatch.origins.hints import STRENGTH
from trucewatch.origins.independence import effective
from trucewatch.origins.voices import Known, Recogniser, Voice, gather, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Article, Informant, Source, Statement

# What nobody can see for themselves: an outlet that prints it has it from somebody, and where no
# outlet says from whom, nothing shows that there is more than one.
_TOLD = {
    Saying.QUOTATION: (Tie.SHARED_QUOTATION, "the same quotation, and none says whose"),
    Saying.FIGURE: (Tie.SAME_FIGURE, "the same figure, and none says whose"),
    Saying.POSITION: (Tie.ATTRIBUTION, "the same position, which only who holds it can tell"),
    Saying.PLEDGE: (Tie.ATTRIBUTION, "the same pledge, which only who makes it can tell"),
}
# Words in a row that two sentences on one thing hardly share unless one has them from the other;
# a phrase that everybody uses may be as long, so it is not certain.
LONG = 8
_STRENGTH = {Tie.RARE_PHRASE: 0.9, Tie.SAME_OWNER: STRENGTH[Tie.SAME_OWNER]}


def behind(
    groups: Iterable[tuple[str, ...]],
    *,
    statements: Mapping[str, Statement],
    articles: Mapping[str, Article],
    informants: Sequence[Informant] = (),
    sources: Mapping[str, Source] | None = None,
) -> tuple[Behind, ...]:
    """The beginnings behind each answer, sorted by its statements; no group is lost or doubled.

    A group is the ids of the statements that give one answer; KeyError for an id that is not in
    `statements`. Origins are of the answer, not of the articles: two outlets that print one
    minister's figure are one origin for it, and may be two for what else they print.
    """
    recogniser = _Ties(statements, articles, informants, sources or {})
    unique = sorted({tuple(sorted(set(group))) for group in groups})
    return tuple(recogniser.behind(group) for group in unique)


class _Ties:
    """What ties the statements of one answer to one beginning."""

    def __init__(
        self,
        statements: Mapping[str, Statement],
        articles: Mapping[str, Article],
        informants: Sequence[Informant],
        sources: Mapping[str, Source],
    ) -> None:
        self._statements = statements
        self._articles = articles
        self._recogniser = Recogniser(articles, informants=informants, sources=sources)
        self._descents = Descents(articles.values())
        self._owner = {
            name(text): source.owner
            for source in sorted(sources.values(), key=lambda s: s.id)
            for text in (source.id, source.name)
            if source.owner
        }

    def behind(self, group: tuple[str, ...]) -> Behind:
        told = [self._statements[key] for key in group]
        chains = {s.id: self._recogniser.chain(s) for s in told}
        standing, leaves = _standing(chains)
        edges = [
            *_same_voice(chains, standing),
            *self._same_print([self._statements[key] for key in standing], chains),
        ]
        forest = Forest(standing, edges)
        hanging = self._hanging(leaves, standing, chains)
        carriers = self._carriers(told)
        voices = _number(standing, edges)
        number = min(voices, carriers)
        every = (*forest.edges, *hanging)
        return Behind(
            statements=group,
            origins=self._origins(chains, standing, forest, hanging),
            independent=number,
            edges=tuple(sorted(every, key=lambda e: (e.one, e.other, e.tie))),
            reasons=_reasons(number, voices, carriers, len({s.outlet for s in told})),
        )

    def _same_print(
        self, told: Sequence[Statement], chains: Mapping[str, tuple[Voice, ...]]
    ) -> Iterator[Edge]:
        """Ties between statements that outlets make in their own voice."""
        own = [s for s in told if not chains[s.id]]
        told_kind = next((k for k in _TOLD if any(s.kind is k for s in own)), None)
        if told_kind is not None:
            yield from _star(own, *_TOLD[told_kind])
        # "Our reporter" is whoever's in a copy; a reporter who is named with another house is not.
        seen = [s for s in told if self._recogniser.own(s)]
        by_key: defaultdict[tuple[Tie, str], list[Statement]] = defaultdict(list)
        for s in (*own, *seen):
            for tie, key in self._prints(s):
                by_key[tie, key].append(s)
            for run in self._runs(s):
                by_key[Tie.RARE_PHRASE, run].append(s)
        for (tie, key), found in sorted(by_key.items()):
            yield from _star(found, tie, _WHY[tie].format(_short(key)), _STRENGTH.get(tie, 1.0))
        yield from self._same_descent((*own, *seen))

    def _same_descent(self, told: Sequence[Statement]) -> Iterator[Edge]:
        """Ties between what may come from one article, each with its probability."""
        by_text: defaultdict[str, list[str]] = defaultdict(list)
        for s in told:
            by_text[self._descents.text(s.article)].append(s.id)
        for found in by_text.values():
            one, *others = sorted(found)
            for other in others:
                yield Edge(tie=Tie.SAME_TEXT, one=one, other=other, reason="the same text")
        for a, b in combinations(sorted(by_text), 2):
            chance = self._descents.chances(a).get(b, 0.0)
            if chance:
                one, other = sorted((min(by_text[a]), min(by_text[b])))
                yield Edge(
                    tie=Tie.SAME_TEXT if chance == 1 else Tie.RETOLD, one=one, other=other,
                    reason=f"{a} and {b} come from one text with a probability of {chance:.2f}",
                    strength=chance,
                )  # fmt: skip

    def _prints(self, s: Statement) -> Iterator[tuple[Tie, str]]:
        article = self._articles.get(s.article)
        yield Tie.SAME_PLATFORM, name(s.outlet)
        if owner := self._owner.get(name(s.outlet)):
            yield Tie.SAME_OWNER, owner
        if article is None:
            return
        for credit in article.credits:
            yield Tie.CREDIT, name(credit)
        # An agency's own print of what others credit it with.
        yield Tie.CREDIT, name(s.outlet)
        yield Tie.SAME_TEXT, " ".join(words(article.text[s.passage.start : s.passage.end]))

    def _hanging(
        self,
        leaves: Sequence[str],
        standing: Sequence[str],
        chains: Mapping[str, tuple[Voice, ...]],
    ) -> list[Edge]:
        """Ties of those that do not say, or only loosely, whose word it is to those that do.

        Where an article rather comes from one of these than not, it has the answer from there;
        else it may have it from any.
        """
        out = []
        for leaf in leaves:
            loose = chains[leaf]
            may = [
                key
                for key in standing
                if not loose or any(v.may_be(w) for v in loose for w in chains[key])
            ]
            chances = self._descents.chances(self._statements[leaf].article)
            near = {
                key: chances.get(self._descents.text(self._statements[key].article), 0.0)
                for key in may
            }
            best = max(near.values(), default=0.0)
            reason = (
                f"“{loose[0].label}” may be whom the other names"
                if loose
                else "the same answer, and the other says whose it is"
            )
            for key in may:
                if best <= SURE or near[key] == best:
                    one, other = sorted((leaf, key))
                    out.append(Edge(tie=Tie.SAME_FIGURE, one=one, other=other, reason=reason))
        return out

    def _runs(self, s: Statement) -> Iterator[str]:
        """The long runs of words of a sentence: two writers hardly hit on one by chance."""
        article = self._articles.get(s.article)
        if article is not None:
            found = words(article.text[s.passage.start : s.passage.end])
            for i in range(len(found) - LONG + 1):
                yield " ".join(found[i : i + LONG])

    def _carriers(self, told: Sequence[Statement]) -> float:
        """How many outlets carry the answer in a text of their own; copies of one are one."""
        by_text: defaultdict[str, set[str]] = defaultdict(set)
        for s in told:
            by_text[self._descents.text(s.article)].add(name(s.outlet))
        edges = [
            Edge(tie=Tie.SAME_TEXT, one=min(found), other=other, reason="")
            for text in by_text
            for same, chance in self._descents.chances(text).items()
            if chance == 1.0 and same in by_text
            for found in (by_text[text] | by_text[same],)
            for other in sorted(found - {min(found)})
        ]
        return float(len(Forest({name(s.outlet) for s in told}, edges).groups()))

    def _origins(
        self,
        chains: Mapping[str, tuple[Voice, ...]],
        standing: Sequence[str],
        forest: Forest,
        hanging: Sequence[Edge],
    ) -> tuple[Origin, ...]:
        labels = gather(v for chain in chains.values() for v in chain)
        out = []
        for group in components(standing, forest.edges):
            inside = set(group)
            under = {e for e in hanging if e.one in inside or e.other in inside}
            members = inside | {e.one for e in under} | {e.other for e in under}
            voices = sorted({v for key in group for v in chains[key]})
            reasons = {e.reason for e in under}
            reasons |= {e.reason for e in forest.edges if e.one in inside and e.other in inside}
            if voices:
                voice = min(voices, key=lambda v: (v.known, -len(labels[v.key]), v.key))
                key, label = voice.key, title(voice, labels[voice.key])
                reasons |= {f"attributed to “{labels[v.key]}”" for v in voices}
            else:
                outlet = min(self._statements[k].outlet for k in group)
                key, label = ("outlet", name(outlet)), outlet
                reasons.add("told in the outlet's own voice")
            out.append(
                Origin(
                    id=content_id("org", key), label=label,
                    party=next((v.party for v in voices if v.party), None),
                    claims=tuple(sorted(members)), reasons=tuple(sorted(reasons)),
                )
            )  # fmt: skip
        return tuple(sorted(out, key=lambda o: (o.id, o.claims)))


_WHY = {
    Tie.SAME_PLATFORM: "both are of one outlet: {}",
    Tie.SAME_OWNER: "both outlets belong to {}",
    Tie.CREDIT: "both have it from {}",
    Tie.SAME_TEXT: "the same sentence: “{}”",
    Tie.RARE_PHRASE: "they share the words “{}”",
}


def _standing(chains: Mapping[str, tuple[Voice, ...]]) -> tuple[list[str], list[str]]:
    """Statements whose voices are as well known as any, and those that may be one of them."""
    every = {v for chain in chains.values() for v in chain}
    left = {v for v in every if not any(w.known < v.known and v.may_be(w) for w in every)}
    standing: list[str] = []
    leaves: list[str] = []
    for key, chain in sorted(chains.items()):
        stands = any(v in left for v in chain) if chain else not left
        (standing if stands else leaves).append(key)
    return standing, leaves


def _same_voice(chains: Mapping[str, tuple[Voice, ...]], standing: Sequence[str]) -> Iterator[Edge]:
    by_voice: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    labels = gather(v for key in standing for v in chains[key])
    for key in standing:
        for voice_key in sorted({v.key for v in chains[key]}):
            by_voice[voice_key].append(key)
    for voice_key, found in sorted(by_voice.items()):
        one, *others = sorted(found)
        for other in others:
            yield Edge(
                tie=Tie.ATTRIBUTION, one=one, other=other,
                reason=f"both give the word of one: “{labels[voice_key]}”",
            )  # fmt: skip
    loose = {v.key: v for key in standing for v in chains[key] if v.known is Known.LOOSE}
    for a, b in combinations(sorted(loose), 2):
        if loose[a].may_be(loose[b]):
            one, other = sorted((min(by_voice[a]), min(by_voice[b])))
            yield Edge(
                tie=Tie.ATTRIBUTION, one=one, other=other,
                reason=f"“{labels[a]}” and “{labels[b]}” may be one",
            )  # fmt: skip


def _number(standing: Sequence[str], edges: Sequence[Edge]) -> float:
    """The effective number of beginnings among statements that stand for themselves."""
    alone = [Origin(id=key, label=key, party=None, claims=(key,), reasons=()) for key in standing]
    return effective(alone, edges).number


def _short(text: str) -> str:
    """The first words of a text; a reason is no place for another's whole sentence."""
    found = text.split(" ")
    return text if len(found) <= LONG else " ".join(found[:LONG]) + " …"


def _star(
    told: Sequence[Statement], tie: Tie, reason: str, strength: float = 1.0
) -> Iterator[Edge]:
    if told:
        one, *others = sorted({s.id for s in told})
        for other in others:
            yield Edge(tie=tie, one=one, other=other, reason=reason, strength=strength)


def _reasons(number: float, origins: float, carriers: float, outlets: int) -> tuple[str, ...]:
    out = [f"{outlets} outlets, {number:.3g} independent beginnings"]
    if carriers < origins:
        out.append(
            f"{origins:.3g} voices, but only {carriers:.3g} outlets with a text of their own"
        )
    return tuple(out)
