"""Projects in folders, with their branches and versions, as FlexDeploy's clients find them."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import Application
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.environments import EnvironmentQuery, list_environments
from chalicelib.use_cases.installation.folders import CreateFolder, FolderQuery, create_folder, list_folders
from chalicelib.use_cases.installation.numbered_environments import CreateEnvironment, create_environment_entry
from chalicelib.use_cases.installation.portfolio import (
    CreateBranch,
    CreateProjectIn,
    CreateVersion,
    PartQuery,
    ProjectQuery,
    create_branch,
    create_project_in,
    create_version,
    list_branches,
    list_projects_in,
    list_versions,
    parts_of,
)
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.projects import ProjectSettings, SaveProject, create_project
from chalicelib.use_cases.removal.project import RemoveProject, remove_project
from tests.builders import NOON
from tests.use_cases.access.access_ports import ROOT, SEEDS
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House

READER = Principal(name="rob", roles=frozenset({role_in("web", Level.READ)}))
STRANGER = Principal(name="sam", roles=frozenset({role_in("other", Level.OWNER)}))


def origin(by: Principal = ROOT) -> Origin:
    return Origin(by=by, at=NOON, seed=SEEDS.next())


@pytest.fixture
def ports() -> Ports:
    """A house with a project that State made."""
    made = House().ports
    create_project(made, SaveProject(origin=origin(), name="web", settings=ProjectSettings(title="Web")))
    return made


def web(ports: Ports) -> Application:
    return list_projects_in(ports, ProjectQuery(origin=origin(), title="Web"))[0]


def test_a_project_of_state_stands_in_a_folder_of_its_own(ports: Ports) -> None:
    (folder,) = list_folders(ports, FolderQuery(origin=origin(READER), title="web", parent=99))
    (project,) = list_projects_in(ports, ProjectQuery(origin=origin(READER), title="web", folder=folder.id))

    assert (folder.title, project.title, project.id) == ("Web", "Web", folder.id)
    assert list_folders(ports, FolderQuery(origin=origin(STRANGER), title="web")) == []


def test_what_has_just_the_title_comes_before_what_contains_it(ports: Ports) -> None:
    for title in ("Webshop", "web", "My Web"):
        create_folder(ports, CreateFolder(origin=origin(), title=title))

    found = list_folders(ports, FolderQuery(origin=origin(STRANGER), title="web"))

    assert [one.title for one in found] == ["web", "Webshop", "My Web"]


def test_a_repeated_request_makes_one_folder_and_another_is_told(ports: Ports) -> None:
    command = CreateFolder(origin=origin(), title="shop")

    assert create_folder(ports, command) == create_folder(ports, command)
    with pytest.raises(Conflict):
        create_folder(ports, CreateFolder(origin=origin(), title="SHOP"))


def test_a_project_has_the_branch_main_when_it_is_first_looked_for(ports: Ports) -> None:
    of = PartQuery(origin=origin(READER), application=web(ports).id)
    first, second = list_branches(ports, of), list_branches(ports, of)

    assert [one.title for one in first] == ["main"]
    assert first == second


def test_a_version_is_of_a_branch_of_its_project(ports: Ports) -> None:
    other = create_project_in(ports, CreateProjectIn(origin=origin(), title="Cart", folder=99))
    (foreign,) = list_branches(ports, PartQuery(origin=origin(), application=other.id))
    number = web(ports).id

    with pytest.raises(Invalid):
        create_version(ports, CreateVersion(origin=origin(), application=number, title="1", branch=foreign.id))
    made = create_version(ports, CreateVersion(origin=origin(), application=number, title="1"))
    with pytest.raises(Conflict):
        create_version(ports, CreateVersion(origin=origin(), application=number, title="1"))
    assert list_versions(ports, PartQuery(origin=origin(READER), application=number)) == [made]


def test_readers_make_nothing_and_strangers_find_nothing(ports: Ports) -> None:
    number = web(ports).id

    with pytest.raises(Forbidden):
        create_branch(ports, CreateBranch(origin=origin(READER), application=number, title="x"))
    with pytest.raises(NotFound):
        create_branch(ports, CreateBranch(origin=origin(STRANGER), application=number, title="x"))
    with pytest.raises(NotFound):
        list_versions(ports, PartQuery(origin=origin(STRANGER), application=number))


def test_branches_and_versions_go_with_their_project() -> None:
    ports = CatalogHouse().ports
    (application,) = list_projects_in(ports, ProjectQuery(origin=origin(), title="web"))
    number = application.id
    create_version(ports, CreateVersion(origin=origin(), application=number, title="1"))

    remove_project(ports, RemoveProject(origin=origin(), name="web"))

    assert parts_of(ports, number) == []


def test_a_code_is_of_one_environment(ports: Ports) -> None:
    made = create_environment_entry(ports, CreateEnvironment(origin=origin(), title="Quality", code="QA"))

    with pytest.raises(Conflict):
        create_environment_entry(ports, CreateEnvironment(origin=origin(), title="Other", code="qa"))
    assert list_environments(ports, EnvironmentQuery(origin=origin(READER), code="qa")) == [made]
    assert list_environments(ports, EnvironmentQuery(origin=origin(READER), code="Q")) == []
