"""The JSON Schema of `agreement.yaml`, made from the forms that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.agreements.forms import AgreementForm
from trucewatch.agreements.kinds import SIGN
from trucewatch.model import kind_tree, weapon_tree

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA_FILE = "agreement.schema.json"
"""The file in this package that holds the schema as it is published."""


def agreement_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of `agreement.yaml`, for editors and other programs.

    What it refuses the reader refuses, too. It cannot say everything: names that must exist, times
    in their order and conditions are for the reader alone.
    """
    schema = AgreementForm.model_json_schema(by_alias=True)
    tree = kind_tree()
    acts = [kind for kind in tree if not tree.is_a(kind, SIGN)]
    forms = schema["$defs"]
    _among(forms["ProvisionForm"], "kinds", acts)
    _among(forms["ExemptionForm"], "kinds", tree)
    _among(forms["TriggerForm"], "kinds", tree)
    for name in ("ProvisionForm", "ExemptionForm"):
        _among(forms[name], "weapons", weapon_tree())
    _untitled(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:trucewatch:agreement",
        "title": "agreement.yaml",
        **schema,
    }


def _among(form: dict[str, Any], key: str, names: Iterable[str]) -> None:
    form["properties"][key]["items"] = {"enum": sorted(names)}


def _untitled(node: Any) -> None:  # noqa: ANN401 - any JSON value
    """Take out the titles that only repeat the keys."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _untitled(value)
    elif isinstance(node, list):
        for value in node:
            _untitled(value)
