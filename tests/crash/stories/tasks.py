"""Tasks of the Deploy API: deployed to namespaces, deleted; their templates."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL
from chalicelib.use_cases.installation.git_repositories import create_or_update_git_repository
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.task_templates import TemplateKind
from chalicelib.use_cases.workloads.task_templates import SaveTaskTemplate, update_task_template
from chalicelib.use_cases.workloads.tasks import DeployTask, RemoveTask, SourcePlace, deploy_task, remove_task
from slipway_formats.workloads.manifest import WorkloadKind
from tests.builders import NOON, an_entry
from tests.crash.catalog import GIVEN, a_project
from tests.crash.house import CrashHouse
from tests.crash.stories.installation import REGISTERED
from tests.crash.stories.story import GONE, Story, an_origin, asking, both

ASKED = an_origin()
ANN = Principal(name="ann", scopes=frozenset({ALL}))
MANIFEST: Mapping[str, object] = {"type": "job", "name": "fibonacci", "image": "x", "cmd": ["true"]}
SERVICE = {**MANIFEST, "type": "service", "container-port": 8080}
GIVEN_ONE = DeployTask(origin=ASKED, namespace="night", project="web", configuration=MANIFEST)
FROM_GIT = DeployTask(
    origin=ASKED, namespace="night", project="web", source=SourcePlace(repository="code", directory="job")
)
A_SERVICE = replace(GIVEN_ONE, configuration=SERVICE, origin=replace(GIVEN, seed="W" * 26))
GONE_ONE = RemoveTask(origin=ASKED, namespace="night", kind=WorkloadKind.SERVICE, name="fibonacci")
TEMPLATE = SaveTaskTemplate(origin=ASKED, kind=TemplateKind.TASK, name="job.json", content=MANIFEST)


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
    "delete a service": Story(
        before=both(a_project, asking(deploy_task, A_SERVICE)),
        act=asking(remove_task, GONE_ONE),
        of=(remove_task,),
        refusals=GONE,
    ),
    "upload a template of a task": Story(act=asking(update_task_template, TEMPLATE), of=(update_task_template,)),
}
