"""Register a release, and create its application and namespace if they do not exist."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, is_admin, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Forbidden, NotFound, Stale, Throttled
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.releases.check import check_namespace, checked, refused
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


def register(ports: Ports, ask: Register) -> None:
    """Register the release.

    Faults: Invalid in Escape's words, NotFound and Forbidden, TooLarge, Throttled.
    """
    metadata = checked(ask.metadata)
    check_namespace(ask.namespace)
    built = _built(ports, ask)
    release = Release(
        namespace=ask.namespace,
        metadata=metadata,
        by=releaser_of(ask.origin.by, built),
        at=ask.origin.at,
        built=built,
    )
    try:
        retry_on_conflict(ports, lambda: _register(ports, ask, release), since=ask.origin.at)
    except Conflict:
        raise refused(f"Release {metadata.name}-v{metadata.version} already exists") from None
    except Stale as stale:
        raise Throttled(f"{ask.namespace}/{metadata.name} changes too often") from stale


def _register(ports: Ports, ask: Register, release: Release) -> None:
    head = ports.applications.application_head(release.namespace, release.metadata.name)
    project = head.project
    if project is None:
        project = owner_of_new(ports, release.namespace, ask.owner, ask.origin.by, level=Level.JOB)
        if not head.has_namespace:
            refuse_reserved(ports, NameKind.NAMESPACE, release.namespace, owner=project, by=ask.origin.by)
    else:
        _require_write(ports, ask, release, project)
        project = _moved(ports, ask) or project
    subject = of_version(release.namespace, release.metadata.name, release.metadata.version)
    action = AuditAction(act="registered-release", subject=subject, project=project)
    ports.releases.register(release, head, project, entry_of(ask.origin, action))


def _moved(ports: Ports, ask: Register) -> str:
    """Return the project to which an admin moves an application of the default namespace, if one does."""
    if ask.namespace != DEFAULT_NAMESPACE or not ask.owner or not is_admin(ask.origin.by):
        return ""
    return owner_of_new(ports, ask.namespace, ask.owner, ask.origin.by)


def _require_write(ports: Ports, ask: Register, release: Release, project: str) -> None:
    try:
        require(ask.origin.by, Level.JOB, project, missing=f"no namespace {ask.namespace}")
    except NotFound:
        if ask.namespace == DEFAULT_NAMESPACE:
            unit = f"{ask.namespace}/{release.metadata.name}"
            raise Forbidden(f"{unit} belongs to another project: use a namespace of your own") from None
        if not any(namespace.is_public for namespace in ports.namespaces.named([ask.namespace])):
            raise
        raise Forbidden(f"{ask.origin.by.name} may read namespace {ask.namespace}, and no more") from None


def _built(ports: Ports, ask: Register) -> Built | None:
    """Return the run that built the release: the job's own, or an active one given by a caller who may read it."""
    by = ask.origin.by
    if by.kind is not PrincipalKind.JOB and not ask.run:
        return None
    try:
        run = ports.runs.run(ports.jobs.job(by.name).run if by.kind is PrincipalKind.JOB else ask.run)
        plan = ports.runs.plan(run.plan)
    except NotFound:
        return None
    is_credible = not run.is_final and may(by, Level.READ, plan.definition.project)
    return Built(run=run.id, by=plan.started_by) if is_credible else None


def releaser_of(asker: Principal, built: Built | None) -> str:
    """Return the caller's name; for a job's token, the name of whoever started its run."""
    return built.by if built is not None and asker.kind is PrincipalKind.JOB else asker.name
