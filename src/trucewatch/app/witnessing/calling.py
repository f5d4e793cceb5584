"""Calling others over the network: all at once, one deadline, a limit on every answer."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Protocol, TypeVar

import httpx2

from trucewatch.errors import TrucewatchError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    T = TypeVar("T")
    N = TypeVar("N", bound="Named")
    Call = Callable[[httpx2.AsyncClient, N], Awaitable[T]]

ANSWER_LIMIT = 16 * 1024
"""How many bytes of an answer are read; a cosignature is one line of some 200."""

_GRACE_S = 0.5
"""How long after the deadline the thread that calls may take to tell what it has."""


class Named(Protocol):
    """Somebody who is called, and by what name the answer is told."""

    @property
    def name(self) -> str:
        """No two have the same."""
        ...


class TooLongError(Exception):
    """An answer that nobody needs so much of; the message says so."""


class UnreachableError(Exception):
    """Nobody answered at that address; the message says so."""


def call(witnesses: Sequence[N], one: Call[N, T], *, wait_s: float) -> dict[str, T]:
    """What each witness that answered within `wait_s` seconds came to, by name; others are absent.

    A witness that is slow, silent or endless costs no more than the time, and no other its word.
    A TrucewatchError that `one` raises is raised here: it is no fault of any witness.
    """
    told: dict[str, T] = {}
    failed: list[TrucewatchError] = []

    def work() -> None:
        try:
            asyncio.run(_all(witnesses, one, wait_s, told))
        except TrucewatchError as fault:
            failed.append(fault)

    # A look-up of a name cannot be broken off, so the thread may outlive the deadline.
    thread = threading.Thread(target=work, name="witnesses", daemon=True)
    thread.start()
    thread.join(wait_s + _GRACE_S)
    if failed:
        raise failed[0]
    return dict(told)


def late(wait_s: float) -> str:
    """What is said of a witness that `call` tells nothing of."""
    return f"gave no whole answer within {wait_s:g} s"


async def _all(witnesses: Sequence[N], one: Call[N, T], wait_s: float, told: dict[str, T]) -> None:
    async def keep(client: httpx2.AsyncClient, witness: N) -> None:
        told[witness.name] = await one(client, witness)

    try:
        async with (
            asyncio.timeout(wait_s),
            # Neither the surroundings' proxies nor their passwords have a say in this.
            httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=httpx2.Timeout(wait_s)
            ) as client,
        ):
            await asyncio.gather(*(keep(client, witness) for witness in witnesses))
    except TimeoutError:
        return


async def fetch(
    client: httpx2.AsyncClient,
    address: str,
    *,
    post: bytes | None = None,
    media: str = "text/plain; charset=utf-8",
    limit: int | None = None,
) -> tuple[int, httpx2.Headers, bytes]:
    """Status, headers and raw body of an answer; with `post`, to these bytes.

    TooLongError for a body beyond `limit` (else ANSWER_LIMIT), UnreachableError for no answer.
    """
    # Compressed, a small answer could become a large one.
    headers = {"accept-encoding": "identity"}
    if post is not None:
        headers["content-type"] = media
    most = ANSWER_LIMIT if limit is None else limit
    method = "GET" if post is None else "POST"
    try:
        async with client.stream(method, address, content=post, headers=headers) as response:
            taken = bytearray()
            async for chunk in response.aiter_raw():
                taken += chunk
                if len(taken) > most:
                    raise TooLongError(f"gave an answer of more than {most} bytes")
            return response.status_code, response.headers, bytes(taken)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as fault:
        raise UnreachableError(f"is not reachable: {_words(fault)}") from fault


def _words(fault: Exception) -> str:
    """What went wrong, for people; the library's own name of it where it says nothing."""
    return str(fault) or type(fault).__name__
