"""What people do to projects: to their environments, repositories, namespaces, and to the state of deployments."""

from dataclasses import replace

from chalicelib.kernel.projects.deployment import DeploymentState, NodePath
from chalicelib.use_cases.projects.deployments import DeleteDeployment, PutState, delete_deployment, put_state
from chalicelib.use_cases.projects.environments import SaveEnvironment, add_environment, save_environment
from chalicelib.use_cases.projects.import_environments import ImportEnvironments, LocalEnvironment, import_environments
from chalicelib.use_cases.projects.namespaces import AddNamespace, add_namespace
from chalicelib.use_cases.projects.projects import (
    ChangeOrder,
    ProjectSettings,
    SaveProject,
    add_project,
    change_order,
    save_project,
)
from chalicelib.use_cases.projects.repositories import (
    RepositoryNamed,
    SaveRepository,
    add_repository,
    remove_repository,
    save_repository,
)
from tests.crash.catalog import GIVEN, a_project, environments
from tests.crash.stories.story import GONE, Story, an_origin, asking, both

ASKED = an_origin()

PROJECT = SaveProject(origin=ASKED, name="web", settings=ProjectSettings(description="what it is"))
ENVIRONMENT = SaveEnvironment(origin=ASKED, project="web", name="staging", description="where we try it")
REPOSITORY = SaveRepository(
    origin=ASKED,
    project="web",
    name="app",
    url="https://git.example/other.git",
    username="ada",
    private_key="another key",
    password="a password",
)
STATE = PutState(
    origin=ASKED,
    project="web",
    environment="staging",
    root="app",
    path=NodePath(names=("app",)),
    state=DeploymentState(name="app", release="demo/app"),
)
BEFORE_STATE = replace(STATE, origin=GIVEN)
FORGET = DeleteDeployment(origin=ASKED, project="web", environment="staging", name="app")
A_STATE = both(environments, asking(put_state, BEFORE_STATE))
LOCAL = ImportEnvironments(
    origin=ASKED,
    project="web",
    environments=(
        LocalEnvironment(
            name="staging",
            inputs={"region": "eu"},
            deployments={"other": DeploymentState(name="other", release="demo/other")},
        ),
        LocalEnvironment(name="qa", deployments={"app": DeploymentState(name="app")}),
    ),
)
NAMESPACE = AddNamespace(origin=ASKED, project="web", name="demo")

STORIES = {
    "add a project": Story(act=asking(add_project, PROJECT), of=(add_project,)),
    "change a project": Story(before=a_project, act=asking(save_project, PROJECT), of=(save_project,)),
    "reorder environments": Story(
        before=environments,
        act=asking(change_order, ChangeOrder(origin=ASKED, project="web", order=("production", "staging"))),
        of=(change_order,),
    ),
    "add an environment": Story(before=a_project, act=asking(add_environment, ENVIRONMENT), of=(add_environment,)),
    "change an environment": Story(
        before=environments, act=asking(save_environment, ENVIRONMENT), of=(save_environment,)
    ),
    "add a repository": Story(before=a_project, act=asking(add_repository, REPOSITORY), of=(add_repository,)),
    "change a repository": Story(before=environments, act=asking(save_repository, REPOSITORY), of=(save_repository,)),
    "take a repository's password away": Story(
        before=both(environments, asking(save_repository, replace(REPOSITORY, origin=an_origin("given too")))),
        act=asking(save_repository, replace(REPOSITORY, password="", private_key="")),
        of=(save_repository,),
    ),
    "remove a repository": Story(
        refusals=GONE,
        before=environments,
        act=asking(remove_repository, RepositoryNamed(origin=ASKED, project="web", name="app")),
        of=(remove_repository,),
    ),
    "add a project's namespace": Story(before=a_project, act=asking(add_namespace, NAMESPACE), of=(add_namespace,)),
    "put a new state": Story(before=environments, act=asking(put_state, replace(STATE, new=True)), of=(put_state,)),
    "put a state over another": Story(before=A_STATE, act=asking(put_state, STATE), of=(put_state,)),
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
