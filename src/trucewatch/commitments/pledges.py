"""`commitments.yaml`: one promise of one state an entry, at the stage that its source shows."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, NodeEvent

from trucewatch.errors import ConfigurationError
from trucewatch.model import Interval, Pledge

STAGES = (
    "announced",
    "committed",
    "authorised",
    "allocated",
    "delivered",
    "deployed",
    "verified",
    "suspended",
    "withdrawn",
)
"""How far a promise has come; the last two are exits. Stages are never added together."""

PRIORITIES = (
    "framework",
    "monitoring",
    "armed-forces-support",
    "multinational-force",
    "response-to-aggression",
    "long-term-defence-cooperation",
)
"""What a promise serves: the five priorities of the Paris framework, or the framework itself."""

_UNPRINTED = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")


def _one_of(choice: tuple[str, ...]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in choice:
            raise ValueError(f"{word!r} is none of: {', '.join(choice)}")
        return word

    return AfterValidator(check)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    if _UNPRINTED.search(text):
        raise ValueError("holds characters that cannot be printed")
    return text


def _sensible(day: date) -> date:
    if not 1900 <= day.year <= 2100:
        raise ValueError(f"has the year {day.year}")
    return day


def _zone_exists(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not an IANA time zone such as 'UTC'") from None
    return name


Day = Annotated[date, AfterValidator(_sensible)]
Words = Annotated[str, AfterValidator(_not_blank)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PledgeForm(_Form):
    """One entry of `pledges`; `said` is a local day of the file's `timezone`."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    by: Words
    priority: Annotated[str, _one_of(PRIORITIES)]
    what: Words
    stage: Annotated[str, _one_of(STAGES)]
    standing: Literal["reported", "announced", "signed", "in_force", "lapsed"]
    said: Day
    said_until: Day | None = None
    low: Amount | None = None
    high: Amount | None = None
    unit: Words | None = None
    caveats: list[Words] = []
    source: Words

    @model_validator(mode="after")
    def _amounts(self) -> PledgeForm:
        if (self.low, self.high) != (None, None) and self.unit is None:
            raise ValueError("an amount needs a unit")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError("high lies below low")
        if self.said_until is not None and self.said_until < self.said:
            raise ValueError("said_until lies before said")
        return self

    def noun(self, zone: ZoneInfo) -> Pledge:
        """The pledge, its bare days turned into spans of time."""
        return Pledge(
            id=self.id,
            by=self.by,
            priority=self.priority,
            what=self.what,
            stage=self.stage,
            standing=self.standing,
            said=Interval.days(self.said, self.said_until or self.said, zone),
            low=self.low,
            high=self.high,
            unit=self.unit,
            caveats=tuple(self.caveats),
            source=self.source,
        )


class PledgesForm(_Form):
    """`commitments.yaml` whole."""

    timezone: Annotated[str, AfterValidator(_zone_exists)] | None = None
    pledges: list[PledgeForm]


def read_pledges(text: str, *, file: str) -> tuple[Pledge, ...]:
    """The pledges that a YAML text lists, sorted by id.

    Raises ConfigurationError, naming file, line and field, for the first entry that is faulty, has
    no source, or uses an id for the second time.
    """
    try:
        _refuse_traps(text, file)
        data = YAML(typ="rt", pure=True).load(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = None if mark is None else mark.line + 1
        raise ConfigurationError(f"not valid YAML: {fault.problem}", file=file, line=line) from None
    except (YAMLError, ValueError, OverflowError) as fault:
        # The parser lets out what Python says of a bad escape, number or day.
        first = str(fault).partition("\n")[0]
        raise ConfigurationError(f"not valid YAML: {first}", file=file) from None
    except RecursionError:
        raise ConfigurationError("nested too deeply", file=file) from None
    try:
        form = PledgesForm.model_validate(data)
    except ValidationError as fault:
        raised = [_error(data, error["loc"], error["msg"], file) for error in fault.errors()]
        raise min(raised, key=lambda error: (error.line or 0, error.field)) from None
    seen: set[str] = set()
    for place, pledge in enumerate(form.pledges):
        if pledge.id in seen:
            message = f"{pledge.id!r} stands here twice"
            raise _error(data, ("pledges", place, "id"), message, file)
        seen.add(pledge.id)
    if not form.pledges:
        return ()
    if form.timezone is None:
        raise _error(data, ("timezone",), "the days of `said` need a time zone", file)
    zone = ZoneInfo(form.timezone)
    return tuple(pledge.noun(zone) for pledge in sorted(form.pledges, key=lambda one: one.id))


DEEPEST = 50
"""How deeply a file may be nested: a list of pledges needs four levels."""


def _refuse_traps(text: str, file: str) -> None:
    """Refuse what no list of pledges needs and the parser trips over or takes minutes for.

    That is tags such as "!!set", and nesting without end.
    """
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise ConfigurationError("nested too deeply", file=file, line=event.start_mark.line + 1)
        if isinstance(event, NodeEvent) and getattr(event, "tag", None) is not None:
            raise ConfigurationError(
                "tags are not used here", file=file, line=event.start_mark.line + 1
            )


def _error(
    data: object, path: tuple[str | int, ...], message: str, file: str
) -> ConfigurationError:
    """The error for the value at a path; its line is that of the deepest part that is there."""
    line, node = 1, data
    for step in path:
        if isinstance(node, CommentedMap) and step in node:
            # A key that is merged in from an anchor stands on no line of its own.
            line = node.lc.data[step][0] + 1 if step in (node.lc.data or {}) else line
        elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
            line = node.lc.item(step)[0] + 1
        else:
            break
        node = node[step]
    field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    message = {"Field required": "is missing"}.get(message, message.removeprefix("Value error, "))
    return ConfigurationError(message, file=file, line=line, field=field.removeprefix("."))
