"""What people decide about tasks: claim, approve and reject them; and what other systems decide about their tickets."""

from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.confirmation import teams_of
from chalicelib.kernel.engine import events
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, write_audit
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import advance_run
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from chalicelib.use_cases.runs.deciders import check_caller
from chalicelib.use_cases.travel.tasks import Task, TaskKind, TaskQuery, TaskStatus, get_task, list_tasks
from slipway_formats.frozen import frozen


@frozen
class DecideTask:
    """Claim, approve or reject a task."""

    origin: Origin
    kind: TaskKind
    id: int
    act: ActKind
    notes: str = ""


@frozen
class DecideTicket:
    """Tell what another system decided about a ticket."""

    origin: Origin
    system: str
    ticket: str
    approved: bool
    notes: str = ""


def decide_task(ports: Ports, command: DecideTask) -> Task:
    """Decide about a task. Faults: NotFound, Forbidden, Invalid, Stale; Conflict if it is closed, or another's."""
    query = TaskQuery(by=command.origin.by, kind=command.kind, id=command.id)
    task = get_task(ports, query)
    if task.status is not TaskStatus.PENDING:
        raise Conflict(f"task {task.id} is {task.status}")
    by = command.origin.by
    # Who is named in person decides for all groups.
    group = task.group if task.group in teams_of(by, task.node) else ""
    decide_node(
        ports,
        DecideNode(
            run=task.run.run.id,
            kind=command.act,
            by=by,
            node=task.node.key,
            execution=task.stage_execution.number,
            team=group,
            notes=command.notes,
        ),
    )
    return get_task(ports, query)


def decide_ticket(ports: Ports, command: DecideTicket) -> Task:
    """Tell every gate that waits for a ticket what became of it, and return the task of one.

    Faults: NotFound if none waits, Forbidden for who may not write in its project, Invalid.
    """
    origin = command.origin
    check_caller(origin.by, command.notes)
    if not (command.system and command.ticket):
        raise Invalid.single("externalId" if command.system else "externalSystemType", "is required")
    wanted = TaskQuery(by=origin.by, kind=TaskKind.APPROVAL, system=command.system, ticket=command.ticket)
    pending = [one for one in list_tasks(ports, wanted) if one.status is TaskStatus.PENDING]
    if not pending:
        raise NotFound(f"no task {command.ticket[:100]} in system {command.system[:100]}")
    for task in pending:
        _require_writer(origin.by, task)
        _apply(ports, command, task)
    return get_task(ports, replace(wanted, id=pending[0].id))


def _require_writer(by: Principal, task: Task) -> None:
    require(by, Level.WRITE, task.train.project, missing=f"no task {task.id}")


def _apply(ports: Ports, command: DecideTicket, task: Task) -> None:
    address = task.stage_execution.address_of(task.node.key)
    decided = events.ExternallyDecided(
        **address.as_fields(),
        at=ports.clock.now(),
        ticket=command.ticket,
        approved=command.approved,
        by=command.origin.by.name,
        notes=command.notes,
    )
    action = AuditAction(
        act="decided-ticket",
        subject=f"{command.system}/{command.ticket}",
        key=str(task.id),
        project=task.train.project,
        notes=command.notes,
        details={"decision": "approved" if command.approved else "rejected"},
    )
    write_audit(ports, command.origin, action)
    advance_run(ports, task.run.run.id, (decided,))
