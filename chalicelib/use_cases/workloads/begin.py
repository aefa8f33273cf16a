"""Begin and stop runs of workloads. Both may be repeated."""

from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.events import CancelRequested
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.launch.plan import plan_task
from chalicelib.use_cases.launch.start_child import create_run
from chalicelib.use_cases.ports.bundle import Ports

BY = "the workload"


def begin_run(ports: Ports, workload: Workload, run: str, trigger: str = "request") -> None:
    """Create the run of this id, unless it is there; it starts soon."""
    if ports.runs.find_run(run) is None:
        create_run(ports, plan_task(ports, workload, Beginning(id=run, by=workload.by, trigger=trigger)))


def stop_run(ports: Ports, run_id: str, why: str) -> bool:
    """Request that a run stops; return True if nothing of it runs any more."""
    run = ports.runs.find_run(run_id) if run_id else None
    if run is None or run.is_final:
        return True
    now = ports.clock.now()
    cancel = CancelRequested(at=now, by=why, retries=run.retries)
    # Keyed by the time too, so that the queue does not drop a repetition as a duplicate.
    ports.queue.enqueue_events(run.id, (cancel,), key=f"{run.id}/stopped/{now.isoformat()}")
    return False


def is_running(ports: Ports, workload: Workload | None) -> bool:
    """Whether the latest run of a workload goes on."""
    run = ports.runs.find_run(workload.run) if workload is not None and workload.run else None
    return run is not None and not run.is_final
