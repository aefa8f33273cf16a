"""Remove the contents of a project or environment that is being deleted. Each step can be interrupted and repeated."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar, assert_never

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.role import projects_of
from chalicelib.kernel.definitions.definition import BuildDefinition, Definition, DeploymentJob
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.installation.entries import Application as InstallationApplication
from chalicelib.kernel.installation.entries import Entry, RaftItem
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.deployment import Deployment
from chalicelib.kernel.projects.project import Repository
from chalicelib.kernel.releases.hook import secrets_of
from chalicelib.kernel.releases.release import Application, Namespace
from chalicelib.kernel.trains.variables import Scope, ScopeKind
from chalicelib.use_cases.audit.entries import AuditAction, entry_of
from chalicelib.use_cases.credentials.service_accounts import ServiceAccountNamed, remove_service_account
from chalicelib.use_cases.definitions.builds import BuildNamed, remove_build
from chalicelib.use_cases.definitions.deployment_jobs import JobNamed, remove_job
from chalicelib.use_cases.definitions.pipelines import PipelineNamed, remove_pipeline
from chalicelib.use_cases.installation.portfolio import parts_of
from chalicelib.use_cases.installation.saving import remove_entry
from chalicelib.use_cases.ports.access import Group, ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.repositories import RepositoryNamed, remove_repository
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.removal.namespace import remove_namespace
from chalicelib.use_cases.removal.removal import Removal
from chalicelib.use_cases.removed_names import NameKind, reserve_name
from chalicelib.use_cases.subscriptions.outgoing_webhooks import WebhookCommand, list_webhooks, remove_webhook
from chalicelib.use_cases.trains.forget import forget_applications, forget_train
from chalicelib.use_cases.trains.lists import trains_of_project

Owner = TypeVar("Owner", User, Group)

PAGE = 200
OF_KIND = {
    DefinitionKind.BUILD: "builds",
    DefinitionKind.DEPLOYMENT_JOB: "deployment_jobs",
    DefinitionKind.PIPELINE: "pipelines",
}
IN_AN_ENVIRONMENT = (DefinitionKind.BUILD, DefinitionKind.DEPLOYMENT_JOB)


def remove_definitions(removal: Removal, project: str, environment: str = "") -> bool:
    """Remove the definitions of an environment or a whole project; return True if none is left."""
    remove = partial(_remove_definition, removal)
    return all(
        removal.remove_each(OF_KIND[kind], removal.ports.definitions.of_project(project, kind, environment), remove)
        for kind in (IN_AN_ENVIRONMENT if environment else OF_KIND)
    )


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
    """Remove an environment with its deployments and their history; return True if it is gone."""
    ports = removal.ports
    deployed = ports.deployments.in_environment(project, environment)
    if not removal.remove_each("deployments", deployed, partial(_forget, ports, (project, environment))):
        return False
    ports.projects.forget_environment(project, environment)
    removal.count("environments")
    return True


def _forget(ports: Ports, place: tuple[str, str], listed: Deployment) -> None:
    deployment = ports.deployments.find_deployment(*place, listed.name)
    if deployment is not None:
        ports.deployments.forget(deployment)


def remove_repositories(removal: Removal, project: str) -> bool:
    """Remove the project's repositories and their secrets; return True if none is left."""

    def remove(found: Repository) -> None:
        remove_repository(removal.ports, RepositoryNamed(origin=removal.origin, project=project, name=found.name))

    return removal.remove_each("repositories", removal.ports.projects.repositories(project), remove)


def remove_namespaces(removal: Removal, project: str) -> bool:
    """Remove the project's namespaces with all their releases; return True if none is left."""

    def remove(found: Namespace) -> None:
        remove_namespace(removal.ports, (removal.origin, found.name))

    return removal.remove_each("namespaces", removal.ports.namespaces.namespaces(projects={project}), remove)


def remove_default_applications(removal: Removal, project: str) -> bool:
    """Remove the project's applications in the default namespace; return True if none is left."""
    ports = removal.ports

    def remove(found: Application) -> None:
        name = f"{DEFAULT_NAMESPACE}/{found.name}"
        reserve_name(ports, NameKind.APPLICATION, name, owner=project, now=removal.origin.at)
        delete_secrets(ports, secrets_of(ports.hooks.hooks((DEFAULT_NAMESPACE, found.name))))
        ports.applications.remove_application(DEFAULT_NAMESPACE, found.name)

    every = ports.applications.applications(DEFAULT_NAMESPACE)
    own = [one for one in every if ports.namespaces.project_of(DEFAULT_NAMESPACE, one.name) == project]
    return removal.remove_each("applications", own, remove)


