"""Bringing everything derived up to date with the log, and summing it up."""

from __future__ import annotations

from collections import Counter
from functools import partial
from threading import Timer
from typing import TYPE_CHECKING, Any

from trucewatch.app.alone import alone
from trucewatch.app.counted import plainly_outside
from trucewatch.app.intake import erased_records, read_log
from trucewatch.app.obligations.awaiting import awaiting
from trucewatch.app.pipeline import derive
from trucewatch.app.withdrawing import losses, standing
from trucewatch.app.witnessing.records import records_of
from trucewatch.commitments import as_of
from trucewatch.incidents import get_ready
from trucewatch.model import IntakeCount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from trucewatch.app.configuration import Configuration
    from trucewatch.app.mission import Mission
    from trucewatch.model import Rate, RateRatio
    from trucewatch.store import Derived

PATIENCE_S = 1.0
COMPILING = "compiling the association engine, once per installation: about 20 s"


def bring_up_to_date(
    mission: Mission, *, progress: Callable[[str, int, int], None] | None = None
) -> Derived:
    """Read what is new in the log and derive everything from all of it.

    Deriving looks at the whole set each time, so that what comes out never depends on how the
    reports were batched.
    """
    mission.sync_settings()
    if progress is not None:
        make_ready(progress)
    configuration = mission.configuration()
    with alone(mission.folder), mission.store.batch():
        read_log(mission, configuration, progress=progress)
        if progress is not None:
            progress("deriving", 0, 1)
        derived = derived_from(mission, configuration)
        mission.store.replace_state(derived, basis=mission.in_force().root)
    mission.log.publish()
    if progress is not None:
        progress("deriving", 1, 1)
    return derived


def derived_from(mission: Mission, configuration: Configuration) -> Derived:
    """Everything that follows from what the projection holds and the log has not withdrawn."""
    return gathered(mission, configuration)()


def gathered(mission: Mission, configuration: Configuration) -> Callable[[], Derived]:
    """The same, to be called later: all that it needs is read now, from log and projection."""
    lost = losses(mission)
    return partial(
        derive,
        tuple(standing(mission)),
        configuration,
        mission.parameters().parameters,
        decisions=mission.decisions(),
        before=tuple(mission.store.reports()) if lost else None,
        losses=lost,
        records=records_of(mission),
    )


def make_ready(progress: Callable[[str, int, int], None]) -> None:
    """Have the association engine compiled, and say so where that takes more than a moment.

    A bar that stands still for half a minute on the first day would look like a fault.
    """
    said: list[str] = []

    def say() -> None:
        said.append(COMPILING)
        progress(COMPILING, 0, 1)

    slow = Timer(PATIENCE_S, say)
    slow.start()
    try:
        get_ready()
    finally:
        slow.cancel()
        slow.join()
    if said:
        progress(COMPILING, 1, 1)


def summary_of(mission: Mission, derived: Derived) -> dict[str, Any]:
    """The figures of a run, for people and for JSON."""
    in_force = mission.in_force()
    coverage = derived.coverage
    unobserved = Counter(day.sight.value for day in coverage.region_days)
    return {
        "mission": mission.log.origin,
        "intake": intakes(mission),
        "incidents": len(derived.incidents),
        "incidents_by_nature": _tally(incident.nature.value for incident in derived.incidents),
        "findings": _tally(finding.state.value for finding in derived.findings),
        "findings_by_nature": _findings_by_nature(derived),
        "reviewed": sum(not finding.provisional for finding in derived.findings),
        "stale": sum(finding.stale for finding in derived.findings),
        "attributed": sum(finding.party is not None for finding in derived.findings),
        "assessments": _tally(assessment.outcome.value for assessment in derived.assessments),
        **({"plainly_outside": left} if (left := plainly_outside(mission, derived)) else {}),
        "obligations": _obligations(derived, mission.now()),
        **({"awaiting": len(waiting)} if (waiting := awaiting(mission, derived)) else {}),
        "rates": {rate.period: _rate(rate) for rate in derived.compliance.rates},
        "ratios": [_ratio(ratio) for ratio in derived.compliance.ratios],
        "coverage": {
            "passes": _tally(found.platform for found in coverage.passes),
            "region_days": dict(sorted(unobserved.items())),
        },
        "evidence": {"records": in_force.records, "root": in_force.root},
        "log": {"size": mission.log.size, "root": mission.log.root()},
    }


def _findings_by_nature(derived: Derived) -> dict[str, dict[str, int]]:
    """States of findings apart for events, fires and static sources: heat is not an act."""
    nature = {incident.id: incident.nature.value for incident in derived.incidents}
    return {
        one: _tally(f.state.value for f in derived.findings if nature[f.incident] == one)
        for one in sorted(set(nature.values()))
    }


def _tally(words: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(words).items()))


def _obligations(derived: Derived, at: datetime) -> dict[str, int]:
    """How those stand that have opened by now; a step with an hour to come is "later"."""
    opened = as_of(derived.obligations, at)
    later = len(derived.obligations) - len(opened)
    return _tally([*(one.word for one in opened), *["later"] * later])


def intakes(mission: Mission) -> dict[str, dict[str, int]]:
    """Where the records of each source went; what was erased is known to the log alone."""
    lost = erased_records(mission)
    counts = {count.source: count for count in mission.store.intake()}
    for source, erased in lost.items():
        known = counts.get(source, IntakeCount(source=source))
        counts[source] = known + IntakeCount(source=source, erased=erased)
    return {source: _intake(count) for source, count in sorted(counts.items())}


def _intake(count: IntakeCount) -> dict[str, int]:
    return {
        "received": count.received,
        "accepted": count.accepted,
        "duplicate": count.duplicate,
        "quarantined": count.quarantined,
        **({"erased": count.erased} if count.erased else {}),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "count": rate.count,
        "days": rate.days,
        "per_day": rate.per_day,
        "interval_95": [rate.low, rate.high],
        "left_out": list(rate.left_out),
    }


def _ratio(ratio: RateRatio) -> dict[str, Any]:
    return {
        "of": ratio.of,
        "over": ratio.over,
        "ratio": ratio.ratio,
        "interval_95": [ratio.low, ratio.high],
    }
