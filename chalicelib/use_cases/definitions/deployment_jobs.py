"""Deployment jobs: create, update, remove, and trigger a deploy, smoke test, destroy or errand."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import field, replace

from chalicelib.kernel import names
from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_deployment import Action, job_defects
from chalicelib.kernel.definitions.definition import DeploymentJob, JobSettings, ref_of, title, with_settings
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.trial import defects_of_job_runs
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Fault, Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.secret_inputs import secret_input_defects
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.launch.find import job_named, refuse_disabled
from chalicelib.use_cases.launch.foreign_references import foreign_defects
from chalicelib.use_cases.launch.plan import plan_deployment
from chalicelib.use_cases.launch.resolve_release import release_of_query
from chalicelib.use_cases.launch.run_ids import definition_id_for, run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets, place_of_run, updated_inputs
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.advance import start_run
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class SaveJob:
    """Create the job of a deployment or replace its settings."""

    origin: Origin
    project: str
    environment: str
    deployment: str
    settings: JobSettings
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class JobNamed:
    """The job of a deployment."""

    origin: Origin
    project: str
    environment: str
    deployment: str


@frozen
class TriggerJob:
    """Run a deployment job's action. query: the version to deploy; by default the job's own."""

    origin: Origin
    project: str
    environment: str
    deployment: str
    action: JobKind = JobKind.DEPLOY
    query: str = ""
    inputs: Mapping[str, object] = field(default_factory=dict)
    errand: str = ""


def create_deployment_job(ports: Ports, command: SaveJob) -> DeploymentJob:
    """Create a deployment job. Faults: Invalid with every defect, NotFound, Conflict."""
    known = ports.projects.project(command.project).environments
    fresh = DeploymentJob(
        id=definition_id_for(command.origin),
        project=command.project,
        environment=command.environment,
        deployment=command.deployment,
        created_at=command.origin.at,
    )
    job = _with(fresh, command)
    _refuse_defects(
        ports, command, job, (*_unknown(command, known), *names.deployment(command.deployment, "deployment"))
    )
    entry = _entry(command, "added-deployment-job")
    existing = ports.definitions.find_definition(ref_of(fresh))
    if isinstance(existing, DeploymentJob):
        return _created_before(ports, existing, entry)
    return ports.definitions.create(_with_secrets(ports, job), entry)


def update_deployment_job(ports: Ports, command: SaveJob) -> DeploymentJob:
    """Replace a job's settings and return it; omitted fields get defaults. Faults: Invalid, NotFound, Stale."""
    return retry_on_conflict(ports, lambda: _save(ports, command), since=command.origin.at)


def _save(ports: Ports, command: SaveJob) -> DeploymentJob:
    saved = _with(job_named(ports, command.project, command.environment, command.deployment), command)
    _refuse_defects(ports, command, saved)
    return ports.definitions.save(_with_secrets(ports, saved), _entry(command, "changed-deployment-job"))


def get_deployment_job(ports: Ports, query: JobNamed) -> DeploymentJob:
    """Return the deployment job. Faults: NotFound."""
    return job_named(ports, query.project, query.environment, query.deployment)


def remove_job(ports: Ports, command: JobNamed) -> None:
    """Remove a deployment job and its secrets; its runs and what it deployed stay. Faults: NotFound, Stale."""
    job = get_deployment_job(ports, command)
    delete_secrets(ports, job.secrets.values())
    ports.definitions.remove(ref_of(job), _entry(command, "removed-deployment-job"))


def trigger_job(ports: Ports, command: TriggerJob) -> Run:
    """Start a run of the job.

    Faults: NotFound; Conflict if the job is disabled or nothing is deployed; Invalid.
    """
    job = job_named(ports, command.project, command.environment, command.deployment)
    refuse_disabled(ref_of(job), disabled=job.disabled)
    path = "errand_inputs" if command.action is JobKind.ERRAND else "inputs"
    if defects := (*names.variables(command.inputs, path), *secret_input_defects(command.inputs, {}, path)):
        raise Invalid(defects)
    release = release_of_query(ports, job, command.query) if command.action is JobKind.DEPLOY else ""
    by, run = command.origin.by, run_id_for(ports, command.origin)
    inputs, secrets = updated_inputs(ports, place_of_run(job.project, run), command.inputs, {})
    action = Action(kind=command.action, release=release, inputs=inputs, secrets=secrets, errand=command.errand)
    beginning = Beginning(id=run, by=by.name, begun_by=begun_by(ports, by))
    try:
        return start_run(ports, plan_deployment(ports, job, action, beginning), origin=command.origin)
    except Fault:
        # They are the run's, and nobody else's. A repeated request may be refused after its run began.
        if ports.runs.find_run(run) is None:
            delete_secrets(ports, secrets.values())
        raise


def _with(job: DeploymentJob, command: SaveJob) -> DeploymentJob:
    return replace(with_settings(job, command.settings), acts_for=actor_of(command.origin.by, command.origin.at))


def _created_before(ports: Ports, known: DeploymentJob, entry: AuditEntry) -> DeploymentJob:
    """Return the existing job if this same request created it; a refused request must not touch another's secrets."""
    if not was_done(ports, entry):
        raise Conflict(f"{title(ref_of(known))} exists already")
    return known


def _with_secrets(ports: Ports, job: DeploymentJob) -> DeploymentJob:
    """Return the job with the secrets among its inputs stored. secrets: still those it had before."""
    place = f"projects/{job.project}/environments/{job.environment}/jobs/{job.deployment}"
    inputs, secrets = updated_inputs(ports, place, job.inputs, job.secrets)
    return replace(job, inputs=inputs, secrets=secrets)


def _refuse_defects(ports: Ports, command: SaveJob, job: DeploymentJob, more: tuple[Defect, ...] = ()) -> None:
    secrets = secret_input_defects(job.inputs, job.secrets, "inputs")
    whole = defects_of_job_runs(job, ports.clock.now())
    found = (*more, *job_defects(job), *secrets, *whole, *foreign_defects(ports, job, command.origin.by))
    if defects := command.unreadable.with_others(found):
        raise Invalid(defects)


def _unknown(command: SaveJob, known: Collection[str]) -> Iterator[Defect]:
    if not command.environment:
        yield Defect("environment", "is required")
    elif command.environment not in known:
        yield Defect("environment", f"no environment {command.environment} in project {command.project}")


def _entry(command: SaveJob | JobNamed, act: str) -> AuditEntry:
    subject = f"{command.project}/{command.environment}/{command.deployment}"
    return entry_of(command.origin, AuditAction(act=act, subject=subject, project=command.project))
