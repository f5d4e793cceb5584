"""The fields of `agreement.yaml`, as people write them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from trucewatch.agreements.conditions.expressions import LONGEST
from trucewatch.documents import Identifier, Words

Standing = Literal["reported", "announced", "signed", "in_force", "lapsed"]
Standard = Literal[
    "none",
    "reasonable suspicion",
    "reasonable grounds to believe",
    "balance of probabilities",
    "clear and convincing",
    "beyond reasonable doubt",
]


_MOMENT = (
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_SPAN = r"[1-9][0-9]{0,4} (minute|hour|day)s?"


_CALENDAR = "[1-9][0-9]{0,2} calendar days?"


def _shown(pattern: str) -> dict[str, JsonValue]:
    return {"pattern": f"^({pattern})$"}


# These patterns are for the schema alone: the reader says in words of its own what is wrong.
Start = Annotated[Words, Field(json_schema_extra=_shown(f"open|not yet|{_MOMENT}"))]
End = Annotated[Words, Field(json_schema_extra=_shown(f"open|{_MOMENT}"))]
Length = Annotated[Words, Field(json_schema_extra=_shown(_SPAN))]
After = Annotated[Words, Field(json_schema_extra=_shown(f"none|{_SPAN}|{_CALENDAR}"))]
Condition = Annotated[Words, Field(json_schema_extra={"pattern": r"\S", "maxLength": LONGEST})]


class Form(BaseModel):
    """A mapping in the file; an unknown key is an error, so that a typing slip is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WindowForm(Form):
    """A span of time, [start, end). Both must be written; `open` is an open end.

    `not yet` as the start says that it holds for no moment that is known.
    """

    start: Start
    end: End
    timezone: Words | None = None


class HoldsForm(Form):
    """When a version of a text, or a zone, holds; without `until`, to the next one or for good."""

    start: Annotated[Start, Field(alias="from")]
    end: Annotated[End, Field(alias="until")] = "open"
    timezone: Words | None = None


class PartyForm(Form):
    """One side."""

    id: Identifier
    name: Words


class InstrumentForm(Form):
    """One version of one text, and how far it has come."""

    id: Identifier
    title: Words
    standing: Standing
    version: Words
    source: Words
    announced_by: list[Identifier] = []
    accepted_by: list[Identifier] = []
    text: Identifier | None = None
    edition: Literal["draft", "published", "amended"] = "published"
    holds: HoldsForm | None = None


class BodyForm(Form):
    """Whoever decides, and on what; an empty list says that nothing is on record."""

    id: Identifier
    name: Words
    decides: list[Literal["breach", "attribution", "obligation", "exemption", "approval"]]
    members: list[Identifier] = []
    standing: Standing
    source: Words


class AreasForm(Form):
    """A GeoJSON file of the mission and the two properties that name each of its areas."""

    file: Words
    code: Words
    name: Words


class ZonesForm(AreasForm):
    """A GeoJSON file of zones: polygons, or lines with a buffer or as corridors."""

    buffer_km: Annotated[float, Field(gt=0, le=200)] | None = None
    width_km: Annotated[float, Field(gt=0, le=400)] | None = None
    holds: HoldsForm | None = None
    side: Identifier | None = None


class ExemptionForm(Form):
    """What a provision does not mean; all parts given must hold."""

    kinds: list[Words] = []
    weapons: list[Words] = []
    zones: list[Words] = []
    window: WindowForm | None = None
    condition: Condition | None = None
    words: str = ""


def _long(value: object) -> object:
    """The short form of an exemption, a kind alone, as the long one."""
    return {"kinds": [value]} if isinstance(value, str) else value


Exception_ = Annotated[
    ExemptionForm, BeforeValidator(_long, json_schema_input_type=Words | ExemptionForm)
]


class ProvisionForm(Form):
    """One numbered term; without a `window` it holds for the hours of the truce."""

    id: Identifier
    instrument: Identifier
    duty: Literal["forbid", "require", "permit"]
    kinds: Annotated[list[Words], Field(min_length=1)]
    parties: Annotated[list[Identifier], Field(min_length=1)]
    zones: list[Words]
    weapons: list[Words] = []
    window: WindowForm | None = None
    condition: Condition | None = None
    exceptions: list[Exception_] = []
    words: Words
    source: Words


class StandardsForm(Form):
    """The standard of proof that each rung of the ladder is taken to meet."""

    allegation: Standard
    reported: Standard
    corroborated: Standard
    verified: Standard


class NeededForm(Form):
    """The standard of proof that each thing to be decided takes."""

    publish: Standard
    open: Standard
    attribute: Standard


class AtLeastForm(Form):
    """Counts that the breaches of one trigger must reach together."""

    killed: Annotated[int, Field(ge=1)] | None = None
    wounded: Annotated[int, Field(ge=1)] | None = None


class StepForm(Form):
    """One rung of a response: who does what by when, and which body decides on it."""

    id: Identifier
    duty: Words
    duty_of: Annotated[list[Identifier], Field(min_length=1)]
    decided_by: Identifier
    clock: Literal["event", "determination"]
    after: After
    standard: Standard
    standing: Standing
    source: Words
    follows: Identifier | None = None
    condition: Condition | None = None
    approval: list[Identifier] = []
    words: str = ""


class TriggerForm(Form):
    """Which breaches open a response, and its steps; no `provisions` are all there are."""

    id: Identifier
    provisions: list[Identifier]
    count: Annotated[int, Field(ge=1)]
    within: Length
    kinds: list[Words] = []
    zones: list[Words] = []
    by: list[Identifier] = []
    at_least: AtLeastForm = AtLeastForm()
    window: WindowForm | None = None
    condition: Condition | None = None
    steps: Annotated[list[StepForm], Field(min_length=1)]
    source: Words


class AgreementForm(Form):
    """`agreement.yaml` whole."""

    id: Identifier
    name: Words
    timezone: Words | None = None
    parties: Annotated[list[PartyForm], Field(min_length=2)]
    guarantors: list[Identifier] = []
    states: list[Identifier] = []
    bodies: list[BodyForm] = []
    lead: Identifier | None = None
    instruments: Annotated[list[InstrumentForm], Field(min_length=1)]
    truce: WindowForm
    regions: list[AreasForm] = []
    zones: list[ZonesForm] = []
    provisions: list[ProvisionForm]
    standards: StandardsForm
    needed: NeededForm | None = None
    triggers: list[TriggerForm] = []
