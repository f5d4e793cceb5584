"""The graph of ties between claims and between sources, with a reason on each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trucewatch.model import Tie
from trucewatch.origins.copies import Copies, copies, digest_of, stories
from trucewatch.origins.hints import STRENGTH, edge, owners, text_hints
from trucewatch.origins.tellers import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trucewatch.model import Claim, Edge, Informant, Source
    from trucewatch.origins.tellers import Voice

# A claim that names an outlet or source as its origin credits it.
_NAMED = {"platform": Tie.SAME_PLATFORM, "source": Tie.CREDIT}


@dataclass(frozen=True, slots=True)
class Traced:
    """A set of claims with all that ties them, and the voices behind each claim, by id.

    `named` are those that a claim gives itself: its instrument, or whom it quotes.
    """

    claims: tuple[Claim, ...]
    named: Mapping[str, frozenset[Voice]]
    tellers: Mapping[str, Voice]
    seniority: Mapping[str, tuple[float, str, str]]
    copies: Copies


def trace(
    claims: Iterable[Claim], *, informants: Sequence[Informant], sources: Mapping[str, Source]
) -> Traced:
    """Voices and certain copies of a set of claims; order and repetition change nothing."""
    unique = {c.id: c for c in claims}
    ordered = tuple(unique[key] for key in sorted(unique))
    recogniser = Recogniser(informants, sources)
    return Traced(
        ordered,
        {c.id: frozenset(recogniser.named(c)) for c in ordered},
        {c.id: recogniser.teller(c) for c in ordered},
        {c.id: recogniser.seniority(c) for c in ordered},
        copies([c for c in ordered if c.detection is None]),
    )


def graph(
    claims: Iterable[Claim],
    *,
    informants: Sequence[Informant],
    sources: Mapping[str, Source],
    dependence: Iterable[Edge] = (),
) -> tuple[Edge, ...]:
    """Every tie between claims and between sources, sorted, each with its reason.

    A tie of several is a chain or a star, not every pair: edges with the same tie and the same
    reason join all that they connect. `dependence` are ties that were learnt
    (`learn_dependence`); nothing is learnt here.
    """
    traced = trace(claims, informants=informants, sources=sources)
    return edges_of(traced, sources, dependence)


def edges_of(
    traced: Traced, sources: Mapping[str, Source], dependence: Iterable[Edge]
) -> tuple[Edge, ...]:
    """The edges of a traced set of claims."""
    voices = {
        c.id: frozenset(
            "\x1f".join(v.key) for v in traced.named[c.id] or {traced.tellers[c.id]}
        )
        for c in traced.claims
    }  # fmt: skip
    story = {claim: group[0] for group, _ in stories(traced.copies) for claim in group}
    found = [
        *_certain(traced),
        *_shared_voices(traced),
        *text_hints(traced.claims, voices, story),
        *owners(sources),
        *dependence,
    ]
    return tuple(sorted(set(found), key=lambda e: (e.tie, e.one, e.other, e.reason, e.strength)))


def _certain(traced: Traced) -> Iterator[Edge]:
    """Ties of text, link, media and record; weaker where each of two names others as its origin."""
    for tied in traced.copies.edges:
        one, other = ({v.key for v in traced.named[end]} for end in (tied.one, tied.other))
        held = digest_of(traced.copies.digests, tied)
        if one and other and not one & other:
            yield replace(tied, strength=STRENGTH[tied.tie])
        elif held:
            # Each part of a digest has a reason of its own, so that none is tied through it.
            yield replace(tied, reason=f"{tied.reason}: the digest {held[0]} holds {held[1]}")
        else:
            yield tied


def _shared_voices(traced: Traced) -> Iterator[Edge]:
    """A star for each voice that stands behind several claims by their own word."""
    behind: defaultdict[tuple[str, ...], list[tuple[str, Tie, str]]] = defaultdict(list)
    for claim in traced.claims:
        for voice in traced.named[claim.id]:
            tie = _NAMED.get(voice.key[0], Tie.ATTRIBUTION)
            behind[voice.key].append((claim.id, tie, voice.label))
        if not traced.named[claim.id]:
            teller = traced.tellers[claim.id]
            behind[teller.key].append((claim.id, Tie.CREDIT, teller.label))
    for _, told in sorted(behind.items()):
        (first, *_), *others = sorted(told)
        label = min(label for _, _, label in told)
        for other, tie, _ in others:
            yield edge(tie, first, other, f"both stand on {label}")
