"""Signing in and out: who proves to be whom, how often they may try, and how long it counts."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from trucewatch.app.clock import clock
from trucewatch.app.web.accounts import passwords
from trucewatch.app.web.accounts.noting import Access, Notes
from trucewatch.app.web.accounts.people import Settings
from trucewatch.app.web.accounts.providing import Provider
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
    from trucewatch.app.web.accounts.store import Session, Token

COOKIE = "trucewatch"
STREAMS = frozenset({"/events"})
"""What a page asks for by itself: a tab that was left open is nobody's work."""

FREE = 5
"""Wrong guesses in a row that cost no waiting."""

GUESSES_PER_MINUTE = 120
"""Of all names together, from devices that are not known: each costs 64 MiB for a moment."""

LONGEST_WAIT_S = 900
"""The longest wait after one more wrong guess: nobody is locked out for longer than that."""

LEEWAY_S = 300
"""So far a clock that is put right may go back without ending anybody's session."""

FORGOTTEN_S = 86_400
LONGEST_NAME = 64
LONGEST_TOKEN_DAYS = 366
WRONG = "The name or the password is wrong."
"""Said of an unknown person and of a wrong password alike."""


class TooMany(Refused):
    """Too many guesses; `wait` is how many seconds to wait."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many tries: wait {wait} s.")
        self.wait = wait


class Wrong(Refused):
    """The name or the password is wrong; which of them is said to nobody."""

    def __init__(self, note: Callable[[], None]) -> None:
        super().__init__(WRONG)
        self.note = note


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A new session: what the browser is to keep, and what it knows the device by (or "")."""

    person: str
    session: str
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who proved to be somebody, and how: by a session or by a token, one of both."""

    viewer: Viewer
    session: Session | None = None
    token: Token | None = None

    @property
    def how(self) -> str:
        """The way in, as it is noted."""
        if self.token is not None:
            return f"token {self.token.id}"
        return "" if self.session is None else self.session.how


NOBODY = Known(viewer=Viewer())


class Accounts:
    """Who may get into one mission's application; it keeps nothing but what its files hold."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = clock) -> None:
        self.folder = folder
        self.now = now
        self.settings = Settings(folder)
        self.store = Store(folder)
        self.notes = Notes(folder, self.settings, now=now)
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
        `idle_minutes` without a call; an `idle` one does not count.
        """
        found = self.store.session(name) if name else None
        if found is None:
            return NOBODY
        person = self.settings.person(found.person)
        if person is None or not self.lasts(found):
            self.store.end(found.person, found.digest)
            return NOBODY
        at = seconds(self.now())
        if not idle and at >= found.seen + min(NOTED_S, self.settings.now().web.idle_minutes * 30):
            self.store.seen(found.digest, at)
        return Known(viewer=_viewer(person, None), session=found)

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

    def sign_in(self, person: str, password: str, *, device: str = "") -> Entered:
        """A session for whoever knows a person's password.

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
        who = _guesser("device", device) if known else _guesser("person", name.casefold())
        at = seconds(self.now())
        wait = self.store.attempt(who, at, _wait, forget=at - FORGOTTEN_S)
        if wait:
            raise TooMany(wait)
        kept = self.store.password(name)
        right = passwords.is_right(kept, password) and self.settings.person(name) is not None
        if kept is None or not right:
            # What was typed may be a password in the wrong field: only a known name is kept.
            noted = Access(what="failed", by=name if kept else "", how="password")
            raise Wrong(lambda: self.notes.once(noted))
        guesses = self.store.right(who) - 1
        if passwords.is_outdated(kept):
            self.store.rehash(name, kept, passwords.hashed(password))
        reason = f"after {guesses} wrong" if guesses else ""
        return self.enter(name, "password", reason=reason, device=not known)

    def enter(self, person: str, how: str, *, reason: str = "", device: bool = False) -> Entered:
        """A session for somebody who has proved who they are; EvidenceError if it is not noted."""
        at = self.now()
        self.notes.note(Access(what="sign-in", by=person, how=how, reason=reason))
        ends = seconds(at) - int(self.settings.now().web.session_hours * 3600)
        name, known = self.store.begin(person, how, seconds(at), ends=ends, device=device)
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
        self.notes.note(Access(what="password", by=person, how=how))
        self.store.keep_password(person, passwords.hashed(password), seconds(self.now()), stay=stay)

    def is_password(self, person: str, password: str) -> bool:
        """Whether it is their password, asked of somebody signed in; guesses count. TooMany."""
        at = seconds(self.now())
        who = _guesser("signed in", person)
        wait = self.store.attempt(who, at, _wait, forget=at - FORGOTTEN_S)
        if wait:
            raise TooMany(wait)
        if not passwords.is_right(self.store.password(person), password):
            return False
        self.store.right(who)
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


def _wait(wrong: int) -> int:
    """Seconds to wait after so many wrong guesses in a row: 1, 2, 4 and so on, to the longest."""
    return 0 if wrong < FREE else min(2 ** min(wrong - FREE, 20), LONGEST_WAIT_S)


def _guesser(sort: str, name: str) -> str:
    """The name under which guesses are counted: a hash, as it may be a password mistyped."""
    return hashlib.sha256(f"{sort}\0{name}".encode("utf-8", "replace")).hexdigest()
