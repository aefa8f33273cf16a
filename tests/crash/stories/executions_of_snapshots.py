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
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_snapshot
from chalicelib.use_cases.travel.execution_acts import (
    ActOnNode,
    ActOnStage,
    ReportTestSet,
    StageAddress,
    act_on_node,
    act_on_stage,
    report_test_set,
)
from tests.crash.catalog import GIVEN, NOOP_STEP
from tests.crash.house import CrashHouse
from tests.crash.stories.story import DONE, Story, an_origin
from tests.crash.stories.trains import SNAPSHOT, a_train

ASKED = an_origin()


def waiting(house: CrashHouse, ports: Ports) -> None:
    """A snapshot that waits at a gate, in an environment of the installation."""
    create_environment_entry(ports, CreateEnvironment(origin=GIVEN, title="staging", code="S"))
    a_train(house, ports)
    gates = (PipelineGate(name="go", type=GateType.APPROVAL),)
    phase = PipelinePhase(name="only", environment="staging", gates=gates, steps=(NOOP_STEP,))
    settings = PipelineSettings(phases=(phase,))
    update_pipeline(ports, SavePipeline(origin=an_origin("pipeline"), project="web", name="release", settings=settings))
    begin_snapshot(ports, BeginSnapshot(create=replace(SNAPSHOT, origin=an_origin("first"), train=train_id(ports))))
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
    "approve a gate of a snapshot": Story(
        before=waiting,
        act=lambda _, ports: act_on_node(
            ports, ActOnNode(origin=ASKED, of=place(ports), kind=ActKind.APPROVED, gate="go")
        ),
        of=(act_on_node,),
        refusals=DONE,
    ),
    "report a test set of a snapshot": Story(
        before=waiting,
        act=lambda _, ports: report_test_set(
            ports, ReportTestSet(origin=ASKED, of=place(ports), name="unit", passed=1, failed=0)
        ),
        of=(report_test_set,),
    ),
}
