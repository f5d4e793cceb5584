"""Everything people have set for a mission, as the log holds it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.agreements import read_agreement
from trucewatch.app.settings import MissionFile, SourcesFile, line_of, read_settings
from trucewatch.app.stamping.settings import check_certificates
from trucewatch.commitments import Ledger, read_ledger
from trucewatch.errors import ConfigurationError, NotFound
from trucewatch.evidence import EntryKind
from trucewatch.model import Extent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from pathlib import Path

    from trucewatch.app.settings import InformantSection, SourceSection
    from trucewatch.model import Agreement, Informant, Person, Pledge, Source

MISSION = "mission.toml"
AGREEMENT = "agreement.yaml"
SOURCES = "sources.toml"
COMMITMENTS = "commitments.yaml"

KINDS = {
    MISSION: EntryKind.AGREEMENT,
    AGREEMENT: EntryKind.AGREEMENT,
    SOURCES: EntryKind.SOURCE,
    COMMITMENTS: EntryKind.STATEMENT,
}
"""The kind of log entry that each settings file becomes."""


def kind_of(name: str) -> EntryKind:
    """The kind of log entry for a settings file, by its name in the mission's folder."""
    if name in KINDS:
        return KINDS[name]
    return EntryKind.SOURCE if name.startswith("mappings/") else EntryKind.AGREEMENT


def in_order(name: str) -> tuple[int, str]:
    """A key that puts names of settings files in the order in which they enter the log."""
    return (list(KINDS).index(name) if name in KINDS else len(KINDS), name)


def settings_files(folder: Path) -> dict[str, bytes]:
    """The settings files of a mission's folder by their relative names; an empty one is none.

    Raises ConfigurationError for a file that cannot be read or whose name is not UTF-8.
    """
    paths = [folder / name for name in KINDS]
    paths += [*folder.glob("zones/*.geojson"), *folder.glob("mappings/*.toml")]
    paths += folder.glob("certificates/*.pem")
    files = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if not path.is_file():
            continue
        try:
            name.encode("utf-8")
            files[name] = path.read_bytes()
        except UnicodeEncodeError:
            raise ConfigurationError("this file's name is not UTF-8", file=name) from None
        except OSError as fault:
            raise ConfigurationError(f"cannot be read: {fault.strerror}", file=name) from None
    return {name: files[name] for name in sorted(files, key=in_order) if files[name]}


# YAML is slow to read, and a server reads the same few texts with everything that somebody enters.
# What comes of one is never changed; a fault is not kept.
@lru_cache(maxsize=8)
def _agreement(text: str, zones: tuple[tuple[str, str], ...]) -> Agreement:
    return read_agreement(text, file=AGREEMENT, zone_files=dict(zones))


@lru_cache(maxsize=8)
def _ledger(text: str | None) -> Ledger:
    return Ledger() if text is None else read_ledger(text, file=COMMITMENTS)


