"""The JSON Schema of `commitments.yaml`, made from the forms that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.commitments.forms import UNKNOWN, LedgerForm
from trucewatch.commitments.words import (
    APPROVAL_KINDS,
    APPROVAL_STATES,
    DOMAINS,
    LIMITS,
    POSITION,
    PRIORITIES,
    STAGES,
)
from trucewatch.documents import schema_of

if TYPE_CHECKING:
    from collections.abc import Collection

SCHEMA_FILE = "commitments.schema.json"
"""The file in this package that holds the schema as it is published."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


def commitments_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of `commitments.yaml`, for editors and other programs.

    What it refuses the reader refuses, too; what one key asks of another is for the reader alone.
    """
    schema = schema_of(LedgerForm, "commitments.yaml")
    forms = schema["$defs"]
    singles: tuple[tuple[str, str, Collection[str]], ...] = (
        ("PledgeForm", "priority", PRIORITIES),
        ("NeedForm", "priority", PRIORITIES),
        ("PledgeForm", "stage", (*STAGES, POSITION)),
        ("StageForm", "stage", STAGES),
        ("ApprovalForm", "kind", APPROVAL_KINDS),
        ("ApprovalForm", "state", APPROVAL_STATES),
    )
    for name, key, words in singles:
        forms[name]["properties"][key] = _among(words)
    lists: tuple[tuple[str, str, Collection[str]], ...] = (
        ("PledgeForm", "domains", DOMAINS),
        ("NeedForm", "domains", DOMAINS),
        ("PledgeForm", "limits", LIMITS),
    )
    for name, key, each in lists:
        forms[name]["properties"][key]["items"] = _among(each)
    for form in forms.values():
        for key, property_ in form["properties"].items():
            _days(property_, f"{_DAY}|{UNKNOWN}" if key == "said" else _DAY)
    return schema


def _among(words: Collection[str]) -> dict[str, Any]:
    return {"enum": list(words)}


def _days(property_: dict[str, Any], pattern: str) -> None:
    # A pattern in place of a format: not every validator looks at formats, and "unknown" is none.
    for choice in (property_, *property_.get("anyOf", ())):
        if choice.get("format") == "date":
            del choice["format"]
            choice["pattern"] = f"^({pattern})$"
