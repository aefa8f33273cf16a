"""Port for live logs: tickets, and viewers with their positions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from slipway_formats.frozen import frozen


@frozen
class Ticket:
    """One-time permission to watch the log of a run. key: a hash of its text. after: seq of the client's last chunk."""

    key: str
    run: str
    after: int
    until: datetime


@frozen
class Viewer:
    """A connection that watches the log of a run. after: seq of the last chunk that was sent to it."""

    connection: str
    run: str
    after: int
    since: datetime


class Viewers(Protocol):
    """Tickets, and the connections that were admitted by one."""

    def create_ticket(self, ticket: Ticket) -> None:
        """Store a new ticket: the one-time credential with which a client opens a WebSocket."""

    def use_ticket(self, key: str, connection: str, now: datetime) -> Ticket | None:
        """Use up a ticket and return it; None if it is unknown, expired, or used by another connection."""

    def add(self, viewer: Viewer) -> None:
        """Store a new viewer; an existing one stays as it is."""

    def find_viewer(self, connection: str) -> Viewer | None:
        """Return the viewer of that connection, if there is one (a consistent read)."""

    def of_run(self, run: str) -> Sequence[str]:
        """Return the connections that watch a run's log (a consistent read)."""

    def move(self, viewer: Viewer, after: int) -> Viewer:
        """Move the viewer's position to `after` and return it. Faults: Stale if it was moved or removed meanwhile."""

    def remove(self, connection: str) -> None:
        """Delete a viewer; a missing one is no fault."""
