"""Read definitions and triggers of deployment jobs, and show jobs. Their executions: executions/words.py."""

from collections.abc import Mapping, Sequence

from chalicelib.dialects.state.jobs import shapes
from chalicelib.dialects.state.words import other_name, status_of
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.definition import DeploymentJob, JobSettings
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.secret_inputs import shown
from chalicelib.use_cases.definitions.deployment_jobs import JobNamed, SaveJob, TriggerJob
from chalicelib.use_cases.definitions.lists import DefinitionsIn, Listed

LATEST = "latest"


def read_job(request: Request) -> JobNamed:
    """Read which deployment job is requested."""
    return JobNamed(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
    )


def read_new_job(request: Request) -> SaveJob:
    """Read a deployment job to define. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.JobBody)
    return SaveJob(
        origin=request.origin,
        project=request.parameters["project"],
        environment=body.environment or "",
        deployment=body.deployment or body.name,
        settings=_settings(body),
        unreadable=unreadable,
    )


def read_save_job(request: Request) -> SaveJob:
    """Read the new settings of a deployment job. Faults: Invalid."""
    body, unreadable = request.body_in_part(shapes.JobBody)
    unreadable = other_name(unreadable, body.environment, request.parameters["environment"], "environment")
    unreadable = other_name(unreadable, body.deployment, request.parameters["deployment"], "deployment")
    return SaveJob(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
        settings=_settings(body),
        unreadable=unreadable,
    )


def read_trigger(request: Request) -> TriggerJob:
    """Read a command to deploy. Faults: Invalid."""
    return _trigger(request, JobKind.DEPLOY)


def read_smoke(request: Request) -> TriggerJob:
    """Read a command to run smoke tests on a deployment. Faults: Invalid."""
    return _trigger(request, JobKind.SMOKE)


def read_destroy(request: Request) -> TriggerJob:
    """Read a command to destroy a deployment. Faults: Invalid."""
    return _trigger(request, JobKind.DESTROY)


def read_errand(request: Request) -> TriggerJob:
    """Read a command to run an errand on a deployment. Faults: Invalid."""
    body = request.optional_body(shapes.ErrandBody)
    if not body.errand_name:
        raise Invalid.single("errand_name", "is required")
    return TriggerJob(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
        action=JobKind.ERRAND,
        inputs=body.errand_inputs or {},
        errand=body.errand_name,
    )


def read_jobs(request: Request) -> DefinitionsIn:
    """Read where to list deployment jobs: in an environment, in a project, or everywhere the caller may read."""
    return DefinitionsIn(
        by=request.asker,
        project=request.parameters.get("project", ""),
        environment=request.parameters.get("environment", ""),
    )


def show_job(listed: Listed[DeploymentJob]) -> Reply:
    """Show a deployment job."""
    return json_reply(shown_job(listed.definition, listed.phase))


def show_jobs(listed: Sequence[Listed[DeploymentJob]]) -> Reply:
    """Show the jobs of an environment by deployment."""
    return json_reply(_by_deployment(listed))


def show_jobs_of_project(listed: Sequence[Listed[DeploymentJob]]) -> Reply:
    """Show the jobs of a project by environment and deployment."""
    return json_reply(_by_environment(listed))


def show_all_jobs(listed: Sequence[Listed[DeploymentJob]]) -> Reply:
    """Show deployment jobs by project, environment and deployment."""
    names = dict.fromkeys(one.definition.project for one in listed)
    by_project = {name: [one for one in listed if one.definition.project == name] for name in names}
    return json_reply({name: _by_environment(jobs) for name, jobs in by_project.items()})


def shown_job(job: DeploymentJob, phase: Phase | None) -> dict[str, Json]:
    """Return a deployment job as JSON."""
    inputs: dict[str, Json] = shown(job.inputs, job.secrets)  # type: ignore[assignment]  # they were parsed from JSON
    return {
        "id": job.id,
        "name": job.name or job.deployment,
        "project": job.project,
        "environment": job.environment,
        "deployment": job.deployment,
        "release": job.release,
        "version": job.query,
        "inputs": inputs,
        "providers": dict(job.providers),
        "service_account_name": job.service_account_name,
        "disabled": job.disabled,
        "status": status_of(phase),
    }


def _settings(body: shapes.JobBody) -> JobSettings:
    return JobSettings(
        name=body.name,
        release=body.release,
        query=body.version or LATEST,
        inputs=body.inputs or {},
        providers=body.providers or {},
        service_account_name=body.service_account_name,
        disabled=body.disabled,
    )


def _trigger(request: Request, action: JobKind) -> TriggerJob:
    body = request.optional_body(shapes.TriggerJobBody)
    if body.version and action is not JobKind.DEPLOY:
        raise Invalid.single("version", "is that of what is deployed, and cannot be said here")
    return TriggerJob(
        origin=request.origin,
        project=request.parameters["project"],
        environment=request.parameters["environment"],
        deployment=request.parameters["deployment"],
        action=action,
        query=body.version,
        inputs=body.inputs or {},
    )


def _by_deployment(listed: Sequence[Listed[DeploymentJob]]) -> dict[str, Json]:
    return {one.definition.deployment: shown_job(one.definition, one.phase) for one in listed}


def _by_environment(listed: Sequence[Listed[DeploymentJob]]) -> Mapping[str, Json]:
    names = dict.fromkeys(one.definition.environment for one in listed)
    return {name: _by_deployment([one for one in listed if one.definition.environment == name]) for name in names}
