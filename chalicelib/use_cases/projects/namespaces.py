"""The namespaces of projects: create, and list those that the caller may see."""

from collections.abc import Sequence

from chalicelib.kernel import names
from chalicelib.kernel.access.principal import Principal, level_in
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.partial_read import NOTHING_UNREADABLE, UnreadableFields
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.removed_names import NameKind, refuse_reserved
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import address_defects


@frozen
class CreateNamespace:
    """Create a namespace that a project owns."""

    origin: Origin
    project: str
    name: str
    description: str = ""
    org_url: str = ""
    logo: str = ""
    unreadable: UnreadableFields = NOTHING_UNREADABLE


@frozen
class NamespacesOf:
    """Query: the namespaces of a project; of every project that the caller may read, if none is named."""

    by: Principal
    project: str = ""


@frozen
class NamespaceView:
    """A namespace with the caller's level in it."""

    namespace: Namespace
    level: Level | None


def create_namespace(ports: Ports, command: CreateNamespace) -> Namespace:
    """Create a namespace. Faults: Invalid, NotFound, Conflict if the name is taken."""
    ports.projects.project(command.project)
    found = (*names.new_namespace(command.name), *address_defects(command.org_url, "org_url"))
    if defects := command.unreadable.with_others(found):
        raise Invalid(defects)
    refuse_reserved(ports, NameKind.NAMESPACE, command.name, owner=command.project, by=command.origin.by)
    namespace = Namespace(
        name=command.name,
        project=command.project,
        description=command.description,
        org_url=command.org_url,
        logo=command.logo,
    )
    action = AuditAction(act="added-namespace", subject=command.name, project=command.project)
    ports.namespaces.create_namespace(namespace, entry_of(command.origin, action))
    return namespace


def list_namespaces(ports: Ports, query: NamespacesOf) -> Sequence[NamespaceView]:
    """List the namespaces by name. Faults: NotFound if the project does not exist."""
    if query.project:
        ports.projects.project(query.project)
    found = ports.namespaces.namespaces(projects={query.project} if query.project else None)
    views = (NamespaceView(namespace=one, level=level_in(query.by, one.project)) for one in found)
    return [one for one in views if one.level is not None]
