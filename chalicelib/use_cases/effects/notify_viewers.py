"""Notify the viewers of a log that it has grown. What they are sent: logs/push_log.py."""

from collections.abc import Sequence

from chalicelib.use_cases.ports.bundle import Ports


def viewers_of(ports: Ports, run_id: str) -> Sequence[str]:
    """Return the connections that watch a run's log."""
    return ports.viewers.of_run(run_id) if ports.live.has_viewers() else ()


def notify_viewers(ports: Ports, run_id: str, key: str) -> None:
    """Enqueue a log update for each viewer of a run's log. key: for deduplication."""
    notify_each(ports, viewers_of(ports, run_id), key)


def notify_each(ports: Ports, viewers: Sequence[str], key: str) -> None:
    """Enqueue a log update for these viewers. key: for deduplication."""
    for connection in viewers:
        ports.queue.enqueue_log_update(connection, key)
