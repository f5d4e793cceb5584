"""The file in which accounts are kept: private, made on first use, changed whole or not at all."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.taking_over import FILE as FORMER
from trucewatch.app.web.accounts.taking_over import take_over
from trucewatch.errors import ConfigurationError, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "accounts.db"
VERSION = 2
_WAIT_S = 5.0
_TABLES = """
CREATE TABLE account(person TEXT PRIMARY KEY, password TEXT NOT NULL, made INTEGER NOT NULL,
    changed INTEGER NOT NULL) STRICT;
CREATE TABLE session(digest TEXT PRIMARY KEY, person TEXT NOT NULL, how TEXT NOT NULL,
    made INTEGER NOT NULL, seen INTEGER NOT NULL, passed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE token(id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, person TEXT NOT NULL,
    scopes TEXT NOT NULL, made INTEGER NOT NULL, expires INTEGER, used INTEGER) STRICT;
CREATE TABLE device(digest TEXT PRIMARY KEY, person TEXT NOT NULL, made INTEGER NOT NULL) STRICT;
CREATE TABLE guess(who TEXT PRIMARY KEY, wrong INTEGER NOT NULL, last INTEGER NOT NULL) STRICT;
CREATE TABLE secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
"""
_FACTORS = """
CREATE TABLE factor(person TEXT PRIMARY KEY, secret TEXT NOT NULL, made INTEGER NOT NULL,
    confirmed INTEGER) STRICT;
CREATE TABLE code(person TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY(person, step)) STRICT;
CREATE TABLE recovery(digest TEXT PRIMARY KEY, person TEXT NOT NULL) STRICT;
"""
_FROM_1 = f"""
ALTER TABLE session ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
{_FACTORS}"""
"""What a file of version 1, which knew no second factor, lacks."""


class AccountsFile:
    """The file of accounts of one mission; each call opens it, so that many may work at once.

    Raises StoreUnavailable where it cannot be read or written, and ConfigurationError where others
    than its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the file, made on first use: kept whole or not at all."""
        try:
            self._make()
            link = sqlite3.connect(self.path, timeout=_WAIT_S, isolation_level=None)
        except (OSError, sqlite3.Error) as fault:
            raise StoreUnavailable(f"{FILE} cannot be opened: {fault}") from fault
        try:
            link.execute("PRAGMA secure_delete = ON")
            link.execute("BEGIN IMMEDIATE")
            self._lay_out(link)
            yield link
            link.execute("COMMIT")
        except sqlite3.Error as fault:
            raise StoreUnavailable(f"{FILE} cannot be used: {fault}") from fault
        finally:
            # What was not committed is rolled back.
            link.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The file for reading, which waits for no writer between two calls."""
        if not self.path.exists() or (self.folder / FORMER).exists():
            with self.open():
                pass
        try:
            self._private()
            link = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT_S
            )
        except (OSError, sqlite3.Error) as fault:
            raise StoreUnavailable(f"{FILE} cannot be opened: {fault}") from fault
        try:
            if _version(link) < VERSION:
                with self.open():
                    pass
            yield link
        except sqlite3.Error as fault:
            raise StoreUnavailable(f"{FILE} cannot be used: {fault}") from fault
        finally:
            link.close()

    def _make(self) -> None:
        """Make the file for its owner alone before anything stands in it."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        os.close(os.open(self.path, flags, 0o600))
        self._private()

    def _private(self) -> None:
        if self.path.stat().st_mode & 0o077:
            raise ConfigurationError("others may read it: chmod 600", file=FILE)

    def _lay_out(self, link: sqlite3.Connection) -> None:
        version = _version(link)
        if version not in {0, 1, VERSION}:
            raise StoreUnavailable(f"{FILE} is of version {version}, this program's is {VERSION}")
        if version == 0:
            _run(link, _TABLES + _FACTORS)
            link.execute("INSERT INTO secret VALUES('forms', ?)", (secrets.token_bytes(32),))
        elif version == 1:
            _run(link, _FROM_1)
        if version != VERSION:
            link.execute(f"PRAGMA user_version = {VERSION}")
        take_over(self.folder, link)


def _version(link: sqlite3.Connection) -> int:
    # All of it is fetched: a cursor in the middle would hold up whoever lays the file out.
    ((version,),) = link.execute("PRAGMA user_version").fetchall()
    return int(version)


def _run(link: sqlite3.Connection, statements: str) -> None:
    """Each of some statements by itself: run as one script they would end the transaction."""
    for statement in filter(str.strip, statements.split(";")):
        link.execute(statement)
