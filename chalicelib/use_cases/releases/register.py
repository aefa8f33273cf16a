"""Register a release, and create its application and namespace if they do not exist."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Forbidden, NotFound, Stale, Throttled, TooLarge
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.check import check_namespace, checked, refused
from chalicelib.kernel.releases.links import MOST_LINKS, edges_of
from chalicelib.kernel.releases.release import Built, Release
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.namespaces import owner_of_new
from chalicelib.use_cases.removed_names import NameKind, refuse_reserved
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.frozen import frozen
from slipway_formats.release import Metadata
from slipway_formats.release_id import of_version


@frozen
class Register:
    """Register a release. owner: the project of a new namespace, if given.

    run: claimed to have built it.
    """

    origin: Origin
    namespace: str
    metadata: Metadata | None
    owner: str = ""
    run: str = ""


def register(ports: Ports, command: Register) -> None:
    """Register the release.

    Faults: Invalid in Escape's words, NotFound and Forbidden, TooLarge, Throttled.
    """
    metadata = checked(command.metadata)
    check_namespace(command.namespace)
    built = _built(ports, command)
    release = Release(
        namespace=command.namespace,
        metadata=metadata,
        by=releaser_of(command.origin.by, built),
        at=command.origin.at,
        built=built,
    )
    if (count := len(edges_of(release))) > MOST_LINKS:
        named = f"{metadata.name}-v{metadata.version}"
        raise TooLarge(f"release {named} depends on {count} releases, more than the {MOST_LINKS} that are taken")
    try:
        retry_on_conflict(ports, lambda: _register(ports, command, release), since=command.origin.at)
    except Conflict:
        raise refused(f"Release {metadata.name}-v{metadata.version} already exists") from None
    except Stale as stale:
        raise Throttled(f"{command.namespace}/{metadata.name} changes too often") from stale


def _register(ports: Ports, command: Register, release: Release) -> None:
    head = ports.applications.application_head(release.namespace, release.metadata.name)
    project = head.project
    if project is None:
        project = owner_of_new(ports, release.namespace, command.owner, command.origin.by, level=Level.JOB)
        _refuse_reserved(ports, command, release, project)
    else:
        _require_write(ports, command, release, project)
        project = _moved(ports, command) or project
    subject = of_version(release.namespace, release.metadata.name, release.metadata.version)
    action = AuditAction(act="registered-release", subject=subject, project=project)
    ports.releases.register(release, head, project, entry_of(command.origin, action))


def _refuse_reserved(ports: Ports, command: Register, release: Release, project: str) -> None:
    """Refuse the name of a removed namespace, or in the default one of an application. Faults: Forbidden."""
    kind, name = NameKind.NAMESPACE, release.namespace
    if release.namespace == DEFAULT_NAMESPACE:
        kind, name = NameKind.APPLICATION, f"{release.namespace}/{release.metadata.name}"
    refuse_reserved(ports, kind, name, owner=project, by=command.origin.by)


def _moved(ports: Ports, command: Register) -> str:
    """Return the project to which an admin moves an application of the default namespace, if one does."""
    if command.namespace != DEFAULT_NAMESPACE or not command.owner or not is_admin(command.origin.by):
        return ""
    return owner_of_new(ports, command.namespace, command.owner, command.origin.by)


def _require_write(ports: Ports, command: Register, release: Release, project: str) -> None:
    try:
        require(command.origin.by, Level.JOB, project, missing=f"no namespace {command.namespace}")
    except NotFound:
        if command.namespace == DEFAULT_NAMESPACE:
            unit = f"{command.namespace}/{release.metadata.name}"
            raise Forbidden(f"{unit} belongs to another project: use a namespace of your own") from None
        if not any(namespace.is_public for namespace in ports.namespaces.named([command.namespace])):
            raise
        raise Forbidden(f"{command.origin.by.name} may read namespace {command.namespace}, and no more") from None


def _built(ports: Ports, command: Register) -> Built | None:
    """Return the run that built the release: the job's own, or an active one given by a caller who may read it."""
    by = command.origin.by
    if by.kind is not PrincipalKind.JOB and not command.run:
        return None
    try:
        run = ports.runs.run(ports.jobs.job(by.name).run if by.kind is PrincipalKind.JOB else command.run)
        plan = ports.runs.plan(run.plan)
    except NotFound:
        return None
    is_credible = not run.is_final and may(by, Level.READ, plan.definition.project)
    return Built(run=run.id, by=plan.started_by) if is_credible else None


def releaser_of(asker: Principal, built: Built | None) -> str:
    """Return the caller's name; for a job's token, the name of whoever started its run."""
    return built.by if built is not None and asker.kind is PrincipalKind.JOB else asker.name
