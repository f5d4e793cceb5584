"""What people write in `mission.toml` and `sources.toml`, checked field by field."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    model_validator,
)

from trucewatch.app.federation.settings import MOST as MOST_FEDERATED
from trucewatch.app.federation.settings import FederatedSection
from trucewatch.app.federation.settings import contradictions as federated_contradictions
from trucewatch.app.keeping import KeepingSection
from trucewatch.app.section import Identifier, Role, Section, SettingsWhole
from trucewatch.app.stamping.settings import TimestampsSection  # noqa: TC001 -- pydantic reads it
from trucewatch.app.web.settings import OidcSection, WebSection, people_faults
from trucewatch.app.witnessing.settings import (
    MOST_WITNESSES,
    WitnessingSection,
    WitnessSection,
    contradictions,
)
from trucewatch.errors import ConfigurationError
from trucewatch.model import Extent, Informant, Person, Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterator


def _zone_exists(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"{name!r} is not an IANA time zone such as 'Europe/Paris' or 'UTC'"
        ) from None
    return name


def _box(edges: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    Extent(*edges)  # raises ValueError with the reason
    return edges


def _no_password(url: str) -> str:
    if urlsplit(url).password:
        raise ValueError("settings go into the log: keep the password in ~/.pgpass instead")
    return url


ZoneName = Annotated[str, AfterValidator(_zone_exists)]
Box = Annotated[tuple[float, float, float, float], AfterValidator(_box)]


class MissionSection(Section):
    """Who we are and where: `[mission]`."""

    id: Identifier
    name: str
    timezone: ZoneName
    extent: Box | None = None
    exercise: bool = False


class JudgementSection(Section):
    """Thresholds that change what is said: `[judgement]`. Each change is a log entry."""

    quorum: int = Field(default=2, ge=1, le=10)
    quiet_threshold: float = Field(default=0.8, gt=0, le=1)
    baseline_days: int = Field(default=10, ge=1, le=366)


class ReviewSection(Section):
    """How people work on findings: `[review]`. Each change is a log entry."""

    two_person: bool = False
    reply_hours: float = Field(default=48, gt=0, le=24 * 60)
    target_hours: float = Field(default=48, gt=0, le=24 * 60)
    limit_days: float = Field(default=10, gt=0, le=366)


class PersonSection(Section):
    """One `[[people]]`: an office that may decide, and for whom it speaks."""

    id: Identifier
    name: str
    roles: tuple[Role, ...] = Field(min_length=1)
    body: str | None = None
    party: str | None = None
    state: str | None = None
    oidc_subject: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    def noun(self) -> Person:
        """The person as the stages know them."""
        return Person(**self.model_dump(exclude={"oidc_subject"}))


class AudienceSection(Section):
    """How coarse and how late a kind of reader sees things: `[audiences.NAME]`."""

    grid_km: float = Field(default=10, ge=1, le=200)
    delay_hours: float = Field(default=24, ge=0, le=24 * 366)
    show_sources: bool = True
    min_count: int = Field(default=1, ge=1, le=100)
    scope: Literal["public", "restricted", "private"] | None = None
    restriction: str = ""
    addresses: tuple[Annotated[str, Field(pattern=r"^[^\s,<&\"]{1,200}$")], ...] = ()

    @model_validator(mode="after")
    def _reached(self) -> AudienceSection:
        if self.scope == "private" and not self.addresses:
            raise ValueError("alerts to a private audience need 'addresses'")
        return self


class StorageSection(Section):
    """Where the projection lives: `[storage]`. Empty: `state.db` in the mission's folder."""

    url: Annotated[str, AfterValidator(_no_password)] = ""


