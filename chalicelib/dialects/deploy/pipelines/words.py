"""Read runs, kills and states of task pipelines, and show them."""

from collections.abc import Mapping

from chalicelib.dialects.deploy.fields import configuration_in, needed, read_fields
from chalicelib.dialects.deploy.paging import next_page
from chalicelib.dialects.deploy.words import PIPELINE, TASK, id_in, instant, source_in
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.task_pipelines.compile import SOURCE
from chalicelib.kernel.faults import Invalid
from chalicelib.use_cases.pagination import Sliced
from chalicelib.use_cases.task_pipelines.from_git import RunFromGit
from chalicelib.use_cases.task_pipelines.run import KillPipeline, RetryPipeline, RunTaskPipeline
from chalicelib.use_cases.task_pipelines.views import PipelineNamed, PipelineView, TaskState

STATE = "/v1/pipeline/state"
CLEANUP = "cleanup"
BOOLEANS = {"": True, "true": True, "false": False}


def read_with_configuration(request: Request) -> RunTaskPipeline:
    """Read a run of a pipeline in the body. Faults: Invalid, TooLarge."""
    fields = read_fields(request, ("namespace", "configuration", "project", "pool"))
    return RunTaskPipeline(
        origin=request.origin,
        namespace=needed(fields, "namespace"),
        project=fields.get("project", ""),
        pool=fields.get("pool", "default"),
        configuration=configuration_in(fields),
    )


def read_run(request: Request) -> RunFromGit:
    """Read a run of a directory's pipeline: its namespace is in the path, in the fields, or the repository's name."""
    parameters = request.parameters
    is_placed = "namespace" in parameters
    fields = read_fields(request, ("branch", "project", "pool", *(() if is_placed else ("namespace",))))
    usual = parameters.get("namespace", parameters["repository"])
    return RunFromGit(
        origin=request.origin,
        namespace=fields.get("namespace", usual),
        project=fields.get("project", ""),
        pool=fields.get("pool", "default"),
        source=source_in(request, fields),
        name=parameters["name"],
    )


def read_pipeline(request: Request) -> PipelineNamed:
    """Read which pipeline of a namespace is requested. Faults: NotFound."""
    named = id_in(request, "id", PIPELINE)
    return PipelineNamed(by=request.asker, id=named, namespace=request.parameters["namespace"])


def read_kill(request: Request) -> KillPipeline:
    """Read which pipeline is to stop, and whether it cleans up. Faults: Invalid, NotFound."""
    text = read_fields(request, (CLEANUP,)).get(CLEANUP, "").lower()
    if text not in BOOLEANS:
        raise Invalid.single(CLEANUP, "should be true or false")
    return KillPipeline(origin=request.origin, id=id_in(request, "id", PIPELINE), cleans_up=BOOLEANS[text])


def read_retry(request: Request) -> RetryPipeline:
    """Read which pipeline is to run again. Faults: NotFound."""
    read_fields(request, ())
    return RetryPipeline(origin=request.origin, id=id_in(request, "id", PIPELINE))


def show_pipeline(view: PipelineView) -> Reply:
    """Show a pipeline with its tasks."""
    return json_reply(
        {
            **_item(view),
            "project": view.view.plan.definition.project,
            **_source(view),
            "in_error": view.is_in_error,
            "message": view.message,
            "tasks": [_task(task) for task in view.tasks],
            "state_url": f"{STATE}/{view.namespace}/{PIPELINE}{view.id}",
        }
    )


def show_killed(view: PipelineView) -> Reply:
    """Show that a pipeline stops."""
    return json_reply({"id": f"{PIPELINE}{view.id}", "status": view.status.value.upper()})


def show_pipelines(views: Sliced[PipelineView]) -> Reply:
    """Show pipelines in short."""
    return json_reply({"pipelines": [_item(view) for view in views.items], **next_page(views)})


def _item(view: PipelineView) -> dict[str, Json]:
    run, plan = view.view.run, view.view.plan
    return {
        "id": f"{PIPELINE}{view.id}",
        "name": view.pipeline.name,
        "namespace": view.namespace,
        "status": view.status.value.upper(),
        "created_at": instant(plan.created_at),
        "finished_at": instant(run.ended_at),
        "identity": plan.started_by,
    }


def _source(view: PipelineView) -> dict[str, Json]:
    """Return where the pipeline was read; blank for one that came in a body."""
    source = view.view.plan.snapshot.get(SOURCE)
    known = source if isinstance(source, Mapping) else {}
    return {name: str(known.get(name, "")) for name in ("repository", "directory", "branch")}


def _task(state: TaskState) -> Json:
    task = state.task
    return {
        "name": task.name,
        "namespacetask": f"{task.repository}/{task.directory}",
        "task_id": f"{TASK}{state.workload}" if state.workload else None,
        "status": state.status.value.upper(),
        "dependance": list(task.needs),
        "run-if-error": task.runs_if_error,
        "started_at": instant(state.began_at),
        "finished_at": instant(state.ended_at),
        "message": state.reason,
    }
