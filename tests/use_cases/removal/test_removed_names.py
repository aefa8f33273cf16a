"""What stays of what was removed: its name, kept from others for a while; no role in it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Forbidden
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.ports.access import Group, User
from chalicelib.use_cases.projects.namespaces import CreateNamespace, create_namespace
from chalicelib.use_cases.projects.projects import ProjectSettings, SaveProject, create_project
from chalicelib.use_cases.removal.namespace import remove_namespace
from chalicelib.use_cases.removal.project import RemoveProject, remove_project
from tests.builders import NOON, an_entry
from tests.use_cases.catalog_ports import ROOT, WRITER, CatalogHouse, an_origin

BOTH = replace(WRITER, roles=frozenset({role_in("web", Level.OWNER), role_in("shop", Level.OWNER)}))


@pytest.fixture
def house() -> CatalogHouse:
    """Two projects, one with a namespace."""
    house = CatalogHouse()
    create_project(house.ports, SaveProject(origin=an_origin(ROOT), name="shop", settings=ProjectSettings()))
    house.inventory.spaces["market"] = Namespace(name="market", project="web")
    return house


def make_namespace(house: CatalogHouse, project: str) -> Namespace:
    ask = CreateNamespace(origin=an_origin(BOTH), project=project, name="market")
    return create_namespace(house.ports, ask)


def test_a_removed_namespace_is_kept_from_other_projects(house: CatalogHouse) -> None:
    remove_namespace(house.ports, (an_origin(BOTH), "market"))

    with pytest.raises(Forbidden, match="namespace market was removed within 30 days"):
        make_namespace(house, "shop")
    assert make_namespace(house, "web").project == "web"


def test_it_is_free_after_thirty_days(house: CatalogHouse) -> None:
    remove_namespace(house.ports, (an_origin(BOTH), "market"))
    house.world.move(timedelta(days=30, seconds=1))

    assert make_namespace(house, "shop").project == "shop"


def test_an_admin_gives_it_to_another_for_whom_it_is_kept_then(house: CatalogHouse) -> None:
    remove_namespace(house.ports, (an_origin(BOTH), "market"))
    create_namespace(house.ports, CreateNamespace(origin=an_origin(ROOT), project="shop", name="market"))
    remove_namespace(house.ports, (an_origin(BOTH), "market"))

    with pytest.raises(Forbidden):
        make_namespace(house, "web")
    assert make_namespace(house, "shop").project == "shop"


def test_a_removed_project_is_made_anew_by_admins_alone(house: CatalogHouse) -> None:
    remove_project(house.ports, RemoveProject(origin=an_origin(ROOT), name="shop"))
    again = SaveProject(origin=an_origin(BOTH), name="shop", settings=ProjectSettings())

    with pytest.raises(Forbidden, match="project shop was removed within 30 days"):
        create_project(house.ports, again)
    assert create_project(house.ports, replace(again, origin=an_origin(ROOT))).name == "shop"


def test_roles_end_with_their_project(house: CatalogHouse) -> None:
    access, roles = house.ports.access, (role_in("shop", Level.OWNER), role_in("web", Level.READ))
    access.create_user(User(name="ada", roles=roles, created_at=NOON), an_entry())
    access.create_user(User(name="bob", roles=roles[1:], created_at=NOON), an_entry())
    access.save_group(Group(name="ops", roles=roles, created_at=NOON), an_entry())

    done = remove_project(house.ports, RemoveProject(origin=an_origin(BOTH), name="shop"))

    assert done.is_complete
    ada, bob, ops = access.find_user("ada"), access.find_user("bob"), access.find_group("ops")
    assert ada is not None
    assert bob is not None
    assert ops is not None
    assert [one.roles for one in (ada, bob, ops)] == [roles[1:]] * 3
    assert bob.version == 1
