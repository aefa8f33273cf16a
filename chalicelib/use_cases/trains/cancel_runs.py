"""Cancel the open runs of snapshots that are no longer to be delivered."""

from collections.abc import Iterable

from chalicelib.kernel.engine.events import CancelRequested
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.use_cases.ports.bundle import Ports

AT_ONCE = 100
"""Runs that are read by one call."""


def cancel_runs(ports: Ports, snapshots: Iterable[Snapshot], by: str, reason: str) -> None:
    """Enqueue the cancelling of the runs of these snapshots that have not ended. by, reason: who wants it, and why."""
    wanted = [run_id for snapshot in snapshots for run_id in snapshot.runs]
    for start in range(0, len(wanted), AT_ONCE):
        for run in ports.runs.find_runs(wanted[start : start + AT_ONCE]):
            if not run.is_final and run.ending is None:
                cancel = CancelRequested(at=ports.clock.now(), by=by, retries=run.retries, notes=reason)
                ports.queue.enqueue_events(run.id, (cancel,), key=f"{run.id}/cancel/{run.retries}/{run.version}")
