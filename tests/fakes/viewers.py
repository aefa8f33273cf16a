"""The fake of the port Viewers, held to the same contract as the store by tests/store/access/test_viewers.py."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.faults import Stale
from chalicelib.use_cases.ports.live import Ticket, Viewer, Viewers


@dataclass
class FakeViewers(Viewers):
    """Tickets and viewers in memory."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Viewer] = field(default_factory=dict)

    def create_ticket(self, ticket: Ticket) -> None:
        self.tickets[ticket.key] = ticket

    def use_ticket(self, key: str, connection: str, now: datetime) -> Ticket | None:
        ticket = self.tickets.get(key)
        if ticket is None or ticket.until <= now or self.used.setdefault(key, connection) != connection:
            return None
        return ticket

    def add(self, viewer: Viewer) -> None:
        self.kept.setdefault(viewer.connection, viewer)

    def find_viewer(self, connection: str) -> Viewer | None:
        return self.kept.get(connection)

    def of_run(self, run: str) -> Sequence[str]:
        return sorted(viewer.connection for viewer in self.kept.values() if viewer.run == run)

    def move(self, viewer: Viewer, after: int) -> Viewer:
        there = self.kept.get(viewer.connection)
        if there is None or there.after != viewer.after:
            raise Stale(f"viewer {viewer.connection} has moved")
        self.kept[viewer.connection] = replace(viewer, after=after)
        return self.kept[viewer.connection]

    def remove(self, connection: str) -> None:
        self.kept.pop(connection, None)
