"""Reads the body of a request: no further than whoever answers will use, and no slower than a person's line sends."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

FREE = 64 * 1024
"""Bytes that are read without asking whether anybody wants them."""

PATIENCE = 60.0
SLOWEST = 20_000
"""Seconds that a body may take, and how many bytes earn it another."""


class HungUp(Exception):  # noqa: N818 - says what happened
    """The caller left before the end of the body."""


class TooSlow(Exception):  # noqa: N818 - says what happened
    """The body did not come in time."""


class TooLong(Exception):  # noqa: N818 - says what happened
    """The body is longer than is wanted. limit: how many bytes are; none of somebody who is refused anyway."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyReader:
    """Reads one body. declared: its length, where that is said. largest: asked of a long one, how long it may be."""

    receive: Receive
    declared: int
    largest: Callable[[], Awaitable[int]]
    patience: float = PATIENCE

    async def read(self) -> bytes:
        """The body. Faults: HungUp, TooSlow, TooLong."""
        loop = asyncio.get_running_loop()
        parts, size, end = [b""], 0, loop.time() + self.patience
        limit = await self._limit(self.declared, FREE)
        while True:
            message = await _next(self.receive, end + size / SLOWEST - loop.time())
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            limit = await self._limit(size, limit)
            if not message.get("more_body"):
                return b"".join(parts)

    async def _limit(self, size: int, limit: int) -> int:
        if size <= limit:
            return limit
        wanted = await self.largest() if limit == FREE else limit
        if size > wanted:
            raise TooLong(wanted)
        return wanted


async def _next(receive: Receive, seconds: float) -> Message:
    try:
        message = await asyncio.wait_for(receive(), max(0.0, seconds))
    except TimeoutError:
        raise TooSlow from None
    if message["type"] == "http.disconnect":
        raise HungUp
    return message
