"""Applications: made with a project of their own, or given to projects that State made."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import Application, title_handle
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import (
    CreateApplication,
    UpdateApplication,
    create_application,
    find_application,
    find_application_titled,
    list_applications,
    update_application,
)
from chalicelib.use_cases.installation.groups import SaveGroup, ensure_group
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON, an_entry
from tests.use_cases.access.access_ports import ROOT, SEEDS
from tests.use_cases.house import House

KEY = Principal(name="SYSTEM", kind=PrincipalKind.KEY, roles=frozenset({role_in(EVERY_PROJECT, Level.OWNER)}))
READER = Principal(name="rob", roles=frozenset({role_in("shop", Level.READ)}))


def origin(by: Principal = KEY) -> Origin:
    return Origin(by=by, at=NOON, seed=SEEDS.next())


@pytest.fixture
def ports() -> Ports:
    return House().ports


def titles(ports: Ports, by: Principal = ROOT) -> list[str]:
    return [one.title for one in list_applications(ports, origin(by))]


def test_an_application_is_made_with_a_project_and_found_in_any_case(ports: Ports) -> None:
    made = create_application(ports, CreateApplication(origin=origin(), title="My Shop"))

    assert (made.title, made.project, made.name, made.created_by) == ("My Shop", "my-shop", "my-shop", "SYSTEM")
    assert ports.projects.project("my-shop").title == "My Shop"
    assert find_application(ports, origin(), made.id) == made
    assert find_application_titled(ports, origin(), "MY SHOP") == made
    assert find_application(ports, origin(), -1) is None
    assert made.id >= 10_001


def test_a_repeated_request_makes_one_application(ports: Ports) -> None:
    command = CreateApplication(origin=origin(), title="Shop")

    assert create_application(ports, command) == create_application(ports, command)
    assert titles(ports) == ["Shop"]


@pytest.mark.parametrize("title", ["Shop", "SHOP", " shop "])
def test_a_title_is_taken_in_any_case_also_by_a_project_of_state(ports: Ports, title: str) -> None:
    ports.projects.create(Project(name="shop", created_at=NOON), an_entry())

    with pytest.raises(Conflict, match="application"):
        create_application(ports, CreateApplication(origin=origin(), title=title))
    assert [one.name for one in ports.projects.projects(Page())] == ["shop"]


def test_projects_of_state_are_applications_once_they_are_looked_for(ports: Ports) -> None:
    for name in ("web", "Web", "shop"):
        ports.projects.create(Project(name=name, created_at=NOON), an_entry())

    first = list_applications(ports, origin(ROOT))

    assert sorted(one.title for one in first) == ["Web", "shop", "web-2"]
    assert list_applications(ports, origin(ROOT)) == first
    assert find_application_titled(ports, origin(ROOT), "WEB") == next(one for one in first if one.title == "Web")


def test_what_one_may_not_read_is_not_there(ports: Ports) -> None:
    shop, site = (create_application(ports, CreateApplication(origin=origin(), title=one)) for one in ("Shop", "Site"))

    assert titles(ports, READER) == ["Shop"]
    assert find_application(ports, origin(READER), site.id) is None
    assert find_application_titled(ports, origin(READER), "Site") is None
    with pytest.raises(NotFound, match=f"no application {site.id}"):
        update_application(ports, UpdateApplication(origin=origin(READER), id=site.id, title="Mine"))
    with pytest.raises(Forbidden):
        update_application(ports, UpdateApplication(origin=origin(READER), id=shop.id, title="Mine"))
    with pytest.raises(Forbidden):
        create_application(ports, CreateApplication(origin=origin(READER), title="Mine"))


@pytest.mark.parametrize("title", ["Shop", "SHOP", "adopted", "x shop", "free"])
def test_who_may_make_no_project_learns_no_title_and_makes_nothing(ports: Ports, title: str) -> None:
    create_application(ports, CreateApplication(origin=origin(), title="Shop"))
    ports.projects.create(Project(name="adopted", created_at=NOON), an_entry())
    nobody = Principal(name="eve", roles=frozenset({role_in("mine", Level.OWNER)}))

    with pytest.raises(Forbidden) as refused:
        create_application(ports, CreateApplication(origin=origin(nobody), title=title))
    assert str(refused.value) == f"eve may make no application {title}"
    assert ports.installation.find_by(Application, title_handle("adopted")) is None


def test_owners_of_every_project_alone_add_to_a_group_as_its_secrets_come_with_it(ports: Ports) -> None:
    group = ensure_group(ports, SaveGroup(origin=origin(), title="Payments")).id
    shop = create_application(ports, CreateApplication(origin=origin(), title="Shop"))
    owner = Principal(name="ann", roles=frozenset({role_in("shop", Level.OWNER), role_in("mine", Level.OWNER)}))

    def join(by: Principal, group: int) -> int | None:
        return update_application(ports, UpdateApplication(origin=origin(by), id=shop.id, group=group)).group

    with pytest.raises(Forbidden):
        join(owner, group)
    with pytest.raises(Forbidden):
        create_application(ports, CreateApplication(origin=origin(owner), title="Mine", group=group))
    assert [join(KEY, group), join(owner, group), join(owner, 0)] == [group, group, None]


def test_a_new_title_is_that_of_the_project_too(ports: Ports) -> None:
    shop = create_application(ports, CreateApplication(origin=origin(), title="Shop"))

    saved = update_application(ports, UpdateApplication(origin=origin(), id=shop.id, title="Store", is_active=False))

    assert saved == replace(shop, title="Store", is_active=False, version=2)
    assert ports.projects.project("shop").title == "Store"
    assert find_application_titled(ports, origin(), "Shop") is None


BAD: tuple[Callable[[Ports], object], ...] = (
    lambda ports: create_application(ports, CreateApplication(origin=origin(), title="")),
    lambda ports: create_application(ports, CreateApplication(origin=origin(), title="x" * 201)),
    lambda ports: create_application(ports, CreateApplication(origin=origin(), title="a\nb")),
    lambda ports: create_application(ports, CreateApplication(origin=origin(), title="Shop", group=7)),
    lambda ports: update_application(ports, UpdateApplication(origin=origin(), id=1, raft_title="no such")),
)


@pytest.mark.parametrize("act", BAD)
def test_bad_input_is_refused_and_nothing_is_stored(ports: Ports, act: Callable[[Ports], object]) -> None:
    with pytest.raises(Invalid):
        act(ports)
    assert ports.installation.every(Application) == []
