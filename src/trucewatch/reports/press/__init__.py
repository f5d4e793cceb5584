"""Articles of the press: pages, archives, feeds and flat text. See NOTES.md beside this file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from trucewatch.reports.press.delivery import READER, report_id

if TYPE_CHECKING:
    from trucewatch.reports.press.reading import read_articles
    from trucewatch.reports.press.recurring import without_recurring

__all__ = ["READER", "read_articles", "report_id", "without_recurring"]

_LATE = {"read_articles": "reading", "without_recurring": "recurring"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- what a module holds
    """Load what reads pages when it is first asked for: it takes half a second."""
    if name in _LATE:
        return getattr(importlib.import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
