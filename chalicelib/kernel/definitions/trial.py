"""Try a definition before it is saved: what no run of it could hold is told then, not when one begins."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.definitions.compile_build import Source, compile_build
from chalicelib.kernel.definitions.compile_deployment import Action, compile_deployment
from chalicelib.kernel.definitions.definition import BuildDefinition, DeploymentJob
from chalicelib.kernel.definitions.run_request import Beginning, RunRequest
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.secret_inputs import parted
from slipway_formats.defect import Defect


def trial_request(definition: str, at: datetime) -> RunRequest:
    """Return a request for a run that never begins. definition: the id of the one that is tried."""
    return RunRequest(beginning=Beginning(id=definition, by=""), number=0, at=at, secret="")


def defects_of_job_runs(job: DeploymentJob, at: datetime) -> tuple[Defect, ...]:
    """Return what is wrong with each run of a job as a whole: it would take too much."""
    plain = replace(job, inputs=parted(job.inputs).plain)
    action = Action(kind=JobKind.DEPLOY, release=job.release, inputs=plain.inputs, providers=job.providers)
    return _of_whole(lambda: compile_deployment(plain, action, trial_request(job.id, at)), "inputs")


def defects_of_build_runs(build: BuildDefinition, at: datetime) -> tuple[Defect, ...]:
    """Return what is wrong with each run of a build as a whole: it would take too much."""
    steps = tuple(replace(step, variables=parted(step.variables).plain) for step in build.steps)
    plain = replace(build, steps=steps)
    return _of_whole(lambda: compile_build(plain, Source(url=build.repo), trial_request(build.id, at)), "steps")


def _of_whole(compiled: Callable[[], Plan], path: str) -> tuple[Defect, ...]:
    try:
        compiled()
    except Invalid as fault:
        return tuple(Defect(path, defect.message) for defect in fault.defects if not defect.path)
    return ()
