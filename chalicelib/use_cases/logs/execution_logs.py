"""The log of a build's or deployment job's run as clients know it: read and added to."""

from collections.abc import Sequence

from chalicelib.kernel.frozen import frozen
from chalicelib.use_cases.definitions.executions import ExecutionNamed, get_execution
from chalicelib.use_cases.logs.read_log import logs_of_run, read_run_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Chunk, Words
from chalicelib.use_cases.runs.notify_viewers import notify_viewers


@frozen
class ReadExecutionLog:
    """A run's log from a place on. after: seq of the last chunk seen."""

    execution: ExecutionNamed
    after: int = 0


@frozen
class Line:
    """Something to be added to a log."""

    text: str
    stream: str = "out"


@frozen
class AddToLog:
    """Add to the log of a run's last attempt. seed: of the ask, which adds its lines once."""

    execution: ExecutionNamed
    lines: tuple[Line, ...]
    seed: str


def read_execution_log(ports: Ports, ask: ReadExecutionLog) -> Sequence[Chunk]:
    """The chunks that follow, in order, without gaps; at most so many. Faults: NotFound."""
    get_execution(ports, ask.execution)
    return read_run_log(ports, ask.execution.id, ask.after)


def append_to_log(ports: Ports, ask: AddToLog) -> int:
    """The new head of the run's log. Faults: NotFound, Conflict once it is sealed."""
    get_execution(ports, ask.execution)
    logs = logs_of_run(ports, ask.execution.id)
    earlier = sum(ports.logs.head(log) for log in logs[:-1])
    said = tuple((line.stream, line.text) for line in ask.lines)
    words = Words(ask=ask.seed, at=ports.clock.now(), said=said)
    head = ports.logs.add(logs[-1], words) if said else ports.logs.head(logs[-1])
    notify_viewers(ports, ask.execution.id, f"{logs[-1]}/{head}")
    return earlier + head
