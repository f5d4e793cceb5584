"""Since when the records that clocks rest on are finding-grade: reports, claims and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.witnessing.grades import ALWAYS
from trucewatch.commitments import starts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trucewatch.app.mission import Mission
    from trucewatch.model import Entered, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """By when reports (by id) and decisions (by log index) were finding-grade; others are not."""

    reports: Mapping[str, datetime]
    decisions: Mapping[int, datetime]

    def sure(self, reports: Iterable[Report]) -> list[Report]:
        """The reports that are finding-grade."""
        return [one for one in reports if one.id in self.reports]

    def counting(self, decisions: Iterable[Entered]) -> list[Entered]:
        """The decisions that count towards a clock: those that may start one are finding-grade."""
        return [one for one in decisions if not starts(one) or one.index in self.decisions]

    def claims(self, reports: Iterable[Report]) -> dict[str, datetime]:
        """By when the claims of these finding-grade reports were so, by id."""
        found: dict[str, datetime] = {}
        for report in reports:
            since = self.reports[report.id]
            for claim in report.claims:
                found[claim.id] = min(since, found.get(claim.id, since))
        return found


def records_of(mission: Mission) -> Records | None:
    """Since when each record of the log is finding-grade; None where no clock waits for that.

    That is so where the agreement opens nothing, and where the mission declares that its own log
    suffices. A report that was delivered more than once goes by its first quorum.
    """
    grades = mission.grades()
    if not mission.configuration().agreement.triggers or grades.own >= mission.size:
        return None
    since = {entry.index: at for entry in mission.entries() if (at := grades.since(entry.index))}
    reports: dict[str, datetime] = {}
    for report in mission.store.reports():
        times = [
            since[index] for index, _ in mission.store.report_entries(report.id) if index in since
        ]
        if times:
            reports[report.id] = min(times)
    return Records(
        reports=reports,
        decisions={
            one.index: since[one.index] for one in mission.decisions() if one.index in since
        },
    )


def waits(times: Iterable[datetime]) -> bool:
    """Whether any of these times is more than the mission's own word."""
    return any(at != ALWAYS for at in times)
