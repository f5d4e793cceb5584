"""The second factor of an account: set up, asked for, taken off; and sign-ins half way to it."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts import codes
from trucewatch.app.web.accounts.hashing import digest
from trucewatch.app.web.accounts.noting import Access
from trucewatch.app.web.accounts.store import seconds
from trucewatch.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trucewatch.app.web.accounts.guesses import Guesses
    from trucewatch.app.web.accounts.noting import Notes
    from trucewatch.app.web.accounts.store import Store

PROPOSED_S = 600
"""So long a secret that was shown waits for its first code."""

HALF_S = 600.0
"""So long a sign-in waits for its code."""

MOST_HALVES = 1_000
CODE, RECOVERY = "code", "recovery code"


class SecondFactor:
    """The second factors of one mission's accounts."""

    def __init__(
        self, store: Store, notes: Notes, guesses: Guesses, now: Callable[[], datetime]
    ) -> None:
        self._store, self._notes, self._guesses, self._now = store, notes, guesses, now

    def is_asked(self, person: str) -> bool:
        """Whether a person is asked for a code at sign-in."""
        found = self._store.factor(person)
        return found is not None and found.confirmed is not None

    def propose(self, person: str) -> str:
        """A new secret for a device, shown this once; it counts once a code has confirmed it.

        Refused where the person has a second factor: it is removed first.
        """
        secret = codes.new_secret()
        if not self._store.propose(person, secret, seconds(self._now())):
            raise Refused("there is a second factor: remove it first")
        return secret

    def confirm(self, person: str, code: str, *, how: str) -> tuple[str, ...] | None:
        """Have the proposed device count, by its first code: the recovery codes, shown this once.

        Every session of the person ends. None for a wrong code, or where nothing was proposed
        within ten minutes; TooMany after too many.
        """
        who = self._guesses.count(CODE, person)
        found, at = self._store.factor(person), seconds(self._now())
        if found is None or found.confirmed is not None or at >= found.made + PROPOSED_S:
            return None
        steps = list(codes.steps(found.secret, code, at))
        if not steps:
            return None
        self._guesses.right(who)
        self._notes.note(Access(what="factor", by=person, how=how, reason="set up"))
        made = codes.new_recovery_codes()
        return made if self._store.confirm(found, steps, map(digest, made), at) else None

    def check(self, person: str, code: str, *, sort: str = CODE, name: str = "") -> str:
        """Which sort of code it is, CODE or RECOVERY, used up with that; "" for a wrong one.

        Guesses count under `sort` and `name`, the person's unless another is given. TooMany.
        """
        who = self._guesses.count(sort, name or person)
        found = self._store.factor(person)
        if found is None or found.confirmed is None:
            return ""
        steps = list(codes.steps(found.secret, code, seconds(self._now())))
        recovery = codes.recovery_code(code)
        if steps and self._store.use(person, steps):
            which = CODE
        elif recovery is not None and self._store.use_recovery(person, digest(recovery)):
            which = RECOVERY
        else:
            return ""
        self._guesses.right(who)
        return which

    def renew_recovery(self, person: str, *, how: str) -> tuple[str, ...]:
        """New recovery codes in the place of the old ones; ask for password and code before it."""
        self._notes.note(Access(what="factor", by=person, how=how, reason="new recovery codes"))
        made = codes.new_recovery_codes()
        self._store.keep_recovery(person, map(digest, made))
        return made

    def remove(self, person: str, *, how: str, reason: str = "removed") -> bool:
        """Take a second factor off, and end every session of the person; False if there is none."""
        if self._store.factor(person) is None:
            return False
        self._notes.note(Access(what="factor", by=person, how=how, reason=reason))
        return self._store.drop_factor(person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A sign-in that still needs a code: who, and how they got so far.

    `proof` is the hash of the password as it was: with another one it is over. `device` is what
    the browser showed to be known, "" for a new one.
    """

    person: str
    how: str
    reason: str = ""
    device: str = field(default="", repr=False)
    known: bool = False
    proof: str | None = field(default=None, repr=False)


class Halves:
    """Sign-ins half way, each bound to the browser that began it; a restart forgets them."""

    def __init__(self, *, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks, self._lock = ticks, Lock()
        self._kept: OrderedDict[str, tuple[Half, str, float]] = OrderedDict()

    def keep(self, half: Half, to: str) -> str:
        """What the browser is to keep; `to` is where it goes afterwards."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._kept[digest(name)] = (half, to, self._ticks() + HALF_S)
            while len(self._kept) > MOST_HALVES:
                self._kept.popitem(last=False)
        return name

    def find(self, name: str) -> tuple[Half, str] | None:
        """The sign-in of a browser and where it goes; None after ten minutes."""
        with self._lock:
            half, to, until = self._kept.get(digest(name), (None, "", 0.0))
        return None if half is None or until <= self._ticks() else (half, to)

    def drop(self, name: str) -> None:
        """Forget one: it was finished."""
        with self._lock:
            self._kept.pop(digest(name), None)
