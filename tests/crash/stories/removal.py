"""Projects and environments that go with everything in them, runs too."""

from contextlib import suppress
from dataclasses import replace

from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.projects.deployment import DeploymentState, NodePath
from chalicelib.kernel.trains.train import Member, TrainSettings
from chalicelib.use_cases.access.groups import UpdateGroup, update_group
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.definitions.builds import TriggerBuild, trigger_build
from chalicelib.use_cases.definitions.pipelines import TriggerPipeline, trigger_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.deployments import UpdateState, update_state
from chalicelib.use_cases.releases.register import Register, register
from chalicelib.use_cases.removal.project import RemoveEnvironment, RemoveProject, remove_environment, remove_project
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.trains.trains import CreateTrain, create_train
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from slipway_formats.release import Metadata
from tests.crash.catalog import GIVEN, definitions
from tests.crash.house import CrashHouse
from tests.crash.stories.story import GONE, Story, an_origin, asking

ASKED = an_origin()
PROJECT = RemoveProject(origin=ASKED, name="web")
ENVIRONMENT = RemoveEnvironment(origin=ASKED, project="web", name="staging")
STATE = UpdateState(
    origin=GIVEN,
    project="web",
    environment="staging",
    root="app",
    path=NodePath(names=("app",)),
    state=DeploymentState(name="app", release="demo/app"),
)
ACCOUNT = CreateServiceAccount(origin=GIVEN, project="web", name="robot", role=Level.WRITE)
OWNER = role_in("web", Level.OWNER)
BOB = CreateUser(origin=GIVEN, name="bob", standing=UserSettings(roles=(OWNER,)))
OPS = UpdateGroup(origin=GIVEN, name="ops", roles=(OWNER,))
UNQUALIFIED = Register(origin=GIVEN, namespace="_", metadata=Metadata(name="tool", version="1.0"), owner="web")
HIDDEN = {"size": "small", "key": {"secret": "of a train"}}
TRAIN = CreateTrain(
    origin=GIVEN,
    number="1.0",
    settings=TrainSettings(pipeline="release", members=(Member(project="web", application="web"),)),
    variables=HIDDEN,
)
SNAPSHOT = CreateSnapshot(origin=an_origin("run3"), train=10_001, variables=HIDDEN)
BUILD = TriggerBuild(origin=an_origin("run1"), project="web", environment="staging", name="app", commit="c0ffee0")
PIPELINE = TriggerPipeline(origin=an_origin("run2"), project="web", name="release")


def a_living_project(house: CrashHouse, ports: Ports) -> None:
    """Everything that a project can have, a build that waits for a runner, and a pipeline's run that has ended."""
    definitions(house, ports)
    create_service_account(ports, ACCOUNT)
    create_user(ports, BOB)
    update_group(ports, OPS)
    register(ports, UNQUALIFIED)
    update_state(ports, STATE)
    update_state(ports, replace(STATE, origin=an_origin("given again")))
    trigger_build(ports, BUILD)
    trigger_pipeline(ports, PIPELINE)
    create_train(ports, TRAIN)
    begin_snapshot(ports, BeginSnapshot(create=SNAPSHOT))
    house.deliver(ports)


def project_again(_house: CrashHouse, ports: Ports) -> None:
    """Whoever removes it asks until it is gone."""
    with suppress(NotFound):
        remove_project(ports, PROJECT)


def environment_again(_house: CrashHouse, ports: Ports) -> None:
    """Whoever removes it asks until it is gone."""
    with suppress(NotFound):
        remove_environment(ports, ENVIRONMENT)


STORIES = {
    "remove a project": Story(
        refusals=GONE,
        before=a_living_project,
        act=asking(remove_project, PROJECT),
        of=(remove_project,),
        then=project_again,
    ),
    "remove an environment": Story(
        refusals=GONE,
        before=a_living_project,
        act=asking(remove_environment, ENVIRONMENT),
        of=(remove_environment,),
        then=environment_again,
    ),
}
