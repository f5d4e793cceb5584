"""Whose word an answer stands on: statements in articles, grouped by their beginnings."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from trucewatch.language import name
from trucewatch.model import Behind, Edge, Origin, Tie, content_id
from trucewatch.origins.descent import Descents
from trucewatch.origins.forest import SURE, Forest, components
from trucewatch.origins.independence import effective
from trucewatch.origins.prints import Prints
from trucewatch.origins.voices import Known, Recogniser, Voice, gather, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Article, Informant, Source, Statement


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
        self._prints = Prints(articles, statements.values(), sources, self._descents)

    def behind(self, group: tuple[str, ...]) -> Behind:
        told = [self._statements[key] for key in group]
        chains = {s.id: self._recogniser.chain(s) for s in told}
        standing, leaves = _standing(chains)
        edges = [
            *_same_voice(chains, standing),
            *self._prints.ties(
                [self._statements[key] for key in standing if not chains[key]],
                # "Our reporter" is whoever's in a copy; one of another house is not.
                [s for key in standing if self._recogniser.own(s := self._statements[key])],
            ),
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
                key: chances.get(self._descents.certain(self._statements[key].article), 0.0)
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

    def _carriers(self, told: Sequence[Statement]) -> float:
        """How many outlets carry the answer in a text of their own; copies of one are one."""
        by_text: defaultdict[str, set[str]] = defaultdict(set)
        for s in told:
            by_text[self._descents.certain(s.article)].add(name(s.outlet))
        edges = [
            Edge(tie=Tie.SAME_TEXT, one=min(found), other=other, reason="")
            for found in by_text.values()
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


def _reasons(number: float, origins: float, carriers: float, outlets: int) -> tuple[str, ...]:
    out = [f"{outlets} outlets, {number:.3g} independent beginnings"]
    if carriers < origins:
        out.append(
            f"{origins:.3g} voices, but only {carriers:.3g} outlets with a text of their own"
        )
    return tuple(out)
