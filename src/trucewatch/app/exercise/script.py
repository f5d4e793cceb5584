"""The script of an exercise as people write it, checked before anything is played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from trucewatch.agreements.moments import read_moment, read_zone
from trucewatch.documents import Identifier, Words, read_document
from trucewatch.errors import ConfigurationError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from trucewatch.documents import Document

SCRIPT = "exercise.yaml"
LONGEST_DAYS = 60
"""No drill goes on for longer: every hour of it is played."""

Claimed = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[^\s/]{1,100}$")]
"""An incident by a report on it: the source's id, and the id that the report has there."""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ReviewForm(_Form):
    """A reviewer's ruling."""

    by: Words
    of: Claimed
    ruling: Literal["confirm", "refute", "unverifiable", "exempt", "duplicate", "ask", "release"]
    reason: Words
    other: Claimed | None = None


class DetermineForm(_Form):
    """The word of the person's body that it is, or is not, a breach."""

    by: Words
    of: Claimed
    provision: Words
    breach: bool
    standard: Words
    reason: Words


class AttributeForm(_Form):
    """The word of the person's body on who did it; without a party it is withheld again."""

    by: Words
    of: Claimed
    party: Words | None
    how: Words
    standard: Words
    reason: Words


class NotifyForm(_Form):
    """A party is told of a finding."""

    by: Words
    of: Claimed
    party: Words


class ReplyForm(_Form):
    """A party's own words."""

    by: Words
    of: Claimed
    party: Words
    words: Words


class DissentForm(_Form):
    """The disagreement of a state that takes part."""

    by: Words
    of: Claimed
    state: Words
    words: Words


class DecideForm(_Form):
    """What the person's body decides on a step of the response to an incident."""

    by: Words
    of: Claimed
    step: Words
    act: Literal[
        "take", "decline", "pause", "resume", "dispute", "settle", "extend", "escalate", "fulfil"
    ]
    reason: Words
    until: Words | None = None


class ApproveForm(_Form):
    """How far a national approval has come, in a pledge of the ledger."""

    by: Words
    pledge: Words
    body: Words
    state: Literal["needed", "promised", "consultation", "unclear", "granted", "refused"]
    source: Words


class WithdrawForm(_Form):
    """A delivery of this script is taken back."""

    delivery: Words
    reason: Words


Action = (
    ReviewForm
    | DetermineForm
    | AttributeForm
    | NotifyForm
    | ReplyForm
    | DissentForm
    | DecideForm
    | ApproveForm
    | WithdrawForm
    | list[str]
    | dict[str, Any]
)


class StepForm(_Form):
    """One thing that happens in the drill, at its hour."""

    at: Words
    title: Words
    deliver: Annotated[list[Words], Field(min_length=1)] | None = None
    withdraw: WithdrawForm | None = None
    review: ReviewForm | None = None
    determine: DetermineForm | None = None
    attribute: AttributeForm | None = None
    notify: NotifyForm | None = None
    reply: ReplyForm | None = None
    dissent: DissentForm | None = None
    decide: DecideForm | None = None
    approve: ApproveForm | None = None
    notice: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> StepForm:
        if len(self.given) != 1:
            raise ValueError(f"a step does one thing: {', '.join(ACTIONS)}")
        return self

    @property
    def given(self) -> dict[str, Action]:
        """The action by its name."""
        found = {name: getattr(self, name) for name in ACTIONS}
        return {name: value for name, value in found.items() if value is not None}


ACTIONS = tuple(name for name in StepForm.model_fields if name not in {"at", "title"})
"""What a step may do."""


class ScriptForm(_Form):
    """`exercise.yaml` whole."""

    name: Words
    about: Words
    timezone: Words
    until: Words
    audiences: Annotated[list[Identifier], Field(min_length=1)]
    steps: Annotated[list[StepForm], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a script in UTC; `place` is where it stands in the file, from 0."""

    place: int
    at: datetime
    title: str
    name: str
    action: Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script that was read; `folder` holds its deliveries and what it adds to the settings."""

    name: str
    about: str
    until: datetime
    audiences: tuple[str, ...]
    steps: tuple[Step, ...]
    folder: Path
    document: Document

    def refuse(self, step: Step, message: str, field: str = "") -> ConfigurationError:
        """The error to raise for what a step asks for."""
        path: tuple[str | int, ...] = ("steps", step.place, step.name)
        return self.document.refuse((*path, field) if field else path, message)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its bare times."""
        return ZoneInfo(str(self.document.at(("timezone",))))


def read_script(path: Path) -> Script:
    """A script, every name of a file in it looked up.

    Raises ConfigurationError, with file, line and field, for whatever cannot be played as written:
    an unknown key, a step before the one above it, a delivery that is not there.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigurationError(f"cannot be read: {fault}", file=path.name) from None
    document = read_document(text, file=path.name)
    form = document.fill(ScriptForm)
    try:
        zone = read_zone(form.timezone)
    except ValueError as fault:
        raise document.refuse(("timezone",), str(fault)) from None
    steps: list[Step] = []
    for place, one in enumerate(form.steps):
        at = _moment(document, zone, one.at, ("steps", place, "at"))
        if steps and at < steps[-1].at:
            raise document.refuse(("steps", place, "at"), "lies before the step above it")
        ((name, action),) = one.given.items()
        steps.append(Step(place=place, at=at, title=one.title, name=name, action=action))
        if one.deliver is not None:
            _there(document, path.parent, one.deliver, place)
    until = _moment(document, zone, form.until, ("until",))
    if until < steps[-1].at:
        raise document.refuse(("until",), "lies before the last step")
    if (until - steps[0].at).days > LONGEST_DAYS:
        raise document.refuse(("until",), f"a drill of more than {LONGEST_DAYS} days")
    return Script(
        name=form.name,
        about=form.about,
        until=until,
        audiences=tuple(form.audiences),
        steps=tuple(steps),
        folder=path.parent,
        document=document,
    )


def _moment(document: Document, zone: ZoneInfo, text: str, path: tuple[str | int, ...]) -> datetime:
    try:
        return read_moment(text, zone)
    except ValueError as fault:
        raise document.refuse(path, str(fault)) from None


def _there(document: Document, folder: Path, names: list[str], place: int) -> None:
    for position, name in enumerate(names):
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or not folder.joinpath(*parts).is_file():
            raise document.refuse(
                ("steps", place, "deliver", position), f"{name!r} is no file beside the script"
            )
