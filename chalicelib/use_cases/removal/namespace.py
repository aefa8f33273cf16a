"""Remove a namespace with everything in it but the files of packages."""

from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Forbidden
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.hook import secrets_of
from chalicelib.use_cases.access.authorise import may_read, require, require_admin
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets
from chalicelib.use_cases.removed_names import NameKind, reserve_name


def remove_namespace(ports: Ports, command: tuple[Origin, str]) -> None:
    """Remove the namespace if it exists and the caller may see it. Faults: Forbidden."""
    origin, name = command
    found = ports.namespaces.find_namespace(name)
    if found is None or not may_read(origin.by, found):
        return
    project = found.project
    if name == DEFAULT_NAMESPACE:
        require_admin(origin.by)
    if not may(origin.by, Level.READ, project):
        raise Forbidden(f"{origin.by.name} may read namespace {name}, and no more")
    require(origin.by, Level.OWNER, project, missing=f"no namespace {name}")
    entry = entry_of(origin, AuditAction(act="removed-namespace", subject=name, project=project))
    # From here on it is marked as deleting: repeating the request resumes an interrupted removal.
    ports.namespaces.mark_namespace_deleting(name, entry)
    if name != DEFAULT_NAMESPACE:
        reserve_name(ports, NameKind.NAMESPACE, name, owner=project, now=origin.at)
    for unit in ((name, ""), *((name, one.name) for one in ports.applications.applications(name))):
        delete_secrets(ports, secrets_of(ports.hooks.hooks(unit)))
    ports.namespaces.remove_namespace(name)
