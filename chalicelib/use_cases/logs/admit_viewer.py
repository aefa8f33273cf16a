"""Admit connections by ticket, to watch a log or to be woken, and dismiss them. What a viewer is sent: push_log.py."""

from chalicelib.kernel.access.token import digest_of
from chalicelib.kernel.explanation.runner import is_of_pool
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Viewer
from slipway_formats.frozen import frozen


@frozen
class AdmitViewer:
    """Admit a connection that presents the text of a ticket."""

    connection: str
    ticket: str


def admit_viewer(ports: Ports, command: AdmitViewer) -> bool:
    """Register the connection as a viewer and enqueue its first log update; return False if the ticket is not valid."""
    now = ports.clock.now()
    ticket = ports.viewers.use_ticket(digest_of(command.ticket), command.connection, now)
    if ticket is None:
        return False
    ports.viewers.add(Viewer(connection=command.connection, run=ticket.run, after=ticket.after, since=now))
    # A runner that waits for jobs is sent no log.
    if not is_of_pool(ticket.run):
        ports.queue.enqueue_log_update(command.connection, key="admitted")
    return True


def dismiss_viewer(ports: Ports, connection: str) -> None:
    """Remove the connection from the viewers."""
    ports.viewers.remove(connection)
