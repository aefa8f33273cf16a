"""What people do to trains: plan them, make snapshots, end them, and say anew what belongs to them."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.definitions.pipeline import GateType, PipelineGate, PipelinePhase, PipelineSettings
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.trains.completion import DEFAULT, Completion
from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.train import Member, TrainSettings
from chalicelib.kernel.trains.travel import line_of
from chalicelib.use_cases.definitions.pipelines import SavePipeline, update_pipeline
from chalicelib.use_cases.jobs.hand_out import finish_and_lease
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, TrainAct, end_train, reject_snapshot
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from chalicelib.use_cases.trains.templates import UpdateTemplate, update_template
from chalicelib.use_cases.trains.trains import CreateTrain, UpdateTrain, create_train, update_train
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.begin_unplanned import BeginUnplanned, begin_unplanned
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_snapshot
from chalicelib.use_cases.variables.train_variables import UpdateVariables, update_variables
from tests.builders import a_plan, a_stage, a_step
from tests.crash.catalog import GIVEN, NOOP_STEP, definitions
from tests.crash.house import CrashHouse
from tests.crash.plans import SCRIPT, finish, finishing
from tests.crash.stories.story import DONE, Story, an_origin, asking, both, leased

ASKED = an_origin()
SETTINGS = TrainSettings(pipeline="release", members=(Member(project="web", application="web"),))
VARIABLES = {"host": "h", "key": {"secret": "a secret of the train"}}
TRAIN = CreateTrain(origin=ASKED, number="1.0", settings=SETTINGS, variables=VARIABLES)
SNAPSHOT = CreateSnapshot(origin=ASKED, train=10_001, variables={"size": "small"})
BEGIN = BeginSnapshot(create=SNAPSHOT)
UNPLANNED = BeginUnplanned(
    origin=ASKED, home=Member(project="web", application="web"), pipeline="release", variables={"size": "small"}
)
DEPLOY = DeploySnapshot(
    origin=ASKED, train=10_001, snapshot=10_003, stage="only", variables={"size": "2", "key": {"secret": "a key"}}
)
LAST = DeploySnapshot(origin=ASKED, train=10_101, snapshot=10_102)
TEMPLATE = Template(name="standard", pipeline="release", train_variables=(TemplateVariable(name="host"),))
CANCEL = EndTrain(origin=ASKED, train=10_001, reason="not this year")
REJECT = RejectSnapshot(origin=ASKED, train=10_001, snapshot=10_003, reason="it leaks")


def a_train(house: CrashHouse, ports: Ports) -> None:
    """A train without snapshots."""
    definitions(house, ports)
    create_train(ports, replace(TRAIN, origin=GIVEN))


def snapshots(house: CrashHouse, ports: Ports) -> None:
    """A train with two snapshots."""
    a_train(house, ports)
    for seed in ("first", "second"):
        create_snapshot(ports, replace(SNAPSHOT, origin=an_origin(seed)))


def a_cancelled_train(house: CrashHouse, ports: Ports) -> None:
    """A train that was cancelled with two snapshots."""
    snapshots(house, ports)
    end_train(ports, replace(CANCEL, origin=GIVEN))


def unplanned(house: CrashHouse, ports: Ports) -> None:
    """A snapshot of no train, of a pipeline with a gate."""
    definitions(house, ports)
    change_pipeline(ports, gates=(PipelineGate(name="go", type=GateType.APPROVAL),))
    begin_unplanned(ports, replace(UNPLANNED, origin=GIVEN))
    house.deliver(ports)


def deployed(house: CrashHouse, ports: Ports) -> None:
    """A train whose second snapshot was deployed; it is open still."""
    snapshots(house, ports)
    change_pipeline(ports, Completion(deploys_train=False))
    deploy_snapshot(ports, replace(DEPLOY, origin=GIVEN))
    house.deliver(ports)


def scheduled(house: CrashHouse, ports: Ports) -> None:
    """A train whose second snapshot is to be deployed tomorrow."""
    snapshots(house, ports)
    tomorrow = house.world.now() + timedelta(days=1)
    deploy_snapshot(ports, replace(DEPLOY, origin=GIVEN, variables={}, begin_at=tomorrow))
    house.deliver(ports)


def a_second_train(house: CrashHouse, ports: Ports) -> None:
    """Two trains, each with a snapshot, on a pipeline that ends the first when the second is delivered."""
    snapshots(house, ports)
    change_pipeline(ports, Completion(cancels_earlier=True, creates_next=True))
    create_train(ports, replace(TRAIN, origin=an_origin("second"), number="1.1", variables={}))
    create_snapshot(ports, replace(SNAPSHOT, origin=an_origin("third"), train=10_101))


def under_way(house: CrashHouse, ports: Ports) -> None:
    """A train whose second snapshot waits at a gate."""
    a_train(house, ports)
    change_pipeline(ports, gates=(PipelineGate(name="go", type=GateType.APPROVAL),))
    for seed in ("first", "second"):
        begin_snapshot(ports, BeginSnapshot(create=replace(SNAPSHOT, origin=an_origin(seed))))
    house.deliver(ports)


def change_pipeline(ports: Ports, completion: Completion = DEFAULT, gates: tuple[PipelineGate, ...] = ()) -> None:
    """The pipeline has these gates, and this follows on its end."""
    phase = PipelinePhase(name="only", promotion=Promotion.MANUAL, gates=gates, steps=(NOOP_STEP,))
    settings = PipelineSettings(phases=(phase,), completion=completion)
    update_pipeline(ports, SavePipeline(origin=an_origin("pipeline"), project="web", name="release", settings=settings))


SHIPPED = replace(
    a_plan(replace(a_stage(steps=(a_step(work=SCRIPT),)), environment="fresh")), travels=line_of(10_001, 10_002)
)
"""What carries a snapshot into an environment that its project does not know yet."""

STORIES = {
    "end the script of a snapshot": Story(
        before=both(snapshots, leased(SHIPPED)), act=finishing(finish()), of=(finish_and_lease,)
    ),
    "fail in the script of a snapshot": Story(
        before=both(snapshots, leased(SHIPPED)), act=finishing(finish(Outcome.FAILED)), of=(finish_and_lease,)
    ),
    "plan a train": Story(before=definitions, act=asking(create_train, TRAIN), of=(create_train,)),
    "say a train anew": Story(
        before=a_train,
        act=asking(update_train, UpdateTrain(origin=ASKED, train=10_001, settings=TrainSettings(title="autumn"))),
        of=(update_train,),
    ),
    "make a snapshot": Story(before=a_train, act=asking(begin_snapshot, BEGIN), of=(begin_snapshot,)),
    "make the first snapshot of no train": Story(
        before=definitions, act=asking(begin_unplanned, UNPLANNED), of=(begin_unplanned,)
    ),
    "make another snapshot of no train that travels at once": Story(
        before=unplanned, act=asking(begin_unplanned, UNPLANNED), of=(begin_unplanned,)
    ),
    "make a snapshot beside others": Story(
        before=snapshots, act=asking(begin_snapshot, replace(BEGIN, holds=True)), of=(begin_snapshot,)
    ),
    "deploy a snapshot for the first time": Story(
        refusals=DONE, before=snapshots, act=asking(deploy_snapshot, DEPLOY), of=(deploy_snapshot,)
    ),
    "deploy a snapshot again": Story(
        refusals=DONE, before=deployed, act=asking(deploy_snapshot, DEPLOY), of=(deploy_snapshot,)
    ),
    "bring a deploy for later forward": Story(
        refusals=DONE, before=scheduled, act=asking(deploy_snapshot, DEPLOY), of=(deploy_snapshot,)
    ),
    "redeploy the run of a snapshot": Story(
        before=deployed,
        act=asking(redeploy, Redeploy(origin=ASKED, run=GIVEN.seed, stages=("only",))),
        of=(redeploy,),
    ),
    "deploy the last snapshot of a train": Story(
        refusals=DONE, before=a_second_train, act=asking(deploy_snapshot, LAST), of=(deploy_snapshot,)
    ),
    "reject a snapshot that is under way": Story(
        before=under_way, act=asking(reject_snapshot, REJECT), of=(reject_snapshot,)
    ),
    "reject a snapshot": Story(before=snapshots, act=asking(reject_snapshot, REJECT), of=(reject_snapshot,)),
    "cancel a train": Story(before=snapshots, act=asking(end_train, CANCEL), of=(end_train,)),
    "restore a train": Story(
        before=a_cancelled_train, act=asking(end_train, replace(CANCEL, act=TrainAct.RESTORE)), of=(end_train,)
    ),
    "replace a train's variables": Story(
        before=a_train,
        act=asking(update_variables, UpdateVariables(origin=ASKED, train=10_001, variables={"port": "80"})),
        of=(update_variables,),
    ),
    "give a train secret variables": Story(
        before=a_train,
        act=asking(
            update_variables,
            UpdateVariables(origin=ASKED, train=10_001, variables={"key": {"secret": "another secret"}}),
        ),
        of=(update_variables,),
    ),
    "make a template": Story(
        act=asking(update_template, UpdateTemplate(origin=ASKED, template=TEMPLATE)), of=(update_template,)
    ),
    "replace a template": Story(
        before=asking(update_template, UpdateTemplate(origin=GIVEN, template=TEMPLATE)),
        act=asking(update_template, UpdateTemplate(origin=ASKED, template=replace(TEMPLATE, pipeline="other"))),
        of=(update_template,),
    ),
}
