"""Asking an authority for a time stamp over HTTP (RFC 3161, section 3.4)."""

from __future__ import annotations

import asyncio
import threading

import httpx2

from trucewatch.evidence.stamps import STAMP_LIMIT

_GRACE_S = 0.5
"""How long after the deadline the thread that asks may take to tell what it has."""


class Unanswered(Exception):
    """The authority gave nothing that could be a stamp; the message says why, for people."""


def ask(url: str, body: bytes, *, wait_s: float) -> bytes:
    """The authority's answer, of which nothing is believed yet; Unanswered where there is none.

    `wait_s` seconds are for all of it. At most STAMP_LIMIT bytes are taken, and nobody is followed
    elsewhere.
    """
    told: list[bytes | str] = []

    def work() -> None:
        told.append(asyncio.run(_within(url, body, wait_s)))

    # A look-up of a name cannot be broken off, so the thread may outlive the deadline.
    thread = threading.Thread(target=work, name="time stamp", daemon=True)
    thread.start()
    thread.join(wait_s + _GRACE_S)
    found = told[0] if told else _late(wait_s)
    if isinstance(found, str):
        raise Unanswered(found)
    return found


def _late(wait_s: float) -> str:
    return f"gave no whole answer within {wait_s:g} s"


async def _within(url: str, body: bytes, wait_s: float) -> bytes | str:
    """The answer, or why there is none."""
    try:
        async with (
            asyncio.timeout(wait_s),
            # Neither the surroundings' proxies nor their passwords have a say in this.
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=httpx2.Timeout(wait_s)
            ) as client,
        ):
            return await _post(client, url, body)
    except TimeoutError:
        return _late(wait_s)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as fault:
        return f"is not reachable: {type(fault).__name__}"


async def _post(client: httpx2.AsyncClient, url: str, body: bytes) -> bytes | str:
    # Compressed, a small answer could become a large one.
    headers = {"content-type": "application/timestamp-query", "accept-encoding": "identity"}
    async with client.stream("POST", url, content=body, headers=headers) as response:
        taken = bytearray()
        async for chunk in response.aiter_raw():
            taken += chunk
            if len(taken) > STAMP_LIMIT:
                return f"gave an answer of more than {STAMP_LIMIT} bytes: nothing of it was taken"
    if 300 <= response.status_code < 400:
        return f"redirects ({response.status_code}): nobody is followed; write its own address"
    if response.status_code != 200:
        return f"refuses: {response.status_code}"
    return bytes(taken)
