"""Permission to watch a growing log: a URL with a one-time ticket. Using it: admit_viewer.py."""

from datetime import datetime, timedelta

from chalicelib.kernel.access.token import digest_of
from chalicelib.use_cases.definitions.executions import get_execution
from chalicelib.use_cases.logs.execution_logs import ReadExecutionLog
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Ticket
from slipway_formats.frozen import frozen

TICKET_LASTS = timedelta(seconds=30)


@frozen
class OfferedLog:
    """Where a log can be watched, once. url: of a WebSocket. until: when it must be opened."""

    url: str
    until: datetime


def offer_log(ports: Ports, query: ReadExecutionLog) -> OfferedLog:
    """Create a ticket for the log and return the URL for one connection. Faults: NotFound."""
    get_execution(ports, query.execution)
    text, until = ports.ids.secret(), ports.clock.now() + TICKET_LASTS
    ports.viewers.create_ticket(Ticket(key=digest_of(text), run=query.execution.id, after=query.after, until=until))
    return OfferedLog(url=f"{ports.settings.live_url}?ticket={text}", until=until)
