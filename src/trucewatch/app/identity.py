"""Which file of identities the caller has named; apart, so that asking loads nothing."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_named: ContextVar[Path | None] = ContextVar("identity", default=None)


def name_identity(path: Path | None) -> None:
    """Note the file that opens what is kept encrypted; None for none."""
    _named.set(path)


def named_identity() -> Path | None:
    """The file that was named last."""
    return _named.get()
