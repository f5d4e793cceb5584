"""Takes everything that was judged; gives the published bulletin, its body and its seal."""

from __future__ import annotations

from trucewatch.bulletins.compose import compose
from trucewatch.bulletins.content import Bulletin
from trucewatch.bulletins.correction import (
    Correction,
    correct,
    correct_erased,
    render_correction,
    shown,
)
from trucewatch.bulletins.html import render_html
from trucewatch.bulletins.index import index_page, seal_page
from trucewatch.bulletins.machine import SCHEMA, render_json
from trucewatch.bulletins.markdown import render_markdown
from trucewatch.bulletins.pdf import render_pdf
from trucewatch.bulletins.published import Published
from trucewatch.bulletins.redact import redact, sweep
from trucewatch.bulletins.seal import SEAL_SCHEMA, Checkpoint, Corrects, Witnessing, seal
from trucewatch.bulletins.situation import (
    Audience,
    Commitment,
    Evidence,
    ParametersInForce,
    Period,
    Pledges,
    Situation,
)

__all__ = [
    "SCHEMA",
    "SEAL_SCHEMA",
    "Audience",
    "Bulletin",
    "Checkpoint",
    "Commitment",
    "Correction",
    "Corrects",
    "Evidence",
    "ParametersInForce",
    "Period",
    "Pledges",
    "Published",
    "Situation",
    "Witnessing",
    "compose",
    "correct",
    "correct_erased",
    "index_page",
    "redact",
    "render_correction",
    "render_html",
    "render_json",
    "render_markdown",
    "render_pdf",
    "seal",
    "seal_page",
    "shown",
    "sweep",
]
