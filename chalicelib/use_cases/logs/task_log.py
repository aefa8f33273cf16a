"""The log of a task of the Deploy API: of all its pods, or of one."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.logs.read_log import ReadLog, read_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.workloads.tasks import TaskNamed, get_task
from slipway_formats.frozen import frozen


@frozen
class ReadTaskLog:
    """Query: the log of a task's latest run. pod: of this one alone; empty for all. after: the last chunk one has."""

    task: TaskNamed
    pod: str = ""
    after: int = 0


@frozen
class TaskLog:
    """Chunks of a log in order. head: to ask for what follows."""

    chunks: Sequence[Chunk]
    head: int


def read_task_log(ports: Ports, query: ReadTaskLog) -> TaskLog:
    """Return the log from a chunk on, as far as it fits. Faults: NotFound, also for who may not read the project."""
    view = get_task(ports, query.task)
    if query.pod and query.pod not in {pod.name for pod in view.pods}:
        raise NotFound(f"no pod {query.pod[:100]} of task {query.task.id[:100]}")
    chunks = read_log(ports, ReadLog(log=view.job, after=query.after)) if view.job else ()
    head = chunks[-1].seq if chunks else query.after
    # Of a job, which has one pod, lines are not named.
    if not query.pod or not view.workload.lasts:
        return TaskLog(chunks=chunks, head=head)
    mark = f"[{query.pod}] "
    return TaskLog(chunks=[own for one in chunks if (own := _of_pod(one, mark)).text], head=head)


def _of_pod(chunk: Chunk, mark: str) -> Chunk:
    """Return a chunk with the lines of one pod, without its name before them."""
    lines = chunk.text.splitlines(keepends=True)
    return replace(chunk, text="".join(line.removeprefix(mark) for line in lines if line.startswith(mark)))
