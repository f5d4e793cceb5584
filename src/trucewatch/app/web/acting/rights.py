"""Who may enter what, asked before anything is opened: an answer must not tell what there is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from trucewatch.errors import NotAllowed, TrucewatchError
from trucewatch.findings.hearing.authority import DESK, REVIEWERS, TELLERS

if TYPE_CHECKING:
    from trucewatch.app.web.viewer import Viewer


class NotSignedIn(TrucewatchError):
    """Nobody is known to ask: sign in first, or send a token."""


class Act(StrEnum):
    """A sort of entry that somebody makes on an incident."""

    REVIEW = "review"
    NOTIFY = "notify"
    REPLY = "reply"
    DISSENT = "dissent"


SCOPES = {Act.REVIEW: "review", Act.NOTIFY: "review", Act.REPLY: "reply", Act.DISSENT: "reply"}
"""What a token must be good for beside `READ`; a session of a person is good for all."""

READ = "read"
"""Who enters something on an incident must have been able to look at it."""

WHO = {
    Act.REVIEW: "a reviewer or the lead rules on an incident",
    Act.NOTIFY: "a reviewer, the lead or the desk tells a party of a finding",
    Act.REPLY: "a party replies for itself, and the desk writes down what one has said",
    Act.DISSENT: "a state dissents for itself, and the desk writes down what one has said",
}


def may(viewer: Viewer, act: Act) -> bool:
    """Whether the roles and the way in allow it; for whom one may speak is asked by the act."""
    if not (viewer.may(SCOPES[act]) and viewer.may(READ)):
        return False
    if act is Act.REVIEW:
        return bool(REVIEWERS & viewer.roles)
    if act is Act.NOTIFY:
        return bool(TELLERS & viewer.roles)
    speaks_for = viewer.party if act is Act.REPLY else viewer.state
    return speaks_for is not None or DESK in viewer.roles


def require(viewer: Viewer, act: Act) -> str:
    """The person who may do it; NotSignedIn for nobody, NotAllowed for anybody else."""
    if viewer.person is None:
        raise NotSignedIn("sign in first: only named people enter anything")
    for scope in (SCOPES[act], READ):
        if not viewer.may(scope):
            raise NotAllowed(f"this token is not good for {scope!r}; nothing was entered")
    if not may(viewer, act):
        raise NotAllowed(f"{WHO[act]}; nothing was entered")
    return viewer.person


def voice(viewer: Viewer, act: Act, named: str) -> None:
    """NotAllowed where somebody replies for another party, or dissents for another state."""
    own = viewer.party if act is Act.REPLY else viewer.state
    if named != own and DESK not in viewer.roles:
        raise NotAllowed(f"{WHO[act]}; nothing was entered")
