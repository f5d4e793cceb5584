"""What the calls of the intake share: the mission's folder, the limits, and who is signed in."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from trucewatch.app.mission import Mission
from trucewatch.app.notices import keeping as notices
from trucewatch.app.notices import tokens
from trucewatch.app.notices.limits import Rate
from trucewatch.app.notices.page import page
from trucewatch.commitments.notices import read_act
from trucewatch.errors import NotFound, RecordRejected
from trucewatch.model import NoticeAct

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SESSION_S = 8 * 3600.0
MOST_SESSIONS = 100
PER_MINUTE = 30
WRONG_PER_MINUTE = 10
NOBODY = "nobody"


class Refusal(Exception):
    """An answer other than the one asked for; `words` say what to do."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status, self.words, self.headers = status, words, headers


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in on the form; `csrf` is what no other site can know."""

    person: str
    token_hash: str
    csrf: str
    ends: float


class Intake:
    """What the calls share: the mission's folder, the limits and who is signed in."""

    def __init__(
        self,
        folder: Path,
        *,
        now: Callable[[], Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self._now, self._clock = folder, now, clock
        self._calls = Rate(PER_MINUTE, 60, clock=clock)
        self._wrong = Rate(WRONG_PER_MINUTE, 60, clock=clock)
        self._sessions: dict[str, Session] = {}
        self._entering = Lock()

    def mission(self) -> Mission:
        """The mission, for reading; notices go into a log of their own."""
        given = {} if self._now is None else {"now": self._now}
        return Mission.open(self.folder, readonly=True, **given)

    def person(self, token: str) -> str:
        """Whose token it is, if they may still work at the desk; Refusal for anybody else."""
        found = tokens.holder(self.folder, token)
        if found is None:
            # All who have none wait together: on one machine all callers have one address.
            self.pace(NOBODY, self._wrong)
            raise Refusal(
                401,
                "no such token: 'trucewatch notice token --by PERSON' makes one",
                **{"WWW-Authenticate": "Bearer"},
            )
        with self.mission() as mission:
            notices.desk(mission, found)
        return found

    def enter(self, person: str, raw: bytes) -> dict[str, Any]:
        """Take in what a person sent; one at a time, as a log has one writer."""
        self.pace(person)
        with self._entering, self.mission() as mission:
            return notices.add_all(mission, raw, by=person)

    def enter_one(self, person: str, fields: dict[str, Any]) -> dict[str, Any]:
        """The same for one notice of the form."""
        self.pace(person)
        with self._entering, self.mission() as mission:
            return notices.add(mission, fields, by=person)

    def act(self, person: str, identifier: str, done: NoticeAct, raw: bytes) -> dict[str, Any]:
        """Acknowledge, amend or cancel a notice; Refusal where it is not there, or is cancelled."""
        self.pace(person)
        changes, reason = read_act(raw)
        if changes and done is not NoticeAct.AMEND:
            raise RecordRejected("only an amendment has fields; give a reason", pointer="the act")
        with self._entering, self.mission() as mission:
            try:
                if done is NoticeAct.AMEND:
                    return notices.amend(mission, identifier, changes, by=person, reason=reason)
                return notices.act(mission, identifier, done, by=person, reason=reason)
            except NotFound as fault:
                raise Refusal(404, str(fault)) from None

    def pace(self, person: str, rate: Rate | None = None) -> None:
        """Refuse whoever calls too often."""
        wait = (rate or self._calls).call(person)
        if wait:
            raise Refusal(429, f"too many calls: wait {wait} s", **{"Retry-After": f"{wait}"})

    def sign_in(self, token: str) -> str:
        """The name of a new session."""
        person = self.person(token)
        now = self._clock()
        alive = {name: one for name, one in self._sessions.items() if one.ends > now}
        while len(alive) >= MOST_SESSIONS:
            del alive[next(iter(alive))]
        name = secrets.token_urlsafe(32)
        kept = tokens.digest(token)
        alive[name] = Session(person, kept, secrets.token_urlsafe(32), now + SESSION_S)
        self._sessions = alive
        return name

    def session(self, name: str | None) -> Session | None:
        """The session of that name, if it has not ended and its token still counts."""
        found = self._sessions.get(name or "")
        if found is None or found.ends <= self._clock():
            return None
        # A token that was replaced or revoked ends what was signed in by it.
        return found if tokens.counts(self.folder, found.token_hash) else None

    def sign_out(self, name: str | None) -> None:
        """End a session."""
        self._sessions.pop(name or "", None)

    def show(self, session: Session | None, **more: Any) -> bytes:  # noqa: ANN401 -- see `page`
        """The form as this person sees it; whoever is not signed in sees the way in and no more."""
        if session is None:
            return page(person=None, **more)
        with self.mission() as mission:
            configuration = mission.configuration()
            return page(
                person=session.person,
                csrf=session.csrf,
                zone=str(configuration.zone),
                exercise=configuration.mission.mission.exercise,
                notices=notices.listing(mission)["notices"],
                **more,
            )
