"""Namespaces of the inventory and their applications: owner of a new one, create, read, update."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal, is_admin, may
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, projects_of
from chalicelib.kernel.faults import Forbidden, Invalid
from chalicelib.kernel.releases.check import check_namespace, refused
from chalicelib.kernel.releases.release import Application, Namespace
from chalicelib.use_cases.access.authorise import may_read, require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.removed_names import NameKind, refuse_reserved
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import address_defects


@frozen
class NamespaceSettings:
    """The settings of a namespace."""

    description: str = ""
    org_url: str = ""
    logo: str = ""
    is_public: bool = False


@frozen
class CreateNamespace:
    """Create a namespace. owner: the project that is to own it; empty to choose one."""

    origin: Origin
    name: str
    owner: str = ""
    settings: NamespaceSettings = NamespaceSettings()


@frozen
class UpdateNamespace:
    """Replace the settings of a namespace."""

    origin: Origin
    name: str
    settings: NamespaceSettings


@frozen
class NamespaceQuery:
    """Query: a namespace. slice: of its applications."""

    name: str
    by: Principal
    slice: Slice = WHOLE


@frozen
class NamespacesQuery:
    """Query: visible namespaces: those of a project, those of some names, or all."""

    by: Principal
    project: str = ""
    names: frozenset[str] | None = None
    slice: Slice = WHOLE


@frozen
class VisibleNamespaces:
    """Namespaces by name that the caller may see. after: start of the next slice, if there is one."""

    namespaces: tuple[Namespace, ...]
    by: Principal
    after: str | None = None


@frozen
class NamespaceWithApplications:
    """A namespace and its applications."""

    namespace: Namespace
    applications: tuple[Application, ...]
    by: Principal


@frozen
class ApplicationNamed:
    """An application. slice: of what is listed of it."""

    namespace: str
    application: str
    slice: Slice = WHOLE


@frozen
class ApplicationWithVersions:
    """An application and all its versions, highest first."""

    application: Application
    versions: tuple[str, ...]


def create_namespace(ports: Ports, command: CreateNamespace) -> None:
    """Create a namespace. Faults: Invalid in Escape's words, NotFound, Forbidden, Conflict."""
    if not command.name:
        raise refused("Missing name")
    check_namespace(command.name)
    if command.name == names.DEFAULT_NAMESPACE:
        raise refused(f"Namespace {command.name} belongs to the platform, and takes releases of every project")
    project = owner_of_new(ports, command.name, command.owner, command.origin.by)
    refuse_reserved(ports, NameKind.NAMESPACE, command.name, owner=project, by=command.origin.by)
    namespace = _with_settings(Namespace(name=command.name, project=project), command.settings)
    action = AuditAction(act="added-namespace", subject=command.name, project=project)
    ports.namespaces.create_namespace(namespace, entry_of(command.origin, action))


def update_namespace(ports: Ports, command: UpdateNamespace) -> None:
    """Replace the namespace's settings; its project stays. Faults: NotFound."""
    known = ports.namespaces.namespace(command.name)
    action = AuditAction(act="changed-namespace", subject=command.name, project=known.project)
    ports.namespaces.update_namespace(_with_settings(known, _public_default(command)), entry_of(command.origin, action))


def list_visible(ports: Ports, query: NamespacesQuery) -> VisibleNamespaces:
    """List the matching namespaces that the caller may see; a slice may have fewer items."""
    found = _listed(ports, query) if query.names is None else _named(ports, query.slice, query.names)
    part = sliced(found, query.slice, lambda one: one.name)
    visible = tuple(one for one in part.items if may_read(query.by, one) and query.project in ("", one.project))
    return VisibleNamespaces(namespaces=visible, by=query.by, after=part.after)


def get_namespace(ports: Ports, query: NamespaceQuery) -> NamespaceWithApplications:
    """Return the namespace and its applications. Faults: NotFound."""
    namespace = ports.namespaces.namespace(query.name)
    applications = tuple(ports.applications.applications(query.name))
    return NamespaceWithApplications(namespace=namespace, applications=applications, by=query.by)


def list_applications(ports: Ports, query: NamespaceQuery) -> Sliced[Application]:
    """List the applications of the namespace, by name. Faults: NotFound."""
    ports.namespaces.namespace(query.name)
    return sliced(ports.applications.applications(query.name, page_of(query.slice)), query.slice, lambda one: one.name)


def get_application(ports: Ports, query: ApplicationNamed) -> ApplicationWithVersions:
    """Return the application and its versions. Faults: NotFound."""
    application = ports.applications.application(query.namespace, query.application)
    return ApplicationWithVersions(
        application=application, versions=tuple(ports.releases.versions(query.namespace, query.application))
    )


def owner_of_new(ports: Ports, namespace: str, requested: str, by: Principal, *, level: Level = Level.WRITE) -> str:
    """Return the project that will own a new namespace: the requested one, the caller's only one, or the one of its
    name.

    A new application of the default namespace is owned by the requested project, or the first by name that the caller
    may write; by the platform if an admin may write all. Faults: Invalid, NotFound, Forbidden.
    """
    if requested and (defects := names.project(requested, "project")):
        raise Invalid(defects)
    own = projects_of(by.roles) - {EVERY_PROJECT}
    if namespace == names.DEFAULT_NAMESPACE and not requested:
        return _first_with(level, by, own)
    project = requested or (next(iter(own)) if len(own) == 1 else namespace)
    require(by, level, project, missing=f"no namespace {namespace}")
    if requested:
        _require_project(ports, requested)
    return project


def _first_with(level: Level, by: Principal, own: frozenset[str]) -> str:
    """Return the first project by name in which the caller has the level; none, the platform's, for an admin."""
    found = sorted(project for project in own if may(by, level, project))
    if not found and not may(by, level, ""):
        raise Forbidden(f"{by.name} may write in no project to which it would belong")
    return found[0] if found else ""


def _listed(ports: Ports, query: NamespacesQuery) -> Sequence[Namespace]:
    """Return the namespaces of a project; or those of all the caller's projects and the public ones."""
    own, page = projects_of(query.by.roles), page_of(query.slice)
    if query.project:
        return ports.namespaces.namespaces(page, {query.project})
    if is_admin(query.by) or EVERY_PROJECT in own:
        return ports.namespaces.namespaces(page)
    both = (*ports.namespaces.namespaces(page, own), *ports.namespaces.public_namespaces(page))
    found = {one.name: one for one in both}
    return [found[name] for name in sorted(found)]


def _named(ports: Ports, requested: Slice, chosen: frozenset[str]) -> Sequence[Namespace]:
    """Return those of the names that are namespaces and lie in the slice."""
    wanted = sorted(name for name in chosen if requested.after < name and len(name) <= names.MAX_LENGTH)
    return ports.namespaces.named(wanted)


def _require_project(ports: Ports, project: str) -> None:
    if ports.projects.find_project(project) is None:
        raise Invalid.single("project", f"no project {project}")


def _public_default(command: UpdateNamespace) -> NamespaceSettings:
    """Return the settings; the default namespace stays public."""
    is_default = command.name == names.DEFAULT_NAMESPACE
    return replace(command.settings, is_public=True) if is_default else command.settings


def _with_settings(namespace: Namespace, settings: NamespaceSettings) -> Namespace:
    if defects := address_defects(settings.org_url, "org_url"):
        raise Invalid(defects)
    return replace(
        namespace,
        description=settings.description,
        org_url=settings.org_url,
        logo=settings.logo,
        is_public=settings.is_public,
    )
