"""Signing in and out: who proves to be whom, how often they may try, and how long it counts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.app.clock import clock
from trucewatch.app.web.accounts import passwords
from trucewatch.app.web.accounts.guesses import Guesses, TooMany
from trucewatch.app.web.accounts.knowing import NOBODY, WRONG_CODE, Entered, Known, Over, Wrong
from trucewatch.app.web.accounts.noting import Access, Notes
from trucewatch.app.web.accounts.people import Settings
from trucewatch.app.web.accounts.providing import Provider
from trucewatch.app.web.accounts.second import CODE, RECOVERY, Half, Halves, SecondFactor
from trucewatch.app.web.accounts.store import NOTED_S, SCOPES, Store, seconds
from trucewatch.app.web.limits import Bucket
from trucewatch.app.web.viewer import PUBLIC, Viewer
from trucewatch.errors import NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from starlette.requests import HTTPConnection

    from trucewatch.app.settings import PersonSection
    from trucewatch.app.web.accounts.store import Session

COOKIE = "trucewatch"
STREAMS = frozenset({"/events"})
"""What a page asks for by itself: a tab that was left open is nobody's work."""

GUESSES_PER_MINUTE = 120
"""Of all names together, from devices that are not known: each costs 64 MiB for a moment."""

LEEWAY_S = 300
"""So far a clock that is put right may go back without ending anybody's session."""

LONGEST_NAME = 64
LONGEST_TOKEN_DAYS = 366


