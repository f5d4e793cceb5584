"""That somebody looked, noted before they are shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.accounts.noting import Access

if TYPE_CHECKING:
    from fastapi import Request

    from trucewatch.app.web.accounts.entering import Accounts


def look(request: Request, what: str, identifier: str, reason: str = "") -> None:
    """Note a read of what is sealed; what cannot be noted is not shown.

    NotAllowed without a reason where one is asked for, EvidenceError where it cannot be noted.
    """
    accounts: Accounts = request.app.state.accounts
    known = accounts.known(request)
    accounts.notes.read(
        Access(what=what, by=known.viewer.person or "", how=known.how, id=identifier, reason=reason)
    )
