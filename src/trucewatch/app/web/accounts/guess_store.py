"""Wrong guesses, counted before they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.file import AccountsFile

if TYPE_CHECKING:
    from collections.abc import Callable


class GuessStore(AccountsFile):
    """The guesses of that file, by whoever is guessed."""

    def attempt(self, who: str, at: int, wait: Callable[[int], int], *, forget: int) -> int:
        """Count a guess before it is looked at, and give 0; else how many seconds to wait.

        `wait` says how long, after so many wrong guesses in a row. Counting first keeps many
        guesses at once from being one. Guesses before `forget` are swept.
        """
        with self.open() as link:
            link.execute("DELETE FROM guess WHERE last < ?", (forget,))
            row = link.execute("SELECT wrong, last FROM guess WHERE who = ?", (who,)).fetchone()
            wrong, last = (0, 0) if row is None else row
            if last > at:
                # The clock was set back: nobody waits for the hour that it showed before.
                link.execute("UPDATE guess SET last = ? WHERE who = ?", (at, who))
                last = at
            left = int(last) + wait(int(wrong)) - at
            if wrong and left > 0:
                return int(left)
            link.execute(
                "INSERT INTO guess VALUES(?1, 1, ?2) ON CONFLICT(who) "
                "DO UPDATE SET wrong = wrong + 1, last = ?2",
                (who, at),
            )
            return 0

    def right(self, who: str) -> int:
        """Forget the guesses, as the last was right; how many there were, with that."""
        with self.open() as link:
            row = link.execute("DELETE FROM guess WHERE who = ? RETURNING wrong", (who,)).fetchone()
            return 0 if row is None else int(row[0])
