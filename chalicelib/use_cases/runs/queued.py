"""Read which steps of runs wait for a runner, with the jobs and child runs that tell."""

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.kernel.engine.job import JobPhase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.explanation.queued import queued_in_family, running_children, running_jobs
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.pool_lines import why_waiting

MOST_GENERATIONS = 8
"""How many levels of child runs are read."""


def read_queued(ports: Ports, runs: Sequence[Run], *, reasons: bool = False) -> Sequence[Run]:
    """Return the runs with each step QUEUED whose job no runner has leased: one read for each level of child runs, and
    one of all jobs; none if nothing runs. reasons: also read of each pool why.
    """
    family = read_family(ports, runs)
    jobs = sorted({job for run in family.values() for job in running_jobs(run)})
    waiting = [job for job in ports.jobs.find_jobs(jobs) if job.phase is JobPhase.WAITING] if jobs else []
    told = why_waiting(ports, waiting) if reasons else {job.id: "" for job in waiting}
    projects = _projects(ports, family.values()) if told and reasons else {}
    shown = queued_in_family(family, told, projects) if told else family
    return [shown[run.id] for run in runs]


def _projects(ports: Ports, runs: Iterable[Run]) -> Mapping[str, str]:
    """Return the projects of runs by their ids; their plans are kept by this process, or read by whoever shows them."""
    return {run.id: ports.runs.plan(run.plan).definition.project for run in runs}


def read_family(ports: Ports, runs: Sequence[Run]) -> Mapping[str, Run]:
    """Return the runs by id, with the child runs that their steps wait for."""
    family, latest = {run.id: run for run in runs}, runs
    for _ in range(MOST_GENERATIONS):
        children = {child for run in latest for child in running_children(run)} - family.keys()
        if not children:
            break
        latest = ports.runs.find_runs(sorted(children))
        family |= {run.id: run for run in latest}
    return family
