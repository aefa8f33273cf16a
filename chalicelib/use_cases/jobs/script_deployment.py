"""What the script of a travelling snapshot leaves in State: a deployment named as the application of its train."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel import names
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.job import Ending, Job
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.installation.entries import SharedEnvironment, name_handle
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.project import Environment
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import RELEASE
from chalicelib.use_cases.projects.store_environment import store_environment
from slipway_formats.version import is_version

NUMBER = "number"
"""The output of the deployment that is the snapshot's number."""


def as_deploying(ports: Ports, job: Job) -> Job | None:
    """Return the ended script of a snapshot as the deploy that it was; None for what deploys nothing to a place."""
    if job.kind is not JobKind.SCRIPT or job.travels is None or job.ending is None or not _has_place(job):
        return None
    train = ports.trains.find_train(train_in(job.travels))
    snapshot = ports.snapshots.find_snapshot(train.id, job.travels.number) if train is not None else None
    if train is None or snapshot is None:
        return None
    ask = {RELEASE: f"{DEFAULT_NAMESPACE}/{train.application}-v{_version(snapshot)}", "deployment": train.application}
    return replace(job, kind=JobKind.DEPLOY, ask=ask, ending=_ending(job.ending, snapshot))


def ensure_place(ports: Ports, job: Job) -> None:
    """Make the environment of a job known to its project, where a snapshot comes there first. Faults: Stale."""
    if ports.projects.find_environment(job.project, job.environment) is not None:
        return
    shared = ports.installation.find_by(SharedEnvironment, name_handle(job.environment))
    environment = Environment(
        project=job.project,
        name=job.environment,
        title=shared.title if shared is not None else "",
        created_at=ports.clock.now(),
    )
    # Its project may go, or have no room: then there is no place for the deployment, as for any other.
    with suppress(Conflict, NotFound):
        store_environment(ports, environment, _entry(job, environment))


def _has_place(job: Job) -> bool:
    return bool(job.environment) and not tuple(names.environment(job.environment))


def _version(snapshot: Snapshot) -> str:
    return snapshot.number if is_version(snapshot.number) else f"0.{snapshot.id}"


def _ending(ending: Ending, snapshot: Snapshot) -> Ending:
    own = {name: text for name, text in ending.outputs.items() if name != RELEASE}
    return replace(ending, outputs={**own, NUMBER: snapshot.number})


def _entry(job: Job, environment: Environment) -> AuditEntry:
    return AuditEntry(
        id=f"{job.id}/added-environment",
        at=environment.created_at,
        by=job.by,
        act="added-environment",
        subject=environment.name,
        project=environment.project,
    )
