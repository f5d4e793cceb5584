"""Asking an authority for a time stamp over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trucewatch.app.witnessing.calling import TooLongError, UnreachableError, call, fetch, late
from trucewatch.evidence.stamps import STAMP_LIMIT

if TYPE_CHECKING:
    from httpx2 import AsyncClient


class Unanswered(Exception):
    """The authority gave nothing that could be a stamp; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class _Authority:
    name: str


def ask(url: str, body: bytes, *, wait_s: float) -> bytes:
    """The authority's answer, of which nothing is believed yet; Unanswered where there is none.

    `wait_s` seconds are for all of it. At most STAMP_LIMIT bytes are taken, and nobody is followed
    elsewhere.
    """

    async def one(client: AsyncClient, authority: _Authority) -> bytes | str:
        return await _post(client, authority.name, body)

    found = call([_Authority(url)], one, wait_s=wait_s).get(url, late(wait_s))
    if isinstance(found, str):
        raise Unanswered(found)
    return found


async def _post(client: AsyncClient, url: str, body: bytes) -> bytes | str:
    """The answer, or why there is none."""
    try:
        status, _, taken = await fetch(
            client, url, post=body, media="application/timestamp-query", limit=STAMP_LIMIT
        )
    except (TooLongError, UnreachableError) as fault:
        return str(fault)
    if 300 <= status < 400:
        return f"redirects ({status}): nobody is followed; write its own address"
    return taken if status == 200 else f"refuses: {status}"
