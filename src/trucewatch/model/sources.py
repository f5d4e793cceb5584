"""Who reports: registered sources, and the informants they quote."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceKind(StrEnum):
    """What sort of witness a source is; it decides what its silence may mean."""

    SATELLITE = "satellite"
    SENSOR = "sensor"
    PATROL = "patrol"
    OFFICIAL = "official"
    PARTY = "party"
    PRESS = "press"
    RESIDENT = "resident"
    CODER = "coder"

    @property
    def watches(self) -> bool:
        """Whether it looks at a place whether or not something happens there.

        Only such a source can have seen *nothing*; the silence of the press is no evidence.
        """
        return self in {SourceKind.SATELLITE, SourceKind.SENSOR, SourceKind.PATROL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Informant:
    """Someone whom sources quote, recognised by words; `party` is the side they speak for.

    `words` are matched without regard to case, whole words only, anywhere in an attribution.
    """

    id: str
    name: str
    words: tuple[str, ...]
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One registered source, as `sources.toml` describes it.

    `timezone` (IANA) is the zone of its bare dates. `party` is set when the source itself speaks
    for a side. A `sealed` source is never named in anything that is published.
    `reader` names the reader of its files; None lets the bytes decide.
    """

    id: str
    name: str
    kind: SourceKind
    timezone: str
    party: str | None = None
    owner: str | None = None
    reader: str | None = None
    mapping: str | None = None
    licence: str = ""
    citation: str = ""
    sealed: bool = False
