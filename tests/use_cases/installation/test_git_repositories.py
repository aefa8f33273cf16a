"""Registered repositories: who registers them, which projects may use them, and what becomes of their credentials."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.use_cases.installation.code_sources import git_repository_for
from chalicelib.use_cases.installation.git_repositories import (
    GitRepositoryNamed,
    SaveGitRepository,
    create_or_update_git_repository,
    get_git_repository,
    list_git_repositories,
    remove_git_repository,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.repositories import SaveRepository
from chalicelib.use_cases.removal.project import RemoveProject, remove_project
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin, catalog_ports

STRANGER = Principal(name="eve", roles=frozenset({role_in("other", Level.OWNER)}))
URL = "https://ann:s3cret@git.example.org/tasks.git"


@pytest.fixture
def ports() -> Ports:
    return catalog_ports()


def register(ports: Ports, url: str = URL, *projects: str, by: Principal = ROOT, name: str = "tasks") -> None:
    settings = SaveRepository(origin=an_origin(by), project="", name=name, url=url)
    create_or_update_git_repository(ports, SaveGitRepository(settings=settings, projects=projects or ("web",)))


def test_a_repository_is_for_the_projects_that_it_names(ports: Ports) -> None:
    register(ports)

    assert git_repository_for(ports, "web", "TASKS").url == "https://git.example.org/tasks.git"
    with pytest.raises(NotFound):
        git_repository_for(ports, "other", "tasks")
    register(ports, URL, "*")
    assert git_repository_for(ports, "other", "tasks").title == "tasks"


def test_who_may_read_none_of_its_projects_learns_nothing_of_it(ports: Ports) -> None:
    register(ports)

    assert [one.repository.title for one in list_git_repositories(ports, READER)] == ["tasks"]
    assert list_git_repositories(ports, STRANGER) == []
    with pytest.raises(NotFound, match="no registered repository tasks"):
        get_git_repository(ports, GitRepositoryNamed(origin=an_origin(STRANGER), name="tasks"))


def test_its_password_does_not_follow_it_to_another_host(ports: Ports) -> None:
    register(ports)
    before = git_repository_for(ports, "web", "tasks")
    assert ports.secrets.get(before.password) == "s3cret"

    register(ports, "https://ann@evil.example.org/tasks.git")

    assert git_repository_for(ports, "web", "tasks").password == ""
    with pytest.raises(NotFound):
        ports.secrets.get(before.password)


def test_only_owners_of_every_project_register_and_remove(ports: Ports) -> None:
    register(ports)

    with pytest.raises(Forbidden):
        register(ports, by=WRITER)
    with pytest.raises(Forbidden):
        remove_git_repository(ports, GitRepositoryNamed(origin=an_origin(WRITER), name="tasks"))


def test_every_defect_is_told_at_once_and_nothing_is_registered(ports: Ports) -> None:
    with pytest.raises(Invalid) as refused:
        register(ports, "-x", "web", "nowhere", name="a b")

    assert [defect.path for defect in refused.value.defects] == ["name", "projects[1]", "url"]
    assert list_git_repositories(ports, ROOT) == []


def test_a_project_that_goes_takes_its_use_of_a_repository_with_it(ports: Ports) -> None:
    register(ports)
    remove_project(ports, RemoveProject(origin=an_origin(ROOT), name="web"))

    with pytest.raises(NotFound):
        git_repository_for(ports, "web", "tasks")
