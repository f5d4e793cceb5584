"""What a wrong guess costs: a wait that doubles, counted for each name before it is looked at."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.store import seconds
from trucewatch.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trucewatch.app.web.accounts.store import Store

FREE = 5
"""Wrong guesses in a row that cost no waiting."""

LONGEST_WAIT_S = 900
"""The longest wait after one more wrong guess: nobody is locked out for longer than that."""

FORGOTTEN_S = 86_400


class TooMany(Refused):
    """Too many guesses; `wait` is how many seconds to wait."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"Too many tries: wait {wait} s.")
        self.wait = wait


class Guesses:
    """The guesses at one mission's secrets; they outlive a restart."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def count(self, sort: str, name: str) -> str:
        """Count one guess before it is looked at: what `right` takes. TooMany past the limit."""
        who, at = _guesser(sort, name), seconds(self._now())
        wait = self._store.attempt(who, at, _wait, forget=at - FORGOTTEN_S)
        if wait:
            raise TooMany(wait)
        return who

    def right(self, who: str) -> int:
        """Forget the guesses, as the last was right: how many were wrong before it."""
        return self._store.right(who) - 1


def _wait(wrong: int) -> int:
    """Seconds to wait after so many wrong guesses in a row: 1, 2, 4 and so on, to the longest."""
    return 0 if wrong < FREE else min(2 ** min(wrong - FREE, 20), LONGEST_WAIT_S)


def _guesser(sort: str, name: str) -> str:
    """The name under which guesses are counted: a hash, as it may be a password mistyped."""
    return hashlib.sha256(f"{sort}\0{name}".encode("utf-8", "replace")).hexdigest()
