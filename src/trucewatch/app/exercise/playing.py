"""A script, played: its clock is the mission's clock, and every hour is looked at."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from trucewatch.agreements.moments import read_moment
from trucewatch.app.exercise.acting import Acts
from trucewatch.app.exercise.script import SCRIPT, read_script
from trucewatch.app.exercise.staging import stage
from trucewatch.app.mission import Mission
from trucewatch.app.publishing import alerting
from trucewatch.app.publishing.bulletins import audience_of, publish
from trucewatch.app.running import bring_up_to_date, make_ready
from trucewatch.app.scaffold import shipped
from trucewatch.commitments import as_of
from trucewatch.errors import ConfigurationError, NotFound, Refused, TrucewatchError
from trucewatch.model import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from trucewatch.app.exercise.script import Script, Step
    from trucewatch.commitments import AsOf
    from trucewatch.store import Derived

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Hands:
    """The clock of a drill: it shows what it was set to."""

    at: datetime

    def __call__(self) -> datetime:
        """The hour that it shows."""
        return self.at


def play(
    folder: Path,
    *,
    like: str,
    script: Path | None = None,
    until: str | None = None,
    progress: Callable[[str, int, int], None],
) -> dict[str, Any]:
    """Build the drill's mission in a new folder, play the script on it, and tell every change.

    `like` is the shipped mission that it is built on; its own script is played, or `script`.
    `until` ends it sooner, in the script's zone. Raises ConfigurationError, with file, line and
    field, for whatever in the script cannot be done, and NotFound for an unknown mission or a
    folder that is not empty.
    """
    if like not in shipped():
        raise NotFound(f"no mission {like!r} is shipped; there are: {', '.join(shipped())}")
    with ExitStack() as stack:
        base = stack.enter_context(as_file(files("trucewatch") / "missions" / like))
        path = script or base / "exercise" / SCRIPT
        if not path.is_file():
            raise NotFound(f"no script {path}" if script else f"{like!r} comes without a script")
        read = read_script(path)
        end = read.until if until is None else min(read.until, _sooner(until, read))
        stage(folder, base=base, script=path)
        hands = Hands(read.steps[0].at)
        make_ready(progress)
        with Mission.open(folder, now=hands) as mission:
            return _Play(mission, read, hands).run(end, progress)


def _sooner(text: str, script: Script) -> datetime:
    try:
        at = read_moment(text, script.zone)
    except ValueError as fault:
        raise Refused(f"--until: {fault}") from None
    if at < script.steps[0].at:
        raise Refused("--until lies before the first step of the script")
    return at


class _Play:
    def __init__(self, mission: Mission, script: Script, hands: Hands) -> None:
        self.mission, self.script, self.hands = mission, script, hands
        mission.sync_settings()
        self.configuration = mission.configuration()
        for name in script.audiences:
            try:
                audience_of(self.configuration, name)
            except NotFound as fault:
                raise script.document.refuse(("audiences",), str(fault)) from None
        self.derived: Derived = bring_up_to_date(mission)
        self.published: dict[tuple[str, date], Derived] = {}
        self.acts = Acts(mission, script)

    def run(self, end: datetime, progress: Callable[[str, int, int], None]) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        seen: list[dict[str, Any]] = []
        moments = list(_moments(self.script, end))
        for done, at in enumerate(moments):
            self.hands.at = at
            titles = [self._do(step) for step in self.script.steps if step.at == at]
            steps = [self._row(one) for one in self._open(at)]
            sent = [row for name in self.script.audiences for row in self._send(name)]
            issued = [row for name in self.script.audiences for row in self._publish(name, at)]
            if titles or sent or issued or _lasting(steps) != seen:
                rows.append(
                    {
                        "at": self._local(at),
                        "what": titles,
                        "steps": steps,
                        "alerts": sent,
                        "bulletins": issued,
                    }
                )
            seen = _lasting(steps)
            progress("playing", done + 1, len(moments))
        return {
            "exercise": True,
            "name": self.script.name,
            "about": self.script.about,
            "mission": str(self.mission.folder),
            "zone": self.configuration.mission.mission.timezone,
            "hours": rows,
        }

    def _do(self, step: Step) -> str:
        """One step of the script; a fault in it names the line that it stands on."""
        try:
            self.acts.act(step, self.derived)
        except ConfigurationError:
            raise
        except (TrucewatchError, ValueError) as fault:
            raise self.script.refuse(step, str(fault)) from fault
        self.derived = bring_up_to_date(self.mission)
        return step.title

    def _send(self, audience: str) -> list[dict[str, Any]]:
        sent = alerting.send(self.mission, self.derived, audience=audience)["sent"]
        return list(sent)

    def _publish(self, audience: str, at: datetime) -> list[dict[str, Any]]:
        """Issue the bulletins of the days that may be told by now, where they say something new."""
        zone = self.configuration.zone
        delay = audience_of(self.configuration, audience).delay
        day = self.script.steps[0].at.astimezone(zone).date()
        due = []
        while datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone) + delay <= at:
            if self.published.get((audience, day)) is not self.derived:
                due.append(day)
                self.published[audience, day] = self.derived
            day += timedelta(days=1)
        if not due:
            return []
        issued = publish(self.mission, self.derived, days=due, audience=audience)
        return [
            {"audience": audience, "issue": one.stem, "headline": one.headline}
            for one in issued
            if one.new
        ]

    def _open(self, at: datetime) -> list[AsOf]:
        """What is open at an hour, response by response, in the order of the ladder."""
        order = {
            (trigger.id, step.id): (place, rung)
            for place, trigger in enumerate(self.configuration.agreement.triggers)
            for rung, step in enumerate(trigger.steps)
        }

        def key(one: AsOf) -> tuple[object, ...]:
            obligation = one.obligation
            first = min(timer.start for timer in obligation.timers if timer.start is not None)
            return first, order[obligation.trigger, obligation.step], obligation.id

        return sorted(as_of(self.derived.obligations, at), key=key)

    def _row(self, one: AsOf) -> dict[str, Any]:
        timers = {timer.clock: timer for timer in one.obligation.timers}
        left = dict(one.left)
        return {
            "step": one.obligation.step,
            "progress": one.word,
            "waiting": not one.settled,
            "opened": self._local(one.obligation.opened),
            **{
                f"{clock.value}_{name}": value
                for clock in Clock
                for name, value in (
                    ("since", self._local(timers[clock].start)),
                    ("due", self._local(timers[clock].due)),
                    # Where nothing is waited for any more, no clock is of use.
                    ("left", None if one.settled else span(left[clock])),
                )
            },
            "missing": list(one.obligation.missing),
            "standing": one.obligation.standing,
        }

    def _local(self, at: datetime | None) -> str | None:
        return None if at is None else f"{at.astimezone(self.configuration.zone):%Y-%m-%d %H:%M}"


def _moments(script: Script, end: datetime) -> Iterator[datetime]:
    """Every hour of the drill, and the times of its steps between them."""
    first = script.steps[0].at
    steps = {step.at for step in script.steps}
    hour = first.replace(minute=0, second=0, microsecond=0) + HOUR
    hours = set()
    while hour <= end:
        hours.add(hour)
        hour += HOUR
    yield from sorted(at for at in steps | hours | {end} if at <= end)


def _lasting(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of the table does not change by itself from one hour to the next."""
    return [{k: v for k, v in row.items() if not k.endswith("_left")} for row in steps]


def span(left: timedelta | None) -> str | None:
    """A length of time as hours and minutes, "-3:05" where it has run out."""
    if left is None:
        return None
    minutes = round(left.total_seconds() / 60)
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
