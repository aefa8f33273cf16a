"""What leaves, seen by nobody, and where nothing is made any more: asked of the fakes and of the stores alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from chalicelib.kernel.faults import Conflict, Fault, NotFound, Stale
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentState
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_build, a_pipeline
from tests.store.audit.deeds import Kept, in_memory, in_tables
from tests.store.audit.deeds_catalog import DEPLOYMENT, ENVIRONMENT, PROJECT, REPOSITORY

CHANGE = Change(id="c1", at=NOON, by="ada", action=JobKind.DEPLOY, state=DeploymentState(name="app"))
MAKING: Mapping[str, Callable[[Kept], object]] = {
    "a build": lambda kept: kept.definitions.create(a_build(), an_entry()),
    "a deployment": lambda kept: kept.deployments.commit(DEPLOYMENT, CHANGE, None),
    "an environment": lambda kept: kept.projects.create_environment(
        replace(PROJECT, version=1), Environment(project="web", name="qa", created_at=NOON), an_entry()
    ),
    "a repository": lambda kept: kept.projects.create_repository(REPOSITORY, an_entry()),
    "a pipeline": lambda kept: kept.definitions.create(a_pipeline(), an_entry()),
}
IN_AN_ENVIRONMENT = ("a build", "a deployment")


@pytest.fixture(params=["fake", "store"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """A project with an environment."""
    made = in_memory() if request.param == "fake" else in_tables(request.getfixturevalue("tables"))
    made.projects.create(PROJECT, an_entry())
    made.projects.create_environment(PROJECT, ENVIRONMENT, an_entry())
    return made


def leave(kept: Kept) -> None:
    """The project leaves, and all in it."""
    kept.projects.mark_deleting("web", an_entry())
    kept.projects.mark_environment_deleting("web", "staging", an_entry())


@pytest.mark.parametrize("what", MAKING)
def test_nothing_is_made_in_a_project_that_leaves(kept: Kept, what: str) -> None:
    leave(kept)
    with pytest.raises((NotFound, Stale)):
        MAKING[what](kept)


@pytest.mark.parametrize("what", IN_AN_ENVIRONMENT)
def test_nothing_is_made_in_an_environment_that_leaves_or_is_gone(kept: Kept, what: str) -> None:
    kept.projects.mark_environment_deleting("web", "staging", an_entry())
    with pytest.raises(NotFound):
        MAKING[what](kept)
    kept.projects.forget_environment("web", "staging")
    with pytest.raises(NotFound):
        MAKING[what](kept)


def test_a_project_that_leaves_is_seen_by_nobody(kept: Kept) -> None:
    kept.projects.mark_deleting("web", an_entry())
    assert kept.projects.find_project("web") is None
    with pytest.raises(NotFound):
        kept.projects.project("web")
    assert kept.projects.projects(Page()) == []


def test_an_environment_that_leaves_is_seen_by_nobody(kept: Kept) -> None:
    assert kept.projects.find_environment("web", "staging") == kept.projects.environment("web", "staging")
    kept.projects.mark_environment_deleting("web", "staging", an_entry())
    assert kept.projects.find_environment("web", "staging") is None
    with pytest.raises(NotFound):
        kept.projects.environment("web", "staging")
    assert kept.projects.environments("web") == []
    assert kept.projects.project("web").environments == ()
    assert kept.projects.environment_names("web") == ["staging"]


def test_what_leaves_keeps_its_name_until_it_is_gone(kept: Kept) -> None:
    leave(kept)
    with pytest.raises(Conflict, match="leaving"):
        kept.projects.create(Project(name="web", created_at=NOON), an_entry())
    kept.projects.forget_environment("web", "staging")
    kept.projects.forget("web")
    kept.projects.create(Project(name="web", created_at=NOON), an_entry())
    assert kept.projects.environment_names("web") == []


def test_leaving_twice_is_leaving_once(kept: Kept) -> None:
    leave(kept)
    leave(kept)
    kept.projects.forget_environment("web", "staging")
    kept.projects.forget("web")
    kept.projects.forget("web")
    with pytest.raises(NotFound):
        kept.projects.mark_deleting("web", an_entry())
    with pytest.raises(NotFound):
        kept.projects.mark_environment_deleting("web", "staging", an_entry())


def test_who_had_it_leave_is_written_down_once(kept: Kept) -> None:
    first, second = an_entry(), an_entry()
    kept.projects.mark_deleting("web", first)
    kept.projects.mark_deleting("web", second)
    assert kept.audits.entries([first.id, second.id]) == {first.id: first}


def test_what_does_not_leave_is_not_forgotten(kept: Kept) -> None:
    with pytest.raises(Fault):
        kept.projects.forget("web")
    with pytest.raises(Fault):
        kept.projects.forget_environment("web", "staging")
    assert kept.projects.environment("web", "staging") == ENVIRONMENT


def test_a_forgotten_deployment_has_no_history_and_its_jobs_count_anew(kept: Kept) -> None:
    saved = deployed(kept, times=3)
    kept.deployments.forget(saved)
    assert kept.deployments.in_environment("web", "staging") == []
    assert kept.deployments.history(saved, Page()) == []
    kept.deployments.forget(saved)
    assert kept.deployments.commit(DEPLOYMENT, CHANGE, None).version == 1


def test_a_deployment_that_changed_meanwhile_is_not_forgotten(kept: Kept) -> None:
    before = deployed(kept, times=1)
    after = kept.deployments.commit(before, replace(CHANGE, id="late"), None)
    with pytest.raises(Stale):
        kept.deployments.forget(before)
    assert kept.deployments.find_deployment("web", "staging", "app") == after


def deployed(kept: Kept, times: int) -> Deployment:
    """A deployment that jobs changed so many times."""
    saved = DEPLOYMENT
    for number in range(1, times + 1):
        saved = kept.deployments.commit(saved, replace(CHANGE, id=f"c{number}"), None)
    return saved


def test_a_long_history_is_forgotten_whole(tables: Tables) -> None:
    kept = in_tables(tables)
    kept.projects.create(PROJECT, an_entry())
    kept.projects.create_environment(PROJECT, ENVIRONMENT, an_entry())
    saved = deployed(kept, times=130)
    kept.deployments.forget(saved)
    assert kept.deployments.history(saved, Page(size=500)) == []


def test_a_repository_that_is_taken_is_told_before_its_project_is_looked_at(kept: Kept) -> None:
    kept.projects.create_repository(REPOSITORY, an_entry())
    with pytest.raises(Conflict):
        kept.projects.create_repository(Repository(project="web", name="code", url="file:///y"), an_entry())
