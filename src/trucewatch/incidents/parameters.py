"""The numbers that association runs on: how each sort of source sees, errs and slips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.model import SourceKind

if TYPE_CHECKING:
    from trucewatch.incidents.rates import RatePeak
    from trucewatch.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceParameters:
    """How one source, or one kind of source, reports.

    `detection` is the share of happenings it reports, `false_share` the share of its reports
    that describe nothing real. `place_scale` multiplies its stated standard error, `tau_days` is
    added to the time it states, `kind_slip` is the share of its kinds that are plainly wrong.
    `coverage` is how much of the ground it is known to watch: only that much of its silence
    counts, so the default of 0 lets no silence count. `copies_only` marks a source that repeats
    others: it may be joined, and is no evidence beside an original. `retells` is the share of its
    reports that tell again of an event it has already told: 0 where each row is an event by the
    source's own rule, or where an instrument speaks.
    """

    detection: float
    false_share: float
    place_scale: float = 1.0
    tau_days: float = 0.25
    kind_slip: float = 0.05
    coverage: float = 0.0
    copies_only: bool = False
    retells: float = 0.0

    def __post_init__(self) -> None:
        for name in ("detection", "false_share", "kind_slip"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} lies between 0 and 1, both excluded")
        if not 0 <= self.coverage <= 1:
            raise ValueError("coverage lies between 0 and 1")
        if not 0 <= self.retells < 1:
            raise ValueError("retells is at least 0 and less than 1")
        if not (self.place_scale > 0 and self.tau_days > 0):
            raise ValueError("place_scale and tau_days are more than 0")


# Judgements, not measurements: docs/association.md gives the reason for each. What is learnt or
# given by a person in their stead is an entry of the log.
BY_KIND = (
    (SourceKind.SATELLITE, SourceParameters(detection=0.5, false_share=0.05, tau_days=0.15)),
    (SourceKind.SENSOR, SourceParameters(detection=0.5, false_share=0.1, tau_days=0.02)),
    (SourceKind.PATROL, SourceParameters(detection=0.5, false_share=0.05, tau_days=0.1)),
    (SourceKind.OFFICIAL, SourceParameters(detection=0.4, false_share=0.15, retells=0.2)),
    (SourceKind.PARTY, SourceParameters(detection=0.4, false_share=0.3, retells=0.2)),
    (SourceKind.PRESS, SourceParameters(detection=0.4, false_share=0.2, retells=0.3)),
    (SourceKind.RESIDENT, SourceParameters(detection=0.2, false_share=0.3, retells=0.2)),
    (SourceKind.CODER, SourceParameters(detection=0.5, false_share=0.1)),
)
UNKNOWN_SOURCE = SourceParameters(detection=0.2, false_share=0.5, retells=0.2)


SHARES = (
    *("sign_share", "fire_share", "own_slip", "static_false_alarm", "static_run"),
    "fire_persistence",
)
# Nearly one a minute on every square kilometre: more is a mistake of units.
MOST_PER_KM2_DAY = 1000
MORE_THAN_NOTHING = (
    *("rate_per_km2_day", "gate_sigmas", "least_error_m", "widest_error_m", "longest_span_days"),
    *("copy_sigmas", "overpass_gap_minutes", "touch_factor", "static_link_m", "most_log_odds"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Everything that the joining of claims depends on beside the claims themselves.

    `rate_per_km2_day` is the density of happenings, fixed and never estimated from the set: an
    estimate would let a report in one town change the incidents of another.
    `by_source` (source id) goes before `by_kind`. `own_slip` is the part of every false share
    that is the source's own error, such as a wrong place or day, however many stand behind it.
    `rate_peaks` raise the rate where people say or an earlier time shows that more happens.
    Sizes are in metres, minutes, days and nats.
    """

    rate_per_km2_day: float = 5e-4
    rate_peaks: tuple[RatePeak, ...] = ()
    by_kind: tuple[tuple[SourceKind, SourceParameters], ...] = BY_KIND
    by_source: tuple[tuple[str, SourceParameters], ...] = ()
    unknown_source: SourceParameters = UNKNOWN_SOURCE
    gate_sigmas: float = 3.5
    slack_nats: float = 5.0
    least_error_m: float = 100.0
    widest_error_m: float = 50_000.0
    longest_span_days: float = 3.0
    sign_share: float = 0.1
    fire_share: float = 0.8
    copy_sigmas: float = 2.0
    overpass_gap_minutes: float = 20.0
    touch_factor: float = 1.5
    static_link_m: float = 1_000.0
    static_days: int = 3
    static_ring_m: float = 20_000.0
    static_false_alarm: float = 1e-3
    static_run: float = 0.05
    fire_persistence: float = 0.016
    default_days: int = 5
    default_alarm: float = 1e-3
    own_slip: float = 0.02
    most_log_odds: float = 6.9

    def __post_init__(self) -> None:
        for name in MORE_THAN_NOTHING:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} is more than 0")
        for name in SHARES:
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name} lies between 0 and 1, both excluded")
        if not self.slack_nats >= 0:
            raise ValueError("slack_nats is not negative")
        if not self.static_ring_m > 2 * self.static_link_m > 0:
            raise ValueError("static_ring_m is more than twice static_link_m")
        if not (0 < self.default_alarm < 1 and self.default_days >= 2):
            raise ValueError("default_alarm lies between 0 and 1, default_days is at least 2")
        if self.rate_per_km2_day > MOST_PER_KM2_DAY:
            raise ValueError(f"rate_per_km2_day is at most {MOST_PER_KM2_DAY}")
        if self.static_days < 1:
            raise ValueError("static_days is at least 1")

    def of(self, source: Source | None) -> SourceParameters:
        """The parameters of one source; an unregistered one (None) is trusted least."""
        if source is None:
            return self.unknown_source
        own = dict(self.by_source).get(source.id)
        return own if own is not None else dict(self.by_kind).get(source.kind, self.unknown_source)