class Accounts:
    """Who may get into one mission's application; it keeps nothing but what its files hold."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = clock) -> None:
        self.folder = folder
        self.now = now
        self.settings = Settings(folder)
        self.store = Store(folder)
        self.notes = Notes(folder, self.settings, now=now)
        self.guesses = Guesses(self.store, now)
        self.second = SecondFactor(self.store, self.notes, self.guesses, now)
        self.halves = Halves()
        self.provider = Provider(folder)
        self._all = Bucket(clock=time.monotonic)

    # Who calls

    def known(self, call: HTTPConnection) -> Known:
        """Who sent a call, asked for once a call."""
        found: Known | None = getattr(call.state, "known", None)
        if found is None:
            found = call.state.known = self._who(call)
        return found

    def viewer(self, call: HTTPConnection) -> Viewer:
        """Who looks, as it is at this moment; the public where nothing proves otherwise.

        It is asked for anew each time: a stream outlives roles and sessions.
        """
        return self._who(call).viewer

    def _who(self, call: HTTPConnection) -> Known:
        """Who shows a token, or else a session.

        A call that shows a token is nobody's where the token is none, whatever session it names:
        so a page elsewhere can neither borrow a session nor ride on a token.
        """
        kind, _, secret = call.headers.get("authorization", "").partition(" ")
        if kind:
            return self.by_token(secret.strip()) if kind.lower() == "bearer" else NOBODY
        name = call.cookies.get(self.cookie, "")
        return self.by_session(name, idle=call.url.path in STREAMS)

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; by https one that no other host can set."""
        return f"__Host-{COOKIE}" if self.settings.now().web.https else COOKIE

    def by_session(self, name: str, *, idle: bool = False) -> Known:
        """Who a browser's session belongs to; nobody once its time is over or the person is gone.

        The roles are those in force now. A session ends after `session_hours`, and after
        `idle_minutes` without a call; an `idle` one does not count. One that showed a password
        alone ends where a code is asked for now, and is nobody's where the person's role must
        have a second factor: it can do no more than set one up.
        """
        found = self.store.session(name) if name else None
        if found is None:
            return NOBODY
        person = self.settings.person(found.person)
        short = not found.passed
        if person is None or not self.lasts(found) or (short and found.asked):
            self.store.end(found.person, found.digest)
            return NOBODY
        at = seconds(self.now())
        if not idle and at >= found.seen + min(NOTED_S, self.settings.now().web.idle_minutes * 30):
            self.store.seen(found.digest, at)
        if short and self.must_have_second(person):
            return Known(viewer=Viewer(), session=found, owes=True)
        return Known(viewer=_viewer(person, None), session=found)

    def must_have_second(self, person: PersonSection) -> bool:
        """Whether a role of that person is one that must have a second factor."""
        return not set(person.roles).isdisjoint(self.settings.now().web.second_factor)

    def by_token(self, secret: str) -> Known:
        """Who a program's token belongs to; nobody once its time is over or the person is gone."""
        found = self.store.token(secret)
        at = seconds(self.now())
        if found is None or (found.expires is not None and at >= found.expires):
            return NOBODY
        person = self.settings.person(found.person)
        if person is None:
            return NOBODY
        self.store.used(found.id, at)
        return Known(viewer=_viewer(person, found.scopes), token=found)

    # Getting in

    def sign_in(self, person: str, password: str, *, device: str = "") -> Entered | Half:
        """A session for whoever knows a person's password; half of one where a code is asked for.

        TooMany after too many guesses, counted for each name, known or not, and apart for a device
        from which that person signed in before: so guesses from elsewhere lock nobody out. Wrong,
        after the same time for an unknown person as for a wrong password; its `note` is to be
        called once that was answered, as writing it takes a time that differs.
        """
        name = person.strip()[:LONGEST_NAME]
        known = bool(device) and self.store.knows_device(device, name)
        wait = 0 if known else self._all.call("all", GUESSES_PER_MINUTE)
        if wait:
            raise TooMany(wait)
        sort, guessed = ("device", device) if known else ("person", name.casefold())
        who = self.guesses.count(sort, guessed)
        kept = self.store.password(name)
        right = passwords.is_right(kept, password) and self.settings.person(name) is not None
        if kept is None or not right:
            # What was typed may be a password in the wrong field: only a known name is kept.
            noted = Access(what="failed", by=name if kept else "", how="password")
            raise Wrong(lambda: self.notes.once(noted))
        guesses = self.guesses.right(who)
        if passwords.is_outdated(kept):
            before, kept = kept, passwords.hashed(password)
            self.store.rehash(name, before, kept)
        reason = f"after {guesses} wrong" if guesses else ""
        how = "password"
        return self._one_way_in(
            Half(person=name, how=how, reason=reason, device=device, known=known, proof=kept)
        )

    def vouched(self, person: str, how: str, *, passed: bool) -> Entered | Half:
        """A session for whom a provider vouches; half of one where a code is asked for.

        `passed` where the provider said of the sign-in what the mission demands of it.
        """
        if passed:
            return self.enter(person, how, passed=True)
        return self._one_way_in(Half(person=person, how=how, known=True))

    def _one_way_in(self, half: Half) -> Entered | Half:
        if self.second.is_asked(half.person):
            return half
        return self.enter(half.person, half.how, reason=half.reason, device=not half.known)

    def finish(self, name: str, code: str) -> tuple[Entered, str]:
        """The session of a sign-in that waited for a code, and where it goes.

        `name` is what the browser kept. Over where it waited too long, or the password is another
        by now; TooMany as for passwords, a known device apart; Wrong for a code that is wrong or
        was used, its `note` to be called once that was answered.
        """
        found = self.halves.find(name)
        if found is None:
            raise Over("sign in again: that was too long ago")
        half, to = found
        if self.settings.person(half.person) is None or (
            half.how == "password" and self.store.password(half.person) != half.proof
        ):
            self.halves.drop(name)
            raise Over("sign in again: the password was changed")
        device = half.device if half.known else ""
        sort = "device code" if device else CODE
        which = self.second.check(half.person, code, sort=sort, name=device)
        if not which:
            noted = Access(what="failed", by=half.person, how=f"{half.how} and code")
            raise Wrong(lambda: self.notes.once(noted), WRONG_CODE)
        self.halves.drop(name)
        how = f"{half.how} and {which}"
        left = self.store.recovery_left(half.person) if which == RECOVERY else None
        reason = half.reason if left is None else f"{left} recovery codes left"
        entered = self.enter(half.person, how, reason=reason, device=not half.known, passed=True)
        return entered, to

    def enter(
        self,
        person: str,
        how: str,
        *,
        reason: str = "",
        device: bool = False,
        passed: bool = False,
    ) -> Entered:
        """A session for somebody who has proved who they are; EvidenceError if it is not noted.

        `passed` where they showed more than a password.
        """
        at = self.now()
        self.notes.note(Access(what="sign-in", by=person, how=how, reason=reason))
        ends = seconds(at) - int(self.settings.now().web.session_hours * 3600)
        name, known = self.store.begin(
            person, how, seconds(at), ends=ends, device=device, passed=passed
        )
        return Entered(person=person, session=name, device=known)

    # Passwords and tokens

    def set_password(self, person: str, password: str, *, how: str, stay: str = "") -> None:
        """Give a person of mission.toml a password; Refused, with the rule, for a poor one.

        Every session of theirs ends, but the one whose digest is `stay`.
        """
        office = self.person(person)
        mission = self.settings.now().mission
        passwords.check(
            password, about=(person, office.name, mission.id, mission.name, "trucewatch")
        )
        if self.settings.is_breached(password):
            raise Refused("the password was breached elsewhere: choose another")
        self.notes.note(Access(what="password", by=person, how=how))
        self.store.keep_password(person, passwords.hashed(password), seconds(self.now()), stay=stay)

    def is_password(self, person: str, password: str) -> bool:
        """Whether it is their password, asked of somebody signed in; guesses count. TooMany."""
        who = self.guesses.count("signed in", person)
        if not passwords.is_right(self.store.password(person), password):
            return False
        self.guesses.right(who)
        return True

    def give_token(
        self, person: str, scopes: frozenset[str], *, days: int | None, how: str
    ) -> tuple[str, str]:
        """A new token of a person: its id, and the secret, which is shown this once.

        ValueError for a scope that there is not, or for no days or too many.
        """
        self.person(person)
        if not scopes or not scopes <= set(SCOPES):
            raise ValueError(f"scopes are {', '.join(SCOPES)}")
        if days is not None and not 1 <= days <= LONGEST_TOKEN_DAYS:
            raise ValueError(f"a token lasts from 1 to {LONGEST_TOKEN_DAYS} days")
        at = seconds(self.now())
        expires = None if days is None else at + days * 86_400
        named = " ".join(sorted(scopes))
        self.notes.note(Access(what="token", by=person, how=how, reason=named))
        return self.store.give(person, scopes, at, expires=expires, only=False)

    def revoke(self, token: str, *, how: str, person: str | None = None) -> str | None:
        """Take a token (of that person) out of use; whose it was, None where there is none."""
        gone = self.store.revoke(token, person)
        if gone is not None:
            self.notes.note(Access(what="revoke", by=gone, how=how, id=token))
        return gone

    def remove(self, person: str, *, how: str) -> bool:
        """Remove an account with its sessions and tokens; False where there was none."""
        gone = self.store.remove(person)
        if gone:
            self.notes.note(Access(what="remove", by=person, how=how))
        return gone

    def sign_out_everywhere(self, person: str, *, how: str) -> int:
        """End every session of a person; how many there were."""
        gone = self.store.end(person)
        self.notes.note(Access(what="sign-out", by=person, how=how, reason="everywhere"))
        return gone

    def lasts(self, session: Session) -> bool:
        """Whether the time of a session is not over."""
        at, web = seconds(self.now()), self.settings.now().web
        return (
            # One that begins in the future outlasts its time: the clock was set back.
            session.made <= at + LEEWAY_S
            and at < session.made + web.session_hours * 3600
            and at < session.seen + web.idle_minutes * 60
        )

    def local(self, moment: datetime) -> datetime:
        """A time in the mission's zone."""
        return moment.astimezone(ZoneInfo(self.settings.now().mission.timezone))

    def person(self, identifier: str) -> PersonSection:
        """The person in force; NotFound, with those there are, for anybody else."""
        found = self.settings.person(identifier)
        if found is None:
            known = ", ".join(sorted(one.id for one in self.settings.now().people))
            raise NotFound(
                f"mission.toml names no person {identifier!r} (it names: {known or 'none yet'}); "
                "a changed mission.toml counts from the next 'run'"
            )
        return found


def _viewer(person: PersonSection, scopes: frozenset[str] | None) -> Viewer:
    """A person as they look; a token that may not read sees what the public sees."""
    reads = scopes is None or "read" in scopes
    return Viewer(
        roles=frozenset({PUBLIC, *person.roles}) if reads else frozenset({PUBLIC}),
        person=person.id,
        party=person.party,
        state=person.state,
        body=person.body,
        scopes=scopes,
    )
