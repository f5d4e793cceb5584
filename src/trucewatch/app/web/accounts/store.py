"""What is kept of accounts, in one private SQLite file of the mission's folder, outside every log.

It proves who somebody is and says nothing of what they may do. Of passwords, sessions and tokens
it keeps hashes alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.factor_store import FACTORS, FactorStore
from trucewatch.app.web.accounts.guess_store import GuessStore
from trucewatch.app.web.accounts.hashing import digest

if TYPE_CHECKING:
    from datetime import datetime

SCOPES = ("read", "report", "review", "reply", "notice")
NOTED_S = 60
"""How exact the time is at which a session or a token was used last, in seconds."""

_DEVICE_S = 180 * 86400
_SESSIONS = (
    "SELECT digest, person, how, made, seen, passed, EXISTS(SELECT 1 FROM factor "
    "WHERE factor.person = session.person AND confirmed IS NOT NULL) FROM session"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account: a person of mission.toml who has a password here; times in seconds since 1970."""

    person: str
    made: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in; `digest` is the hash of what their browser holds.

    `passed` says that more than a password was shown: a code, or what a provider vouched for.
    `asked` says whether that person is asked for a code now.
    """

    digest: str
    person: str
    how: str
    made: int
    seen: int
    passed: bool
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A secret for a program; `expires` and `used` are None for never."""

    id: str
    person: str
    scopes: frozenset[str]
    made: int
    expires: int | None
    used: int | None

    def allows(self, scope: str, at: int) -> bool:
        """Whether it has a scope, and its time is not over."""
        return scope in self.scopes and (self.expires is None or at < self.expires)


