"""Namespaces as the inventory has them, with their applications: whose a new one is, making, seeing, changing them."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal, is_admin
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, projects_of
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.check import check_namespace, refused
from chalicelib.kernel.releases.release import Application, Namespace
from chalicelib.use_cases.access.authorise import may_read, require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.pagination import WHOLE, Slice, Sliced, page_of, sliced
from chalicelib.use_cases.ports.bundle import Ports


@frozen
class NamespaceSettings:
    """What may be said of a namespace."""

    description: str = ""
    org_url: str = ""
    logo: str = ""
    is_public: bool = False


@frozen
class CreateNamespace:
    """Make a namespace. owner: the project that is to have it, where the asker names one."""

    origin: Origin
    name: str
    owner: str = ""
    settings: NamespaceSettings = NamespaceSettings()


@frozen
class UpdateNamespace:
    """Say anew what a namespace is."""

    origin: Origin
    name: str
    settings: NamespaceSettings


@frozen
class NamespaceQuery:
    """Which namespace, and who asks; which slice, where its applications are listed."""

    name: str
    by: Principal
    slice: Slice = WHOLE


@frozen
class NamespacesQuery:
    """Which of the namespaces that somebody may see: those of a project, those of some names, or all."""

    by: Principal
    project: str = ""
    names: frozenset[str] | None = None
    slice: Slice = WHOLE


@frozen
class VisibleNamespaces:
    """Namespaces by name, as somebody sees them. after: where the next slice of them begins, if there is one."""

    namespaces: tuple[Namespace, ...]
    by: Principal
    after: str | None = None


@frozen
class NamespaceWithApplications:
    """A namespace and its applications, as somebody sees it."""

    namespace: Namespace
    applications: tuple[Application, ...]
    by: Principal


@frozen
class ApplicationNamed:
    """Which application; which slice, where what it has is listed."""

    namespace: str
    application: str
    slice: Slice = WHOLE


@frozen
class ApplicationWithVersions:
    """An application and all its versions, the highest first."""

    application: Application
    versions: tuple[str, ...]


def create_namespace(ports: Ports, ask: CreateNamespace) -> None:
    """Ensures that there is a new namespace. Faults: Invalid in Escape's words, NotFound, Forbidden, Conflict."""
    if not ask.name:
        raise refused("Missing name")
    check_namespace(ask.name)
    project = owner_of_new(ports, ask.name, ask.owner, ask.origin.by)
    namespace = _settled(Namespace(name=ask.name, project=project), ask.settings)
    action = AuditAction(act="added-namespace", subject=ask.name, project=project)
    ports.namespaces.create_namespace(namespace, entry_of(ask.origin, action))


def update_namespace(ports: Ports, ask: UpdateNamespace) -> None:
    """Ensures that the namespace is as asked; its project stays. Faults: NotFound."""
    known = ports.namespaces.namespace(ask.name)
    action = AuditAction(act="changed-namespace", subject=ask.name, project=known.project)
    ports.namespaces.update_namespace(_settled(known, ask.settings), entry_of(ask.origin, action))


def list_visible(ports: Ports, ask: NamespacesQuery) -> VisibleNamespaces:
    """The namespaces that are asked for and may be seen: a slice holds no more."""
    found = _listed(ports, ask) if ask.names is None else _named(ports, ask.slice, ask.names)
    part = sliced(found, ask.slice, lambda one: one.name)
    seen = tuple(one for one in part.items if may_read(ask.by, one) and ask.project in ("", one.project))
    return VisibleNamespaces(namespaces=seen, by=ask.by, after=part.after)


def get_namespace(ports: Ports, ask: NamespaceQuery) -> NamespaceWithApplications:
    """The namespace and its applications. Faults: NotFound."""
    namespace = ports.namespaces.namespace(ask.name)
    applications = tuple(ports.applications.applications(ask.name))
    return NamespaceWithApplications(namespace=namespace, applications=applications, by=ask.by)


def list_applications(ports: Ports, ask: NamespaceQuery) -> Sliced[Application]:
    """The applications of the namespace, by name. Faults: NotFound."""
    ports.namespaces.namespace(ask.name)
    return sliced(ports.applications.applications(ask.name, page_of(ask.slice)), ask.slice, lambda one: one.name)


def get_application(ports: Ports, ask: ApplicationNamed) -> ApplicationWithVersions:
    """The application and its versions. Faults: NotFound."""
    application = ports.applications.application(ask.namespace, ask.application)
    return ApplicationWithVersions(
        application=application, versions=tuple(ports.releases.versions(ask.namespace, ask.application))
    )


def owner_of_new(ports: Ports, namespace: str, asked: str, by: Principal) -> str:
    """The project to which a new namespace belongs: the one asked for, the asker's only one, or its own name's.

    Faults: Invalid, NotFound, Forbidden.
    """
    if asked and (defects := names.project(asked, "project")):
        raise Invalid(defects)
    own = projects_of(by.roles) - {EVERY_PROJECT}
    project = asked or (next(iter(own)) if len(own) == 1 else namespace)
    require(by, Level.WRITE, project, missing=f"no namespace {namespace}")
    if asked:
        _demand_existing(ports, asked)
    return project


def _listed(ports: Ports, ask: NamespacesQuery) -> Sequence[Namespace]:
    """The namespaces of a project; or all those of the asker's projects, and the public ones."""
    own, page = projects_of(ask.by.roles), page_of(ask.slice)
    if ask.project:
        return ports.namespaces.namespaces(page, {ask.project})
    if is_admin(ask.by) or EVERY_PROJECT in own:
        return ports.namespaces.namespaces(page)
    both = (*ports.namespaces.namespaces(page, own), *ports.namespaces.public_namespaces(page))
    found = {one.name: one for one in both}
    return [found[name] for name in sorted(found)]


def _named(ports: Ports, asked: Slice, chosen: frozenset[str]) -> Sequence[Namespace]:
    """Those of the names that are namespaces, and stand after where the slice begins."""
    wanted = sorted(name for name in chosen if asked.after < name and len(name) <= names.MAX_LENGTH)
    return ports.namespaces.named(wanted)


def _demand_existing(ports: Ports, project: str) -> None:
    if ports.projects.find_project(project) is None:
        raise Invalid.single("project", f"no project {project}")


def _settled(namespace: Namespace, settings: NamespaceSettings) -> Namespace:
    return replace(
        namespace,
        description=settings.description,
        org_url=settings.org_url,
        logo=settings.logo,
        is_public=settings.is_public,
    )
