"""Push a log to its viewers: everything after their position, then what is appended, in order, until it is sealed.

Updates of a viewer queue up, and each push starts where the last one ended. Only a crash between sending and saving the
position sends something twice, under the same numbers.
"""

from collections.abc import Iterator
from datetime import timedelta

from chalicelib.kernel.explanation.runner import is_of_pool
from chalicelib.use_cases.logs.admit_viewer import dismiss_viewer
from chalicelib.use_cases.logs.messages import LogMessage, end_message, messages
from chalicelib.use_cases.logs.read_log import read_run_log, seal_run_log
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.live import Viewer

MOST_AT_ONCE = 100
"""Messages in one push; the next update in the queue continues, so that none exceeds the function's timeout."""

OPENING_TIME = timedelta(seconds=20)
"""How long a connection may be about to open: API Gateway opens it only after it was admitted."""

TRIES, PAUSE_SECONDS = 8, 1.0


def push_log(ports: Ports, connection: str) -> None:
    """Send the viewer what its log has; dismiss it at the log's end, or when it is gone. Faults: Stale."""
    viewer = ports.viewers.find_viewer(connection)
    if viewer is None or is_of_pool(viewer.run):
        return
    # Checked before the log is read: a later end is reported by a later update.
    is_over = _is_over(ports, viewer.run)
    for count, message in enumerate(_pending_messages(ports, viewer), 1):
        if not _send(ports, viewer, message.text):
            dismiss_viewer(ports, connection)
            return
        if message.after > viewer.after:
            viewer = ports.viewers.move(viewer, message.after)
            if count >= MOST_AT_ONCE:
                ports.queue.enqueue_log_update(connection, key=f"after/{viewer.after}")
                return
    if is_over:
        _end(ports, viewer)


def _pending_messages(ports: Ports, viewer: Viewer) -> Iterator[LogMessage]:
    after = viewer.after
    while chunks := read_run_log(ports, viewer.run, after):
        yield from messages(chunks)
        after = chunks[-1].seq


def _is_over(ports: Ports, run_id: str) -> bool:
    """Return True if the log is final: the run and its jobs have ended (the log is then sealed), or the run is gone."""
    run = ports.runs.find_run(run_id)
    if run is None:
        return True
    if not run.is_final or any(job.ending is None for job in ports.jobs.of_run(run_id)):
        return False
    seal_run_log(ports, run_id)
    return True


def _send(ports: Ports, viewer: Viewer, text: str) -> bool:
    """Send the text and return True if it went out; retry for a connection that is about to open."""
    for _ in range(TRIES):
        if ports.live.send(viewer.connection, text):
            return True
        may_be_opening = ports.clock.now() < viewer.since + OPENING_TIME
        if not may_be_opening or ports.viewers.find_viewer(viewer.connection) is None:
            return False
        ports.clock.pause(PAUSE_SECONDS)
    return False


def _end(ports: Ports, viewer: Viewer) -> None:
    """Send the end message and close the connection."""
    if _send(ports, viewer, end_message(viewer.after)):
        ports.live.close(viewer.connection)
    dismiss_viewer(ports, viewer.connection)
