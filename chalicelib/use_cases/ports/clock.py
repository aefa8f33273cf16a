"""The clock, new ids and secrets, other people's addresses, and live viewers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.frozen import frozen


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """The time, aware, UTC, in whole milliseconds."""

    def pause(self, longest: float) -> None:
        """Sleep a random while, up to so many seconds."""


class Ids(Protocol):
    """New ids and secrets."""

    def identifier(self) -> str:
        """A new id: 26 letters and digits, sorting by the time it was made (as ULID)."""

    def secret(self) -> str:
        """A new unguessable text, fit for a URL."""


@frozen
class Called:
    """What an address answered. status: 0 when it did not."""

    status: int
    text: str = ""

    @property
    def went_well(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether trying again would not help: it went well, or the other side refuses us."""
        return self.status != 0 and self.status < 500 and self.status != 429

    @property
    def said(self) -> str:
        """What became of the call, in words."""
        return f"answered {self.status}" if self.status else f"did not answer: {self.text[:200]}"


class Outside(Protocol):
    """Other systems, by HTTP. Addresses are checked: no loopback or link-local ones unless the setting allows it."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes, *, project: str) -> Called:
        """POST within a time limit; never raises for what the other side does. project: on whose behalf.

        Faults: Unavailable, when the project, or all of them to this host, have too many calls open.
        """


class Live(Protocol):
    """Viewers that are connected now."""

    def push(self, topic: str, message: Mapping[str, object]) -> None:
        """Send to whoever watches the topic; losing it is no harm, for all of it can be read."""

    def mark(self, topic: str) -> int:
        """How much news of a topic there has been, to be taken before looking for what it may tell of."""

    def await_change(self, topic: str, mark: int, longest: float) -> bool:
        """Whether news came since the mark, or comes within so many seconds.

        At once no, where pushes of other processes are not heard.
        """

    def has_viewers(self) -> bool:
        """Whether anybody may be connected by WebSocket; where that is not known, yes."""

    def send(self, connection: str, text: str) -> bool:
        """Send to a WebSocket connection, after what was sent before; no when nobody is there, or not yet."""

    def close(self, connection: str) -> None:
        """End a connection when what was sent has gone out; one that is gone is no fault."""