class Store(FactorStore, GuessStore):
    """What stands in that file: accounts, sessions, tokens, known devices and the rest."""

    # Accounts

    def accounts(self) -> tuple[Account, ...]:
        """All of them, by person."""
        with self.reading() as link:
            found = link.execute("SELECT person, made, changed FROM account ORDER BY person")
            return tuple(Account(person=p, made=m, changed=c) for p, m, c in found)

    def password(self, person: str) -> str | None:
        """The hash of a person's password; None where they have no account here."""
        with self.reading() as link:
            found = link.execute("SELECT password FROM account WHERE person = ?", (person,))
            row = found.fetchone()
            return None if row is None else str(row[0])

    def keep_password(self, person: str, hashed: str, at: int, *, stay: str = "") -> None:
        """Keep a new password; every session but the one whose digest is `stay` ends with it."""
        with self.open() as link:
            link.execute(
                "INSERT INTO account VALUES(?1, ?2, ?3, ?3) ON CONFLICT(person) "
                "DO UPDATE SET password = ?2, changed = ?3",
                (person, hashed, at),
            )
            link.execute("DELETE FROM session WHERE person = ? AND digest <> ?", (person, stay))
            link.execute("DELETE FROM device WHERE person = ?", (person,))

    def rehash(self, person: str, old: str, new: str) -> None:
        """Put the same password, hashed by stronger parameters, in the place of the old hash."""
        with self.open() as link:
            link.execute(
                "UPDATE account SET password = ? WHERE person = ? AND password = ?",
                (new, person, old),
            )

    def remove(self, person: str) -> bool:
        """Remove an account with all that hangs on it; False where there was none."""
        with self.open() as link:
            gone = link.execute("DELETE FROM account WHERE person = ?", (person,)).rowcount
            for table in ("session", "token", "device", *FACTORS):
                gone += link.execute(
                    f"DELETE FROM {table} WHERE person = ?",  # noqa: S608 -- the names stand above
                    (person,),
                ).rowcount
            return gone > 0

    # Sessions

    def begin(
        self, person: str, how: str, at: int, *, ends: int, device: bool, passed: bool
    ) -> tuple[str, str]:
        """A new session: the names of session and, where asked for, of a known device.

        `passed` where more than a password was shown. Sessions that began before `ends` are swept
        away.
        """
        name, known = secrets.token_urlsafe(32), secrets.token_urlsafe(32) if device else ""
        with self.open() as link:
            link.execute("DELETE FROM session WHERE made < ?", (ends,))
            link.execute("DELETE FROM device WHERE made < ?", (at - _DEVICE_S,))
            link.execute(
                "INSERT INTO session VALUES(?1, ?2, ?3, ?4, ?4, ?5)",
                (digest(name), person, how, at, passed),
            )
            if device:
                link.execute("INSERT INTO device VALUES(?, ?, ?)", (digest(known), person, at))
        return name, known

    def session(self, name: str) -> Session | None:
        """The session that a browser names, whether or not its time is over."""
        with self.reading() as link:
            row = link.execute(f"{_SESSIONS} WHERE digest = ?", (digest(name),)).fetchone()
        return None if row is None else _session(row)

    def sessions(self, person: str | None = None) -> tuple[Session, ...]:
        """The sessions of a person, or of all, the newest first."""
        with self.reading() as link:
            found = link.execute(
                f"{_SESSIONS} WHERE ?1 IS NULL OR person = ?1 ORDER BY made DESC, digest",
                (person,),
            )
            return tuple(map(_session, found))

    def seen(self, held: str, at: int) -> None:
        """Note that a session is in use; `held` is its digest."""
        with self.open() as link:
            link.execute("UPDATE session SET seen = ? WHERE digest = ?", (at, held))

    def end(self, person: str, held: str | None = None) -> int:
        """End one session of a person by its digest, or all of them; how many ended."""
        with self.open() as link:
            return link.execute(
                "DELETE FROM session WHERE person = ?1 AND (?2 IS NULL OR digest = ?2)",
                (person, held),
            ).rowcount

    def knows_device(self, name: str, person: str) -> bool:
        """Whether that person has signed in from there before."""
        with self.reading() as link:
            found = link.execute(
                "SELECT 1 FROM device WHERE digest = ? AND person = ?", (digest(name), person)
            )
            return found.fetchone() is not None

    # Tokens

    def give(
        self, person: str, scopes: frozenset[str], at: int, *, expires: int | None, only: bool
    ) -> tuple[str, str]:
        """A new token: its id, and the secret, which is shown this once.

        `only` ends the person's other tokens of the same scopes.
        """
        if not scopes or not scopes <= set(SCOPES):
            raise ValueError(f"scopes are {', '.join(SCOPES)}")
        name, secret = f"tok-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        held = " ".join(sorted(scopes))
        with self.open() as link:
            if only:
                link.execute("DELETE FROM token WHERE person = ? AND scopes = ?", (person, held))
            link.execute(
                "INSERT INTO token VALUES(?, ?, ?, ?, ?, ?, NULL)",
                (name, digest(secret), person, held, at, expires),
            )
        return name, secret

    def token(self, secret: str) -> Token | None:
        """The token that a program shows, whether or not its time is over."""
        return self.token_of(digest(secret))

    def token_of(self, held: str) -> Token | None:
        """The token of that hash."""
        with self.reading() as link:
            row = link.execute(
                "SELECT id, person, scopes, made, expires, used FROM token WHERE digest = ?",
                (held,),
            ).fetchone()
        return None if row is None else _token(row)

    def tokens(self, person: str | None = None) -> tuple[Token, ...]:
        """The tokens of a person, or of all, the newest first."""
        with self.reading() as link:
            found = link.execute(
                "SELECT id, person, scopes, made, expires, used FROM token "
                "WHERE ?1 IS NULL OR person = ?1 ORDER BY made DESC, id",
                (person,),
            )
            return tuple(map(_token, found))

    def used(self, token: str, at: int) -> None:
        """Note that a token was used, once a minute at most."""
        with self.reading() as link:
            fresh = link.execute(
                "SELECT 1 FROM token WHERE id = ? AND used > ?", (token, at - NOTED_S)
            ).fetchone()
        if fresh is None:
            with self.open() as link:
                link.execute("UPDATE token SET used = ? WHERE id = ?", (at, token))

    def revoke(self, token: str, person: str | None = None) -> str | None:
        """Take a token out of use; whose it was, None where there is none (of that person)."""
        with self.open() as link:
            row = link.execute(
                "DELETE FROM token WHERE id = ?1 AND (?2 IS NULL OR person = ?2) RETURNING person",
                (token, person),
            ).fetchone()
            return None if row is None else str(row[0])

    # The secret of the forms

    def secret(self) -> bytes:
        """What the tokens of forms are made with; it never leaves the machine."""
        with self.reading() as link:
            (value,) = link.execute("SELECT value FROM secret WHERE name = 'forms'").fetchone()
            return bytes(value)


def seconds(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def _session(row: tuple[str, str, str, int, int, int, int]) -> Session:
    held, person, how, made, seen, passed, asked = row
    return Session(
        digest=held,
        person=person,
        how=how,
        made=made,
        seen=seen,
        passed=bool(passed),
        asked=bool(asked),
    )


def _token(row: tuple[str, str, str, int, int | None, int | None]) -> Token:
    name, person, scopes, made, expires, used = row
    return Token(
        id=name,
        person=person,
        scopes=frozenset(scopes.split()),
        made=made,
        expires=expires,
        used=used,
    )
