"""What is kept of second factors: a device's secret, the codes it gave, and those for its loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.file import AccountsFile

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

FACTORS = ("factor", "code", "recovery")
"""The tables that fall with a person's second factor."""

_STEPS_KEPT = 2880


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A device that gives codes; until it was `confirmed` by one it counts for nothing.

    The secret is needed to know a code, so it is kept as it is: see docs/accounts.md.
    """

    person: str
    secret: str = field(repr=False)
    made: int
    confirmed: int | None


class FactorStore(AccountsFile):
    """The second factors of that file."""

    def factor(self, person: str) -> Factor | None:
        """The device of a person, confirmed or not; None where there is none."""
        with self.reading() as link:
            row = link.execute(
                "SELECT secret, made, confirmed FROM factor WHERE person = ?", (person,)
            ).fetchone()
        if row is None:
            return None
        return Factor(person=person, secret=row[0], made=row[1], confirmed=row[2])

    def propose(self, person: str, secret: str, at: int) -> bool:
        """Keep a secret that is still to be confirmed; False where one was confirmed before."""
        with self.open() as link:
            kept = link.execute(
                "INSERT INTO factor VALUES(?1, ?2, ?3, NULL) ON CONFLICT(person) "
                "DO UPDATE SET secret = ?2, made = ?3 WHERE confirmed IS NULL",
                (person, secret, at),
            )
            return kept.rowcount > 0

    def confirm(
        self, factor: Factor, steps: Sequence[int], recovery: Iterable[str], at: int
    ) -> bool:
        """Have a proposed secret count from now on; every session of the person ends.

        `steps` are those of the code that confirmed it, which is used up, and `recovery` are the
        digests of what serves in its place. False where it is not the one that was proposed last.
        """
        with self.open() as link:
            done = link.execute(
                "UPDATE factor SET confirmed = ? "
                "WHERE person = ? AND secret = ? AND confirmed IS NULL",
                (at, factor.person, factor.secret),
            )
            if done.rowcount == 0:
                return False
            link.execute("DELETE FROM code WHERE person = ?", (factor.person,))
            link.executemany(
                "INSERT INTO code VALUES(?, ?)", [(factor.person, step) for step in steps]
            )
            link.execute("DELETE FROM session WHERE person = ?", (factor.person,))
            _keep_recovery(link, factor.person, recovery)
            return True

    def use(self, person: str, steps: Sequence[int]) -> bool:
        """Use up the code of these steps; False where one of them was used before.

        Used steps are kept for a day, also where the clock was set back: a code never counts twice.
        """
        with self.open() as link:
            link.execute(
                "DELETE FROM code WHERE person = ? AND step < ?",
                (person, max(steps) - _STEPS_KEPT),
            )
            fresh = [
                link.execute("INSERT OR IGNORE INTO code VALUES(?, ?)", (person, step)).rowcount
                for step in steps
            ]
            return all(fresh)

    def keep_recovery(self, person: str, digests: Iterable[str]) -> None:
        """Put new recovery codes in the place of all those there were."""
        with self.open() as link:
            _keep_recovery(link, person, digests)

    def use_recovery(self, person: str, held: str) -> bool:
        """Use up a recovery code by its digest; False where there is none such."""
        with self.open() as link:
            gone = link.execute(
                "DELETE FROM recovery WHERE person = ? AND digest = ?", (person, held)
            )
            return gone.rowcount > 0

    def recovery_left(self, person: str) -> int:
        """How many recovery codes are left."""
        with self.reading() as link:
            found = link.execute("SELECT count(*) FROM recovery WHERE person = ?", (person,))
            (left,) = found.fetchone()
            return int(left)

    def drop_factor(self, person: str) -> bool:
        """Remove a person's second factor; their sessions end. False where there was none."""
        with self.open() as link:
            gone = link.execute("DELETE FROM factor WHERE person = ?", (person,)).rowcount
            link.execute("DELETE FROM code WHERE person = ?", (person,))
            link.execute("DELETE FROM recovery WHERE person = ?", (person,))
            link.execute("DELETE FROM session WHERE person = ?", (person,))
            return gone > 0


def _keep_recovery(link: sqlite3.Connection, person: str, digests: Iterable[str]) -> None:
    link.execute("DELETE FROM recovery WHERE person = ?", (person,))
    link.executemany("INSERT INTO recovery VALUES(?, ?)", [(held, person) for held in digests])
