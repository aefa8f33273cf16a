"""Namespaces of the Deploy API: each is an environment of one project, found when something is first deployed there.

Its project is the one that the first deploy names, else the only one in which the caller may write, else one of the
namespace's name. That one is made if it is not there, and the caller owns it; where it is there, he must be its writer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, projects_of
from chalicelib.kernel.access.token import owner_key
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import TaskNamespace, place_handle, title_handle
from chalicelib.kernel.projects.project import Environment
from chalicelib.kernel.trains.titles import name_of
from chalicelib.use_cases.access.founders import grant_ownership, has_been_granted, require_founder
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.installation.saving import create_entry, remove_entry, update_entry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.projects import ProjectSettings, SaveProject, create_project
from chalicelib.use_cases.projects.store_environment import store_environment
from chalicelib.use_cases.removed_names import NameKind, refuse_reserved
from slipway_formats.frozen import frozen

KIND = "task-namespace"


@frozen
class EnterNamespace:
    """Deploy to a namespace. project: whose it is to be, where it is not there yet; empty for whose it is by rule."""

    origin: Origin
    name: str
    project: str = ""


def ensure_task_namespace(ports: Ports, command: EnterNamespace) -> TaskNamespace:
    """Return the namespace, made with its environment where it is not there, of whose project the caller is a writer.

    Faults: Invalid, Forbidden, Conflict if it is another project's than the one that is named, Stale.
    """
    by, known = command.origin.by, find_task_namespace(ports, command.name)
    if known is None:
        known = _created(ports, command)
    if known.founds and _is_founder(by, known):
        known = _founded(ports, command.origin, known)
    else:
        _require_writer_of(ports, by, known)
    if command.project not in ("", known.project):
        raise Conflict(f"namespace {known.title} belongs to project {known.project}")
    _ensure_environment(ports, command.origin, known)
    return known


def project_of_task_namespace(ports: Ports, command: EnterNamespace) -> str:
    """Return the project of a namespace, or the one that it would get; nothing is made. Faults: as to enter it."""
    known = find_task_namespace(ports, command.name)
    if known is None:
        check_namespace_name(command.name)
        return _place(ports, command)[0]
    by = command.origin.by
    if not (known.founds and _is_founder(by, known)):
        _require_writer_of(ports, by, known)
    return known.project


def find_task_namespace(ports: Ports, name: str) -> TaskNamespace | None:
    """Return the namespace of this name, in any case, if there is one."""
    return ports.installation.find_by(TaskNamespace, title_handle(name))


def task_namespace_for(ports: Ports, by: Principal, level: Level, name: str) -> TaskNamespace:
    """Return a namespace in whose project the caller has the level. Faults: NotFound, Forbidden."""
    found = find_task_namespace(ports, name)
    if found is None or not may(by, Level.READ, found.project):
        raise NotFound(f"no namespace {name[:100]}")
    if not may(by, level, found.project):
        raise Forbidden(f"{by.name} has no {level} in project {found.project}")
    return found


def environment_of_task_namespace(ports: Ports, name: str) -> str:
    """Return the environment that a namespace is, or that a new one of this name would be, but for a number behind."""
    known = find_task_namespace(ports, name)
    return known.environment if known is not None else name_of(name, names.environment, lambda _: False)


def list_task_namespaces(ports: Ports, by: Principal) -> Sequence[TaskNamespace]:
    """List the namespaces that the caller may read, by name."""
    known = ports.installation.every(TaskNamespace)
    return sorted((one for one in known if may(by, Level.READ, one.project)), key=lambda one: title_handle(one.title))


def _created(ports: Ports, command: EnterNamespace) -> TaskNamespace:
    check_namespace_name(command.name)
    by, (project, founds) = command.origin.by, _place(ports, command)
    namespace = TaskNamespace(
        id=ports.numbers.following_id(KIND),
        title=command.name,
        project=project,
        environment=_environment_name(ports, project, command.name),
        founds=founds,
        created_by=owner_key(by.kind, by.name),
        created_at=command.origin.at,
    )
    try:
        return create_entry(ports, command.origin, namespace)
    except Conflict:
        # Another has made it in the same moment.
        if (known := find_task_namespace(ports, command.name)) is None:
            raise
        return known


def check_namespace_name(name: str) -> None:
    """Refuse a name that no namespace can have. Faults: Invalid."""
    if defects := names.task_namespace(name):
        raise Invalid(defects)


def _place(ports: Ports, command: EnterNamespace) -> tuple[str, bool]:
    """Return the project of a new namespace, and whether that is made for it. Faults: Invalid, Forbidden."""
    by, named = command.origin.by, command.project
    if named and (not may(by, Level.READ, named) or ports.projects.find_project(named) is None):
        raise Invalid.single("project", f"no project {named[:100]}")
    project = named or _project_by_rule(ports, by, command.name)
    if ports.projects.find_project(project) is not None:
        _require_writer(by, project)
        return project, False
    _require_free_project(ports, by, project)
    return project, True


def _project_by_rule(ports: Ports, by: Principal, name: str) -> str:
    own = list(islice(_writable(ports, by), 2))
    return own[0] if len(own) == 1 else name


def _writable(ports: Ports, by: Principal) -> Iterator[str]:
    """Yield the projects in which the caller may write, at least the first two."""
    if may(by, Level.WRITE, EVERY_PROJECT):
        yield from (one.name for one in ports.projects.projects(Page(size=2)))
        return
    found = (name for name in sorted(projects_of(by.roles)) if may(by, Level.WRITE, name))
    yield from (name for name in found if ports.projects.find_project(name) is not None)


def _require_free_project(ports: Ports, by: Principal, name: str) -> None:
    if defects := names.project(name, "namespace"):
        raise Invalid(defects)
    require_founder(by, name)
    refuse_reserved(ports, NameKind.PROJECT, name, owner="", by=by)


def _require_writer(by: Principal, project: str) -> None:
    if not may(by, Level.WRITE, project):
        raise Forbidden(f"{by.name} has no {Level.WRITE} in the project that owns the namespace")


def _require_writer_of(ports: Ports, by: Principal, namespace: TaskNamespace) -> None:
    # Whoever asks again for what founded a project may have been authenticated before they owned it.
    if not (_is_founder(by, namespace) and has_been_granted(ports, by, namespace.project)):
        _require_writer(by, namespace.project)


def _is_founder(by: Principal, namespace: TaskNamespace) -> bool:
    return namespace.created_by == owner_key(by.kind, by.name)


def _environment_name(ports: Ports, project: str, name: str) -> str:
    def is_taken(environment: str) -> bool:
        return ports.installation.find_by(TaskNamespace, place_handle(project, environment)) is not None

    return name_of(name, names.environment, is_taken)


def _founded(ports: Ports, origin: Origin, namespace: TaskNamespace) -> TaskNamespace:
    """Make the project of a namespace, and the caller its owner; where that was interrupted it is done to its end."""
    # The same request each time: what it has made is told from what somebody else made under the name.
    founding = replace(origin, at=namespace.created_at, seed=f"founding-{namespace.id}")
    try:
        create_project(ports, SaveProject(origin=founding, name=namespace.project, settings=ProjectSettings()))
    except Conflict as taken:
        remove_entry(ports, origin, namespace)
        raise Forbidden(f"project {namespace.project} is another's") from taken
    grant_ownership(ports, origin, namespace.project)
    return update_entry(ports, origin, namespace, lambda one: replace(one, founds=False))


def _ensure_environment(ports: Ports, origin: Origin, namespace: TaskNamespace) -> None:
    project, name = namespace.project, namespace.environment
    if ports.projects.find_environment(project, name) is not None:
        return
    title = namespace.title if namespace.title != name else ""
    environment = Environment(project=project, name=name, title=title, created_at=origin.at)
    action = AuditAction(act="added-environment", subject=f"{project}/{name}", project=project)
    try:
        store_environment(ports, environment, entry_of(origin, action))
    except Conflict:
        # Another has made it in the same moment, or the project has no room.
        if ports.projects.find_environment(project, name) is None:
            raise
