"""Which independent beginnings stand behind claims."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from trucewatch.model import Origin, content_id
from trucewatch.origins.copies import stories
from trucewatch.origins.graph import trace
from trucewatch.origins.tellers import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Claim, Informant, Source
    from trucewatch.origins.graph import Traced


def find_origins(
    claims: Iterable[Claim],
    *,
    informants: Sequence[Informant],
    sources: Mapping[str, Source],
) -> tuple[Origin, ...]:
    """The origins behind a set of claims, sorted by id; every claim stands on at least one.

    An origin is a voice, not a happening: one official who announces two events is one origin of
    both, and that says nothing of whether they are one event. Its id is made from the voice, so
    it is the same in every set. Only certain ties make one origin of two; what is likely lowers
    the effective number (`effective`).
    """
    return origins_of(trace(claims, informants=informants, sources=sources))


def origins_of(traced: Traced) -> tuple[Origin, ...]:
    """The origins of a traced set of claims."""
    voices = {c.id: set(traced.named[c.id]) or {traced.tellers[c.id]} for c in traced.claims}
    groups = stories(traced.copies)
    behind: dict[str, tuple[set[Voice], str]] = {}
    for group, why in groups:
        # Who is named in any telling of a story stands behind those that name nobody.
        named: set[Voice] = set().union(*(traced.named[claim] for claim in group))
        first = min(group, key=traced.seniority.__getitem__)
        behind.update(dict.fromkeys(group, (named or {traced.tellers[first]}, why)))
    told = dict(behind)
    for group, _ in groups:
        held = _held(group, traced.copies.digests)
        if held and not any(traced.named[claim] for claim in group):
            parts = set().union(*(told[c][0] if c in told else voices[c] for c in held))
            behind.update(dict.fromkeys(group, (parts, "a digest that holds several")))
    for claim, (found, why) in behind.items():
        if not traced.named[claim]:
            voices[claim] = {
                Voice(v.key, v.label, v.party, f"a copy of one story: {why}")
                if v not in voices[claim]
                else v
                for v in found
            }
    return _origins(voices)


def _held(group: Iterable[str], digests: Mapping[str, frozenset[str]]) -> set[str]:
    """What the digests of a group hold, down to what is no digest, without the group itself."""
    inside = set(group)
    seen: set[str] = set()
    open_ = sorted(claim for claim in inside if claim in digests)
    while open_:
        for part in digests[open_.pop()]:
            if part not in seen:
                seen.add(part)
                if part in digests:
                    open_.append(part)
    return {claim for claim in seen if claim not in digests} - inside


def _origins(voices: Mapping[str, set[Voice]]) -> tuple[Origin, ...]:
    by_key: defaultdict[tuple[str, ...], list[tuple[str, Voice]]] = defaultdict(list)
    for claim, found in voices.items():
        for voice in found:
            by_key[voice.key].append((claim, voice))
    return tuple(
        sorted(
            (
                Origin(
                    id=content_id("org", key),
                    label=min(v.label for _, v in found),
                    party=max((v.party for _, v in found), default="") or None,
                    claims=tuple(sorted({claim for claim, _ in found})),
                    reasons=tuple(sorted({v.reason for _, v in found})),
                )
                for key, found in by_key.items()
            ),
            key=lambda o: o.id,
        )
    )
