"""What a deployment or service leaves in State: a deployment of its name, deployed while it is available."""

from contextlib import suppress

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change
from chalicelib.kernel.projects.deployment_record import JobResult, after
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.retry import retry_on_conflict

NAMESPACE = "_"


def record_available(ports: Ports, workload: Workload) -> None:
    """Record that the workload is deployed; once for each. Faults: Stale."""
    _record(ports, workload, JobKind.DEPLOY, by=workload.by)


def record_deleted(ports: Ports, workload: Workload, by: str) -> None:
    """Record that the workload is there no more; its history stays. Faults: Stale."""
    _record(ports, workload, JobKind.DESTROY, by=by)


def _record(ports: Ports, workload: Workload, action: JobKind, by: str) -> None:
    # Nothing is recorded in an environment that is being deleted.
    with suppress(NotFound):
        retry_on_conflict(ports, lambda: _commit(ports, workload, action, by))


def _commit(ports: Ports, workload: Workload, action: JobKind, by: str) -> None:
    place, is_deleted = (workload.project, workload.environment, workload.name), action is JobKind.DESTROY
    before = deployment_or_new(ports, *place)
    if is_deleted and before.state is None:
        return
    result = _result(ports, workload, action, by)
    state = None if is_deleted else after(before.state, result)
    change = Change(
        id=f"{workload.id}/{action}",
        at=result.at,
        by=by,
        action=action,
        run=workload.run,
        release=f"{result.application}-v{result.version}",
        outputs=result.outputs,
        state=state,
    )
    ports.deployments.commit(before, change, None)


def _result(ports: Ports, workload: Workload, action: JobKind, by: str) -> JobResult:
    source, manifest = workload.source, workload.manifest
    known = {
        "kind": workload.kind or "",
        "repository": source.repository if source is not None else "",
        "directory": source.directory if source is not None else "",
        "commit": source.commit if source is not None else "",
        "image": (manifest.image or manifest.image_destination) if manifest is not None else "",
    }
    return JobResult(
        action=action,
        deployment=workload.name,
        application=f"{NAMESPACE}/{workload.name}",
        # Of a workload only its time sorts: later ones have a higher version.
        version=f"0.{int(workload.created_at.timestamp())}",
        went_well=True,
        at=ports.clock.now(),
        by=by,
        outputs={name: str(text) for name, text in known.items() if text},
    )
