"""The log of a build's or deployment job's run: those of its attempts, one after the other, numbered through."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.use_cases.executions import ExecutionNamed, see_execution
from chalicelib.use_cases.ports import Ports
from chalicelib.use_cases.ports_runs import Chunk

MOST_CHUNKS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadExecutionLog:
    """A run's log from a place on. after: seq of the last chunk seen."""

    execution: ExecutionNamed
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to be added to a log."""

    text: str
    stream: str = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddToLog:
    """Add to the log of a run's last attempt."""

    execution: ExecutionNamed
    lines: tuple[Line, ...]


def read_execution_log(ports: Ports, ask: ReadExecutionLog) -> Sequence[Chunk]:
    """The chunks that follow, in order, without gaps; at most so many. Faults: NotFound."""
    see_execution(ports, ask.execution)
    found: list[Chunk] = []
    before = 0
    for log in _logs(ports, ask.execution.id):
        room = MOST_CHUNKS - len(found)
        chunks = ports.logs.read(log, max(ask.after - before, 0), room) if room > 0 else ()
        found.extend(replace(chunk, seq=chunk.seq + before) for chunk in chunks)
        before += ports.logs.head(log)
    return found


def add_to_log(ports: Ports, ask: AddToLog) -> int:
    """The new head of the run's log. Faults: NotFound."""
    see_execution(ports, ask.execution)
    logs = _logs(ports, ask.execution.id)
    earlier = sum(ports.logs.head(log) for log in logs[:-1])
    head = ports.logs.head(logs[-1])
    for line in ask.lines:
        head = ports.logs.add(logs[-1], ports.world.now(), line.stream, line.text)
    return earlier + head


def _logs(ports: Ports, run_id: str) -> Sequence[str]:
    """The logs of a run in order; before its first job there is one by its own name."""
    return [job.id for job in ports.jobs.of_run(run_id)] or [run_id]
