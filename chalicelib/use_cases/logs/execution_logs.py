"""The log of a build's or deployment job's execution, for clients: read and append."""

from collections.abc import Sequence

from chalicelib.use_cases.definitions.executions import ExecutionNamed, get_execution
from chalicelib.use_cases.effects.notify_viewers import notify_viewers
from chalicelib.use_cases.logs.read_log import logs_of_run, read_run_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk, Words
from slipway_formats.frozen import frozen


@frozen
class ReadExecutionLog:
    """Query: an execution's log. after: seq of the last chunk the client has."""

    execution: ExecutionNamed
    after: int = 0


@frozen
class Line:
    """A line to append to a log."""

    text: str
    stream: str = "out"


@frozen
class AddToLog:
    """Append to the log of an execution's last attempt. seed: of the request, whose lines are appended once."""

    execution: ExecutionNamed
    lines: tuple[Line, ...]
    seed: str


def read_execution_log(ports: Ports, query: ReadExecutionLog) -> Sequence[Chunk]:
    """Return the chunks after `after`, in order, without gaps, up to a limit. Faults: NotFound."""
    get_execution(ports, query.execution)
    return read_run_log(ports, query.execution.id, query.after)


def append_to_log(ports: Ports, command: AddToLog) -> int:
    """Append lines and return the new head of the execution's log. Faults: NotFound, Conflict once it is sealed."""
    get_execution(ports, command.execution)
    logs = logs_of_run(ports, command.execution.id)
    earlier = sum(ports.logs.head(log) for log in logs[:-1])
    said = tuple((line.stream, line.text) for line in command.lines)
    words = Words(ask=command.seed, at=ports.clock.now(), said=said)
    head = ports.logs.add(logs[-1], words) if said else ports.logs.head(logs[-1])
    notify_viewers(ports, command.execution.id, f"{logs[-1]}/{head}")
    return earlier + head
