"""Remove a namespace with everything in it but the files of packages."""

from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.releases.hook import secrets_of
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets


def remove_namespace(ports: Ports, ask: tuple[Origin, str]) -> None:
    """Remove the namespace if it exists and the caller may see it. Faults: Forbidden."""
    origin, name = ask
    project = ports.namespaces.project_of(name)
    if project is None or not may(origin.by, Level.READ, project):
        return
    require(origin.by, Level.OWNER, project, missing=f"no namespace {name}")
    entry = entry_of(origin, AuditAction(act="removed-namespace", subject=name, project=project))
    # From here on it is marked as deleting: repeating the request resumes an interrupted removal.
    ports.namespaces.mark_namespace_deleting(name, entry)
    for unit in ((name, ""), *((name, one.name) for one in ports.applications.applications(name))):
        delete_secrets(ports, secrets_of(ports.hooks.hooks(unit)))
    ports.namespaces.remove_namespace(name)
