"""Namespaces of tasks: whose project each belongs to, and that none is joined from outside."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.faults import Conflict, Fault, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import TaskNamespace
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.access.owners import person
from chalicelib.use_cases.installation.task_namespaces import (
    EnterNamespace,
    ensure_task_namespace,
    find_task_namespace,
    list_task_namespaces,
    task_namespace_for,
)
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.removal.project import RemoveProject, remove_project
from tests.builders import NOON, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin, catalog_ports

WHOLE = frozenset({ALL})


@pytest.fixture
def ports() -> Ports:
    made = catalog_ports()
    for name in ("eve", "bob"):
        made.access.create_user(User(name=name, created_at=NOON), an_entry())
    return made


def eve(ports: Ports) -> Principal:
    user = ports.access.find_user("eve")
    assert user is not None
    return person(ports, user)


def enter(ports: Ports, by: Principal, name: str = "night", project: str = "") -> TaskNamespace:
    return ensure_task_namespace(ports, EnterNamespace(origin=an_origin(by), name=name, project=project))


def test_it_is_an_environment_of_the_only_project_in_which_the_caller_may_write(ports: Ports) -> None:
    made = enter(ports, WRITER, "Quick_Start")

    assert (made.project, made.environment, made.founds) == ("web", "quick_start", False)
    assert ports.projects.environment("web", "quick_start").title == "Quick_Start"
    assert enter(ports, WRITER, "quick_start").id == made.id


def test_an_environment_that_is_there_is_the_namespace(ports: Ports) -> None:
    assert enter(ports, WRITER, "staging").environment == "staging"


def test_who_may_write_nowhere_gets_a_project_of_their_own(ports: Ports) -> None:
    made = enter(ports, eve(ports))

    assert (made.project, made.founds) == ("night", False)
    assert may(eve(ports), Level.OWNER, "night")
    assert [one.title for one in list_task_namespaces(ports, eve(ports))] == ["night"]
    assert list_task_namespaces(ports, WRITER) == []
    with pytest.raises(NotFound):
        task_namespace_for(ports, WRITER, Level.READ, "night")


@pytest.mark.parametrize("by", [READER, replace(READER, roles=frozenset())], ids=["reader", "stranger"])
def test_a_project_that_is_there_is_never_joined(ports: Ports, by: Principal) -> None:
    with pytest.raises(Forbidden):
        enter(ports, by, "web")

    assert find_task_namespace(ports, "web") is None


def test_who_may_not_write_in_its_project_does_not_come_into_a_namespace(ports: Ports) -> None:
    enter(ports, WRITER)

    for by in (eve(ports), READER):
        with pytest.raises(Forbidden):
            enter(ports, by)


def test_of_several_projects_the_caller_names_one(ports: Ports) -> None:
    ports.projects.create(Project(name="api", created_at=NOON), an_entry())
    both = replace(WRITER, roles=WRITER.roles | {role_in("api", Level.WRITE)})

    assert enter(ports, both, "day", "api").project == "api"
    assert enter(ports, both, "web").project == "web"
    with pytest.raises(Conflict, match="belongs to project api"):
        enter(ports, both, "day", "web")


def test_a_project_that_is_named_is_there_and_may_be_written_in(ports: Ports) -> None:
    for project in ("nowhere", "other"):
        with pytest.raises(Invalid, match="no project"):
            enter(ports, eve(ports), project=project)
    with pytest.raises(Forbidden):
        enter(ports, READER, project="web")
    with pytest.raises(Invalid, match="no project"):
        enter(ports, ROOT, project="nowhere")


def test_a_narrow_token_and_a_machine_make_no_project(ports: Ports) -> None:
    narrow = replace(eve(ports), scopes=frozenset({role_in("web", Level.WRITE)}))
    machine = Principal(
        name="web/ci", kind=PrincipalKind.SERVICE_ACCOUNT, roles=frozenset({role_in("web", Level.READ)})
    )

    for by in (narrow, machine):
        with pytest.raises(Forbidden):
            enter(ports, by)
    assert find_task_namespace(ports, "night") is None


def test_the_name_of_a_project_that_was_removed_is_not_taken_over(ports: Ports) -> None:
    enter(ports, WRITER, "gone")
    remove_project(ports, RemoveProject(origin=an_origin(ROOT), name="web"))

    with pytest.raises(Forbidden, match="was removed"):
        enter(ports, eve(ports), "web")
    assert find_task_namespace(ports, "gone") is None


class Dying:
    """Of a port: it dies at one call, before or after that is done."""

    def __init__(self, behind: object, method: str, *, done: bool) -> None:
        self.behind, self.method, self.done, self.died = behind, method, done, False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        found = getattr(self.behind, name)
        return self._dying(found) if name == self.method and not self.died else found

    def _dying(self, act: Callable[..., object]) -> Callable[..., object]:
        def tried(*given: object) -> object:
            self.died = True
            if self.done:
                act(*given)
            raise ConnectionError("died")

        return tried


def with_port(ports: Ports, name: str, port: Any) -> Ports:  # noqa: ANN401 - any port
    return replace(ports, **{name: port})


DEATHS = [("installation", "create"), ("projects", "create"), ("access", "save_user"), ("installation", "save")]


@pytest.mark.parametrize("done", [True, False], ids=["after", "before"])
@pytest.mark.parametrize(("port", "method"), DEATHS)
def test_a_founding_that_was_interrupted_is_done_to_its_end(
    ports: Ports, port: str, method: str, *, done: bool
) -> None:
    dying = with_port(ports, port, Dying(getattr(ports, port), method, done=done))
    with pytest.raises(ConnectionError):
        enter(dying, eve(ports))

    made = enter(ports, eve(ports))

    assert (made.project, made.founds) == ("night", False)
    assert may(eve(ports), Level.OWNER, "night")


def test_a_project_that_another_made_meanwhile_is_not_joined(ports: Ports) -> None:
    dying = with_port(ports, "projects", Dying(ports.projects, "create", done=False))
    with pytest.raises(ConnectionError):
        enter(dying, eve(ports))
    ports.projects.create(Project(name="night", created_at=NOON), an_entry())

    for _ in range(2):
        with pytest.raises(Forbidden):
            enter(ports, eve(ports))
    assert not may(eve(ports), Level.READ, "night")


@given(st.text(max_size=70))
def test_any_name_is_refused_or_is_an_environment(name: str) -> None:
    ports = catalog_ports()
    try:
        made = enter(ports, WRITER, name)
    except Fault as refused:
        assert isinstance(refused, Invalid)  # noqa: PT017 - either way is right
        assert ports.projects.environments("web") == ports.projects.environments("web")[:2]
    else:
        assert ports.projects.find_environment("web", made.environment) is not None
