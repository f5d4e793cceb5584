"""A brief as JSON, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.bulletins.machine import to_json

if TYPE_CHECKING:
    from trucewatch.bulletins.brief.content import Brief

BRIEF_SCHEMA = "trucewatch.brief/1"


def render_brief_json(brief: Brief) -> bytes:
    """A brief in JSON with sorted keys, a line end at the end; every citation has its place."""
    return to_json(BRIEF_SCHEMA, brief)
