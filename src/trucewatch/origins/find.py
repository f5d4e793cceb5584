"""Which independent beginnings stand behind claims."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from trucewatch.language import name, names_nobody
from trucewatch.model import Origin, content_id
from trucewatch.origins.copies import stories

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trucewatch.model import Attribution, Claim, Informant, Source


@dataclass(frozen=True, slots=True, order=True)
class _Voice:
    """Somebody behind a claim; `key` is what makes two voices one."""

    key: tuple[str, ...]
    label: str
    party: str
    reason: str


def find_origins(
    claims: Iterable[Claim],
    *,
    informants: Sequence[Informant],
    sources: Mapping[str, Source],
) -> tuple[Origin, ...]:
    """The origins behind a set of claims, sorted by id; every claim stands on at least one.

    An origin is a voice, not a happening: one official who announces two events is one origin of
    both, and that says nothing of whether they are one event. Its id is made from the voice, so
    it is the same in every set.
    """
    unique = {c.id: c for c in claims}
    ordered = [unique[key] for key in sorted(unique)]
    recogniser = _Recogniser(informants, sources)
    named = {c.id: recogniser.named(c) for c in ordered}
    voices = {c.id: named[c.id] or {recogniser.teller(c)} for c in ordered}
    for group, why in stories([c for c in ordered if c.detection is None]):
        # Who is named in any telling of a story stands behind those that name nobody.
        behind = set().union(*(named[c.id] for c in group))
        if not behind:
            behind = {recogniser.teller(min(group, key=recogniser.seniority))}
        for claim in group:
            if not named[claim.id]:
                voices[claim.id] = {
                    _Voice(v.key, v.label, v.party, f"a copy of one story: {', '.join(why)}")
                    if v not in voices[claim.id]
                    else v
                    for v in behind
                }
    return _origins(voices)


def _origins(voices: Mapping[str, set[_Voice]]) -> tuple[Origin, ...]:
    by_key: defaultdict[tuple[str, ...], list[tuple[str, _Voice]]] = defaultdict(list)
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


class _Recogniser:
    """Tells who speaks in a claim, from the mission's informants and sources."""

    def __init__(self, informants: Sequence[Informant], sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._source_of_name = {
            name(text): source.id
            for source in sorted(sources.values(), key=lambda s: s.id, reverse=True)
            for text in (source.id, source.name)
            if name(text)
        }
        phrases = [
            (name(phrase), informant)
            for informant in informants
            for phrase in informant.words
            if name(phrase)
        ]
        # The longest phrase is tried first, so that "state police" is not taken for "state".
        self._phrases = sorted(phrases, key=lambda p: (-len(p[0]), p[0], p[1].id))
        self._look_up = cache(self._search)

    def named(self, claim: Claim) -> set[_Voice]:
        """Voices that the claim itself gives: its instrument, or the informants it quotes."""
        if claim.detection is not None:
            source = self._sources.get(claim.source)
            platform = claim.detection.platform
            return {
                _Voice(
                    ("platform", claim.source, platform),
                    platform,
                    (source.party if source else None) or "",
                    f"detected by the instrument on {platform}",
                )
            }
        return {
            self._informant(a.informant)
            for a in claim.attributions
            if a.informant is not None and not names_nobody(a.informant)
        }

    def teller(self, claim: Claim) -> _Voice:
        """Who stands for a claim that names no informant: its first outlet, else its source.

        Two outlets in one claim whose informant is unknown may have had the same one, so they
        are one voice: nothing unknown counts as independent.
        """
        outlets = [a for a in claim.attributions if a.outlet and not names_nobody(a.outlet)]
        if outlets:
            outlet = min(outlets, key=_publication).outlet or ""
            return self._by_name(outlet, f"names no informant, so the outlet stands: {outlet}")
        return self._source(claim.source, "names neither informant nor outlet: the source stands")

    def seniority(self, claim: Claim) -> tuple[float, str, str]:
        """Which telling of a story is the first: by publication, then outlet, then id."""
        return (*min(map(_publication, claim.attributions), default=(math.inf, "")), claim.id)

    def _informant(self, text: str) -> _Voice:
        match = self._look_up(name(text))
        if match is None:
            return self._by_name(text, f"quotes “{text.strip()}”, who is not in the mission's list")
        phrase, informant = match
        return _Voice(
            ("informant", informant.id),
            informant.name,
            informant.party or "",
            f"quotes {informant.name}, recognised by “{phrase}”",
        )

    def _search(self, text: str) -> tuple[str, Informant] | None:
        for phrase, informant in self._phrases:
            if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text):
                return phrase, informant
        return None

    def _by_name(self, text: str, reason: str) -> _Voice:
        """A voice by its name; an outlet that is a registered source is that source."""
        plain = name(text)
        if plain in self._source_of_name:
            return self._source(self._source_of_name[plain], reason)
        match = self._look_up(plain)
        if match is not None:
            # A party's own news agency is that party's voice, quoted or quoting.
            _, informant = match
            return _Voice(
                ("informant", informant.id), informant.name, informant.party or "", reason
            )
        return _Voice(("name", plain), text.strip(), "", reason)

    def _source(self, source_id: str, reason: str) -> _Voice:
        source = self._sources.get(source_id)
        if source is None:
            return _Voice(("source", source_id), source_id, "", reason)
        return _Voice(("source", source_id), source.name, source.party or "", reason)


def _publication(attribution: Attribution) -> tuple[float, str]:
    published = attribution.published
    when = math.inf if published is None else published.earliest.timestamp()
    return when, name(attribution.outlet or "")
