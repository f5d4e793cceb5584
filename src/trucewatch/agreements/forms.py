"""The fields of `agreement.yaml`, as people write them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


Words = Annotated[str, AfterValidator(_not_blank)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Form(BaseModel):
    """A mapping in the file; an unknown key is an error, so that a typing slip is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class WindowForm(Form):
    """A span of time, [start, end). Both must be written; `open` is an open end."""

    start: Words
    end: Words
    timezone: Words | None = None


class PartyForm(Form):
    """One side."""

    id: Identifier
    name: Words


class InstrumentForm(Form):
    """One version of one text, and how far it has come."""

    id: Identifier
    title: Words
    standing: Literal["reported", "announced", "signed", "in_force", "lapsed"]
    version: Words
    source: Words
    announced_by: list[Identifier] = []
    accepted_by: list[Identifier] = []


class AreasForm(Form):
    """A GeoJSON file of the mission and the two properties that name each of its areas."""

    file: Words
    code: Words
    name: Words


class ProvisionForm(Form):
    """One numbered term; without a `window` it holds for the hours of the truce."""

    id: Identifier
    instrument: Identifier
    duty: Literal["forbid", "require", "permit"]
    kinds: Annotated[list[Words], Field(min_length=1)]
    parties: Annotated[list[Identifier], Field(min_length=1)]
    zones: list[Words]
    window: WindowForm | None = None
    exceptions: list[Words] = []
    words: Words
    source: Words


class StandardsForm(Form):
    """The standard of proof that each rung of the ladder is taken to meet."""

    allegation: Words
    reported: Words
    corroborated: Words
    verified: Words


class TriggerForm(Form):
    """When breaches open an obligation, and who decides on it."""

    id: Identifier
    provisions: Annotated[list[Identifier], Field(min_length=1)]
    count: Annotated[int, Field(ge=1)]
    within: Words
    duty_of: Annotated[list[Identifier], Field(min_length=1)]
    duty: Words
    deadline: Words
    decided_by: Words
    source: Words


class AgreementForm(Form):
    """`agreement.yaml` whole."""

    id: Identifier
    name: Words
    parties: Annotated[list[PartyForm], Field(min_length=2)]
    guarantors: list[Identifier] = []
    instruments: Annotated[list[InstrumentForm], Field(min_length=1)]
    truce: WindowForm
    regions: list[AreasForm] = []
    zones: list[AreasForm] = []
    provisions: Annotated[list[ProvisionForm], Field(min_length=1)]
    standards: StandardsForm
    triggers: list[TriggerForm] = []
