"""Workloads as people see them: with their run, their status and their pods. Who may see them, the dialect asks."""

from collections.abc import Mapping, Sequence

from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.workloads.pods import Pod, PodReport
from chalicelib.kernel.workloads.status import WorkloadStatus, as_known, status_of
from chalicelib.kernel.workloads.transitions import refused_by_run
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen


@frozen
class WorkloadView:
    """A workload, its latest run if it has begun, and what follows from both. pods: of that run.

    job: whose log is the workload's; blank before there is one. active: how many runs of it go on.
    """

    workload: Workload
    status: WorkloadStatus
    run: Run | None = None
    job: str = ""
    pods: tuple[Pod, ...] = ()
    active: int = 0


@frozen
class PodView:
    """A pod of a workload. job: whose log has its lines."""

    workload: str
    run: str
    project: str
    environment: str
    job: str
    pod: Pod


@frozen
class WorkloadsIn:
    """Query: what is in an environment."""

    project: str
    environment: str
    page: Page


def get_workload(ports: Ports, workload_id: str) -> WorkloadView:
    """Return a workload, also one that is gone. Faults: NotFound."""
    return view_of(ports, ports.workloads.workload(workload_id))


def list_workloads(ports: Ports, query: WorkloadsIn) -> Sequence[WorkloadView]:
    """List the current workloads of an environment, newest first."""
    found = ports.workloads.of_environment(query.project, query.environment, query.page)
    return views_of(ports, found)


def list_pods(ports: Ports, query: WorkloadsIn) -> Sequence[PodView]:
    """List the pods in an environment, by run."""
    reports = ports.workloads.reports_in(query.project, query.environment, query.page)
    jobs, now = {job.id: job for job in ports.jobs.find_jobs([one.job for one in reports])}, ports.clock.now()
    return [
        PodView(
            workload=report.workload,
            run=report.run,
            project=query.project,
            environment=query.environment,
            job=report.job,
            pod=pod,
        )
        for report in reports
        for pod in as_known(report, jobs.get(report.job), now).pods
    ]


def view_of(ports: Ports, workload: Workload) -> WorkloadView:
    """Return the workload with its run and its pods."""
    (view,) = views_of(ports, (workload,))
    return view


def views_of(ports: Ports, workloads: Sequence[Workload]) -> Sequence[WorkloadView]:
    """Return workloads with their runs and their pods; runs, and the jobs of their pods, are read by one call each."""
    wanted = {run for one in workloads for run in (one.run, *one.jobs) if run}
    runs = {run.id: run for run in ports.runs.find_runs(sorted(wanted))} if wanted else {}
    reports = _reports(ports, [one for one in workloads if one.run in runs])
    return [_view(ports, one, runs, reports.get(one.id)) for one in workloads]


def _reports(ports: Ports, workloads: Sequence[Workload]) -> Mapping[str, PodReport]:
    """Return the reports of the latest runs' pods, as far as they hold, by workload."""
    found = {one.id: ports.workloads.find_report(_owner(one), one.run) for one in workloads}
    known = {own: report for own, report in found.items() if report is not None}
    jobs = {job.id: job for job in ports.jobs.find_jobs([one.job for one in known.values()])} if known else {}
    now = ports.clock.now()
    return {own: as_known(report, jobs.get(report.job), now) for own, report in known.items()}


def _owner(workload: Workload) -> str:
    # The latest run of a cronjob is that of a job of its own.
    return workload.run if workload.run in workload.jobs else workload.id


def _view(ports: Ports, workload: Workload, runs: Mapping[str, Run], report: PodReport | None) -> WorkloadView:
    run = runs.get(workload.run)
    if run is not None:
        # The end of a run is there a moment before it is noted: nobody sees an error without its reason.
        workload = refused_by_run(workload, run, ports.clock.now())
    all_of_it = [runs[own] for own in workload.jobs if own in runs] if workload.jobs else [run] if run else []
    return WorkloadView(
        workload=workload,
        status=status_of(workload, run, report),
        run=run,
        job=_job_of(ports, run, report),
        pods=report.pods if report is not None else (),
        active=sum(not one.is_final for one in all_of_it),
    )


def report_of(ports: Ports, workload: Workload) -> PodReport | None:
    """Return the report of the latest run's pods, as far as it holds, if there is one."""
    report = ports.workloads.find_report(_owner(workload), workload.run)
    return None if report is None else as_known(report, ports.jobs.find_job(report.job), ports.clock.now())


def _job_of(ports: Ports, run: Run | None, report: PodReport | None) -> str:
    if report is not None or run is None:
        return report.job if report is not None else ""
    return next((job.id for job in ports.jobs.of_run(run.id)), "")
