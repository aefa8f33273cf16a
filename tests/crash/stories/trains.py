"""What people do to trains: plan them, make snapshots, end them, and say anew what belongs to them."""

from dataclasses import replace

from chalicelib.kernel.trains.template import Template, TemplateVariable
from chalicelib.kernel.trains.train import Member, TrainSettings
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, TrainAct, end_train, reject_snapshot
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from chalicelib.use_cases.trains.templates import UpdateTemplate, update_template
from chalicelib.use_cases.trains.trains import CreateTrain, UpdateTrain, create_train, update_train
from chalicelib.use_cases.trains.variables import UpdateVariables, update_variables
from tests.crash.catalog import GIVEN, definitions
from tests.crash.house import CrashHouse
from tests.crash.stories.story import Story, an_origin, asking

ASKED = an_origin()
SETTINGS = TrainSettings(pipeline="release", members=(Member(project="web", application="web"),))
VARIABLES = {"host": "h", "key": {"secret": "a secret of the train"}}
TRAIN = CreateTrain(origin=ASKED, number="1.0", settings=SETTINGS, variables=VARIABLES)
SNAPSHOT = CreateSnapshot(origin=ASKED, train=10_001, variables={"size": "small"})
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


STORIES = {
    "plan a train": Story(before=definitions, act=asking(create_train, TRAIN), of=(create_train,)),
    "say a train anew": Story(
        before=a_train,
        act=asking(update_train, UpdateTrain(origin=ASKED, train=10_001, settings=TrainSettings(title="autumn"))),
        of=(update_train,),
    ),
    "make a snapshot": Story(before=a_train, act=asking(create_snapshot, SNAPSHOT), of=(create_snapshot,)),
    "make a snapshot beside others": Story(
        before=snapshots, act=asking(create_snapshot, SNAPSHOT), of=(create_snapshot,)
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
