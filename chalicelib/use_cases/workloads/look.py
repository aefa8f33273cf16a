"""What becomes of workloads by themselves: cronjobs fire, what lasts is kept by another run, what is gone stops."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from chalicelib.kernel.definitions.compile_task import WORKLOAD
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.workloads.transitions import (
    LOOK_AFTER,
    kept_again,
    kept_by_next,
    looked_at,
    refused_by_run,
)
from chalicelib.kernel.workloads.workload import GONE, Workload
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.workloads.begin import begin_run, is_running, stop_run
from chalicelib.use_cases.workloads.fire import fire_cronjob
from chalicelib.use_cases.workloads.rolling import serves_on
from slipway_formats.workloads.manifest import WorkloadKind


def look_at_workload(ports: Ports, workload_id: str) -> None:
    """Do what is due of a workload: fire, begin or stop its run; before its time nothing is. Faults: Stale."""
    retry_on_conflict(ports, partial(_look, ports, workload_id))


def note_run_ended(ports: Ports, plan: Plan, run: Run) -> None:
    """Note that a run of a workload has ended; noting it again changes nothing. Faults: Stale."""
    named = plan.snapshot.get(WORKLOAD)
    if isinstance(named, str):
        retry_on_conflict(ports, partial(_after_run, ports, named, run, plan.created_at))


def _look(ports: Ports, workload_id: str) -> None:
    workload, now = ports.workloads.find_workload(workload_id), ports.clock.now()
    if workload is None or workload.look_at is None or now < workload.look_at:
        return
    if serves_on(ports, workload):
        _serve_on(ports, workload, now)
    elif workload.phase in GONE:
        _stop(ports, workload, now)
    elif workload.kind is WorkloadKind.CRONJOB:
        # In an environment that is being deleted nothing begins.
        with suppress(NotFound):
            fire_cronjob(ports, workload, now)
    elif workload.lasts and not is_running(ports, workload) and ports.runs.find_run(workload.run) is not None:
        _keep_again(ports, workload, now)
    else:
        begin_run(ports, workload, workload.run)
        ports.workloads.save(looked_at(workload))


def _keep_again(ports: Ports, workload: Workload, now: datetime) -> None:
    ports.workloads.forget_reports(workload.id)
    following = ports.workloads.save(kept_by_next(workload, now))
    begin_run(ports, following, following.run, trigger="workload")


def _serve_on(ports: Ports, workload: Workload, now: datetime) -> None:
    """Keep what serves until its update is ready, and look again. One that somebody cancelled is not."""
    run = ports.runs.find_run(workload.run)
    if run is not None and run.is_final and run.phase is not Phase.CANCELLED:
        _keep_again(ports, workload, now)
    else:
        ports.workloads.save(replace(workload, look_at=now + LOOK_AFTER))


def _stop(ports: Ports, workload: Workload, now: datetime) -> None:
    """Stop the run of what is gone, and look again until it has ended; its pods are forgotten then.

    What a cronjob has started are jobs of their own, and run on.
    """
    is_cron, why = workload.kind is WorkloadKind.CRONJOB, f"workload {workload.id}, which is {workload.phase}"
    if not is_cron and not stop_run(ports, workload.run, why):
        ports.workloads.save(replace(workload, look_at=now + LOOK_AFTER))
        return
    ports.workloads.forget_reports(workload.id)
    ports.workloads.save(looked_at(workload))


def _after_run(ports: Ports, workload_id: str, run: Run, begun_at: datetime) -> None:
    workload, now = ports.workloads.find_workload(workload_id), ports.clock.now()
    if workload is None or workload.run != run.id or workload.ended_run == run.id:
        return
    if (refusal := refused_by_run(workload, run, now)) is not workload:
        ports.workloads.save(refusal)
    elif _is_kept(ports, workload) and run.phase is not Phase.CANCELLED:
        ended = kept_again(replace(workload, ended_run=run.id), now - begun_at, now)
        ports.workloads.save(ended)
        if ended.look_at is not None:
            ports.queue.schedule_workload_check(workload.id, ended.look_at)
    elif workload.phase in GONE and workload.look_at is not None:
        ports.workloads.save(replace(workload, look_at=now))
        ports.queue.schedule_workload_check(workload.id, now)


def _is_kept(ports: Ports, workload: Workload) -> bool:
    return workload.lasts and (workload.is_current or serves_on(ports, workload))
