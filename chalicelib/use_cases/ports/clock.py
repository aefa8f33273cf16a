"""Ports for the clock, new ids and secrets, calls to other systems, and live viewers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from slipway_formats.frozen import frozen


class Clock(Protocol):
    """The time, and sleeping."""

    def now(self) -> datetime:
        """Return the time: aware, UTC, in whole milliseconds."""

    def pause(self, longest: float) -> None:
        """Sleep a random time of up to so many seconds."""


class Ids(Protocol):
    """New ids and secrets."""

    def identifier(self) -> str:
        """Return a new id: 26 letters and digits, sorting by creation time (as ULID)."""

    def secret(self) -> str:
        """Return a new unguessable text, safe in a URL."""

    @property
    def process_key(self) -> bytes:
        """The unguessable key of this process, which nobody else has."""


@frozen
class Called:
    """The response of another system. status: 0 if there was none."""

    status: int
    text: str = ""

    @property
    def went_well(self) -> bool:
        """Return True for a 2xx status."""
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Return True if a retry would not help: success, or a refusal."""
        return self.status != 0 and self.status < 500 and self.status != 429

    @property
    def said(self) -> str:
        """Return the result of the call in words."""
        return f"answered {self.status}" if self.status else f"did not answer: {self.text[:200]}"


class Outside(Protocol):
    """HTTP calls to other systems. Loopback and link-local addresses are refused unless the setting allows them."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        """POST within a time limit; never raises because of what the other side does."""


class Live(Protocol):
    """Viewers that are connected now."""

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Send to the viewers of a topic. It may be lost: clients can read everything."""

    def mark(self, topic: str) -> int:
        """Return a counter of the topic's changes, to be taken before looking for what has changed."""

    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        """Return True if the topic has changed since the mark, or changes within so many seconds.

        Returns False at once where pushes of other processes do not arrive. Raises Suspended where the caller can wait
        without occupying a thread.
        """

    def wakes_by_socket(self) -> bool:
        """Return True if whoever waits for a pushed topic hears of it over a WebSocket alone.

        A pushed topic is then heard by a few of the connections that were admitted to it.
        """

    def has_viewers(self) -> bool:
        """Return True if a WebSocket may be connected; also where that is not known."""

    def send(self, connection: str, text: str) -> bool:
        """Send to a WebSocket connection, after what was sent before; return False if it is closed or not yet open."""

    def close(self, connection: str) -> None:
        """Close a connection once what was sent has gone out; a closed one is no fault."""
