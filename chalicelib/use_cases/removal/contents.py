"""Removing what stands in a project or an environment that is leaving. Each of these can be broken off and repeated."""

from contextlib import suppress
from functools import partial
from typing import assert_never

from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, DeploymentJob
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.access.service_accounts import ServiceAccountNamed, remove_service_account
from chalicelib.use_cases.definitions.builds import BuildNamed, remove_build
from chalicelib.use_cases.definitions.deployment_jobs import JobNamed, remove_job
from chalicelib.use_cases.definitions.pipelines import PipelineNamed, remove_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.repositories import RepositoryNamed, remove_repository
from chalicelib.use_cases.removal.namespace import remove_namespace
from chalicelib.use_cases.removal.removal import Removal
from chalicelib.use_cases.retry import insist

OF_KIND = {
    DefinitionKind.BUILD: "builds",
    DefinitionKind.DEPLOYMENT_JOB: "deployment_jobs",
    DefinitionKind.PIPELINE: "pipelines",
}
IN_AN_ENVIRONMENT = (DefinitionKind.BUILD, DefinitionKind.DEPLOYMENT_JOB)


def remove_definitions(removal: Removal, project: str, environment: str = "") -> bool:
    """Whether the environment, or the whole project, defines nothing more."""
    ports = removal.ports
    for kind in IN_AN_ENVIRONMENT if environment else OF_KIND:
        for found in ports.definitions.of_project(project, kind, environment):
            if removal.is_late:
                return False
            with suppress(NotFound):  # somebody else was faster
                insist(ports, partial(_remove_definition, removal, found))
                removal.count(OF_KIND[kind])
    return True


def _remove_definition(removal: Removal, found: Definition) -> None:
    ports, origin, project = removal.ports, removal.origin, found.project
    match found:
        case BuildDefinition(environment=environment, name=name):
            remove_build(ports, BuildNamed(origin=origin, project=project, environment=environment, name=name))
        case DeploymentJob(environment=environment, deployment=deployment):
            named = JobNamed(origin=origin, project=project, environment=environment, deployment=deployment)
            remove_job(ports, named)
        case PipelineDefinition(name=name):
            remove_pipeline(ports, PipelineNamed(origin=origin, project=project, name=name))
        case _:
            assert_never(found)


def remove_deployed(removal: Removal, project: str, environment: str) -> bool:
    """Whether the environment is gone, with all that was ever deployed in it."""
    ports = removal.ports
    for deployment in ports.deployments.in_environment(project, environment):
        if removal.is_late:
            return False
        insist(ports, partial(_forget, ports, (project, environment, deployment.name)))
        removal.count("deployments")
    ports.projects.forget_environment(project, environment)
    removal.count("environments")
    return True


def _forget(ports: Ports, place: tuple[str, str, str]) -> None:
    deployment = ports.deployments.deployment(*place)
    if deployment is not None:
        ports.deployments.forget(deployment)


def remove_repositories(removal: Removal, project: str) -> bool:
    """Whether the project knows no repository any more, and keeps no secret of one."""
    ports = removal.ports
    for repository in ports.projects.repositories(project):
        if removal.is_late:
            return False
        with suppress(NotFound):
            named = RepositoryNamed(origin=removal.origin, project=project, name=repository.name)
            remove_repository(ports, named)
            removal.count("repositories")
    return True


def remove_namespaces(removal: Removal, project: str) -> bool:
    """Whether the project owns no namespace any more: they go with all their releases."""
    ports = removal.ports
    for namespace in ports.inventory.namespaces(projects={project}):
        if removal.is_late:
            return False
        remove_namespace(ports, (removal.origin, namespace.name))
        removal.count("namespaces")
    return True


def remove_service_accounts(removal: Removal, project: str) -> bool:
    """Whether the project has no service accounts any more; what they showed holds no more."""
    ports = removal.ports
    for account in ports.access.service_accounts(project):
        if removal.is_late:
            return False
        with suppress(NotFound):
            named = ServiceAccountNamed(origin=removal.origin, project=project, name=account.name)
            remove_service_account(ports, named)
            removal.count("service_accounts")
    return True