class MissionFile(SettingsWhole):
    """`mission.toml` whole."""

    mission: MissionSection
    judgement: JudgementSection = JudgementSection()
    review: ReviewSection = ReviewSection()
    people: tuple[PersonSection, ...] = ()
    audiences: Annotated[
        dict[Identifier, AudienceSection],
        AfterValidator(lambda given: {"public": AudienceSection(), **given}),
    ] = Field(default={"public": AudienceSection()})
    storage: StorageSection = StorageSection()
    keeping: KeepingSection = KeepingSection()
    witnessing: WitnessingSection = WitnessingSection()
    witness: Annotated[tuple[WitnessSection, ...], Field(max_length=MOST_WITNESSES)] = ()
    timestamps: TimestampsSection | None = None
    federated: Annotated[tuple[FederatedSection, ...], Field(max_length=MOST_FEDERATED)] = ()
    web: WebSection = WebSection()
    oidc: OidcSection | None = None

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Who or what stands twice, a role for nobody, a quorum that could never come together."""
        yield from people_faults(self.people, self.oidc)
        yield from contradictions(self.witnessing, self.witness)
        yield from federated_contradictions(self.mission.id, self.federated)


class SourceSection(Section):
    """One `[[source]]` of `sources.toml`."""

    id: Identifier
    name: str
    kind: SourceKind
    timezone: ZoneName = "UTC"
    files: tuple[str, ...] = ()
    party: str | None = None
    owner: str | None = None
    reader: (
        Literal["firms", "ucdp", "viina", "sirens", "clouds", "smm", "press", "generic", "field"]
        | None
    ) = None
    mapping: str | None = None
    licence: str = ""
    citation: str = ""
    sealed: bool = False
    people: tuple[Identifier, ...] = ()

    def noun(self) -> Source:
        """The source as the stages know it."""
        return Source(**self.model_dump(exclude={"files", "people"}))


class InformantSection(Section):
    """One `[[informant]]` of `sources.toml`."""

    id: Identifier
    name: str
    words: tuple[str, ...] = Field(min_length=1)
    party: str | None = None

    def noun(self) -> Informant:
        """The informant as the stages know it."""
        return Informant(**self.model_dump())


class SourcesFile(SettingsWhole):
    """`sources.toml` whole."""

    source: tuple[SourceSection, ...] = ()
    informant: tuple[InformantSection, ...] = ()

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """People who report for two sources, or for one that has no such reader."""
        seen: dict[str, str] = {}
        for at, section in enumerate(self.source):
            if section.people and section.reader != "field":
                yield ("source", at, "people"), "people report by the reader 'field' alone"
            for person in section.people:
                if seen.setdefault(person, section.id) != section.id:
                    told = f"{person!r} reports for {seen[person]!r} already"
                    yield ("source", at, "people"), told


SettingsFile = TypeVar("SettingsFile", MissionFile, SourcesFile)


def read_settings(kind: type[SettingsFile], text: str, *, file: str) -> SettingsFile:
    """Check a TOML file against its model.

    Raises ConfigurationError with the file, the line and the field of the first fault.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"at line (\d+)", str(fault))
        line = int(found.group(1)) if found else None
        raise ConfigurationError(f"not valid TOML: {fault}", file=file, line=line) from None
    except (ValueError, RecursionError):
        # Python's own limits: a number of thousands of digits, brackets nested without end.
        raise ConfigurationError("a number or a nesting without end", file=file) from None
    try:
        whole = kind.model_validate(data)
    except ValidationError as fault:
        first = fault.errors()[0]
        path = tuple(first["loc"])
        field = ".".join(str(step) for step in path)
        message = first["msg"].removeprefix("Value error, ")
        raise ConfigurationError(
            message, file=file, line=line_of(text, path), field=field
        ) from None
    for path, message in whole.faults():
        field = ".".join(str(step) for step in path)
        raise ConfigurationError(message, file=file, line=line_of(text, path), field=field)
    return whole


def line_of(text: str, path: tuple[str | int, ...]) -> int | None:
    """The line of a TOML text on which the key at `path` stands, or its table, if it is missing.

    Reads the shapes that a settings file has: tables, arrays of tables and simple keys.
    """
    best: int | None = None
    table: tuple[str | int, ...] = ()
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if found := re.match(r"\[\[\s*([\w.\-]+)\s*\]\]", words):
            name = found.group(1)
            seen[name] = seen.get(name, -1) + 1
            table = (*name.split("."), seen[name])
        elif found := re.match(r"\[\s*([\w.\-]+)\s*\]", words):
            table = tuple(found.group(1).split("."))
        elif found := re.match(r"([\w\-]+)\s*=", words):
            here = (*table, found.group(1))
            if path[: len(here)] == here:
                return number
            continue
        else:
            continue
        if path[: len(table)] == table:
            best = number
    return best
