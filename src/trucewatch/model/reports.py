"""What was received, and what it says happened or was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.articles import Article
    from trucewatch.model.compliance import PeriodCount
    from trucewatch.model.coverage import Watch
    from trucewatch.model.places import Place
    from trucewatch.model.times import Interval


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RawRef:
    """Where a record stands: the payload's SHA-256 (hex) and a place in it.

    `start` and `length` are bytes of the payload; a format whose records are not runs of bytes
    (Parquet, GeoJSON) has the whole payload as its span, and `pointer` alone tells the record.
    """

    payload: str
    pointer: str
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that a report gives: at least `low`, at most `high`, most likely `best`.

    `what` is "killed", "wounded", "observations" and so on; None is "not said", never zero.
    """

    what: str
    best: int | None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who said it first, as the report itself tells: outlet, day of publication, informant.

    `informant` keeps the source's own words. It is not yet an origin; `origins/` decides that.
    """

    outlet: str | None = None
    published: Interval | None = None
    headline: str | None = None
    informant: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What an instrument measured; kept beside the claim so that fires can be made of pixels.

    `platform` is one satellite or sensor. `footprint_m` are the pixel's sides across and along
    the track in metres. `power_mw` is fire radiative power. `declared_static` is the provider's
    own word that the place is always hot (None where the provider does not say).
    """

    platform: str
    instrument: str
    at: datetime
    footprint_m: tuple[float, float]
    power_mw: float | None
    confidence: str
    daylight: bool | None
    declared_static: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one report says happened: one event, as one source tells it.

    `external_id` is the source's own number for the event: two claims of one source with
    different numbers are two events in that source's judgement. `region` is the source's own
    word for the region, not ours. `aggregated` marks a claim that sums several events. `weapons`
    are nodes of the weapon tree. `alleged` are the parties that the source says did it: its own
    allegation, and never a finding on who did.
    """

    id: str
    report: str
    source: str
    kind: str
    place: Place
    when: Interval
    text: str = ""
    external_id: str | None = None
    region: str | None = None
    counts: tuple[Count, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    detection: Detection | None = None
    aggregated: bool = False
    notes: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    alleged: tuple[str, ...] = ()

    def count(self, what: str) -> Count | None:
        """The count of that name, if the report gives one."""
        return next((c for c in self.counts if c.what == what), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that a report ascribes to someone: a figure of theirs, never a count of ours.

    `speaker` keeps the source's own words; `subject` is a plain name such as
    "ceasefire violations". `quote` is the run of words that the figure stands in.
    """

    id: str
    report: str
    source: str
    speaker: str
    subject: str
    value: int | None
    quote: str
    when: Interval
    outlet: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One source's account, exactly as received, and what was read out of it.

    `id` is made from the source and the record's own fields, so that the same record delivered
    twice, in any file and any order, is the same report. `published` is the source's own date of
    publication; the time of receipt is in the log, not here, as it depends on the delivery.
    `article` is the whole of what the press wrote, for a report that is an article; then `text` is
    the article's. `tallies` are counts of whole periods: observations, and claims of no incident.
    """

    id: str
    source: str
    raw: RawRef
    published: Interval | None
    text: str
    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()
    watches: tuple[Watch, ...] = ()
    article: Article | None = None
    tallies: tuple[PeriodCount, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Quarantined:
    """A record that could not be used: shown and counted, never dropped."""

    source: str
    raw: RawRef
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeCount:
    """Where the records of a source went; received is always the sum of the others.

    `erased` are records of a payload that was erased: how many it held is all that is known.
    """

    source: str
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    erased: int = 0

    @property
    def received(self) -> int:
        """Accepted + duplicate + quarantined + erased."""
        return self.accepted + self.duplicate + self.quarantined + self.erased

    def __add__(self, other: IntakeCount) -> IntakeCount:
        """The sum over two deliveries of one source."""
        if self.source != other.source:
            raise ValueError("intake counts of two sources do not add up")
        return IntakeCount(
            source=self.source,
            accepted=self.accepted + other.accepted,
            duplicate=self.duplicate + other.duplicate,
            quarantined=self.quarantined + other.quarantined,
            erased=self.erased + other.erased,
        )
