"""What a run asks of others: locks, marks, timers, other runs, and addresses that are away."""

from dataclasses import replace

from chalicelib.functions import advance, effects
from chalicelib.kernel.definitions.pipeline import PipelineStep, StepType
from chalicelib.kernel.engine.events import PlanReplaced
from chalicelib.kernel.engine.progress.locks import stage_lock
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.kernel.plans.work import Approval, Window, Windows
from chalicelib.use_cases.definitions.pipelines import SavePipeline, TriggerPipeline, create_pipeline, trigger_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.locks import Holder
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.decide import decide_node
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from tests.builders import NOON, ORIGIN, a_gate, a_plan, a_stage, a_step
from tests.crash.catalog import GIVEN, a_phase, definitions
from tests.crash.house import CrashHouse
from tests.crash.plans import CALLING, EXCLUSIVE, GATED, SIDE_BY_SIDE, SOON, deciding, events, outward, overtaking
from tests.crash.stories.story import DONE, Act, Story, after, among_others, an_origin, asked, asking, begun, both

APPROVE = deciding(ActKind.APPROVED)
GATED_JOBS = a_plan(a_stage(gates=(a_gate(),), steps=SIDE_BY_SIDE.stages[0].steps))
FIRST_ASKED = a_plan(a_stage(gates=(a_gate(),)), a_stage("two", steps=EXCLUSIVE.steps, exclusive=True))
THEN_WAITING = a_plan(a_stage(gates=(a_gate(),)), a_stage("two", gates=(a_gate("g2", SOON),)))
OTHERWISE = a_plan(a_stage(gates=(a_gate(),)), a_stage("two", steps=(a_step("s9"),)), run="run1b")

HOLDING = a_plan(a_stage(steps=(a_step(work=Approval()),), exclusive=True), run="holder")
HALF_MINUTES = Windows(any_of=(Window(opens="0 * * * * ?", closes="30 * * * * ?"),))
BEHIND_A_WINDOW = a_plan(a_stage(gates=(a_gate(work=HALF_MINUTES),), exclusive=True))


def forgotten(_house: CrashHouse, ports: Ports) -> None:
    """The lock is held by a run that is not there any more."""
    lock = stage_lock(FIRST_ASKED, FIRST_ASKED.stages[1]) or ""
    ports.locks.take(lock, Holder(run="gone", execution=1, attempt=1), NOON)


def replacing(_house: CrashHouse, ports: Ports) -> None:
    """Somebody has made another plan the run's."""
    ports.queue.enqueue_events("run1", (PlanReplaced(at=NOON, plan=OTHERWISE, by="bob"),), key="replaced")


def overtaken(house: CrashHouse, ports: Ports) -> None:
    """A younger run has passed the gate."""
    begun(overtaking(2))(house, ports)
    deciding(ActKind.APPROVED, run="run2")(house, ports)
    house.deliver(ports)


def building(house: CrashHouse, ports: Ports) -> None:
    """A pipeline that has a build run."""
    definitions(house, ports)
    build = PipelineStep(name="build", type=StepType.BUILD, environment="staging", build="app")
    create_pipeline(ports, SavePipeline(origin=GIVEN, project="web", name="chain", settings=a_phase(build)))


def queueing(house: CrashHouse, ports: Ports) -> None:
    """A pipeline whose runs go one at a time, and have another pipeline run that does so too."""
    definitions(house, ports)
    script = PipelineStep(name="go", type=StepType.SCRIPT, script="true")
    below = replace(a_phase(script), concurrency=Concurrency.QUEUE)
    create_pipeline(ports, SavePipeline(origin=GIVEN, project="web", name="below", settings=below))
    started = PipelineStep(name="start", type=StepType.PIPELINE_TRIGGER, pipeline="below", wait_for_pipeline=True)
    queue = replace(a_phase(started), concurrency=Concurrency.QUEUE)
    create_pipeline(ports, SavePipeline(origin=GIVEN, project="web", name="chain", settings=queue))


def travelled(house: CrashHouse, ports: Ports) -> None:
    """A run of a pipeline has arrived."""
    definitions(house, ports)
    trigger_pipeline(ports, TriggerPipeline(origin=an_origin("travelled"), project="web", name="release"))
    house.deliver(ports)


def nobody_there(act: Act) -> Act:
    """The act, while the address that it calls is away."""

    def away(house: CrashHouse, ports: Ports) -> None:
        house.outside.answers = [Called(status=503)]
        act(house, ports)

    return away


STORIES = {
    "approve before jobs that are offered one by one": Story(
        refusals=DONE, before=begun(GATED_JOBS), act=among_others(APPROVE), of=(decide_node,)
    ),
    "take a lock": Story(before=begun(FIRST_ASKED), refusals=DONE, act=APPROVE, of=(decide_node,)),
    "take a lock from one that is gone": Story(
        before=both(forgotten, begun(FIRST_ASKED)), refusals=DONE, act=APPROVE, of=(decide_node,)
    ),
    "give back a lock behind a window that closed": Story(
        before=begun(HOLDING, BEHIND_A_WINDOW),
        refusals=DONE,
        act=after(40, both(deciding(ActKind.APPROVED, run="holder"), events)),
        of=(decide_node,),
    ),
    "come to a gate that opens later": Story(before=begun(THEN_WAITING), refusals=DONE, act=APPROVE, of=(decide_node,)),
    "come too late to a gate": Story(
        before=overtaken, act=lambda _, ports: start_run(ports, overtaking(1), origin=ORIGIN), of=()
    ),
    "have a build run": Story(
        before=building,
        act=asking(trigger_pipeline, TriggerPipeline(origin=an_origin(), project="web", name="chain")),
        of=(trigger_pipeline,),
    ),
    "begin a run in turn": Story(
        before=queueing,
        act=asking(trigger_pipeline, TriggerPipeline(origin=an_origin(), project="web", name="chain")),
        of=(trigger_pipeline,),
    ),
    "redeploy": Story(
        before=travelled,
        act=asking(redeploy, Redeploy(origin=an_origin(), run="travelled", stages=("only",))),
        of=(redeploy,),
    ),
    "go by another plan": Story(before=both(begun(GATED), replacing), act=events, of=(advance.handle,)),
    "call a webhook that is away": Story(before=asked(CALLING), act=nobody_there(outward), of=(effects.handle,)),
}
