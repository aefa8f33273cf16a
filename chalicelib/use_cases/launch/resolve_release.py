"""Which release a deployment job deploys: resolve a step's version rule, or a version query, as of now."""

from collections.abc import Sequence
from typing import assert_never

from chalicelib.kernel.definitions.definition import DeploymentJob
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.work import JobKind, RunDefinition, VersionRule
from chalicelib.kernel.projects.deployment import running_version
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.launch.foreign_references import acts_for, is_open, reads_namespace
from chalicelib.use_cases.launch.tag_in_run import versions_in_run
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.release_id import of_version
from slipway_formats.version import latest


def release_of_query(ports: Ports, job: DeploymentJob, query: str) -> str:
    """Return the id of the release that a version query selects; the job's own query if empty. Faults: NotFound."""
    asked = query or job.query
    return _resolved(ports, job, asked, f"no version {asked} of {'/'.join(released_by(job))}")


def release_ruled(ports: Ports, job: DeploymentJob, work: RunDefinition, run: Run) -> str:
    """Return the id of the release that a step's version rule selects for a job. Faults: NotFound."""
    missing = f"no version of {'/'.join(released_by(job))} for {work.version}"
    return _resolved(ports, job, _query(ports, job, work, run), missing)


def released_by(job: DeploymentJob) -> tuple[str, str]:
    """Return namespace and application of what a job deploys."""
    namespace, _, application = job.release.rpartition("/")
    return namespace or DEFAULT_NAMESPACE, application


def reads_deployed(ports: Ports, job: DeploymentJob, unit: tuple[str, str]) -> bool:
    """Return True if a job may work on the release that the state of its deployment names. unit: of that release.

    Any writer writes the state, so only what the definition names itself counts as named by its run-as identity.
    """
    if released_by(job) == unit:
        return reads_namespace(ports, acts_for(job, ports.clock.now()), unit[0])
    return is_open(ports, job.project, unit[0])


def _resolved(ports: Ports, job: DeploymentJob, query: str | None, missing: str) -> str:
    """Return the id of the release; one that the job may not read is answered like a missing one. Faults: NotFound."""
    namespace, application = released_by(job)
    try:
        is_read = reads_namespace(ports, acts_for(job, ports.clock.now()), namespace)
    except Conflict as why:
        raise NotFound(f"{missing}: {why}") from why
    version = ports.releases.resolve(namespace, application, query) if query and is_read else None
    if version is None:
        raise NotFound(missing)
    return of_version(namespace, application, version)


def _query(ports: Ports, job: DeploymentJob, work: RunDefinition, run: Run) -> str | None:
    match work.version:
        case VersionRule.DONT_UPDATE:
            return job.query
        case VersionRule.LATEST:
            return "latest"
        case VersionRule.LAST_IN_RUN:
            return next(iter(reversed(_in_use(ports, job, versions_in_run(run, *released_by(job))))), None)
        case VersionRule.HIGHEST_IN_RUN:
            return latest(_in_use(ports, job, versions_in_run(run, *released_by(job))))
        case VersionRule.FROM_DEPLOYMENT:
            deployed = _deployed_last(ports, work)
            return None if deployed is None else latest(_in_use(ports, job, (deployed,)))
        case VersionRule.TAGGED:
            return work.tag
        case _:
            assert_never(work.version)


def _in_use(ports: Ports, job: DeploymentJob, versions: Sequence[str]) -> Sequence[str]:
    """Return the versions that exist and are not yanked; a yanked one is deployed only by its exact version."""
    return [version for version in versions if _is_in_use(ports, released_by(job), version)]


def _is_in_use(ports: Ports, unit: tuple[str, str], version: str) -> bool:
    namespace, application = unit
    release = ports.releases.find_release(ReleaseKey(namespace=namespace, application=application, version=version))
    return release is not None and release.yanked is None


def _deployed_last(ports: Ports, work: RunDefinition) -> str | None:
    """Return the version that the named job last deployed successfully; by default the one that runs there."""
    deployment = ports.deployments.find_deployment(work.project, work.of_environment, work.of_deployment)
    if deployment is None:
        return None
    for change in ports.deployments.history(deployment, Page(size=200)):
        if change.action is JobKind.DEPLOY and change.went_well:
            return change.release.rpartition("-v")[2]
    return running_version(deployment.state)
