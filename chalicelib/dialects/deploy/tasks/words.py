"""Read deploys, states and deletions of tasks, and show tasks."""

from collections.abc import Callable, Mapping

from chalicelib.dialects.deploy.fields import configuration_in, needed, read_fields
from chalicelib.dialects.deploy.words import TASK, id_in, instant, source_in
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import NodeState, Run
from chalicelib.kernel.workloads.pods import Pod
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.installation.code_sources import SourcePlace
from chalicelib.use_cases.workloads.tasks import DeployTask, RemoveTask, TaskNamed
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.workloads.manifest import WorkloadKind

PLACE = ("project", "pool")
"""Fields that are added: whose the namespace is to be, and which runners do the work."""

SOURCE = ("branch", "schedule", *PLACE)
STATE = "/v1/task/state"
LOGS = "/v1/task/logs"


def read_deploy(request: Request) -> DeployTask:
    """Read a deploy of a directory: what the path leaves out, repository or manifest say. Faults: Invalid."""
    parameters, fields = request.parameters, read_fields(request, SOURCE)
    return DeployTask(
        origin=request.origin,
        namespace=parameters.get("namespace", parameters["repository"]),
        project=fields.get("project", ""),
        pool=fields.get("pool", "default"),
        source=source_in(request, fields),
        name=parameters.get("name", ""),
        schedule=fields.get("schedule", ""),
    )


def read_elaborate(request: Request) -> DeployTask:
    """Read a deploy whose namespace and name are in the body. Faults: Invalid."""
    fields = read_fields(request, ("namespace", "name", *SOURCE))
    return DeployTask(
        origin=request.origin,
        namespace=fields.get("namespace", request.parameters["repository"]),
        project=fields.get("project", ""),
        pool=fields.get("pool", "default"),
        source=source_in(request, fields),
        name=fields.get("name", ""),
        schedule=fields.get("schedule", ""),
    )


def read_with_configuration(request: Request) -> DeployTask:
    """Read a deploy of a manifest in the body. Faults: Invalid, TooLarge."""
    fields = read_fields(request, ("namespace", "configuration", "repository", "directory", "branch", *PLACE))
    return DeployTask(
        origin=request.origin,
        namespace=needed(fields, "namespace"),
        project=fields.get("project", ""),
        pool=fields.get("pool", "default"),
        source=_given_source(fields),
        configuration=configuration_in(fields),
    )


def _given_source(fields: Mapping[str, str]) -> SourcePlace | None:
    if not fields.keys() & {"repository", "directory"}:
        return None
    return SourcePlace(
        repository=needed(fields, "repository"),
        directory=needed(fields, "directory"),
        branch=fields.get("branch", ""),
    )


def read_task(request: Request) -> TaskNamed:
    """Read which task is requested. Faults: NotFound."""
    return TaskNamed(by=request.asker, id=id_in(request, "id", TASK))


def reader_of_removal(kind: WorkloadKind) -> Callable[[Request], RemoveTask]:
    """Return the reader of a deletion of a kind, whose parameter names it."""

    def read(request: Request) -> RemoveTask:
        read_fields(request, ())
        name = request.parameters[kind.value]
        return RemoveTask(origin=request.origin, namespace=request.parameters["namespace"], kind=kind, name=name)

    return read


def show_deployed(view: WorkloadView) -> Reply:
    """Show what was accepted."""
    return json_reply(_accepted(view))


def show_state(view: WorkloadView) -> Reply:
    """Show the state of a task."""
    workload, state = view.workload, _state_of(view.run)
    manifest = workload.manifest
    owner = workload.run if workload.run in workload.jobs else workload.id
    return json_reply(
        {
            **_accepted(view),
            "project": workload.project,
            "started_at": instant(state.started_at if state is not None else None),
            "finished_at": instant(workload.ended_at or (view.run.ended_at if view.run is not None else None)),
            "exit_code": next((pod.exit_code for pod in view.pods), None),
            "attempt": state.attempt if state is not None else 1,
            "pods": [shown_pod(pod, workload.namespace, owner) for pod in view.pods],
            "message": workload.message or (view.run.reason if view.run is not None else ""),
            "notes": list(workload.notes),
            # Of variables their names alone: who may read a task is not who may read its secrets.
            "env": sorted(manifest.env) if manifest is not None else [],
            "log_url": f"{LOGS}/{TASK}{workload.id}" if view.job else None,
        }
    )


def show_removed(workload: Workload) -> Reply:
    """Show what was deleted: with a service also its deployment."""
    kind, name, namespace = str(workload.kind), workload.name, workload.namespace
    gone: dict[str, Json] = {"kind": kind, "namespace": namespace, "name": name}
    if workload.kind is WorkloadKind.SERVICE:
        return json_reply({"deleted": [gone, {**gone, "kind": WorkloadKind.DEPLOYMENT.value}]})
    return json_reply({"deleted": gone})


def shown_pod(pod: Pod, namespace: str, task: str) -> Json:
    """Return a pod as JSON. The process is its one container."""
    return {
        "name": pod.name,
        "namespace": namespace,
        "phase": pod.phase.value,
        "task_id": f"{TASK}{task}",
        "node": pod.node or None,
        "restarts": pod.restarts,
        "started_at": instant(pod.started_at),
        "reason": pod.reason,
        "containers": [{"name": pod.name, "image": pod.image, "ready": pod.ready, "exit_code": pod.exit_code}],
    }


def _accepted(view: WorkloadView) -> dict[str, Json]:
    workload, source = view.workload, view.workload.source
    return {
        "id": f"{TASK}{workload.id}",
        "name": workload.name or workload.given_name or None,
        "namespace": workload.namespace,
        "kind": workload.kind.value if workload.kind is not None else None,
        "repository": source.repository if source is not None else "",
        "directory": source.directory if source is not None else "",
        "branch": source.branch if source is not None else "",
        "commit": (source.commit or None) if source is not None else None,
        "schedule": _schedule(workload),
        "status": view.status.value.upper(),
        "operation": "updated" if workload.updates else "created",
        "identity": workload.by,
        "created_at": instant(workload.created_at),
        "state_url": f"{STATE}/{TASK}{workload.id}",
    }


def _schedule(workload: Workload) -> str:
    """Return by what schedule a task fires; a job that a cronjob has started does not."""
    if workload.manifest is None:
        return workload.given_schedule
    return workload.manifest.schedule if workload.kind is WorkloadKind.CRONJOB else ""


def _state_of(run: Run | None) -> NodeState | None:
    """Return the state of the one step of a task's run."""
    states = (state for execution in reversed(run.stages) for state in execution.nodes.values()) if run else ()
    return next(iter(states), None)
