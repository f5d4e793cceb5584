"""What has become of each notice, out of the acts in the order in which they were entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from trucewatch.model import NoticeAct, NoticeState, NoticeStatus, Notifying

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.model import Entered, Notice

DISCLAIMERS = (
    "A notice is no permission and no guarantee.",
    "Protection does not depend on it: what is protected by law is protected without a notice.",
    "The conduit has not verified it.",
)
"""What is printed with every notice, as those practise it who pass notices on."""

ORDINARY, EMERGENCY = timedelta(hours=48), timedelta(hours=24)


def lead_needed(notice: Notice) -> timedelta:
    """How long before its window a notice should come: 48 hours, or 24 in an emergency."""
    return EMERGENCY if notice.emergency else ORDINARY


@dataclass(slots=True)
class Version:
    """One version of a notice: it stands from `since` until `until` (None: it still stands).

    `acknowledged` is when somebody acknowledged this very version.
    """

    notice: Notice
    number: int
    since: datetime
    until: datetime | None = None
    acknowledged: datetime | None = None


@dataclass(slots=True)
class History:
    """A notice with all that became of it; `cancelled` ends its last version."""

    id: str
    versions: list[Version] = field(default_factory=list)
    cancelled: datetime | None = None
    reasons: list[str] = field(default_factory=list)


def histories(
    decisions: Iterable[Entered], at: datetime | None = None
) -> tuple[dict[str, History], tuple[Entered, ...]]:
    """Each notice's history by id, and the acts that found no notice to act upon.

    The order is that of `index`. Where `at` is given, what was entered after it is not known yet.
    """
    found: dict[str, History] = {}
    strays: list[Entered] = []
    for entry in sorted(decisions, key=lambda one: one.index):
        act = entry.decision
        if not isinstance(act, Notifying) or (at is not None and entry.at > at):
            continue
        known = found.get(act.id)
        if act.act is NoticeAct.SUBMIT and known is None and act.notice is not None:
            found[act.id] = History(act.id, [Version(act.notice, 1, entry.at)])
        elif known is None:
            strays.append(entry)
        elif known.cancelled is not None:
            known.reasons.append(
                f"Entry {entry.index} ({act.act.value}) came after it was cancelled and changes "
                "nothing: submit a new notice."
            )
        else:
            _apply(known, act, entry.at, entry.index)
    return found, tuple(strays)


def _apply(known: History, act: Notifying, at: datetime, index: int) -> None:
    last = known.versions[-1]
    said = f": {act.reason}" if act.reason else "."
    if act.act is NoticeAct.ACKNOWLEDGE:
        if last.acknowledged is None:
            last.acknowledged = at
            known.reasons.append(f"Version {last.number} was acknowledged{said}")
    elif act.act is NoticeAct.CANCEL:
        last.until = known.cancelled = at
        known.reasons.append(f"It was cancelled{said}")
    elif act.act is NoticeAct.AMEND and act.notice is not None:
        last.until = at
        known.versions.append(Version(act.notice, last.number + 1, at))
        withdrawn = " The acknowledgement of the version before no longer holds."
        known.reasons.append(
            f"Version {last.number + 1} stands in place of version {last.number}{said}"
            + (withdrawn if last.acknowledged is not None else "")
        )
    else:
        known.reasons.append(
            f"Entry {index} ({act.act.value}) says nothing new and is passed over."
        )


def notices_at(decisions: Iterable[Entered], at: datetime) -> tuple[NoticeStatus, ...]:
    """Every notice as it stood at `at`, by the beginning of its window and its id.

    An amendment withdraws the acknowledgement of the version before, and nothing wakes a notice
    that was cancelled. Acts on a notice that is not known are in `stray_acts`, never an error.
    """
    known, _ = histories(decisions, at)
    found = [_status(history) for history in known.values()]
    return tuple(sorted(found, key=_by_window))


def stray_acts(decisions: Iterable[Entered], at: datetime) -> tuple[Entered, ...]:
    """The acts entered by `at` that name a notice which was not known then, to be shown beside."""
    return histories(decisions, at)[1]


def _status(history: History) -> NoticeStatus:
    last = history.versions[-1]
    notice, reasons = last.notice, list(history.reasons)
    if history.cancelled is not None:
        state = NoticeState.CANCELLED
    elif last.acknowledged is not None:
        state = NoticeState.ACKNOWLEDGED
    else:
        state = NoticeState.SUBMITTED if last.number == 1 else NoticeState.AMENDED
    lead = _lead_hours(notice)
    needed = lead_needed(notice)
    late = lead * 3600 < needed.total_seconds()
    if late:
        hours = int(needed.total_seconds() // 3600)
        sort = "an emergency" if notice.emergency else "an ordinary notice"
        reasons.append(f"Late: {_lead_words(lead)}, where {hours} hours are asked for {sort}.")
    return NoticeStatus(
        notice=notice,
        state=state,
        versions=tuple(version.notice for version in history.versions),
        acknowledged=None if history.cancelled is not None else last.acknowledged,
        lead_hours=lead,
        late=late,
        reasons=tuple(reasons),
    )


def _lead_hours(notice: Notice) -> float:
    """Hours from submission to the window; a window without a beginning had begun already."""
    start = notice.window.start
    return 0.0 if start is None else (start - notice.submitted).total_seconds() / 3600


def _lead_words(lead: float) -> str:
    if lead < 0:
        return f"it came {-lead:.1f} hours after its window had begun"
    return f"it came {lead:.1f} hours ahead"


def _by_window(status: NoticeStatus) -> tuple[float, str]:
    start = status.notice.window.start
    return (float("-inf") if start is None else start.timestamp(), status.notice.id)
