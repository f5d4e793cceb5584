"""Who may enter notices from elsewhere: holders of a token of the scope "notice"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.clock import clock
from trucewatch.app.web.accounts.file import FILE
from trucewatch.app.web.accounts.hashing import digest
from trucewatch.app.web.accounts.store import Store, seconds

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE", "SCOPE", "counts", "digest", "give", "holder", "known", "revoke"]

SCOPE = "notice"


def give(folder: Path, person: str) -> str:
    """A new token of a person, who has no other for notices alone; it is shown this once."""
    now = seconds(clock())
    return Store(folder).give(person, frozenset({SCOPE}), now, expires=None, only=True)[1]


def revoke(folder: Path, person: str) -> bool:
    """Take a person's tokens for notices alone out of use; False where there was none."""
    store = Store(folder)
    held = [one.id for one in store.tokens(person) if one.scopes == {SCOPE}]
    for one in held:
        store.revoke(one)
    return bool(held)


def holder(folder: Path, token: str) -> str | None:
    """Whose token it is, if it allows notices and its time is not over; None for nobody's."""
    store, now = Store(folder), seconds(clock())
    found = store.token(token)
    if found is None or not found.allows(SCOPE, now):
        return None
    store.used(found.id, now)
    return found.person


def counts(folder: Path, held: str) -> bool:
    """Whether the token of that hash still allows notices."""
    found = Store(folder).token_of(held)
    return found is not None and found.allows(SCOPE, seconds(clock()))


def known(folder: Path) -> bool:
    """Whether anybody has such a token."""
    now = seconds(clock())
    return any(one.allows(SCOPE, now) for one in Store(folder).tokens())
