"""Read requests about tasks, and show them: approvals of gates, and manual steps."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.dialects.flexdeploy.numbers import id_in, ids_in
from chalicelib.dialects.flexdeploy.tasks import shapes
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.travel.decide_tasks import DecideTask, DecideTicket
from chalicelib.use_cases.travel.tasks import Task, TaskKind, TaskQuery, TaskStatus

ACTS: Mapping[str, ActKind] = {
    "approve": ActKind.APPROVED,
    "reject": ActKind.REJECTED,
    "claim": ActKind.CLAIMED,
}
STATUSES: Mapping[TaskStatus, str] = {
    TaskStatus.PENDING: "PENDING",
    TaskStatus.APPROVED: "APPROVED",
    TaskStatus.REJECTED: "REJECTED",
    TaskStatus.SKIPPED: "SKIPPED",
    TaskStatus.CLOSED: "CLOSED",
}
OF_RELEASES = "Release"
"""Which kind of request a task is of: no other has any here."""

OF_OTHERS = ("workflowRequestId", "folderRequestId", "externalSystemId")
"""Filters by what no task of a release has."""

NOTHING = -1


def read_list_of(kind: TaskKind) -> Callable[[Request], TaskQuery]:
    """Return what reads which tasks of a kind are asked for. Faults of that: Invalid."""

    def read(request: Request) -> TaskQuery:
        names = ("pipelineStageExecId", "environmentId", "projectId", "applicationId", *OF_OTHERS)
        ids = ids_in(request, (), names)
        has_none = any(ids[name] is not None for name in OF_OTHERS)
        applications = (ids["projectId"], ids["applicationId"])
        return TaskQuery(
            by=request.asker,
            kind=kind,
            execution=NOTHING if has_none else ids["pipelineStageExecId"],
            environment=ids["environmentId"],
            applications=frozenset(one for one in applications if one is not None),
            system=request.query.text("externalSystemType") or "",
            ticket=request.query.text("externalId") or "",
            notes=request.query.text("notes") or "",
        )

    return read


def read_one_of(kind: TaskKind) -> Callable[[Request], TaskQuery]:
    """Return what reads which task of a kind is asked for. Faults of that: Invalid."""
    return lambda request: TaskQuery(by=request.asker, kind=kind, id=id_in(request, "taskId"))


def read_act_of(kind: TaskKind) -> Callable[[Request], DecideTask]:
    """Return what reads a decision about a task of a kind. Faults of that: Invalid."""

    def read(request: Request) -> DecideTask:
        number, body = id_in(request, "taskId"), request.body(shapes.TaskActBody)
        return DecideTask(origin=request.origin, kind=kind, id=number, act=ACTS[body.action], notes=body.notes)

    return read


def read_ticket(request: Request) -> DecideTicket:
    """Read what another system decided. Faults: Invalid."""
    body = request.body(shapes.TicketActBody)
    return DecideTicket(
        origin=request.origin,
        system=body.external_system_type,
        ticket=body.external_id,
        approved=body.action == "approve",
        notes=body.notes,
    )


def show_tasks(tasks: Sequence[Task]) -> Reply:
    """Show tasks."""
    return json_reply([_task(one) for one in tasks])


def show_task(task: Task) -> Reply:
    """Show a task."""
    return json_reply(_task(task))


def _task(task: Task) -> dict[str, Json]:
    name, external = task.stage.name, next(iter(task.tickets), None)
    is_gate = task.kind is TaskKind.APPROVAL
    environment = task.environment.title if task.environment is not None else task.stage.environment or name
    titles = (task.train.name, task.snapshot.title or task.snapshot.number, environment)
    return {
        "taskId": task.id,
        "status": STATUSES[task.status],
        "requestType": OF_RELEASES,
        "releaseId": task.train.id,
        "releaseName": task.train.name,
        "snapshotId": task.snapshot.id,
        "snapshotName": task.snapshot.title or task.snapshot.number,
        "pipelineName": task.train.pipeline,
        "pipelineStageExecId": task.execution,
        "environmentId": task.environment.id if task.environment is not None else None,
        "environmentName": environment,
        "gateName": task.node.name if is_gate else None,
        "stepName": None if is_gate else task.node.name,
        "description": task.node.description or None,
        "groupName": task.group or None,
        "claimedBy": task.claimed or None,
        "decidedBy": task.act.by if task.act is not None else None,
        "notes": task.act.notes or None if task.act is not None else None,
        "externalId": external.id if external is not None else None,
        "externalSystemId": None,
        "externalSystemType": external.system if external is not None else None,
        "flexFields": [],
        "requestorPath": " / ".join(titles),
        "links": [],
    }
