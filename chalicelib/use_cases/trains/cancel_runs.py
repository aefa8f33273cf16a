"""Cancel the open runs of snapshots that are no longer to be delivered."""

from collections.abc import Sequence

from chalicelib.kernel.engine.events import CancelRequested
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import apply_or_enqueue


def cancel_runs(ports: Ports, origin: Origin, snapshots: Sequence[Snapshot], reason: str) -> None:
    """Cancel the runs of these snapshots that have not ended."""
    for run_id in (run_id for snapshot in snapshots for run_id in snapshot.runs):
        run = ports.runs.find_run(run_id)
        if run is not None and not run.is_final:
            by, at = origin.by.name, ports.clock.now()
            cancel = CancelRequested(at=at, by=by, retries=run.retries, notes=reason)
            apply_or_enqueue(ports, run_id, (cancel,), f"{run_id}/cancel/{origin.seed[:32]}")
