"""Connections that end by themselves: of who never says what they want, or never takes the answer.

A server without these bounds is full of a thousand callers who say nothing, and stays full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trucewatch.app.web.limits import network
from trucewatch.app.web.settings import WebSection
from trucewatch.errors import MissingExtra

try:
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ImportError as error:
    raise MissingExtra("the web application", "server") from error

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

HEAD_S = 30.0
"""So long the head of a request may take, from the first byte of the connection or from the answer
before it; and so long what is left of a last answer may lie."""

STALLED_S = 120.0
"""So long an answer may lie without any of it being taken: at 1 kB/s a full buffer is taken in."""

SPARE = 50
"""So many connections more than are answered are told to come later; any beyond are hung up on."""


class Patient(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with an end to each kind of waiting for the other side."""

    web: Callable[[], WebSection] = WebSection
    """What [web] allows at this moment; it is asked in the loop that serves all, so it is quick."""

    place = ""
    """The network at the other end; "" for a proxy of the mission's own."""

    _head: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """A caller is there: the head of a request is awaited."""
        super().connection_made(transport)
        if self.limit_concurrency is not None and (
            len(self.connections) > self.limit_concurrency + SPARE
        ):
            transport.abort()
            return
        if self._is_one_too_many():
            transport.abort()
            return
        self._await_head()

    def _is_one_too_many(self) -> bool:
        """Whether one network holds more than it may with this; a proxy speaks for many."""
        web, host = type(self).web(), self.client[0] if self.client else ""
        if host in web.proxies:
            return False
        self.place = network(host, "", ())
        held = sum(getattr(one, "place", "") == self.place for one in self.connections)
        return bool(held > web.connections_per_network)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._head = _ended(self._head)
        self._stalled = _ended(self._stalled)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """What has arrived: with a whole head the wait for it is over."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._head = _ended(self._head)

    def on_response_complete(self) -> None:
        """An answer was written: the next head is awaited."""
        super().on_response_complete()
        if self.cycle.response_complete:
            self._await_head()

    def pause_writing(self) -> None:
        """The buffer is full: somebody takes the answer slowly, or not at all."""
        super().pause_writing()
        self._stalled = _ended(self._stalled)
        self._stalled = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        """They have taken enough of it."""
        self._stalled = _ended(self._stalled)
        super().resume_writing()

    def _await_head(self) -> None:
        self._head = _ended(self._head)
        self._head = self.loop.call_later(HEAD_S, self._late)

    def _late(self) -> None:
        if self._stalled is None:
            self.transport.abort()
        else:
            # The last answer is still being taken: for that the other bound counts.
            self._await_head()


def patient(web: Callable[[], WebSection]) -> type[Patient]:
    """The same, with a bound on the connections of one network, as [web] has it at the time."""

    class Bounded(Patient):
        pass

    Bounded.web = staticmethod(web)
    return Bounded


def _ended(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer, in the place of one that is not to ring any more."""
    if timer is not None:
        timer.cancel()
    return None
