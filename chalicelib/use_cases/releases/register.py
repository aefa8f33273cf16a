"""Registering a release, with its application and namespace where they are missing."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Forbidden, NotFound, Stale, Throttled
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.releases.check import check_namespace, checked, refused
from chalicelib.kernel.releases.release import Built, Release
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.namespaces import owner_of_new
from chalicelib.use_cases.retry import retry_on_conflict
from slipway_formats.release import Metadata
from slipway_formats.release_id import of_version


@frozen
class Register:
    """A release to be registered. owner: project of a new namespace, where the asker names one.

    run: that is said to have built it.
    """

    origin: Origin
    namespace: str
    metadata: Metadata | None
    owner: str = ""
    run: str = ""


def register(ports: Ports, ask: Register) -> None:
    """Ensures that the release is registered, or that nothing is stored.

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
        retry_on_conflict(ports, lambda: _registered(ports, ask, release), since=ask.origin.at)
    except Conflict:
        raise refused(f"Release {metadata.name}-v{metadata.version} already exists") from None
    except Stale as stale:
        raise Throttled(f"{ask.namespace}/{metadata.name} changes too often") from stale


def _registered(ports: Ports, ask: Register, release: Release) -> None:
    standing = ports.applications.application_head(release.namespace, release.metadata.name)
    project = standing.project
    if project is None:
        project = owner_of_new(ports, release.namespace, ask.owner, ask.origin.by)
    else:
        _demand_writing(ports, ask, project)
    subject = of_version(release.namespace, release.metadata.name, release.metadata.version)
    action = AuditAction(act="registered-release", subject=subject, project=project)
    ports.releases.register(release, standing, project, entry_of(ask.origin, action))


def _demand_writing(ports: Ports, ask: Register, project: str) -> None:
    try:
        require(ask.origin.by, Level.WRITE, project, missing=f"no namespace {ask.namespace}")
    except NotFound:
        if not any(namespace.is_public for namespace in ports.namespaces.named([ask.namespace])):
            raise
        raise Forbidden(f"{ask.origin.by.name} may read namespace {ask.namespace}, and no more") from None


def _built(ports: Ports, ask: Register) -> Built | None:
    """The run whose job asks, or one at work that is named and may be seen by the asker. A false word says nothing."""
    by = ask.origin.by
    if by.kind is not PrincipalKind.JOB and not ask.run:
        return None
    try:
        run = ports.runs.run(ports.jobs.job(by.name).run if by.kind is PrincipalKind.JOB else ask.run)
        plan = ports.runs.plan(run.plan)
    except NotFound:
        return None
    is_believed = not run.is_final and may(by, Level.READ, plan.definition.project)
    return Built(run=run.id, by=plan.started_by) if is_believed else None


def releaser_of(asker: Principal, built: Built | None) -> str:
    """The asker's name; of a job, whose name says nothing to anybody, that of who started its run."""
    return built.by if built is not None and asker.kind is PrincipalKind.JOB else asker.name
