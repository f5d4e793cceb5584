"""What people decide, as it stands in the log. A later decision supersedes; none is edited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from trucewatch.model.commitments import Obligation, Pledge
    from trucewatch.model.notices import Contact, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may decide, as `mission.toml` names them: an office rather than a name.

    `roles` are lead, reviewer, analyst, desk, observer, party, member, field; `body`, `party` and
    `state` are whom they speak for.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    body: str | None = None
    party: str | None = None
    state: str | None = None


class Ruling(StrEnum):
    """What a reviewer says of an incident."""

    CONFIRM = "confirm"
    REFUTE = "refute"
    UNVERIFIABLE = "unverifiable"
    EXEMPT = "exempt"
    DUPLICATE = "duplicate"
    ASK = "ask"
    RELEASE = "release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reviewer's ruling on an incident; RELEASE takes their earlier one back.

    `claims` are those that the incident had when it was reviewed: they find it again when it was
    renamed, and tell whether evidence has come since. `other` is the incident that it duplicates,
    and `other_claims` find that one again.
    """

    incident: str
    claims: tuple[str, ...]
    ruling: Ruling
    reason: str
    other: str | None = None
    other_claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """A reviewer's word that some claims of an incident tell of something else than the rest.

    `claims` are all that the incident had, `part` those that do not belong with the others. Claims
    are named, and no incident ids: they find their place when it is called otherwise.
    """

    incident: str
    claims: tuple[str, ...]
    part: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class United:
    """A reviewer's word that two incidents are one; the claims of both find it again."""

    incident: str
    claims: tuple[str, ...]
    other: str
    other_claims: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """A split or a merge, named by its log index, is taken back, as if it had not been entered.

    `whose` is who entered that one. `incident` and `claims` are those that it was on.
    """

    incident: str
    claims: tuple[str, ...]
    entry: int
    whose: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """A split or a merge that counts, as the association goes by it.

    The claims of `one` side and of the `other` are told apart where `apart`, else all of both are
    of one happening. `office` is what `by` is called in print. `index` alone says what is younger.
    """

    index: int
    by: str
    office: str
    apart: bool
    one: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """A body's word that an incident is, or is not, a breach of a provision.

    It starts the second clock of what the breach opened; `breach` False cancels it.
    """

    body: str
    incident: str
    claims: tuple[str, ...]
    provision: str
    breach: bool
    standard: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """A named body's word on who did it; `party` None withholds it again.

    `how` is "assessed" or "determined"; nobody else attributes anything.
    """

    body: str
    incident: str
    claims: tuple[str, ...]
    party: str | None
    how: str
    standard: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """A party was told of a finding and may reply until `deadline`."""

    incident: str
    claims: tuple[str, ...]
    party: str
    deadline: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A party's own words on a finding; they are printed beside it and change nothing in it."""

    incident: str
    claims: tuple[str, ...]
    party: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissent:
    """A participating state's disagreement with a finding, recorded and printed beside it."""

    incident: str
    claims: tuple[str, ...]
    state: str
    words: str


class Act(StrEnum):
    """What a body decides on an obligation."""

    TAKE = "take"
    DECLINE = "decline"
    PAUSE = "pause"
    RESUME = "resume"
    DISPUTE = "dispute"
    SETTLE = "settle"
    EXTEND = "extend"
    ESCALATE = "escalate"
    FULFIL = "fulfil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A body's decision on one obligation; `until` is the new deadline of an extension.

    `about` is the obligation as it was decided on, without its history, and `claims` those of its
    incidents: they find it again when it was renamed, and keep it when nothing shows it any more.
    """

    body: str
    obligation: str
    act: Act
    reason: str
    until: datetime | None = None
    about: Obligation | None = None
    claims: tuple[str, ...] = ()


class NoticeAct(StrEnum):
    """What becomes of a notice."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    AMEND = "amend"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """A notice, or what became of it; `notice` is whole where it is submitted or amended."""

    act: NoticeAct
    id: str
    notice: Notice | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacted:
    """An entry of the hotline's log."""

    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledged:
    """A pledge as it stands from now on: a new one, or the next state of one already known."""

    pledge: Pledge
    reason: str


Decision = (
    Review
    | Separated
    | United
    | TakenBack
    | Determination
    | Attributed
    | Notified
    | Reply
    | Dissent
    | Decided
    | Notifying
    | Contacted
    | Pledged
)
"""Everything that a person can enter beside reports and settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A decision in its place in the log: `at` is when it was entered, `by` the person's id.

    The order of decisions is that of `index`, and of nothing else. `person` is whom `mission.toml`
    named under that id at that time, so that who leaves later takes nothing back; None is nobody.
    """

    index: int
    at: datetime
    by: str
    decision: Decision
    person: Person | None = None
