"""Who speaks in a claim."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from trucewatch.language import name, names_nobody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from trucewatch.model import Attribution, Claim, Informant, Source

_TEXT_LIMIT = 20_000
# A name stands within so many words of the word that attributes.
_REACH = 8
_SAID_BY = re.compile(r"[.;!?\n]")
_LISTED = re.compile(r"[,;/\n]|\band\b|&", re.IGNORECASE)
_WIRE = re.compile(r"\(([^()]{2,60})\)")


@dataclass(frozen=True, slots=True, order=True)
class Voice:
    """Somebody behind a claim; `key` is what makes two voices one."""

    key: tuple[str, ...]
    label: str
    party: str
    reason: str


class Recogniser:
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

    def named(self, claim: Claim) -> set[Voice]:
        """Voices that the claim itself gives: its instrument, or the informants it quotes."""
        if claim.detection is not None:
            source = self._sources.get(claim.source)
            platform = claim.detection.platform
            return {
                Voice(
                    ("platform", claim.source, platform),
                    platform,
                    (source.party if source else None) or "",
                    f"detected by the instrument on {platform}",
                )
            }
        quoted = {
            voice
            for a in claim.attributions
            if a.informant is not None and not names_nobody(a.informant)
            for voice in self._listed(a.informant)
        }
        return quoted or self._credited(claim)

    def teller(self, claim: Claim) -> Voice:
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

    def _credited(self, claim: Claim) -> set[Voice]:
        """Whom the running text says it has it from, of those whom the mission knows.

        Only informants and sources on record: a name that nobody knows is no voice by a rule that
        reads words, and the teller stands, as it does where nobody is named.
        """
        found = set()
        for said in _SAID_BY.split(claim.text[:_TEXT_LIMIT]):
            plain = name(said)
            for told in attributed(plain):
                match = self._look_up(told)
                if match is not None:
                    phrase, informant = match
                    found.add(
                        Voice(
                            ("informant", informant.id),
                            informant.name,
                            informant.party or "",
                            f"its text names {informant.name}, recognised by “{phrase}”",
                        )
                    )
        for wire in _WIRE.findall(claim.text[:_TEXT_LIMIT]):
            source = self._source_of_name.get(name(wire))
            if source is not None and source != claim.source:
                found.add(self._source(source, f"its text is credited to {wire.strip()}"))
        return found

    def _listed(self, text: str) -> set[Voice]:
        """Everybody whom an attribution lists; one voice unless two of a list are on record.

        "Rebels, the army" are two where the mission knows both. A part that nobody knows adds no
        voice: it may be the name of the one before it.
        """
        found = {
            match[1].id: self._informant(part)
            for part in _LISTED.split(text[:_TEXT_LIMIT])
            if not denies(part) and (match := self._look_up(name(part))) is not None
        }
        return set(found.values()) if len(found) > 1 else {self._informant(text)}

    def _informant(self, text: str) -> Voice:
        match = self._look_up(name(text))
        if match is None:
            return self._by_name(text, f"quotes “{text.strip()}”, who is not in the mission's list")
        phrase, informant = match
        return Voice(
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

    def _by_name(self, text: str, reason: str) -> Voice:
        """A voice by its name; an outlet that is a registered source is that source."""
        plain = name(text)
        if plain in self._source_of_name:
            return self._source(self._source_of_name[plain], reason)
        match = self._look_up(plain)
        if match is not None:
            # A party's own news agency is that party's voice, quoted or quoting.
            _, informant = match
            return Voice(("informant", informant.id), informant.name, informant.party or "", reason)
        return Voice(("name", plain), text.strip(), "", reason)

    def _source(self, source_id: str, reason: str) -> Voice:
        source = self._sources.get(source_id)
        if source is None:
            return Voice(("source", source_id), source_id, "", reason)
        return Voice(("source", source_id), source.name, source.party or "", reason)


def _publication(attribution: Attribution) -> tuple[float, str]:
    published = attribution.published
    when = math.inf if published is None else published.earliest.timestamp()
    return when, name(attribution.outlet or "")


def attributed(sentence: str) -> list[str]:
    """The runs of words of a sentence that may name who said it; `sentence` is as `name` makes it.

    Up to eight words behind "according to" and its like, and before "said" and its like.
    """
    before, after, _ = _attributing()
    found = [sentence[m.end() :].split()[:_REACH] for m in before.finditer(sentence)]
    found += [sentence[: m.start()].split()[-_REACH:] for m in after.finditer(sentence)]
    return [" ".join(words) for words in found if words]


def denies(part: str) -> bool:
    """Whether a part of a list tells who disputes it: that is nobody behind it."""
    return _attributing()[2].search(name(part)) is not None


@cache
def _attributing() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    text = files("trucewatch.origins").joinpath("attributing.toml").read_text("utf-8")
    data = tomllib.loads(text).values()

    def pattern(which: str) -> re.Pattern[str]:
        phrases = sorted({name(word) for language in data for word in language[which]})
        longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    return pattern("before"), pattern("after"), pattern("denied")
