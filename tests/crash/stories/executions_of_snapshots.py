"""What people do to the execution of a snapshot: stages, gates, steps and test results."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.pipeline import GateType, PipelineGate, PipelinePhase, PipelineSettings
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.installation.entries import SharedEnvironment, title_handle
from chalicelib.use_cases.definitions.pipelines import SavePipeline, update_pipeline
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, create_environment_entry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.decide_tasks import DecideTask, DecideTicket, decide_task, decide_ticket
from chalicelib.use_cases.travel.execution_acts import (
    ActOnNode,
    ActOnStage,
    ReportTestSet,
    StageAddress,
    act_on_node,
    act_on_stage,
    report_test_set,
)
from chalicelib.use_cases.travel.tasks import TaskKind, TaskQuery, get_task, list_tasks
from tests.crash.catalog import GIVEN, NOOP_STEP
from tests.crash.house import CrashHouse
from tests.crash.stories.story import DONE, GONE, ROOT, Story, an_origin, asking
from tests.crash.stories.trains import SNAPSHOT, a_train

ASKED = an_origin()
APPROVAL = PipelineGate(name="go", type=GateType.APPROVAL)


def held(house: CrashHouse, ports: Ports) -> None:
    """A snapshot whose gate is open, and that waits for a deploy."""
    waiting(house, ports, holds=True)
    act_on_node(ports, ActOnNode(origin=an_origin("go"), of=place(ports), kind=ActKind.APPROVED, gate="go"))
    house.deliver(ports)


def waiting(house: CrashHouse, ports: Ports, gate: PipelineGate = APPROVAL, *, holds: bool = False) -> None:
    """A snapshot that waits at a gate, in an environment of the installation."""
    create_environment_entry(ports, CreateEnvironment(origin=GIVEN, title="staging", code="S"))
    a_train(house, ports)
    phase = PipelinePhase(name="only", environment="staging", gates=(gate,), steps=(NOOP_STEP,))
    settings = PipelineSettings(phases=(phase,))
    update_pipeline(ports, SavePipeline(origin=an_origin("pipeline"), project="web", name="release", settings=settings))
    create = replace(SNAPSHOT, origin=an_origin("first"), train=train_id(ports))
    begin_snapshot(ports, BeginSnapshot(create=create, holds=holds))
    house.deliver(ports)


def aborted(house: CrashHouse, ports: Ports) -> None:
    """One whose stage was aborted there."""
    waiting(house, ports)
    act_on_stage(ports, ActOnStage(origin=an_origin("abort"), of=place(ports), kind=ActKind.ABORTED))
    house.deliver(ports)


def train_id(ports: Ports) -> int:
    """The id of the only train."""
    return next((one.id for one in ports.trains.trains(Page())), 7)


def place(ports: Ports) -> StageAddress:
    """The stage in which it waits."""
    found = ports.installation.find_by(SharedEnvironment, title_handle("staging"))
    train = train_id(ports)
    return StageAddress(train=train, snapshot=train + 1, environment=found.id if found is not None else 7)


def task_id(ports: Ports) -> int:
    """The id of the only task, also after it was decided."""
    train = train_id(ports)
    snapshot = ports.snapshots.find_snapshot(train, train + 1)
    return ports.numbers.ensure_ids("run", f"{snapshot.runs[0]}#task/1/g1") if snapshot is not None else 7


def with_task(house: CrashHouse, ports: Ports) -> None:
    """One whose task has been looked at."""
    waiting(house, ports)
    task_id(ports)


def waiting_for_ticket(house: CrashHouse, ports: Ports) -> None:
    """One that waits for a ticket of another system instead."""
    waiting(house, ports, PipelineGate(name="go", type=GateType.EXTERNAL_APPROVAL, system="jira", ticket="S-1"))


STORIES: Mapping[str, Story] = {
    "abort a stage of a snapshot": Story(
        before=waiting,
        act=lambda _, ports: act_on_stage(ports, ActOnStage(origin=ASKED, of=place(ports), kind=ActKind.ABORTED)),
        of=(act_on_stage,),
        refusals=DONE,
    ),
    "replay a stage of a snapshot": Story(
        before=aborted,
        act=lambda _, ports: act_on_stage(ports, ActOnStage(origin=ASKED, of=place(ports), kind=ActKind.REPLAYED)),
        of=(act_on_stage,),
        refusals=DONE,
    ),
    "deploy a snapshot that waits for that to a stage": Story(
        before=held,
        act=lambda _, ports: act_on_stage(ports, ActOnStage(origin=ASKED, of=place(ports), kind=ActKind.PROMOTED)),
        of=(act_on_stage,),
        refusals=DONE,
    ),
    "approve a gate of a snapshot": Story(
        before=waiting,
        act=lambda _, ports: act_on_node(
            ports, ActOnNode(origin=ASKED, of=place(ports), kind=ActKind.APPROVED, gate="go")
        ),
        of=(act_on_node,),
        refusals=DONE,
    ),
    "look at the tasks of snapshots": Story(
        before=waiting,
        act=asking(list_tasks, TaskQuery(by=ROOT, kind=TaskKind.APPROVAL)),
        of=(list_tasks, get_task),
    ),
    "approve a task": Story(
        before=with_task,
        act=lambda _, ports: decide_task(
            ports, DecideTask(origin=ASKED, kind=TaskKind.APPROVAL, id=task_id(ports), act=ActKind.APPROVED)
        ),
        of=(decide_task,),
        refusals=DONE,
    ),
    "tell what became of a ticket": Story(
        before=waiting_for_ticket,
        act=asking(decide_ticket, DecideTicket(origin=ASKED, system="jira", ticket="S-1", approved=True)),
        of=(decide_ticket,),
        refusals=GONE,
    ),
    "report a test set of a snapshot": Story(
        before=waiting,
        act=lambda _, ports: report_test_set(
            ports, ReportTestSet(origin=ASKED, of=place(ports), name="unit", passed=1, failed=0)
        ),
        of=(report_test_set,),
    ),
}
