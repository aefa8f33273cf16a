"""Tasks of the Deploy API: deployed to namespaces, deleted; their templates."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL
from chalicelib.kernel.definitions.compile_load import LoadKind
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.installation.code_sources import SourcePlace
from chalicelib.use_cases.installation.git_repositories import create_or_update_git_repository
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.task_templates import TemplateKind
from chalicelib.use_cases.removal.project import RemoveEnvironment, remove_environment
from chalicelib.use_cases.task_pipelines.from_git import RunFromGit, run_pipeline_from_git
from chalicelib.use_cases.task_pipelines.run import (
    KillPipeline,
    RetryPipeline,
    RunTaskPipeline,
    kill_pipeline,
    retry_pipeline,
    run_task_pipeline,
)
from chalicelib.use_cases.workloads.loads import LoadConfiguration, load_configuration
from chalicelib.use_cases.workloads.task_templates import SaveTaskTemplate, update_task_template
from chalicelib.use_cases.workloads.tasks import DeployTask, RemoveTask, deploy_task, remove_task
from slipway_formats.workloads.manifest import WorkloadKind
from tests.builders import NOON, an_entry
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.living_runner import LivingRunner
from tests.crash.stories.installation import REGISTERED
from tests.crash.stories.story import DONE, GONE, Story, an_origin, asking, both

ASKED = an_origin()
ANN = Principal(name="ann", scopes=frozenset({ALL}))
MANIFEST: Mapping[str, object] = {"type": "job", "name": "fibonacci", "image": "x", "cmd": ["true"]}
SERVICE = {**MANIFEST, "type": "service", "container-port": 8080}
GIVEN_ONE = DeployTask(origin=ASKED, namespace="night", project="web", configuration=MANIFEST)
FROM_GIT = DeployTask(
    origin=ASKED, namespace="night", project="web", source=SourcePlace(repository="code", directory="job")
)
A_SERVICE = replace(GIVEN_ONE, configuration=SERVICE, origin=replace(GIVEN, seed="W" * 26))
OWN = "W" * 26
BEFORE = replace(GIVEN, seed=OWN)
WITH_CODE = both(a_project, asking(create_or_update_git_repository, REGISTERED))
RUN = RunTaskPipeline(
    origin=ASKED,
    namespace="night",
    project="web",
    configuration={
        "name": "cluster",
        "tasks": [
            {"name": "work", "namespacetask": "code/work"},
            {"name": "clean", "namespacetask": "code/clean", "dependance": ["work"], "run-if-error": True},
        ],
    },
)
PLACE = SourcePlace(repository="code", directory="job")
RUN_FROM_GIT = RunFromGit(origin=ASKED, namespace="night", project="web", source=PLACE, name="cluster")
GONE_ONE = RemoveTask(origin=ASKED, namespace="night", kind=WorkloadKind.SERVICE, name="fibonacci")
AWAY = RemoveEnvironment(origin=ASKED, project="web", name="night")
TEMPLATE = SaveTaskTemplate(origin=ASKED, kind=TemplateKind.TASK, name="job.json", content=MANIFEST)


def begun(house: CrashHouse, ports: Ports) -> None:
    """A pipeline is running: its first task waits for a runner."""
    WITH_CODE(house, ports)
    run_task_pipeline(ports, replace(RUN, origin=BEFORE))
    house.deliver(ports)


def ended(house: CrashHouse, ports: Ports) -> None:
    """A pipeline was killed, and nothing cleaned up."""
    begun(house, ports)
    kill_pipeline(ports, KillPipeline(origin=BEFORE, id=OWN, cleans_up=False))
    house.deliver(ports)


def all_gone(house: CrashHouse, ports: Ports) -> None:
    """The removal is asked for again until nothing is left, as what was running has to end first."""
    with suppress(NotFound):
        while not remove_environment(ports, AWAY).is_complete:
            house.world.move(timedelta(seconds=60))
            house.heal(LivingRunner(held={}))


def ann(_house: CrashHouse, ports: Ports) -> None:
    """Somebody who may write nowhere."""
    ports.access.create_user(User(name="ann", created_at=NOON), an_entry("ann"))


STORIES: Mapping[str, Story] = {
    "deploy a task to a namespace of a project": Story(
        before=a_project, act=asking(deploy_task, GIVEN_ONE), of=(deploy_task,)
    ),
    "deploy a task from git": Story(
        before=both(a_project, asking(create_or_update_git_repository, REGISTERED)),
        act=asking(deploy_task, FROM_GIT),
        of=(deploy_task,),
    ),
    "deploy a task to a namespace with a project of its own": Story(
        before=ann,
        act=asking(deploy_task, replace(GIVEN_ONE, origin=replace(ASKED, by=ANN), project="")),
        of=(deploy_task,),
    ),
    "run a pipeline of tasks": Story(before=WITH_CODE, act=asking(run_task_pipeline, RUN), of=(run_task_pipeline,)),
    "kill a pipeline of tasks": Story(
        before=begun,
        act=asking(kill_pipeline, KillPipeline(origin=ASKED, id=OWN)),
        of=(kill_pipeline,),
        refusals=DONE,
    ),
    "try a pipeline of tasks again": Story(
        before=ended,
        act=asking(retry_pipeline, RetryPipeline(origin=ASKED, id=OWN)),
        of=(retry_pipeline,),
        refusals=DONE,
    ),
    "load a configuration": Story(
        before=WITH_CODE,
        act=asking(load_configuration, LoadConfiguration(origin=ASKED, kind=LoadKind.TASK, source=PLACE)),
        of=(load_configuration,),
    ),
    "run a pipeline from git": Story(
        before=WITH_CODE, act=asking(run_pipeline_from_git, RUN_FROM_GIT), of=(run_pipeline_from_git,)
    ),
    "delete a service": Story(
        before=both(a_project, asking(deploy_task, A_SERVICE)),
        act=asking(remove_task, GONE_ONE),
        of=(remove_task,),
        refusals=GONE,
    ),
    "remove the namespace of a running pipeline": Story(
        before=begun,
        act=asking(remove_environment, AWAY),
        of=(remove_environment,),
        then=all_gone,
        refusals=GONE,
    ),
    "upload a template of a task": Story(act=asking(update_task_template, TEMPLATE), of=(update_task_template,)),
}
