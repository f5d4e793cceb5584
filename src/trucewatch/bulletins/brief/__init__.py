"""A settled story in, its brief out: HTML, Markdown, lines for a terminal, and JSON."""

from __future__ import annotations

from trucewatch.bulletins.brief.at_hand import AtHand
from trucewatch.bulletins.brief.check import check_brief
from trucewatch.bulletins.brief.compose import compose_brief
from trucewatch.bulletins.brief.content import Brief, LeftOut
from trucewatch.bulletins.brief.html import render_brief_html
from trucewatch.bulletins.brief.machine import BRIEF_SCHEMA, render_brief_json
from trucewatch.bulletins.brief.markdown import brief_lines, render_brief_markdown

__all__ = [
    "BRIEF_SCHEMA",
    "AtHand",
    "Brief",
    "LeftOut",
    "brief_lines",
    "check_brief",
    "compose_brief",
    "render_brief_html",
    "render_brief_json",
    "render_brief_markdown",
]
