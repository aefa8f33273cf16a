"""Record what a job did to a deployment: its state and an entry of its history, once for each job."""

from contextlib import suppress

from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentState
from chalicelib.kernel.projects.deployment_record import JobResult, after
from chalicelib.kernel.projects.sensitive import Sensitive, marked
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.sensitive import SensitiveNames, secret_names_of
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.release_id import parse
from slipway_formats.version import Exact

RELEASE = "release"
"""A job's output that names the release it deployed; it is no output of the deployment."""


def record_deployment(ports: Ports, job: Job) -> None:
    """Record the state in which the ended job left its deployment; idempotent.

    Nothing is recorded in an environment that is being deleted. Faults: Stale.
    """
    if job.ending is None:
        return
    run = ports.runs.run(job.run)
    result = _result(job, job.ending, by=ports.runs.plan(run.plan).started_by)
    with suppress(NotFound):
        retry_on_conflict(ports, lambda: ports.deployments.commit(*_change(ports, job, result), None))


def deployment_or_new(ports: Ports, project: str, environment: str, name: str) -> Deployment:
    """Return the root deployment, or an empty one that is not stored yet."""
    found = ports.deployments.find_deployment(project, environment, name)
    return found or Deployment(project=project, environment=environment, name=name, state=None, changed_at=EPOCH)


def _change(ports: Ports, job: Job, result: JobResult) -> tuple[Deployment, Change]:
    before = deployment_or_new(ports, job.project, job.environment, result.deployment)
    change = Change(
        id=job.id,
        at=result.at,
        by=result.by,
        action=result.action,
        went_well=result.went_well,
        run=job.run,
        release=f"{result.application}-v{result.version}",
        inputs=result.inputs,
        outputs=result.outputs,
        providers=result.providers,
        state=_state_after(ports, job, before.state, result),
    )
    return before, change


def _state_after(ports: Ports, job: Job, before: DeploymentState | None, result: JobResult) -> DeploymentState | None:
    """Return the state that the job left, with the names of its sensitive values."""
    left = after(before, result)
    if left is None or left == before:
        return left
    known = Sensitive(names_of=SensitiveNames(ports=ports).of, given=secret_names_of(ports, job))
    return marked(left, before, known)


def _result(job: Job, ending: Ending, *, by: str) -> JobResult:
    release = parse(ending.outputs.get(RELEASE) or str(job.ask.get("release", "")), "release")
    return JobResult(
        action=job.kind,
        deployment=str(job.ask.get("deployment") or job.name),
        application=f"{release.namespace}/{release.application}",
        version=release.query.version if isinstance(release.query, Exact) else "",
        went_well=ending.outcome is Outcome.SUCCEEDED,
        at=ending.at,
        by=by,
        reason=ending.reason,
        inputs=_mapping(job.ask.get("inputs")),
        outputs={name: text for name, text in ending.outputs.items() if name != RELEASE},
        providers={name: str(of) for name, of in _mapping(job.ask.get("providers")).items()},
    )


def _mapping(value: object) -> dict[str, object]:
    return dict(value) if isinstance(value, dict) else {}
