"""The pages of the books in one router: what was agreed, promised, told, published and kept."""

from __future__ import annotations

from trucewatch.app.web.pages import (
    agreement,
    bulletins,
    commitments,
    evidence,
    hotline,
    notices,
    reads,
    sources,
    stories,
)
from trucewatch.errors import MissingExtra

try:
    from fastapi import APIRouter
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

router = APIRouter()
PAGES = (
    agreement,
    commitments,
    stories,
    bulletins,
    sources,
    evidence,
    notices,
    hotline,
    reads,
)
for page in PAGES:
    router.include_router(page.router)
