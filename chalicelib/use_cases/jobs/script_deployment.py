"""What a script leaves in State: the deployment of which its step says so, else that of the train which travels."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.definitions.compile_step import DEPLOYS
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.installation.entries import SharedEnvironment, name_handle
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.project import Environment
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import RELEASE
from chalicelib.use_cases.projects.store_environment import store_environment
from chalicelib.use_cases.trains.deployed_by_script import deployed_by_script

NUMBER = "number"
"""The output of the deployment that is the number of what was deployed, as people write it."""


def may_deploy(job: Job) -> bool:
    """Return True if the script has a place to which it may deploy something."""
    says_so = job.travels is not None or job.ask.get(DEPLOYS) is not None
    return job.kind is JobKind.SCRIPT and says_so and _has_place(job)


def as_deploying(ports: Ports, job: Job) -> Job | None:
    """Return the ended script as the deploy that it was; None for what deploys nothing to a place."""
    if job.ending is None or not may_deploy(job):
        return None
    deployed = deployed_by_script(ports, job.project, job.ask, job.travels)
    if deployed is None:
        return None
    release = f"{DEFAULT_NAMESPACE}/{deployed.application}-v{deployed.version}"
    ask = {RELEASE: release, "deployment": deployed.application}
    ending = _ending(job.ending, deployed.number)
    return replace(job, kind=JobKind.DEPLOY, project=deployed.project, ask=ask, ending=ending)


def ensure_place(ports: Ports, job: Job) -> None:
    """Make the environment of a job known to its project, where a snapshot comes there first. Faults: Stale."""
    if ports.projects.find_environment(job.project, job.environment) is not None:
        return
    shared = ports.installation.find_by(SharedEnvironment, name_handle(job.environment))
    environment = Environment(
        project=job.project,
        name=job.environment,
        title=shared.title if shared is not None else "",
        created_at=ports.clock.now(),
    )
    # Its project may go, or have no room: then there is no place for the deployment, as for any other.
    with suppress(Conflict, NotFound):
        store_environment(ports, environment, _entry(job, environment))


def _has_place(job: Job) -> bool:
    return bool(job.environment) and not tuple(names.environment(job.environment))


def _ending(ending: Ending, number: str) -> Ending:
    own = {name: text for name, text in ending.outputs.items() if name != RELEASE}
    return replace(ending, outputs={**own, NUMBER: number})


def _entry(job: Job, environment: Environment) -> AuditEntry:
    return AuditEntry(
        id=f"{job.id}/added-environment",
        at=environment.created_at,
        by=job.by,
        act="added-environment",
        subject=environment.name,
        project=environment.project,
    )
