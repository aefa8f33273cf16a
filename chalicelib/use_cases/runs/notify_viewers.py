"""Telling those who watch a log that there is news of it. What they are shown then: logs/show_log.py."""

from chalicelib.use_cases.ports.bundle import Ports


def notify_viewers(ports: Ports, run_id: str, key: str) -> None:
    """Have those who watch a run's log shown what it has now. key: of the news, for deduplication."""
    if not ports.live.has_viewers():
        return
    for connection in ports.viewers.of_run(run_id):
        ports.queue.enqueue_log_update(connection, key)
