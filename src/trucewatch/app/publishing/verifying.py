"""The page that checks proofs in a browser, with a mission's keys filled in."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = "verify.html"
_NOTHING = '{"logs":[],"witnesses":[],"quorum":null}'


def verify_page(
    *, logs: Sequence[str], witnesses: Sequence[str] = (), quorum: int | None = None
) -> bytes:
    """`verify.html` for these verifier keys, to lie beside what it is about.

    The page fetches nothing and runs only what it came with. Who is given it by the mission must
    still compare the keys with a copy from elsewhere; the page says so.
    """
    page = (files("trucewatch.app") / "static" / PAGE).read_text("utf-8")
    given = json.dumps({"logs": list(logs), "witnesses": list(witnesses), "quorum": quorum})
    # Within a page "<" could end the block; JSON knows another spelling for it.
    return page.replace(_NOTHING, given.replace("<", "\\u003c"), 1).encode()
