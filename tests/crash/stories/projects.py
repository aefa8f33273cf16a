"""What people do to projects: to their environments, repositories, namespaces, and to the state of deployments."""

import random
from dataclasses import replace

from chalicelib.kernel.projects.deployment import DeploymentState, NodePath, StageState
from chalicelib.use_cases.projects.deployments import DeleteDeployment, UpdateState, delete_deployment, update_state
from chalicelib.use_cases.projects.environments import SaveEnvironment, create_environment, update_environment
from chalicelib.use_cases.projects.import_environments import ImportEnvironments, LocalEnvironment, import_environments
from chalicelib.use_cases.projects.namespaces import CreateNamespace, create_namespace
from chalicelib.use_cases.projects.projects import (
    ProjectSettings,
    SaveProject,
    UpdateOrder,
    create_project,
    update_order,
    update_project,
)
from chalicelib.use_cases.projects.repositories import (
    RepositoryNamed,
    SaveRepository,
    create_repository,
    remove_repository,
    update_repository,
)
from tests.crash.catalog import GIVEN, a_project, environments
from tests.crash.stories.story import GONE, Story, an_origin, asking, both

ASKED = an_origin()

PROJECT = SaveProject(origin=ASKED, name="web", settings=ProjectSettings(description="what it is"))
ENVIRONMENT = SaveEnvironment(
    origin=ASKED,
    project="web",
    name="staging",
    description="where we try it",
    inputs={"region": "eu", "password": {"secret": "of the environment"}},
)
REPOSITORY = SaveRepository(
    origin=ASKED,
    project="web",
    name="app",
    url="https://git.example/other.git",
    username="ada",
    private_key="another key",
    password="a password",
)
STATE = UpdateState(
    origin=ASKED,
    project="web",
    environment="staging",
    root="app",
    path=NodePath(names=("app",)),
    state=DeploymentState(name="app", release="demo/app"),
)
BEFORE_STATE = replace(STATE, origin=GIVEN)
NOISE = random.Random(1).randbytes(500_000).hex()  # noqa: S311 - what does not shrink
LARGE = replace(STATE.state, stages={"deploy": StageState(version="1.0", calculated_outputs={"o": NOISE})})
FORGET = DeleteDeployment(origin=ASKED, project="web", environment="staging", name="app")
A_STATE = both(environments, asking(update_state, BEFORE_STATE))
LOCAL = ImportEnvironments(
    origin=ASKED,
    project="web",
    environments=(
        LocalEnvironment(
            name="staging",
            inputs={"region": "eu", "password": {"secret": "imported"}},
            deployments={"other": DeploymentState(name="other", release="demo/other")},
        ),
        LocalEnvironment(name="qa", deployments={"app": DeploymentState(name="app")}),
    ),
)
NAMESPACE = CreateNamespace(origin=ASKED, project="web", name="demo")

STORIES = {
    "add a project": Story(act=asking(create_project, PROJECT), of=(create_project,)),
    "change a project": Story(before=a_project, act=asking(update_project, PROJECT), of=(update_project,)),
    "reorder environments": Story(
        before=environments,
        act=asking(update_order, UpdateOrder(origin=ASKED, project="web", order=("production", "staging"))),
        of=(update_order,),
    ),
    "add an environment": Story(
        before=a_project, act=asking(create_environment, ENVIRONMENT), of=(create_environment,)
    ),
    "change an environment": Story(
        before=environments, act=asking(update_environment, ENVIRONMENT), of=(update_environment,)
    ),
    "add a repository": Story(before=a_project, act=asking(create_repository, REPOSITORY), of=(create_repository,)),
    "change a repository": Story(
        before=environments, act=asking(update_repository, REPOSITORY), of=(update_repository,)
    ),
    "take a repository's password away": Story(
        before=both(environments, asking(update_repository, replace(REPOSITORY, origin=an_origin("given too")))),
        act=asking(update_repository, replace(REPOSITORY, password="", private_key="")),
        of=(update_repository,),
    ),
    "remove a repository": Story(
        refusals=GONE,
        before=environments,
        act=asking(remove_repository, RepositoryNamed(origin=ASKED, project="web", name="app")),
        of=(remove_repository,),
    ),
    "add a project's namespace": Story(
        before=a_project, act=asking(create_namespace, NAMESPACE), of=(create_namespace,)
    ),
    "put a new state": Story(
        before=environments, act=asking(update_state, replace(STATE, new=True)), of=(update_state,)
    ),
    "put a large state over another": Story(
        before=A_STATE, act=asking(update_state, replace(STATE, state=LARGE)), of=(update_state,)
    ),
    "put a state over another": Story(before=A_STATE, act=asking(update_state, STATE), of=(update_state,)),
    "import environments": Story(
        before=environments, act=asking(import_environments, LOCAL), of=(import_environments,)
    ),
    "import environments over others": Story(
        before=A_STATE, act=asking(import_environments, replace(LOCAL, overwrite=True)), of=(import_environments,)
    ),
    "delete a deployment": Story(
        refusals=GONE, before=A_STATE, act=asking(delete_deployment, FORGET), of=(delete_deployment,)
    ),
}
