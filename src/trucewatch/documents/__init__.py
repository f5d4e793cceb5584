"""YAML that people write, as plain data in which every value knows its line."""

from __future__ import annotations

from trucewatch.documents.reading import Document, Path, field_name, is_plain, read_document

__all__ = ["Document", "Path", "field_name", "is_plain", "read_document"]
