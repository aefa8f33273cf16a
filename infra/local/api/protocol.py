"""HTTP as uvicorn speaks it, with an end to connections whose next request does not come whole: uvicorn knows none."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 75.0
"""Seconds from the first byte of a request, or from the opening of the connection, to the end of its headers."""


class PatientProtocol(HttpToolsProtocol):
    """Closes a connection that shows no whole headers in time."""

    patience = PATIENCE
    late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        """Begin to wait."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Begin to wait, when this is the first of a request."""
        if self.late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self.late = self.loop.call_later(self.patience, self._close)

    def _stop_waiting(self) -> None:
        if self.late is not None:
            self.late.cancel()
            self.late = None

    def _close(self) -> None:
        self.late = None
        if not self.transport.is_closing():
            self.transport.close()
