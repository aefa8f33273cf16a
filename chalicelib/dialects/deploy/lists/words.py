"""Read which lists are requested, and show them."""

from collections.abc import Mapping

from chalicelib.dialects.deploy.paging import next_page, read_page
from chalicelib.dialects.deploy.tasks.words import shown_pod
from chalicelib.dialects.deploy.words import TASK, instant
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.use_cases.pagination import Sliced
from chalicelib.use_cases.task_pipelines.lists import NamespacesQuery, NamespaceView
from chalicelib.use_cases.workloads.lists import PlacedPod, TasksQuery
from chalicelib.use_cases.workloads.views import WorkloadView
from slipway_formats.workloads.manifest import Manifest, WorkloadKind

LISTS: Mapping[WorkloadKind, str] = {
    WorkloadKind.JOB: "jobs",
    WorkloadKind.CRONJOB: "cronJobs",
    WorkloadKind.DEPLOYMENT: "deployments",
    WorkloadKind.SERVICE: "services",
}
ENDED_BADLY = frozenset({WorkloadStatus.FAILED, WorkloadStatus.KILLED, WorkloadStatus.ERROR})
GOING_ON = frozenset({WorkloadStatus.PENDING, WorkloadStatus.DEPLOYING, WorkloadStatus.RUNNING})


def read_query(request: Request) -> TasksQuery:
    """Read whose tasks are requested: a namespace's, or all. Faults: Invalid."""
    return TasksQuery(by=request.asker, namespace=request.parameters.get("namespace", ""), slice=read_page(request))


def read_namespaces(request: Request) -> NamespacesQuery:
    """Read which namespaces are requested. Faults: Invalid."""
    return NamespacesQuery(by=request.asker, slice=read_page(request))


def show_namespaces(views: Sliced[NamespaceView]) -> Reply:
    """Show namespaces by name."""
    return json_reply({"namespaces": [_namespace(view) for view in views.items], **next_page(views)})


def show_tasks(views: Sliced[WorkloadView]) -> Reply:
    """Show tasks by their kinds."""
    found: dict[WorkloadKind, list[Json]] = {kind: [] for kind in LISTS}
    for view in views.items:
        if view.workload.kind is not None and view.workload.manifest is not None:
            found[view.workload.kind].append(_task(view, view.workload.kind, view.workload.manifest))
    return json_reply({**{LISTS[kind]: tasks for kind, tasks in found.items()}, **next_page(views)})


def show_pods(pods: Sliced[PlacedPod]) -> Reply:
    """Show pods with their namespaces."""
    shown = [shown_pod(one.pod, place.title, one.workload) for place, one in pods.items]
    return json_reply({"pods": shown, **next_page(pods)})


def _namespace(view: NamespaceView) -> Json:
    one = view.namespace
    return {
        "name": one.title,
        "project": one.project,
        "environment": one.environment,
        "created_at": instant(one.created_at),
        "tasks": view.tasks,
        "pipelines": view.pipelines,
    }


def _task(view: WorkloadView, kind: WorkloadKind, manifest: Manifest) -> Json:
    workload = view.workload
    known: dict[str, Json] = {
        "name": workload.name,
        "namespace": workload.namespace,
        "id": f"{TASK}{workload.id}",
        "status": view.status.value.upper(),
    }
    match kind:
        case WorkloadKind.JOB:
            return known | _job(view, manifest)
        case WorkloadKind.CRONJOB:
            return known | _cron_job(view, manifest)
        case WorkloadKind.DEPLOYMENT:
            return known | _deployment(view, manifest)
        case WorkloadKind.SERVICE:
            return known | _deployment(view, manifest) | _service(workload.name, manifest)


def _job(view: WorkloadView, manifest: Manifest) -> dict[str, Json]:
    run = view.run
    return {
        "active": int(view.status in GOING_ON),
        "succeeded": int(view.status is WorkloadStatus.SUCCEEDED),
        "failed": int(view.status in ENDED_BADLY),
        "start_time": instant(run.began_at if run is not None else None),
        "completion_time": instant(run.ended_at if run is not None else None),
        "image": manifest.image or manifest.image_destination,
        "cronjob": manifest.name if manifest.kind is WorkloadKind.CRONJOB else None,
    }


def _cron_job(view: WorkloadView, manifest: Manifest) -> dict[str, Json]:
    workload = view.workload
    return {
        "schedule": manifest.schedule,
        "suspend": False,
        "last_schedule_time": instant(workload.last_fire if workload.run != workload.id else None),
        "next_schedule_time": instant(workload.next_fire),
        "active": view.active,
    }


def _deployment(view: WorkloadView, manifest: Manifest) -> dict[str, Json]:
    ready = sum(pod.ready and pod.phase is PodPhase.RUNNING for pod in view.pods)
    return {
        "replicas": manifest.replicas,
        "ready_replicas": ready,
        "image": manifest.image or manifest.image_destination,
    }


def _service(name: str, manifest: Manifest) -> dict[str, Json]:
    published = manifest.published
    return {
        "type": "ClusterIP",
        "cluster_ip": None,
        "ports": [manifest.container_port],
        "prefix": published.prefix if published is not None else None,
        "access": published.access if published is not None else None,
        "deployment": name,
    }
