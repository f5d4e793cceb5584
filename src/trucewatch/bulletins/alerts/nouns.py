"""An alert by the Common Alerting Protocol 1.2: one message, and what was sent before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Status(StrEnum):
    """Whether to act on it; a drill is always EXERCISE."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"


class Message(StrEnum):
    """The first word on something, a correction of it, or its retraction."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Scope(StrEnum):
    """Who may have it. RESTRICTED says under which rule, PRIVATE names its recipients."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who sends, and to whom: what a mission says of one audience of its alerts.

    `sender` and every address are free of blanks. ValueError where the scope asks for a
    restriction or addresses and has none.
    """

    sender: str
    audience: str
    scope: Scope
    restriction: str = ""
    addresses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.scope is Scope.RESTRICTED and not self.restriction:
            raise ValueError("a restricted audience has a restriction in words")
        if self.scope is Scope.PRIVATE and not self.addresses:
            raise ValueError("a private audience has addresses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An earlier message, named as the standard asks for it."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """Where: the centre of a grid cell, and a radius in km that covers the cell and its error.

    `code` is that of the reporting region, empty where there is none.
    """

    words: str
    lat: float
    lon: float
    radius_km: float
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is told. `facts` are pairs of name and value: by them two messages say the same."""

    event: str
    urgency: str
    severity: str
    certainty: str
    sender_name: str
    headline: str
    description: str
    instruction: str
    facts: tuple[tuple[str, str], ...]
    areas: tuple[Circle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to one audience. Only `alerts` makes them, from what may be published.

    `info` is None for a cancel, which tells nothing but what it takes back.
    """

    identifier: str
    sender: str
    sent: datetime
    status: Status
    message: Message
    scope: Scope
    restriction: str
    addresses: tuple[str, ...]
    note: str
    references: tuple[Reference, ...]
    incidents: tuple[str, ...]
    info: Info | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as the log holds it. `subject` is the incident or obligation it speaks of.

    `chain` is the identifier of the first message on it. `claims` find an incident that was
    renamed, for those inside; they are in no file that goes out.
    """

    audience: str
    chain: str
    subject: str
    claims: tuple[str, ...]
    alert: Alert
