"""The one place where Trucewatch asks for the time."""

from __future__ import annotations

from datetime import UTC, datetime


def clock() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)
