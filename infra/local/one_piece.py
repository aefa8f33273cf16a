"""uvicorn's HTTP protocol, which sends in one piece what an answer writes at once: headers, and a body that is there.

uvicorn writes headers and body one after the other, and each write wakes the other side: on loopback that was a third
of what a call to the AWS stand-in takes.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HELD = 65_536
"""Bytes. More is sent as it comes, so that the transport can say when its buffer is full."""


class OnePieceTransport:
    """A transport that holds what is written until its flush, or until the loop turns."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        """Return what the transport has."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Hold these bytes; send all that is held once it is much."""
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_HELD:
            self.flush()

    def flush(self) -> None:
        """Send what is held."""
        held, self._held, self._size = self._held, [], 0
        if held and not self._transport.is_closing():
            self._transport.writelines(held)

    def close(self) -> None:
        """Send what is held, and close."""
        self.flush()
        self._transport.close()


class OnePieceProtocol(HttpToolsProtocol):
    """Answers in one piece, where an answer is whole when it begins."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        """Begin a connection."""
        super().connection_made(cast(asyncio.Transport, OnePieceTransport(transport, self.loop)))

    def on_response_complete(self) -> None:
        """Send the answer, and go on to the next request."""
        cast(OnePieceTransport, self.transport).flush()
        super().on_response_complete()
