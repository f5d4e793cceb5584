"""What comes of a call or of a sign-in: who it is, a session that began, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.web.speaking import mark
from trucewatch.app.web.viewer import Viewer
from trucewatch.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from trucewatch.app.web.accounts.store import Session, Token

WRONG = mark("The name or the password is wrong.")
"""Said of an unknown person and of a wrong password alike."""

WRONG_CODE = mark("The code is wrong, or was used before.")


class Wrong(Refused):
    """The name or the password is wrong, which of them is said to nobody; or the code is."""

    def __init__(self, note: Callable[[], None], words: str = WRONG) -> None:
        super().__init__(words)
        self.note = note


class Over(Refused):
    """There is no sign-in on its way here, or it waited too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A new session: what the browser is to keep, and what it knows the device by (or "")."""

    person: str
    session: str
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who proved to be somebody, and how: by a session or by a token, one of both.

    One who `owes` a second factor has a session and is nobody yet: the public, to whatever asks.
    """

    viewer: Viewer
    session: Session | None = None
    token: Token | None = None
    owes: bool = False

    @property
    def how(self) -> str:
        """The way in, as it is noted."""
        if self.token is not None:
            return f"token {self.token.id}"
        return "" if self.session is None else self.session.how


NOBODY = Known(viewer=Viewer())
