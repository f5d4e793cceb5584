"""JSON Schemas of the files that people write, made from the forms that read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel


def schema_of(form: type[BaseModel], file: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a form, named for its file ("agreement.yaml").

    Titles that only repeat the keys are left out. What only a function can check is not in it: a
    schema may let through what the reader refuses, and never the other way round.
    """
    schema = form.model_json_schema(by_alias=True)
    _untitled(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:trucewatch:{file.removesuffix('.yaml')}",
        "title": file,
        **schema,
    }


def _untitled(node: Any) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        for value in node.values():
            _untitled(value)
    elif isinstance(node, list):
        for value in node:
            _untitled(value)
