"""Read when the jobs of a run were queued, leased, began and ended."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.job_times import times_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.read import RunView


def with_job_times(ports: Ports, view: RunView) -> RunView:
    """Return the run with the times of the jobs of its steps, by one read; none if it has no jobs."""
    jobs = sorted(_jobs(view))
    return replace(view, job_times={job.id: times_of(job) for job in ports.jobs.find_jobs(jobs)}) if jobs else view


def _jobs(view: RunView) -> Iterator[str]:
    """Return the ids of the jobs of the last attempt at each step."""
    for stage in view.executions:
        for key, state in stage.nodes.items():
            if state.reference == step_id(view.run.id, stage.address_of(key)):
                yield state.reference
