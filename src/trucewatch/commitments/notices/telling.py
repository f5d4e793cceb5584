"""Why an incident matches a notice, and by how little it does not, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.commitments.notices.dangers import MOVEMENT, Danger

if TYPE_CHECKING:
    from trucewatch.commitments.notices.standing import History, Version
    from trucewatch.model import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was measured of one incident against one version of a notice.

    `gap_s` is negative where the incident lies before; `gap_from` is what it is measured from.
    """

    version: Version
    danger: Danger
    place: float
    time: float
    distance_m: float
    error_m: float
    gap_s: float
    gap_from: str
    when: Interval
    least: float
    near_m: float


def words(
    told: Told, history: History, kind: str, share: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The reasons and the near misses; where there is no near miss, it matches."""
    notice = told.version.notice
    subject = "route" if notice.sort == MOVEMENT else "site"
    what = f"a {notice.sort} {_DOMAIN[notice.domain]}"
    misses = []
    if told.danger is Danger.NONE:
        misses.append(f"“{kind}” does not endanger {what}")
    if told.time == 0:
        side = "before" if told.gap_s < 0 else "after"
        misses.append(f"{span(abs(told.gap_s))} {side} {told.gap_from}")
    elif share < told.least and told.distance_m - notice.width_m <= told.near_m:
        misses.append(beside(told.distance_m, notice.width_m, subject))
    where = (
        f"{metres(told.distance_m)} from the {subject}, which was notified with "
        f"{metres(notice.width_m)} around it; the place is known to ±{metres(told.error_m)}: "
        f"{percent(told.place)} of it lies inside."
    )
    when = (
        f"{percent(told.time)} of the time in which it may have happened lies in the window, as "
        "the notice stood by then."
    )
    reasons = [where, when]
    if told.danger is Danger.SURE:
        reasons.append(f"“{kind}” endangers {what}.")
    elif told.danger is Danger.MAYBE:
        reasons.append(f"“{kind}” is vague, or but a sign: it may have endangered {what}.")
    reasons.append(_standing(told, history))
    return tuple(reasons), tuple(misses)


_DOMAIN = {"land": "on land", "sea": "at sea", "air": "in the air"}


def _standing(told: Told, history: History) -> str:
    version = told.version
    said = f"Version {version.number} of {len(history.versions)} stood at that time, "
    if version.acknowledged is None:
        said += "not acknowledged"
    elif version.acknowledged <= told.when.earliest:
        said += "acknowledged before"
    else:
        said += "acknowledged, but not certainly before"
    if history.cancelled is not None and history.cancelled == version.until:
        said += "; the notice was cancelled"
    return f"{said}."


def metres(value: float) -> str:
    """A distance, as exact as it helps: 40 m, 1.2 km, 25 km."""
    if value < 950:
        return f"{round(value, -1):.0f} m"
    return f"{value / 1000:.1f} km" if value < 9_950 else f"{value / 1000:.0f} km"


def beside(distance_m: float, width_m: float, subject: str) -> str:
    """How far beside what was notified; one whose error alone keeps it out lies within it."""
    if distance_m <= width_m:
        return f"within the {subject}, but its place is too poorly known to say so"
    return f"{metres(distance_m - width_m)} beside the {subject}"


def span(seconds: float) -> str:
    """A length of time of up to some hours: 40 minutes, 1.5 hours."""
    if seconds < 5_400:
        count = max(1, round(seconds / 60))
        return f"{count} minute{'' if count == 1 else 's'}"
    return f"{seconds / 3600:.1f} hours"


def percent(share: float) -> str:
    """A share in whole percent; none and all are said only where they are true."""
    if 0 < share < 0.01:
        return "less than 1 %"
    if 0.99 < share < 1:
        return "more than 99 %"
    return f"{round(100 * share)} %"
