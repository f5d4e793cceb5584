"""What every projection of the log can do, whichever engine holds it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from trucewatch.model import (
    Assessment,
    Claim,
    Compliance,
    Coverage,
    Figure,
    Finding,
    Incident,
    Obligation,
    Origin,
    PeriodCount,
    Quarantined,
    Report,
    Watch,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, tzinfo
    from types import TracebackType
    from typing import Self

    from trucewatch.model import IntakeCount, RawRef

Found = (
    Report
    | Claim
    | Figure
    | Watch
    | PeriodCount
    | Origin
    | Incident
    | Finding
    | Assessment
    | Obligation
)
Named = TypeVar("Named", Origin, Finding, Assessment, Obligation, Incident)

# Everything whose form decides whether an existing projection can still be read.
STORED = (
    Report,
    Quarantined,
    Origin,
    Incident,
    Finding,
    Assessment,
    Obligation,
    Coverage,
    Compliance,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreState:
    """How many log entries the projection has read, and by which code version.

    `digest` (SHA-256, hex) covers the reports, the quarantined records and everything derived,
    not the deliveries: the same records give the same digest in any order and on any engine.
    """

    entries: int
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Everything that follows from the reports; `replace_state` keeps it as one whole.

    Made in any order, it holds incidents by (when.earliest, id) and the rest by id. ValueError
    for two nouns of one id, and for a finding or an assessment of what is not here.
    """

    origins: tuple[Origin, ...]
    incidents: tuple[Incident, ...]
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]
    obligations: tuple[Obligation, ...]
    coverage: Coverage
    compliance: Compliance

    def __post_init__(self) -> None:
        incidents = sorted(self.incidents, key=lambda i: (i.when.earliest, i.id))
        object.__setattr__(self, "origins", _by_id(self.origins))
        object.__setattr__(self, "incidents", tuple(incidents))
        object.__setattr__(self, "findings", _by_id(self.findings))
        object.__setattr__(self, "assessments", _by_id(self.assessments))
        object.__setattr__(self, "obligations", _by_id(self.obligations))
        known = {incident.id for incident in _by_id(self.incidents)}
        judged = {finding.id for finding in self.findings}
        for finding in self.findings:
            if finding.incident not in known:
                raise ValueError(f"{finding.id} is a finding of an unknown {finding.incident}")
        for assessment in self.assessments:
            if assessment.incident not in known or assessment.finding not in judged:
                raise ValueError(f"{assessment.id} assesses what is not among the findings")


def _by_id(nouns: tuple[Named, ...]) -> tuple[Named, ...]:
    ordered = sorted(nouns, key=lambda noun: noun.id)
    for one, two in pairwise(ordered):
        if one.id == two.id:
            raise ValueError(f"two of the id {one.id}")
    return tuple(ordered)


class Store(Protocol):
    """The projection of one log. It may be thrown away at any time: the log is the truth.

    Each call is a transaction of its own unless it runs in a `batch`. A process that dies leaves
    the state before the call, or before the batch. Every method raises StoreUnavailable where
    the engine cannot do its work. A store belongs to the thread that opened it.
    """

    def state(self) -> StoreState | None:
        """What has been read; None for a projection that is new or was of another form.

        The digest is worked out on each call from everything that is stored.
        """
        ...

    def version(self) -> str | None:
        """By which code what is here was read, as `mark_read` was told; None where nothing was."""
        ...

    def entries_read(self) -> int:
        """How many entries of the log are in; unlike `state` it takes no longer as more are."""
        ...

    def batch(self) -> AbstractContextManager[None]:
        """One transaction for many calls: all of them are kept, or none.

        No other process can write meanwhile. A batch within a batch is undone alone if it fails.
        """
        ...

    def add_reports(
        self, entry: int, reports: Sequence[Report], quarantined: Sequence[Quarantined]
    ) -> tuple[int, int]:
        """Add what one log entry delivered; return how many reports are new, and how many known.

        The same entry may be added again: nothing is counted twice. Where two copies of a report
        differ in where they stand, the one kept is told by its content, never by arrival.
        """
        ...

    def mark_read(self, entries: int, version: str) -> None:
        """Say that the first `entries` entries of the log are in, read by `version`.

        ValueError if that is fewer than before: a projection never forgets, it is cleared.
        """
        ...

    def reports(self, *, source: str | None = None) -> Iterator[Report]:
        """Every report, or those of one source, by id.

        Reads page by page; within a `batch` all pages show one state.
        """
        ...

    def report_entries(self, report_id: str) -> tuple[tuple[int, RawRef], ...]:
        """Every log entry and place in it where this record stands; NotFound for an unknown id."""
        ...

    def entries_of_all(self) -> dict[str, tuple[int, ...]]:
        """The log entries in which each record stands, by the id of the report, in order."""
        ...

    def quarantined(self) -> tuple[Quarantined, ...]:
        """Every record that could not be used, once each, in order."""
        ...

    def intake(self) -> tuple[IntakeCount, ...]:
        """Where the records of each source went, over all entries, by source.

        `accepted` counts distinct reports and `quarantined` distinct records that could not be
        used; every repetition of either is a `duplicate`.
        """
        ...

    def replace_state(self, state: Derived, *, basis: str = "") -> None:
        """Put this in place of everything derived so far, and keep what it was derived from."""
        ...

    def basis(self) -> str | None:
        """The `basis` that `replace_state` was given last; None if nothing has been derived.

        The digest does not cover it: the same state may follow from more than one basis.
        """
        ...

    def derived(self) -> Derived | None:
        """What `replace_state` put in last; None if nothing has been."""
        ...

    def incidents(
        self,
        *,
        region: str | None = None,
        kind: str | None = None,
        state: str | None = None,
        outcome: str | None = None,
        day_from: date | None = None,
        day_to: date | None = None,
        zone: tzinfo | None = None,
        near: tuple[float, float, float] | None = None,
        limit: int | None = None,
    ) -> tuple[Incident, ...]:
        """The incidents that all given filters let through, by (when.earliest, id).

        `kind` lets through everything below it in the kind tree. `state` is that of a finding,
        `outcome` that of an assessment under any provision. The days run in `zone` (UTC if none),
        both included, and let through what *may* have happened on them. `near` is a latitude, a
        longitude and metres between centres. NotFound for a kind that the tree does not know.
        """
        ...

    def incident(self, id_prefix: str) -> Incident:
        """The incident whose id begins so; NotFound if there is none, or more than one."""
        ...

    def find(self, id_prefix: str) -> Found:
        """Whatever has the id that begins so; NotFound if nothing has, or several have.

        A whole id is found even if others begin with it.
        """
        ...

    def clear(self) -> None:
        """Forget everything, as if the projection were new."""
        ...

    def close(self) -> None:
        """Let go of the engine; a second call does nothing."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
