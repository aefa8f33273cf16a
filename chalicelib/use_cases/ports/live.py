"""What the use cases need from outside to show logs to those who watch them: tickets, and viewers in their places."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.kernel.frozen import frozen


@frozen
class Ticket:
    """Leave to watch the log of a run once. key: a hash of its text. after: seq of the last chunk its bearer has."""

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
    """Tickets, and those who were let in by one."""

    def create_ticket(self, ticket: Ticket) -> None:
        """Keep a new ticket."""

    def use_ticket(self, key: str, connection: str, now: datetime) -> Ticket | None:
        """The ticket, once: nothing when it is unknown, run out, or used by another connection."""

    def add(self, viewer: Viewer) -> None:
        """Keep a new viewer; one that is there stays as it is."""

    def viewer(self, connection: str) -> Viewer | None:
        """The viewer of that connection (a consistent read)."""

    def of_run(self, run: str) -> Sequence[str]:
        """The connections that watch a run's log (a consistent read)."""

    def move(self, viewer: Viewer, after: int) -> Viewer:
        """The viewer as having seen more. Faults: Stale when it is elsewhere, or gone."""

    def remove(self, connection: str) -> None:
        """Forget a viewer; one that is not there is no fault."""
