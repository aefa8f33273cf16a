"""Tasks: decisions of people for which snapshots wait, or waited, one for each group that decides.

A task's id is one of its run. Of one that is there and may not be read, the caller is told so: Forbidden.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.confirmation import may_decide
from chalicelib.kernel.engine.people.refusal import claims_on
from chalicelib.kernel.engine.phase import GOOD, Phase
from chalicelib.kernel.engine.progress.nodes import acts_on
from chalicelib.kernel.engine.run import Act, ActKind, NodeState, StageExecution
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.kernel.installation.entries import SharedEnvironment, name_handle
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import ExternalApproval, Ticket
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.travel import train_in
from chalicelib.use_cases.launch.execution_ids import BETWEEN, OF_RUNS, execution_id
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import RunView, run_view
from chalicelib.use_cases.trains.find import carried_applications, may_read_train
from chalicelib.use_cases.trains.open_runs import open_runs
from slipway_formats.frozen import frozen

TASK = "task"
PAGE = 500


class TaskKind(StrEnum):
    """Whether a gate asks for an approval, or a step for work by hand."""

    APPROVAL = "approval"
    MANUAL = "manual"


class TaskStatus(StrEnum):
    """What became of a task."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    CLOSED = "closed"


@frozen
class TaskQuery:
    """Query: tasks of a kind. id: that one. The others: only such; None and empty are no filter.

    system, ticket: of an approval that another system gives, of several tickets one. applications: ids of projects that
    the snapshot all carries.
    """

    by: Principal
    kind: TaskKind
    id: int = 0
    execution: int | None = None
    environment: int | None = None
    applications: frozenset[int] = frozenset()
    system: str = ""
    ticket: str = ""
    notes: str = ""


@frozen
class Task:
    """A decision of a group about a gate or step. group: empty where the members of none are asked.

    execution: the id of the stage execution. act: the last decision that counts for it. claimed: by whom.
    """

    id: int
    kind: TaskKind
    train: Train
    snapshot: Snapshot
    run: RunView
    stage: Stage
    stage_execution: StageExecution
    execution: int
    environment: SharedEnvironment | None
    node: Node
    group: str
    status: TaskStatus
    act: Act | None
    claimed: str

    @property
    def tickets(self) -> tuple[Ticket, ...]:
        """Return what other systems are asked about; those that are open come first."""
        work = self.node.work
        every = work.tickets if isinstance(work, ExternalApproval) else ()
        acts = acts_on(self.run.run, self.stage_execution.address_of(self.node.key))
        decided = {act.ticket for act in acts}
        return tuple(sorted(every, key=lambda one: one.id in decided))


def list_tasks(ports: Ports, query: TaskQuery) -> Sequence[Task]:
    """List tasks of open trains that the caller may read or decide about, of the newest snapshots first."""
    found = (task for train, run in _runs(ports, query) for task in tasks_of(ports, train, run))
    return [one for one in found if _fits(ports, query, one) and _is_visible(query.by, one)]


def get_task(ports: Ports, query: TaskQuery) -> Task:
    """Return a task. Faults: NotFound, Forbidden."""
    missing = NotFound(f"no task {query.id}")
    owner = ports.numbers.find_owner(query.id)
    run_id, _, rest = owner.id.partition(BETWEEN) if owner is not None and owner.kind == OF_RUNS else ("", "", "")
    run = ports.runs.find_run(run_id) if rest.startswith(f"{TASK}/") else None
    view = run_view(ports, run) if run is not None else None
    train = _train_of(ports, view) if view is not None else None
    if view is None or train is None:
        raise missing
    found = (one for one in tasks_of(ports, train, view) if (one.id, one.kind) == (query.id, query.kind))
    task = next(found, None)
    if task is None:
        raise missing
    if not _is_visible(query.by, task):
        raise Forbidden(f"{query.by.name} may not read task {query.id}")
    return task


