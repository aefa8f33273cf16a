"""Permission for a runner to be woken when a job waits in its pool: a URL with a one-time ticket.

Who uses the ticket, and what is sent: logs/admit_viewer.py, and the port Live.
"""

from datetime import datetime, timedelta

from chalicelib.kernel.access.token import digest_of
from chalicelib.kernel.explanation.runner import topic_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Ticket
from slipway_formats.frozen import frozen

TICKET_LASTS = timedelta(seconds=30)


@frozen
class AwaitWake:
    """Ask where a runner of a pool hears of waiting jobs."""

    pool: str


@frozen
class WakeAddress:
    """Where a runner is woken. url: of a WebSocket, which is opened once, until an instant."""

    url: str
    until: datetime


def await_wake(ports: Ports, command: AwaitWake) -> WakeAddress | None:
    """Create a ticket for the pool and return its URL; None where a request for jobs is held until there is one."""
    if not ports.live.wakes_by_socket():
        return None
    text, until = ports.ids.secret(), ports.clock.now() + TICKET_LASTS
    ports.viewers.create_ticket(Ticket(key=digest_of(text), run=topic_of(command.pool), after=0, until=until))
    return WakeAddress(url=f"{ports.settings.live_url}?ticket={text}", until=until)
