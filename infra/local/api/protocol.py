"""uvicorn's HTTP protocol with a timeout for request headers, which uvicorn lacks."""

import asyncio
from typing import Any

from infra.local.one_piece import OnePieceProtocol

PATIENCE = 75.0
"""Seconds from the start of a request, or of the connection, to the end of the request's headers."""


class PatientProtocol(OnePieceProtocol):
    """Closes a connection whose request headers do not arrive in time."""

    patience = PATIENCE
    late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - uvicorn's own signature
        """Start the timeout."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Start the timeout at the first data of a request."""
        if self.late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Stop the timeout."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timeout."""
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
