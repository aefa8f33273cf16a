"""What FlexDeploy's clients do to pipelines of gates, to users and to groups."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.use_cases.access.groups import UpdateGroup
from chalicelib.use_cases.access.numbered_users import (
    create_numbered_group,
    create_numbered_user,
    list_numbered_groups,
    list_numbered_users,
)
from chalicelib.use_cases.access.users import CreateUser, UserSettings
from chalicelib.use_cases.installation.environments import find_environment_titled
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, create_environment_entry
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.shared_pipelines import (
    ActivateVersion,
    CreatePipeline,
    PipelineQuery,
    SaveVersion,
    create_or_update_version,
    create_pipeline,
    list_pipelines,
)
from chalicelib.use_cases.trains.activate_pipeline import activate_pipeline
from tests.crash.catalog import GIVEN
from tests.crash.house import CrashHouse
from tests.crash.stories.story import Story, an_origin, asking

ASKED = an_origin()
USER = CreateUser(origin=ASKED, name="tess", standing=UserSettings(password="another horse"))
OPS = UpdateGroup(origin=ASKED, name="testers", roles=())


def document(ports: Ports, seconds: int = 30) -> Mapping[str, object]:
    """A pipeline of one stage that waits."""
    environment = find_environment_titled(ports, "quality")
    step = {"stepName": "a while", "stepType": "STAGE_WAIT_STEP", "waitDuration": seconds}
    return {"stages": [{"environmentId": environment.id if environment is not None else 7, "steps": [step]}]}


def an_environment(_: CrashHouse, ports: Ports) -> None:
    """An environment of the installation."""
    create_environment_entry(ports, CreateEnvironment(origin=GIVEN, title="quality", code="QA"))


def a_pipeline(house: CrashHouse, ports: Ports) -> None:
    """A pipeline with a draft."""
    an_environment(house, ports)
    create_pipeline(ports, CreatePipeline(origin=GIVEN, title="gated", definition=document(ports)))


def activated(house: CrashHouse, ports: Ports) -> None:
    """A pipeline with an active version."""
    a_pipeline(house, ports)
    activate_pipeline(ports, ActivateVersion(origin=GIVEN, pipeline=pipeline_id(ports), number=1))


def pipeline_id(ports: Ports) -> int:
    """The id of the only pipeline."""
    return next((one.id for one in list_pipelines(ports, PipelineQuery(origin=ASKED))), 7)


STORIES: Mapping[str, Story] = {
    "make a pipeline of gates": Story(
        before=an_environment,
        act=lambda _, ports: create_pipeline(
            ports, CreatePipeline(origin=ASKED, title="gated", definition=document(ports))
        ),
        of=(create_pipeline,),
    ),
    "give a pipeline of gates another version": Story(
        before=a_pipeline,
        act=lambda _, ports: create_or_update_version(
            ports, SaveVersion(origin=ASKED, pipeline=pipeline_id(ports), definition=document(ports, 60))
        ),
        of=(create_or_update_version,),
    ),
    "say a draft anew": Story(
        before=a_pipeline,
        act=lambda _, ports: create_or_update_version(
            ports, SaveVersion(origin=ASKED, pipeline=pipeline_id(ports), number=1, definition=document(ports, 60))
        ),
        of=(create_or_update_version,),
    ),
    "activate a version": Story(
        before=a_pipeline,
        act=lambda _, ports: activate_pipeline(
            ports, ActivateVersion(origin=ASKED, pipeline=pipeline_id(ports), number=1)
        ),
        of=(activate_pipeline,),
    ),
    "make a user with an id": Story(act=asking(create_numbered_user, USER), of=(create_numbered_user,)),
    "make a group with an id": Story(act=asking(create_numbered_group, OPS), of=(create_numbered_group,)),
    "list users with their ids": Story(
        before=asking(create_numbered_user, replace(USER, origin=GIVEN)),
        act=asking(list_numbered_users, ASKED),
        of=(list_numbered_users,),
    ),
    "list groups with their ids": Story(
        before=asking(create_numbered_group, replace(OPS, origin=GIVEN)),
        act=asking(list_numbered_groups, ASKED),
        of=(list_numbered_groups,),
    ),
}
