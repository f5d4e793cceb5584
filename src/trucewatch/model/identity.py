"""Identifiers made from content, so that nothing depends on who came first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def content_id(prefix: str, parts: Iterable[str]) -> str:
    """A short identifier, such as "inc-1f0c…" (64 bits), made from the parts in their order.

    Each part is hashed with its length, so ("ab", "c") and ("a", "bc") differ. Sort parts whose
    order must not matter before the call.
    """
    digest = hashlib.sha256(b"trucewatch/id/1\0" + prefix.encode("utf-8") + b"\0")
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return f"{prefix}-{digest.hexdigest()[:16]}"
