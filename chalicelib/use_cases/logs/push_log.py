"""What those who watch a log are shown: everything from their place on, then what comes, in order, until it is sealed.

News of a viewer stand in line in a queue, and each showing begins where the last one ended. Only a process that dies
between sending and noting it sends something again, under the same numbers.
"""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.use_cases.logs.admit_viewer import dismiss_viewer
from chalicelib.use_cases.logs.messages import LogMessage, end_message, messages
from chalicelib.use_cases.logs.read_log import read_run_log, seal_run_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Viewer

MOST_AT_ONCE = 100
"""Messages of a showing; then the next one in line goes on, so that none takes longer than its function may."""

YOUNG = timedelta(seconds=20)
"""So long a connection may be about to open: API Gateway opens it only after it was admitted."""

TRIES, PAUSE_SECONDS = 8, 1.0


def push_log(ports: Ports, connection: str) -> None:
    """The viewer has what its log has, and is dismissed at the log's end, or when it is gone. Faults: Stale."""
    viewer = ports.viewers.viewer(connection)
    if viewer is None:
        return
    # Looked at before the log is read: what ends afterwards is told of afterwards.
    is_over = _is_over(ports, viewer.run)
    for count, message in enumerate(_following(ports, viewer), 1):
        if not _sent(ports, viewer, message.text):
            dismiss_viewer(ports, connection)
            return
        if message.after > viewer.after:
            viewer = ports.viewers.move(viewer, message.after)
            if count >= MOST_AT_ONCE:
                ports.queue.enqueue_log_update(connection, key=f"after/{viewer.after}")
                return
    if is_over:
        _end(ports, viewer)


def _following(ports: Ports, viewer: Viewer) -> Iterator[LogMessage]:
    after = viewer.after
    while chunks := read_run_log(ports, viewer.run, after):
        yield from messages(chunks)
        after = chunks[-1].seq


def _is_over(ports: Ports, run_id: str) -> bool:
    """Whether nothing is added to a run's log any more: the run has ended, and the log is sealed, now if need be."""
    run = ports.runs.find_run(run_id)
    if run is None:
        return True
    if not run.is_final or any(job.ending is None for job in ports.jobs.of_run(run_id)):
        return False
    seal_run_log(ports, run_id)
    return True


def _sent(ports: Ports, viewer: Viewer, text: str) -> bool:
    """Whether the text went out; one who was admitted just now is waited for."""
    for _ in range(TRIES):
        if ports.live.send(viewer.connection, text):
            return True
        is_young = ports.clock.now() < viewer.since + YOUNG
        if not is_young or ports.viewers.viewer(viewer.connection) is None:
            return False
        ports.clock.pause(PAUSE_SECONDS)
    return False


def _end(ports: Ports, viewer: Viewer) -> None:
    """The viewer knows that there will be no more, and is let go."""
    if _sent(ports, viewer, end_message(viewer.after)):
        ports.live.close(viewer.connection)
    dismiss_viewer(ports, viewer.connection)
