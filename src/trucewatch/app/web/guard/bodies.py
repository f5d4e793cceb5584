"""Bodies within bounds: so many bytes, in so many seconds, whatever length was announced."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Receive

LARGEST_BODY = 1 << 20
"""Of anything but an upload, in bytes."""

BODY_S = 20.0
UPLOAD_S = 180.0


class Body:
    """The body of one call, read no further than it may be; `too_large` and `too_slow` tell.

    Past a bound the application sees a caller who hung up.
    """

    def __init__(self, receive: Receive, *, most: float, seconds: float) -> None:
        self._receive, self.most = receive, most
        self._until = asyncio.get_running_loop().time() + seconds
        self._read = 0
        self._done = False
        self._back: list[Message] = []
        self.too_large = self.too_slow = False

    async def receive(self) -> Message:
        """The next message, for the application."""
        if self._back:
            return self._back.pop(0)
        return await self._next()

    async def whole(self) -> bytes | None:
        """All of it, which the application then gets; None past a bound or after a hang-up."""
        return await self._up_to(None)

    async def start(self, size: int) -> bytes | None:
        """Its first `size` bytes or all of it, as with `whole`."""
        return await self._up_to(size)

    async def _up_to(self, size: int | None) -> bytes | None:
        read = b""
        kept: list[Message] = []
        parts: list[bytes] = []
        while size is None or len(read) < size:
            message = await self._next()
            if message["type"] != "http.request":
                return None
            kept.append(message)
            parts.append(message.get("body", b""))
            if size is not None:
                read = b"".join(parts)
            if not message.get("more_body", False):
                break
        self._back = kept
        return b"".join(parts)

    async def _next(self) -> Message:
        if self.too_large or self.too_slow:
            return {"type": "http.disconnect"}
        if self._done:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.too_slow = True
            return {"type": "http.disconnect"}
        self._read += len(message.get("body", b""))
        self._done = not message.get("more_body", False)
        if self._read > self.most:
            self.too_large = True
            return {"type": "http.disconnect"}
        return message
