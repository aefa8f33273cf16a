"""Notify the viewers of a log that it has grown. What they are sent: logs/push_log.py."""

from chalicelib.use_cases.ports.bundle import Ports


def notify_viewers(ports: Ports, run_id: str, key: str) -> None:
    """Enqueue a log update for each viewer of a run's log. key: for deduplication."""
    if not ports.live.has_viewers():
        return
    for connection in ports.viewers.of_run(run_id):
        ports.queue.enqueue_log_update(connection, key)
