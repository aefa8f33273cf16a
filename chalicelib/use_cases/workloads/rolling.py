"""Rolling updates: what lasts serves on until the pods of its update are ready, and a moment longer."""

from datetime import timedelta

from chalicelib.kernel.workloads.transitions import draining
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.workloads.begin import stop_run

DRAINED_AFTER = timedelta(seconds=2)
"""Longer than whoever carries requests to pods may believe that old ones are there."""


def serves_on(ports: Ports, workload: Workload) -> bool:
    """Whether the pods of a workload that was replaced are kept, as those of its update are not ready yet."""
    if workload.phase is not WorkloadPhase.REPLACED or not workload.lasts:
        return False
    update = ports.workloads.find_named(workload.project, workload.environment, workload.name)
    if update is None or update.follows != workload.id:
        return False
    return update.available_at is None or ports.clock.now() < update.available_at + DRAINED_AFTER


def followed(ports: Ports, workload: Workload) -> Workload | None:
    """Return the workload whose pods serve until those of this one are ready, if there is one."""
    return ports.workloads.find_workload(workload.follows) if workload.follows else None


def drain_followed(ports: Ports, workload: Workload) -> None:
    """Have the pods that an available workload follows stop soon; repeating it changes nothing. Faults: Stale."""
    available_at = workload.available_at
    if available_at is None:
        return

    def drain() -> None:
        before = followed(ports, workload)
        if before is not None and before.look_at is not None:
            ports.workloads.save(draining(before, available_at + DRAINED_AFTER))

    if workload.follows:
        retry_on_conflict(ports, drain)
        ports.queue.schedule_workload_check(workload.follows, available_at + DRAINED_AFTER)


def stop_followed(ports: Ports, workload: Workload, why: str) -> None:
    """Stop the pods that served until those of a workload were ready, which will not be."""
    before = followed(ports, workload)
    if before is not None:
        stop_run(ports, before.run, why)
