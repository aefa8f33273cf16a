"""Run pipelines whose configuration is in a repository: a runner reads it first, and the pipeline follows."""

from functools import partial

from chalicelib.kernel.definitions.compile_load import Load, LoadKind
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.task_pipelines.read import pipeline_name_defect
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.installation.code_sources import SourcePlace, code_source
from chalicelib.use_cases.installation.task_namespaces import (
    EnterNamespace,
    check_namespace_name,
    ensure_task_namespace,
    project_of_task_namespace,
)
from chalicelib.use_cases.launch.plan import plan_load
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.launch.start_child import create_run
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.task_pipelines.views import PipelineView, accepted_view
from chalicelib.use_cases.workloads.executors import require_executor
from chalicelib.use_cases.workloads.loading import SUFFIX
from chalicelib.use_cases.workloads.tasks import check_source
from slipway_formats.defect import check_all
from slipway_formats.frozen import frozen


@frozen
class RunFromGit:
    """Run the pipeline of a directory in a namespace under a name. project: as of a pipeline that is given."""

    origin: Origin
    namespace: str
    project: str = ""
    pool: str = "default"
    source: SourcePlace
    name: str


def run_pipeline_from_git(ports: Ports, command: RunFromGit) -> PipelineView:
    """Begin to load a pipeline, which runs once it is read; what is wrong with it is told by its status.

    Faults: Invalid with every defect, Forbidden, NotFound for a repository, Conflict if the pool has no executor,
    Stale.
    """
    origin = command.origin
    check_all(
        partial(check_source, command.source),
        partial(check_namespace_name, command.namespace),
        partial(_check_name, command.name),
    )
    entered = EnterNamespace(origin=origin, name=command.namespace, project=command.project)
    project = project_of_task_namespace(ports, entered)
    source = code_source(ports, project, command.source)
    require_executor(ports, command.pool, project)
    namespace, own = ensure_task_namespace(ports, entered), run_id_for(ports, origin)
    place = {"environment": namespace.environment, "namespace": namespace.title, "pool": command.pool}
    followed_by = {**place, "name": command.name, "branch": command.source.branch}
    load = Load(kind=LoadKind.PIPELINE, project=project, source=source, pool=command.pool, followed_by=followed_by)
    subject = f"{namespace.title}/{command.name}"
    action = AuditAction(act="ran-task-pipeline", subject=subject, project=project, details={"run": own})
    ports.workloads.count_pipeline(project, namespace.environment, entry_of(origin, action))
    beginning = Beginning(id=f"{own}{SUFFIX}", by=origin.by.name, begun_by=begun_by(ports, origin.by))
    if ports.runs.find_run(beginning.id) is None:
        create_run(ports, plan_load(ports, load, beginning))
    return accepted_view(ports, own)


def _check_name(name: str) -> None:
    if said := pipeline_name_defect(name):
        raise Invalid.single("name", said)
