"""Run pipelines of tasks, kill them and try them again from the task that failed."""

from functools import partial

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.task_pipelines.compile import PipelinePlace, task_pipeline_ref
from chalicelib.kernel.definitions.task_pipelines.pipeline import TaskPipeline
from chalicelib.kernel.definitions.task_pipelines.read import read_task_pipeline
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.installation.code_sources import git_repository_for
from chalicelib.use_cases.installation.task_namespaces import (
    EnterNamespace,
    check_namespace_name,
    ensure_task_namespace,
    project_of_task_namespace,
)
from chalicelib.use_cases.launch.in_turn import in_line
from chalicelib.use_cases.launch.plan import plan_task_pipeline
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.runs.read import run_view
from chalicelib.use_cases.task_pipelines.views import (
    PipelineNamed,
    PipelineView,
    accepted_view,
    pipeline_view,
    require_in_pipeline,
    visible_pipeline,
)
from chalicelib.use_cases.workloads.executors import require_executor
from slipway_formats.defect import Defect, check_all
from slipway_formats.frozen import frozen


@frozen
class RunTaskPipeline:
    """Run a pipeline of tasks in a namespace. configuration: pipeline.json. name: instead of its own.

    project: whose the namespace is to be, where it is new; empty for the one by rule.
    """

    origin: Origin
    namespace: str
    project: str = ""
    pool: str = "default"
    configuration: object
    name: str = ""


@frozen
class KillPipeline:
    """Stop a pipeline. cleans_up: tasks that run in spite of errors are still run."""

    origin: Origin
    id: str
    cleans_up: bool = True


@frozen
class RetryPipeline:
    """Run an ended pipeline again from the task that failed, or that was killed."""

    origin: Origin
    id: str


def run_task_pipeline(ports: Ports, command: RunTaskPipeline) -> PipelineView:
    """Begin a run of a pipeline, whose namespace is made with the first. Nothing is left of what is refused.

    Faults: Invalid with every defect, Forbidden, Conflict if the pool has no executor, Stale.
    """
    read = partial(read_task_pipeline, command.configuration, name=command.name)
    check_all(partial(check_namespace_name, command.namespace), read)
    pipeline = read()
    entered = EnterNamespace(origin=command.origin, name=command.namespace, project=command.project)
    project = project_of_task_namespace(ports, entered)
    _require_repositories(ports, project, pipeline)
    require_executor(ports, command.pool, project)
    namespace, origin = ensure_task_namespace(ports, entered), command.origin
    place = PipelinePlace(
        project=namespace.project,
        environment=namespace.environment,
        namespace=namespace.title,
        pool=command.pool,
        source={},
    )
    beginning = Beginning(id=run_id_for(ports, origin), by=origin.by.name, begun_by=begun_by(ports, origin.by))
    subject = f"{namespace.title}/{pipeline.name}"
    action = AuditAction(act="ran-task-pipeline", subject=subject, project=project, details={"run": beginning.id})
    ports.workloads.count_pipeline(place.project, place.environment, entry_of(origin, action))
    known = ports.runs.find_run(beginning.id)
    ref = task_pipeline_ref(place, pipeline.name)

    def begin() -> Run:
        return start_run(ports, plan_task_pipeline(ports, pipeline, place, beginning), origin=origin)

    run = known or in_line(ports, ref, begin)
    return pipeline_view(run_view(ports, run))


def kill_pipeline(ports: Ports, command: KillPipeline) -> PipelineView:
    """Request that a pipeline stops, unless it is stopping already. Faults: NotFound, Forbidden, Conflict."""
    by, at_once = command.origin.by, not command.cleans_up
    view = visible_pipeline(ports, PipelineNamed(by=by, id=command.id))
    require_in_pipeline(by, Level.WRITE, view)
    run = view.view.run
    if run.ending is not None and (run.at_once or not at_once):
        return view
    decide_run(ports, DecideRun(run=run.id, kind=ActKind.CANCELLED, by=by, at_once=at_once))
    return accepted_view(ports, command.id)


def retry_pipeline(ports: Ports, command: RetryPipeline) -> PipelineView:
    """Run an ended pipeline again; what succeeded is kept. Faults: NotFound, Forbidden, Conflict."""
    view = visible_pipeline(ports, PipelineNamed(by=command.origin.by, id=command.id))
    require_in_pipeline(command.origin.by, Level.WRITE, view)
    decide_run(ports, DecideRun(run=view.view.run.id, kind=ActKind.RETRIED, by=command.origin.by))
    return accepted_view(ports, command.id)


def _require_repositories(ports: Ports, project: str, pipeline: TaskPipeline) -> None:
    """Require that the project may use the repositories of all tasks. Faults: Invalid with every defect."""
    known = {name: _is_known(ports, project, name) for name in {task.repository for task in pipeline.tasks}}
    defects = tuple(
        Defect(f"tasks[{place}].namespacetask", f"no registered repository {task.repository[:64]}", "NO_REPOSITORY")
        for place, task in enumerate(pipeline.tasks)
        if not known[task.repository]
    )
    if defects:
        raise Invalid(defects)


def _is_known(ports: Ports, project: str, name: str) -> bool:
    try:
        git_repository_for(ports, project, name)
    except NotFound:
        return False
    return True
