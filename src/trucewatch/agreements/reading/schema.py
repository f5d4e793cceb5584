"""The JSON Schema of `agreement.yaml`, made from the forms that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trucewatch.agreements.kinds import SIGN
from trucewatch.agreements.reading.forms import AgreementForm
from trucewatch.documents import schema_of
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
    schema = schema_of(AgreementForm, "agreement.yaml")
    tree = kind_tree()
    acts = [kind for kind in tree if not tree.is_a(kind, SIGN)]
    forms = schema["$defs"]
    _among(forms["ProvisionForm"], "kinds", acts)
    _among(forms["ExemptionForm"], "kinds", tree)
    _among(forms["TriggerForm"], "kinds", tree)
    for name in ("ProvisionForm", "ExemptionForm"):
        _among(forms[name], "weapons", weapon_tree())
    return schema


def _among(form: dict[str, Any], key: str, names: Iterable[str]) -> None:
    form["properties"][key]["items"] = {"enum": sorted(names)}
