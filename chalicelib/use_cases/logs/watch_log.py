"""Leave to watch a log while it grows: an address that holds a ticket. Who comes with it: admit_viewer.py."""

from datetime import datetime, timedelta

from chalicelib.kernel.access.token import digest_of
from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.definitions.executions import get_execution
from chalicelib.use_cases.logs.execution_logs import ReadExecutionLog
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Ticket

TICKET_LASTS = timedelta(seconds=30)


@frozen
class OfferedLog:
    """Where a log can be watched, once. url: a WebSocket's. until: when it is to be opened."""

    url: str
    until: datetime


def offer_log(ports: Ports, ask: ReadExecutionLog) -> OfferedLog:
    """An address that holds a ticket for the log, for one connection. Faults: NotFound."""
    get_execution(ports, ask.execution)
    text, until = ports.ids.secret(), ports.clock.now() + TICKET_LASTS
    ports.viewers.create_ticket(Ticket(key=digest_of(text), run=ask.execution.id, after=ask.after, until=until))
    return OfferedLog(url=f"{ports.settings.live_url}?ticket={text}", until=until)