def tasks_of(ports: Ports, train: Train, run: RunView) -> Iterator[Task]:
    """Yield the tasks of a run of a train's snapshot, of all stages that it has executed."""
    line = run.plan.travels
    snapshot = ports.snapshots.find_snapshot(train.id, line.number) if line is not None else None
    if snapshot is None:
        return
    for execution in run.executions:
        stage = run.plan.by_key[execution.stage]
        name = stage.environment
        environment = ports.installation.find_by(SharedEnvironment, name_handle(name)) if name else None
        for node in (one for one in stage.nodes if _is_asked(one) and one.key in execution.nodes):
            groups = node.named.teams if node.named is not None else ()
            first = _first_id(ports, run.run.id, execution.number, node.key)
            for place, group in enumerate(groups or ("",)):
                act = _act(run, execution, node, group)
                yield Task(
                    id=first + place,
                    kind=TaskKind.APPROVAL if node in stage.gates else TaskKind.MANUAL,
                    train=train,
                    snapshot=snapshot,
                    run=run,
                    stage=stage,
                    stage_execution=execution,
                    execution=execution_id(ports, run.run.id, execution.number),
                    environment=environment,
                    node=node,
                    group=group,
                    status=_status(execution.nodes[node.key], act),
                    act=act,
                    claimed=_claimed(run, execution, node, group),
                )


def _is_asked(node: Node) -> bool:
    return node.awaits_word or isinstance(node.work, ExternalApproval)


def _first_id(ports: Ports, run: str, execution: int, node: str) -> int:
    return ports.numbers.ensure_ids(OF_RUNS, f"{run}{BETWEEN}{TASK}/{execution}/{node}")


def _runs(ports: Ports, query: TaskQuery) -> Iterator[tuple[Train, RunView]]:
    """Yield the runs among whose tasks the others are: that of a stage execution, or all that are open."""
    if query.execution is None:
        for train in _trains(ports):
            yield from ((train, run_view(ports, run)) for run in open_runs(ports, train))
        return
    owner = ports.numbers.find_owner(query.execution)
    run = ports.runs.find_run(owner.id.partition(BETWEEN)[0]) if owner is not None and owner.kind == OF_RUNS else None
    view = run_view(ports, run) if run is not None else None
    train_of = _train_of(ports, view) if view is not None else None
    if view is not None and train_of is not None:
        yield train_of, view


def _trains(ports: Ports) -> Iterator[Train]:
    after: str | None = None
    while found := ports.trains.trains(Page(size=PAGE, after=after)):
        yield from (train for train in found if train.ending is None)
        after = str(found[-1].id)


def _train_of(ports: Ports, run: RunView) -> Train | None:
    line = run.plan.travels
    return ports.trains.find_train(train_in(line)) if line is not None else None


def _act(run: RunView, execution: StageExecution, node: Node, group: str) -> Act | None:
    """Return the last decision about a node that counts for a group: for all of them, where it names none."""
    decided = (ActKind.APPROVED, ActKind.REJECTED)
    acts = (act for act in acts_on(run.run, execution.address_of(node.key)) if act.kind in decided)
    return next((act for act in reversed(tuple(acts)) if not act.teams or not group or group in act.teams), None)


def _claimed(run: RunView, execution: StageExecution, node: Node, group: str) -> str:
    claims = claims_on(run.run, execution.address_of(node.key))
    return next((act.by for act in claims if not act.teams or not group or group in act.teams), "")


def _status(state: NodeState, act: Act | None) -> TaskStatus:
    # Of several tickets one may be decided, and the others open.
    if act is not None and (state.is_final or not act.ticket):
        return TaskStatus.APPROVED if act.kind is ActKind.APPROVED else TaskStatus.REJECTED
    match state.phase:
        case Phase.REJECTED:
            return TaskStatus.REJECTED
        case Phase.OVERRIDDEN:
            return TaskStatus.SKIPPED
        case phase if phase in GOOD:
            return TaskStatus.APPROVED
        case _:
            return TaskStatus.CLOSED if state.is_final else TaskStatus.PENDING


def _is_visible(by: Principal, task: Task) -> bool:
    return may_read_train(by, task.train) or may_decide(by, task.node, task.train.project)


def _fits(ports: Ports, query: TaskQuery, task: Task) -> bool:
    place = task.environment
    is_there = query.environment is None or (place is not None and place.id == query.environment)
    is_ticket = not (query.system or query.ticket) or any(
        query.system in ("", one.system) and query.ticket in ("", one.id) for one in task.tickets
    )
    is_noted = not query.notes or (task.act is not None and query.notes in task.act.notes)
    is_it = task.kind is query.kind and query.execution in (None, task.execution)
    is_of = not query.applications or query.applications <= carried_applications(ports, task.train, task.snapshot)
    return is_it and is_there and is_ticket and is_noted and is_of
