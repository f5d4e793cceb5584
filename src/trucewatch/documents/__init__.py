"""YAML that people write, as plain data in which every value knows its line."""

from __future__ import annotations

from trucewatch.documents.fields import Day, Identifier, Words
from trucewatch.documents.reading import Document, Path, field_name, is_plain, read_document
from trucewatch.documents.schema import schema_of

__all__ = [
    "Day",
    "Document",
    "Identifier",
    "Path",
    "Words",
    "field_name",
    "is_plain",
    "read_document",
    "schema_of",
]
