"""Tasks of the Deploy API: workloads by their namespaces, whose projects say who may see and change them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.workloads.workload import CodeSource, Workload, titled
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.code_sources import SourcePlace, code_source
from chalicelib.use_cases.installation.task_namespaces import (
    EnterNamespace,
    check_namespace_name,
    ensure_task_namespace,
    project_of_task_namespace,
    task_namespace_for,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.workloads.deploy import DeployWorkload, check_deploy, deploy_workload
from chalicelib.use_cases.workloads.executors import require_executor
from chalicelib.use_cases.workloads.remove import RemoveWorkload, remove_workload
from chalicelib.use_cases.workloads.views import WorkloadView, get_workload, view_of, views_of
from slipway_formats.defect import Defect, check_all
from slipway_formats.frozen import frozen
from slipway_formats.git_address import is_branch
from slipway_formats.workloads.directory import directory_defect
from slipway_formats.workloads.manifest import WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest


@frozen
class DeployTask:
    """Deploy a task to a namespace. project: whose the namespace is to be, where it is new; empty for the one by rule.

    source: where its files are. configuration: its manifest; None for that of the source. name, schedule: instead of
    the manifest's.
    """

    origin: Origin
    namespace: str
    project: str = ""
    pool: str = "default"
    source: SourcePlace | None = None
    configuration: object = None
    name: str = ""
    schedule: str = ""


@frozen
class TaskNamed:
    """A task by its id, and who asks."""

    by: Principal
    id: str


@frozen
class RemoveTask:
    """Delete a task of a kind and name in a namespace."""

    origin: Origin
    namespace: str
    kind: WorkloadKind
    name: str


@frozen
class RemoveTaskOfId:
    """Delete the task of this id, and none that has its name now."""

    origin: Origin
    id: str


@frozen
class RunTaskAgain:
    """Deploy a job once more: with its manifest, and the newest files of its branch."""

    origin: Origin
    id: str


def deploy_task(ports: Ports, command: DeployTask) -> WorkloadView:
    """Deploy a task, whose namespace is made with the first. Nothing is left of what is refused.

    Faults: Invalid with every defect, Forbidden, NotFound for a repository, Conflict if the name is in use or the pool
    has no executor, Stale.
    """
    entered = EnterNamespace(origin=command.origin, name=command.namespace, project=command.project)
    check_all(
        partial(check_source, command.source),
        partial(check_namespace_name, command.namespace),
        partial(check_deploy, _deploy(command, "", "", _unplaced(command.source))),
    )
    project = project_of_task_namespace(ports, entered)
    source = code_source(ports, project, command.source) if command.source is not None else None
    require_executor(ports, command.pool, project)
    namespace = ensure_task_namespace(ports, entered)
    deployed = deploy_workload(ports, _deploy(command, namespace.project, namespace.environment, source))
    return get_workload(ports, deployed.id)


def get_task(ports: Ports, query: TaskNamed) -> WorkloadView:
    """Return a task, also one that is gone. Faults: NotFound, also for who may not read its project."""
    return view_of(ports, _task(ports, query.by, query.id, Level.READ))


def list_jobs_of_task(ports: Ports, cronjob: Workload) -> Sequence[WorkloadView]:
    """List the jobs that a cronjob, which was just read, has started and that are listed still, newest first."""
    found = (ports.workloads.find_workload(own) for own in reversed(cronjob.jobs))
    return views_of(ports, [one for one in found if one is not None and one.is_current])


def _task(ports: Ports, by: Principal, own: str, level: Level) -> Workload:
    """Return a task in whose project the caller has the level. Faults: NotFound, Forbidden."""
    found, missing = ports.workloads.find_workload(own), f"no task {own[:100]}"
    if found is None:
        raise NotFound(missing)
    require(by, level, found.project, missing=missing)
    return found


def remove_task(ports: Ports, command: RemoveTask) -> Workload:
    """Delete a task, with what belongs to it. Faults: NotFound, Forbidden, Conflict, Stale."""
    place = task_namespace_for(ports, command.origin.by, Level.WRITE, command.namespace)
    return remove_workload(
        ports,
        RemoveWorkload(
            origin=command.origin,
            project=place.project,
            environment=place.environment,
            kind=command.kind,
            name=command.name,
        ),
    )


def remove_task_of_id(ports: Ports, command: RemoveTaskOfId) -> Workload:
    """Delete a task, with what belongs to it.

    Faults: NotFound, Forbidden, Stale; Conflict for one without a name yet, or if another has its name now.
    """
    found = _task(ports, command.origin.by, command.id, Level.WRITE)
    if found.kind is None:
        raise Conflict(f"{titled(found)} is not deployed")
    return remove_workload(
        ports,
        RemoveWorkload(
            origin=command.origin,
            project=found.project,
            environment=found.environment,
            kind=found.kind,
            name=found.name,
            id=found.id,
        ),
    )


def run_task_again(ports: Ports, command: RunTaskAgain) -> WorkloadView:
    """Deploy a job again under its name, and return the new one.

    Faults: NotFound, Forbidden, Conflict for what is no job or still runs, and those of `deploy_task`.
    """
    found = _task(ports, command.origin.by, command.id, Level.WRITE)
    if found.kind is not WorkloadKind.JOB or found.manifest is None:
        raise Conflict(f"{titled(found)} is no job: nothing else is run again")
    # One that a cronjob has started has its manifest as it stands: this one is no cronjob.
    manifest, source = replace(found.manifest, kind=WorkloadKind.JOB, name=found.name, schedule=""), found.source
    again = DeployTask(
        origin=command.origin,
        namespace=found.namespace,
        project=found.project,
        pool=found.pool,
        source=SourcePlace(repository=source.repository, directory=source.directory, branch=source.branch)
        if source is not None
        else None,
        configuration=written_manifest(manifest),
    )
    return deploy_task(ports, again)


def check_source(place: SourcePlace | None) -> None:
    """Refuse a directory or branch that leads elsewhere. Faults: Invalid with every defect."""
    if place is None:
        return
    defects = [Defect("directory", said)] if (said := directory_defect(place.directory)) else []
    if place.branch and not is_branch(place.branch):
        defects.append(Defect("branch", "is no name of a branch"))
    if defects:
        raise Invalid(tuple(defects))


def _unplaced(place: SourcePlace | None) -> CodeSource | None:
    """Return a source as it is before somebody has looked where it is."""
    return CodeSource(repository=place.repository, directory=place.directory, url="") if place is not None else None


def _deploy(command: DeployTask, project: str, environment: str, source: CodeSource | None) -> DeployWorkload:
    return DeployWorkload(
        origin=command.origin,
        project=project,
        environment=environment,
        namespace=command.namespace,
        pool=command.pool,
        source=source,
        manifest=command.configuration,
        name=command.name,
        schedule=command.schedule,
    )
