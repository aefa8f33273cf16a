"""Read request bodies with limits on size and time."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

FREE = 64 * 1024
"""Bytes that are read before the size limit is looked up."""

PATIENCE = 60.0
SLOWEST = 20_000
"""Bytes per further second: a body may take longer than PATIENCE only at this rate."""


LINGERING = 5.0
DISCARDED = 16_000_000
"""Seconds and bytes for which a refused body is still read, so that its sender gets to read the refusal."""


class HungUp(Exception):  # noqa: N818 - says what happened
    """The client disconnected before the end of the body."""


class TooSlow(Exception):  # noqa: N818 - says what happened
    """The body did not arrive in time."""


class TooLong(Exception):  # noqa: N818 - says what happened
    """The body is too long. limit: allowed bytes; 0 for a caller whose request is refused anyway."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyReader:
    """Reads one body. declared: its length by the header. largest: returns the size limit of a long one."""

    receive: Receive
    declared: int
    largest: Callable[[], Awaitable[int]]
    patience: float = PATIENCE

    async def read(self) -> bytes:
        """Return the body. Faults: HungUp, TooSlow, TooLong."""
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


async def discard(receive: Receive) -> None:
    """Read and forget what still arrives of a refused body, up to LINGERING seconds and DISCARDED bytes."""
    end, size = asyncio.get_running_loop().time() + LINGERING, 0
    with contextlib.suppress(TooSlow, HungUp):
        while size <= DISCARDED:
            message = await _next(receive, end - asyncio.get_running_loop().time())
            size += len(message.get("body", b""))
            if not message.get("more_body"):
                return


async def _next(receive: Receive, seconds: float) -> Message:
    try:
        message = await asyncio.wait_for(receive(), max(0.0, seconds))
    except TimeoutError:
        raise TooSlow from None
    if message["type"] == "http.disconnect":
        raise HungUp
    return message
