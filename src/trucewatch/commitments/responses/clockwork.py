"""The states of one obligation and its two clocks: what each entry does, in the log's order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from trucewatch.model import Act, Happening, Progress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trucewatch.model import Clock, Timer

OPENED, DETERMINED = "opened", "determined"
RAN_OUT, CANCELLED = "ran out", "cancelled"

_ALLOWED = {
    Act.TAKE: {Progress.OPEN, Progress.PAUSED, Progress.DECLINED},
    Act.DECLINE: {Progress.OPEN, Progress.PAUSED, Progress.TAKEN},
    Act.PAUSE: {Progress.OPEN},
    Act.RESUME: {Progress.PAUSED},
    Act.DISPUTE: {Progress.OPEN, Progress.PAUSED},
    Act.SETTLE: {Progress.DISPUTED},
    Act.EXTEND: {Progress.OPEN, Progress.PAUSED, Progress.DISPUTED},
    Act.ESCALATE: {Progress.OPEN, Progress.PAUSED, Progress.DECLINED},
    Act.FULFIL: {Progress.TAKEN},
}
_LEADS_TO = {
    Act.TAKE: Progress.TAKEN,
    Act.DECLINE: Progress.DECLINED,
    Act.PAUSE: Progress.PAUSED,
    Act.RESUME: Progress.OPEN,
    Act.DISPUTE: Progress.DISPUTED,
    Act.SETTLE: Progress.OPEN,
    Act.FULFIL: Progress.DONE,
}
STOPPED = frozenset({Progress.PAUSED, Progress.DISPUTED})
"""While an obligation is so, its clocks stand still."""


@dataclass(slots=True)
class Clockwork:
    """One obligation as the entries so far have left it.

    `passed` is when the step after it may open: it was taken, has run out, or was escalated.
    `stopped` is since when the clocks stand still. `history` is what happened, in order.
    """

    ruling: Clock
    timers: dict[Clock, Timer]
    progress: Progress = Progress.OPEN
    passed: datetime | None = None
    ran_out: bool = False
    stopped: datetime | None = None
    history: list[Happening] = field(default_factory=list)

    @property
    def due(self) -> datetime | None:
        """When the clock that the step names runs out, as far as that is known."""
        return self.timers[self.ruling].due

    def why_not(self, act: Act, at: datetime, until: datetime | None) -> str:
        """Why an act would count for nothing now; empty where it would count."""
        if self.progress not in _ALLOWED[act]:
            return f"{act} does not fit what is {self.progress}"
        if act is not Act.EXTEND:
            return ""
        if until is None:
            return "an extension says until when"
        if until <= at or (self.due is not None and until <= self.due):
            return "an extension ends after the deadline that it extends, and lies ahead"
        return ""

    def enter(self, happening: Happening) -> None:
        """Let one entry or piece of evidence take its effect, and keep it in the history."""
        self._run_out_by(happening.at)
        if happening.void or happening.what not in {*Act}:
            if happening.what == CANCELLED and self.progress is not Progress.DONE:
                self._start_again(happening.at)
                self.progress = Progress.CANCELLED
            self.history.append(happening)
            return
        act = Act(happening.what)
        void = self.why_not(act, happening.at, happening.until)
        if void:
            self.history.append(replace(happening, void=void))
            return
        self.history.append(happening)
        self._take_effect(act, happening)

    def finish(self) -> None:
        """Note when the clock runs out if nothing more is entered."""
        if self.progress is Progress.OPEN and self.due is not None:
            self._pass(self.due)

    def _take_effect(self, act: Act, happening: Happening) -> None:
        at = happening.at
        after = _LEADS_TO.get(act, self.progress)
        if after in STOPPED and self.stopped is None:
            self.stopped = at
        elif after not in STOPPED and self.stopped is not None:
            self._start_again(at)
        self.progress = after
        if act in {Act.TAKE, Act.ESCALATE}:
            self._pass(at)
        if act is Act.EXTEND:
            self.timers[self.ruling] = replace(self.timers[self.ruling], due=happening.until)
            # The body set this hour knowing of the stop so far: only what follows moves it.
            self.stopped = self.stopped and at

    def _start_again(self, at: datetime) -> None:
        """Move both deadlines by as long as each clock stood still while it had started."""
        if self.stopped is None:
            return
        for clock, timer in self.timers.items():
            if timer.start is not None and timer.due is not None:
                stood = at - max(self.stopped, timer.start)
                if stood.total_seconds() > 0:
                    self.timers[clock] = replace(timer, due=timer.due + stood)
        self.stopped = None

    def _run_out_by(self, at: datetime) -> None:
        if self.progress is not Progress.OPEN or self.due is None or self.due > at:
            return
        if not self.ran_out:
            self.ran_out = True
            self._pass(self.due)
            self.history.append(
                Happening(at=self.due, what=RAN_OUT, by=None, reason="nothing was decided in time")
            )

    def _pass(self, at: datetime) -> None:
        if self.passed is None or at < self.passed:
            self.passed = at


def wound(ruling: Clock, timers: Iterable[Timer], happenings: Iterable[Happening]) -> Clockwork:
    """An obligation after everything that happened, in the order given."""
    work = Clockwork(
        ruling=ruling,
        timers={one.clock: replace(one, due=one.named) for one in timers},
    )
    for happening in happenings:
        work.enter(happening)
    work.finish()
    return work