@dataclass(frozen=True)
class Configuration:
    """The settings in force, made from the bytes of their files and checked as a whole.

    Build it with `Configuration.read`; a fault raises ConfigurationError with file, line, field.
    """

    files: Mapping[str, bytes]
    mission: MissionFile
    sources_file: SourcesFile
    agreement: Agreement
    ledger: Ledger

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Configuration:
        """Check every settings file, and what they say of one another."""
        text = {name: _decoded(name, raw) for name, raw in files.items()}
        for name in (MISSION, AGREEMENT, SOURCES):
            if name not in text:
                raise ConfigurationError("this file is missing, or empty", file=name)
        mission = read_settings(MissionFile, text[MISSION], file=MISSION)
        sources = read_settings(SourcesFile, text[SOURCES], file=SOURCES)
        zones = {name: body for name, body in text.items() if name.startswith("zones/")}
        agreement = _agreement(text[AGREEMENT], tuple(sorted(zones.items())))
        ledger = _ledger(text.get(COMMITMENTS))
        _check_sources(sources, agreement, text)
        _check_stamping(mission, text)
        check_certificates(files)
        return cls(files, mission, sources, agreement, ledger)

    @property
    def pledges(self) -> tuple[Pledge, ...]:
        """What `commitments.yaml` lists, as it stands there; people may have entered more since."""
        return self.ledger.pledges

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The registered sources by their id."""
        return {section.id: section.noun() for section in self.sources_file.source}

    @cached_property
    def informants(self) -> tuple[Informant, ...]:
        """Those whom sources quote."""
        return tuple(section.noun() for section in self.sources_file.informant)

    @cached_property
    def people(self) -> dict[str, Person]:
        """Those who may decide, by id."""
        return {section.id: section.noun() for section in self.mission.people}

    @property
    def zone(self) -> tzinfo:
        """The zone in which the mission's days run."""
        return ZoneInfo(self.mission.mission.timezone)

    @property
    def extent(self) -> Extent | None:
        """The box outside which a record is quarantined."""
        box = self.mission.mission.extent
        return None if box is None else Extent(*box)

    def mapping_of(self, source: Source) -> tuple[str, str | None]:
        """The name and text of a source's mapping file; (“”, None) where it has none."""
        if source.mapping is None:
            return "", None
        return source.mapping, self.files[source.mapping].decode("utf-8")

    def source_of(self, file_name: str) -> Source:
        """The one source whose `files` patterns match a delivered file's name.

        Raises NotFound, saying what to do, when none or several match.
        """
        found = [
            section.id
            for section in self.sources_file.source
            if any(fnmatch(file_name, pattern) for pattern in section.files)
        ]
        if len(found) != 1:
            known = ", ".join(self.sources) or "none yet"
            problem = "matches no source" if not found else f"matches {' and '.join(found)}"
            raise NotFound(
                f"{file_name} {problem} in {SOURCES}: name one with --source (known: {known}) "
                "or add a pattern to its 'files'"
            )
        return self.sources[found[0]]

    def reading_digest(self) -> str:
        """A digest of what decides how records are read; when it changes, all are read again."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            if name in {MISSION, SOURCES} or name.startswith("mappings/"):
                digest.update(hashlib.sha256(name.encode()).digest())
                digest.update(hashlib.sha256(self.files[name]).digest())
        return digest.hexdigest()


def _decoded(name: str, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise ConfigurationError("not UTF-8 text", file=name, line=line) from None


def _check_stamping(mission: MissionFile, text: Mapping[str, str]) -> None:
    """Time stamps are believed by certificates that are there, or not at all."""
    section = mission.timestamps
    if section is not None and section.certificates not in text:
        raise ConfigurationError(
            f"{section.certificates!r} is not in the mission's folder",
            file=MISSION,
            line=line_of(text[MISSION], ("timestamps", "certificates")),
            field="timestamps.certificates",
        )


def _check_sources(sources: SourcesFile, agreement: Agreement, text: Mapping[str, str]) -> None:
    """Hold the registry against the agreement's parties and the mapping files at hand."""
    parties = {party.id for party in agreement.parties}
    tables: tuple[tuple[str, tuple[SourceSection | InformantSection, ...]], ...] = (
        ("source", sources.source),
        ("informant", sources.informant),
    )
    for table, sections in tables:
        seen: set[str] = set()
        for position, section in enumerate(sections):
            field = f"{table}.{position}"
            if section.id in seen:
                raise ConfigurationError(
                    f"{section.id!r} is registered twice", file=SOURCES, field=f"{field}.id"
                )
            seen.add(section.id)
            if section.party is not None and section.party not in parties:
                raise ConfigurationError(
                    f"{section.party!r} is no party of {AGREEMENT} ({', '.join(sorted(parties))})",
                    file=SOURCES,
                    field=f"{field}.party",
                )
    for position, source in enumerate(sources.source):
        if source.reader == "generic" and source.mapping is None:
            raise ConfigurationError(
                "the generic reader needs a mapping, such as 'mappings/mine.toml'",
                file=SOURCES,
                field=f"source.{position}.mapping",
            )
        if source.mapping is not None and source.mapping not in text:
            raise ConfigurationError(
                f"{source.mapping!r} is not in the mission's folder",
                file=SOURCES,
                field=f"source.{position}.mapping",
            )
