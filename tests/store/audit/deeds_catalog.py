"""The ways to change what is defined and deployed."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.definitions.definition import ref_of
from chalicelib.kernel.definitions.handles import MAX_HANDLES, webhook_handle
from chalicelib.kernel.definitions.pipeline import PipelineTrigger
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentState
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_pipeline
from tests.store.audit.deeds import Kept, Way


def many_triggers(name: str) -> tuple[PipelineTrigger, ...]:
    """As many as a pipeline may have."""
    return tuple(PipelineTrigger(id=f"{name}{each}", token=f"{name} token {each}") for each in range(MAX_HANDLES))


PROJECT = Project(name="web", created_at=NOON)
ENVIRONMENT = Environment(project="web", name="staging", created_at=NOON)
REPOSITORY = Repository(project="web", name="code", url="file:///x")
PIPELINE = replace(a_pipeline(), triggers=many_triggers("old"))
DEPLOYMENT = Deployment(project="web", environment="staging", name="app", state=None, changed_at=NOON)
CHANGE = Change(id="c1", at=NOON, by="ada", state=DeploymentState(name="app"))


def a_project(kept: Kept) -> None:
    """There was a project."""
    kept.projects.create(PROJECT, an_entry())


def an_environment(kept: Kept) -> None:
    """There was an environment."""
    a_project(kept)
    kept.projects.create_environment(PROJECT, ENVIRONMENT, an_entry())


def a_repository(kept: Kept) -> None:
    """There was a repository."""
    a_project(kept)
    kept.projects.create_repository(REPOSITORY, an_entry())


def a_definition(kept: Kept) -> None:
    """There was a pipeline."""
    a_project(kept)
    kept.definitions.create(PIPELINE, an_entry())


def all_definitions(kept: Kept) -> object:
    """The pipelines, and what finds them."""
    found = [kept.definitions.found_by(webhook_handle(f"{name} token 0")) for name in ("old", "new")]
    return kept.definitions.of_project("web", DefinitionKind.PIPELINE), found


def all_deployments(kept: Kept) -> object:
    """What is deployed, and what was."""
    return kept.deployments.in_environment("web", "staging"), kept.deployments.history(DEPLOYMENT, Page())


def all_projects(kept: Kept) -> object:
    """What stands in the projects."""
    return kept.projects.projects(Page()), kept.projects.environments("web"), kept.projects.repositories("web")


WAYS: Mapping[str, Way] = {
    "create a project": Way(act=lambda kept, entry: kept.projects.create(PROJECT, entry), seen=all_projects),
    "save a project": Way(
        before=a_project,
        act=lambda kept, entry: kept.projects.save(replace(PROJECT, description="new"), entry),
        seen=all_projects,
    ),
    "create an environment": Way(
        before=a_project,
        act=lambda kept, entry: kept.projects.create_environment(PROJECT, ENVIRONMENT, entry),
        seen=all_projects,
    ),
    "save an environment": Way(
        before=an_environment,
        act=lambda kept, entry: kept.projects.save_environment(replace(ENVIRONMENT, description="new"), entry),
        seen=all_projects,
    ),
    "create a repository": Way(
        before=a_project, act=lambda kept, entry: kept.projects.create_repository(REPOSITORY, entry), seen=all_projects
    ),
    "save a repository": Way(
        before=a_repository,
        act=lambda kept, entry: kept.projects.save_repository(replace(REPOSITORY, branch="main"), entry),
        seen=all_projects,
    ),
    "remove a repository": Way(
        before=a_repository,
        act=lambda kept, entry: kept.projects.remove_repository(REPOSITORY, entry),
        seen=all_projects,
        is_refused=False,
    ),
    "create a definition": Way(
        before=a_project,
        act=lambda kept, entry: kept.definitions.create(PIPELINE, entry),
        seen=all_definitions,
    ),
    "save a definition": Way(
        before=a_definition,
        act=lambda kept, entry: kept.definitions.save(replace(PIPELINE, triggers=many_triggers("new")), entry),
        seen=all_definitions,
    ),
    "remove a definition": Way(
        before=a_definition,
        act=lambda kept, entry: kept.definitions.remove(ref_of(PIPELINE), entry),
        seen=all_definitions,
    ),
    "change a deployment": Way(
        before=an_environment,
        act=lambda kept, entry: kept.deployments.commit(DEPLOYMENT, CHANGE, entry),
        seen=all_deployments,
    ),
}