def remove_service_accounts(removal: Removal, project: str) -> bool:
    """Remove the project's service accounts and their tokens; return True if none is left."""

    def remove(found: ServiceAccount) -> None:
        named = ServiceAccountNamed(origin=removal.origin, project=project, name=found.name)
        remove_service_account(removal.ports, named)

    return removal.remove_each("service_accounts", removal.ports.access.service_accounts(project), remove)


def remove_trains(removal: Removal, project: str) -> bool:
    """Remove the project's trains with their snapshots, and its variables; return True if none is left."""
    ports = removal.ports
    own = [one for one in ports.installation.every(InstallationApplication) if one.project == project]
    forget_applications(ports, project, {project, *(one.name for one in own)})
    return removal.remove_each("trains", trains_of_project(ports, project), partial(forget_train, ports))


def remove_project_applications(removal: Removal, project: str) -> bool:
    """Remove the entries of a project's applications, with their scripts and pipelines; return True if none is left."""
    ports, origin = removal.ports, removal.origin
    own = [one for one in ports.installation.every(InstallationApplication) if one.project == project]
    numbers = {one.id for one in own}
    items: list[Entry] = [one for one in ports.installation.every(RaftItem) if one.application in numbers]
    items += [one for number in numbers for one in parts_of(ports, number)]
    return removal.remove_each("applications", items, partial(remove_entry, ports, origin)) and removal.remove_each(
        "applications", own, partial(_forget_application, removal)
    )


def _forget_application(removal: Removal, application: InstallationApplication) -> None:
    """Remove an application's variables, which the next project of its name must not find, and its entry."""
    ports, origin = removal.ports, removal.origin
    place = f"{application.project}/{application.name}"
    known = ports.variables.variables(Scope(kind=ScopeKind.APPLICATION, place=place))
    if known.values or known.secrets:
        action = AuditAction(act="removed-variables", subject=place, project=application.project)
        ports.variables.save(replace(known, values={}, secrets={}), entry_of(origin, action))
    delete_secrets(ports, known.secrets.values())
    remove_entry(ports, origin, application)


def remove_webhooks(removal: Removal, project: str) -> bool:
    """Remove the webhooks that are called for a project's events; return True if none is left."""
    ports, origin = removal.ports, removal.origin
    commands = [WebhookCommand(origin=origin, id=one.id, project=project) for one in list_webhooks(ports, project)]
    return removal.remove_each("webhooks", commands, partial(remove_webhook, ports))


def remove_roles(removal: Removal, project: str) -> bool:
    """Remove the roles of people and groups in the project, the caller's own last; return True if none is left."""
    ports, origin = removal.ports, removal.origin
    users = [user for user in _every(ports.access.users) if project in projects_of(user.roles)]
    users.sort(key=lambda user: user.name == origin.by.name)
    groups = [group for group in _every(ports.access.groups) if project in projects_of(group.roles)]
    return removal.remove_each("roles", groups, partial(_clear_group, removal, project)) and removal.remove_each(
        "roles", users, partial(_clear_user, removal, project)
    )


def _clear_user(removal: Removal, project: str, listed: User) -> None:
    before = removal.ports.access.find_user(listed.name)
    if before is not None and project in projects_of(before.roles):
        user = replace(before, roles=_elsewhere(before.roles, project))
        removal.ports.access.save_user(user, before, _role_entry(removal, "changed-user", user))


def _clear_group(removal: Removal, project: str, listed: Group) -> None:
    before = removal.ports.access.find_group(listed.name)
    if before is not None and project in projects_of(before.roles):
        group = replace(before, roles=_elsewhere(before.roles, project))
        removal.ports.access.save_group(group, _role_entry(removal, "changed-group", group))


def _elsewhere(roles: Sequence[str], project: str) -> tuple[str, ...]:
    return tuple(role for role in roles if project not in projects_of((role,)))


def _role_entry(removal: Removal, act: str, owner: User | Group) -> AuditEntry:
    details = {"roles": " ".join(owner.roles)}
    return entry_of(removal.origin, AuditAction(act=act, subject=owner.name, details=details))


def _every(listing: Callable[[Page], Sequence[Owner]]) -> Iterator[Owner]:
    after: str | None = None
    while found := listing(Page(size=PAGE, after=after)):
        yield from found
        after = found[-1].name
