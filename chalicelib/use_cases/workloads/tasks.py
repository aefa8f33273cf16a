"""Tasks of the Deploy API: workloads by their namespaces, whose projects say who may see and change them."""

from functools import partial

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.workloads.workload import CodeSource, Workload
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
from chalicelib.use_cases.workloads.views import WorkloadView, get_workload
from slipway_formats.defect import Defect, check_all
from slipway_formats.frozen import frozen
from slipway_formats.git_address import is_branch
from slipway_formats.workloads.directory import directory_defect
from slipway_formats.workloads.manifest import WorkloadKind


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
    found = ports.workloads.find_workload(query.id)
    if found is None or not may(query.by, Level.READ, found.project):
        raise NotFound(f"no task {query.id[:100]}")
    return get_workload(ports, found.id)


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
