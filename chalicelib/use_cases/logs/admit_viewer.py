"""Connections that come to watch a log, with a ticket, and leave. What a viewer sees: show_log.py."""

from chalicelib.kernel.access.token import digest_of
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Viewer


@frozen
class AdmitViewer:
    """A connection that comes with the text of a ticket."""

    connection: str
    ticket: str


def admit_viewer(ports: Ports, ask: AdmitViewer) -> bool:
    """Whether the ticket was good; then the connection is a viewer, and is shown the log once it is open."""
    now = ports.clock.now()
    ticket = ports.viewers.use_ticket(digest_of(ask.ticket), ask.connection, now)
    if ticket is None:
        return False
    ports.viewers.add(Viewer(connection=ask.connection, run=ticket.run, after=ticket.after, since=now))
    ports.queue.enqueue_log_update(ask.connection, key="admitted")
    return True


def dismiss_viewer(ports: Ports, connection: str) -> None:
    """The connection is no viewer any more."""
    ports.viewers.remove(connection)
