"""Rafts and what is in them: who may change which, and which item a name means."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import EVERY_PROJECT, Level, role_in
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import GLOBAL_RAFT, Application, ItemType, RaftItem
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import (
    CreateApplication,
    UpdateApplication,
    create_application,
    update_application,
)
from chalicelib.use_cases.installation.find_items import find_item
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.raft_items import (
    LONGEST,
    ItemsQuery,
    RemoveItem,
    SaveItem,
    create_or_update_item,
    list_items,
    remove_item,
)
from chalicelib.use_cases.rafts.raft_pipelines import find_raft_pipeline
from chalicelib.use_cases.rafts.rafts import RemoveRaft, SaveRaft, create_or_update_raft, list_rafts, remove_raft
from tests.builders import NOON
from tests.use_cases.access.access_ports import ROOT, SEEDS
from tests.use_cases.house import House

KEY = Principal(name="SYSTEM", kind=PrincipalKind.KEY, roles=frozenset({role_in(EVERY_PROJECT, Level.OWNER)}))
WRITER = Principal(name="ann", roles=frozenset({role_in("shop", Level.WRITE)}))
READER = Principal(name="rob", roles=frozenset({role_in("shop", Level.READ)}))
STAGES = '{"Stages": [{"Name": "Test", "Targets": [{"PlanName": "Deploy"}]}]}'


def origin(by: Principal = ROOT) -> Origin:
    return Origin(by=by, at=NOON, seed=SEEDS.next())


@pytest.fixture
def ports() -> Ports:
    return House().ports


@pytest.fixture
def shop(ports: Ports) -> Application:
    return create_application(ports, CreateApplication(origin=origin(), title="Shop"))


def put(
    ports: Ports,
    content: str = "echo",
    *,
    by: Principal = ROOT,
    raft: int = GLOBAL_RAFT,
    application: int | None = None,
    title: str = "Deploy",
    kind: ItemType = ItemType.SCRIPT,
) -> RaftItem:
    command = SaveItem(origin=origin(by), raft=raft, application=application, type=kind, title=title, content=content)
    return create_or_update_item(ports, command)


def test_the_global_raft_is_the_admins_and_others_are_the_owners_of_every_project(ports: Ports) -> None:
    tools = create_or_update_raft(ports, SaveRaft(origin=origin(KEY), title="tools"))

    assert put(ports, by=KEY, raft=tools.id).changed_by == "SYSTEM"
    with pytest.raises(Forbidden, match="SYSTEM is no admin"):
        put(ports, by=KEY)
    with pytest.raises(Forbidden):
        put(ports, by=WRITER, raft=tools.id)
    with pytest.raises(Forbidden):
        remove_item(ports, RemoveItem(origin=origin(KEY), raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="x"))
    with pytest.raises(Forbidden):
        create_or_update_raft(ports, SaveRaft(origin=origin(WRITER), title="mine"))


def test_what_is_of_an_application_is_its_writers(ports: Ports, shop: Application) -> None:
    assert put(ports, by=WRITER, application=shop.id).application == shop.id
    with pytest.raises(Forbidden):
        put(ports, by=READER, application=shop.id)
    with pytest.raises(NotFound, match=f"no application {shop.id}"):
        put(ports, by=Principal(name="eve"), application=shop.id)


def test_the_global_raft_stays_and_its_names_are_taken(ports: Ports) -> None:
    for title in ("Global", "DEFAULT"):
        with pytest.raises(Conflict):
            create_or_update_raft(ports, SaveRaft(origin=origin(), title=title))
    with pytest.raises(Conflict):
        remove_raft(ports, RemoveRaft(origin=origin(), id=GLOBAL_RAFT))


def test_a_name_means_the_nearest_item(ports: Ports, shop: Application) -> None:
    tools = create_or_update_raft(ports, SaveRaft(origin=origin(), title="tools"))
    shared, elsewhere = put(ports, "shared"), put(ports, "elsewhere", raft=tools.id)

    def meant(name: str, of: Application | None = shop) -> RaftItem | None:
        return find_item(ports, of, name, ItemType.SCRIPT, ItemType.PLAN)

    assert meant("DEPLOY") == meant("global::deploy") == meant("deploy", None) == shared
    assert meant("Tools::Deploy") == elsewhere
    assert meant("none::Deploy") is meant("nothing") is None
    moved = update_application(ports, UpdateApplication(origin=origin(), id=shop.id, raft_title="tools"))
    assert meant("Deploy", moved) == elsewhere
    own = put(ports, "own", application=shop.id)
    assert meant("Deploy") == meant("Deploy", moved) == own
    assert meant("global::Deploy") == own


def test_content_is_replaced_and_removed_by_name_in_any_case(ports: Ports) -> None:
    first = put(ports, "one")
    again = put(ports, "two", title="DEPLOY")

    assert (again.id, again.content, again.title) == (first.id, "two", "DEPLOY")
    remove_item(ports, RemoveItem(origin=origin(), raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="deploy"))
    remove_item(ports, RemoveItem(origin=origin(), raft=GLOBAL_RAFT, type=ItemType.SCRIPT, title="deploy"))
    assert list_items(ports, ItemsQuery(origin=origin(), raft=GLOBAL_RAFT)) == []


def test_with_a_raft_goes_all_that_is_in_it(ports: Ports) -> None:
    tools = create_or_update_raft(ports, SaveRaft(origin=origin(), title="tools"))
    put(ports, raft=tools.id)
    kept = put(ports)

    remove_raft(ports, RemoveRaft(origin=origin(), id=tools.id))

    assert [raft.title for raft in list_rafts(ports, origin())] == ["Default"]
    assert ports.installation.every(RaftItem) == [kept]


@pytest.mark.parametrize(
    ("content", "title", "kind"),
    [
        ("{}", "Standard", ItemType.PIPELINE),
        ("echo", "a::b", ItemType.SCRIPT),
        ("echo", " ", ItemType.SCRIPT),
        ("x" * (LONGEST + 1), "long", ItemType.SCRIPT),
    ],
)
def test_what_is_no_item_is_refused_and_nothing_stored(ports: Ports, content: str, title: str, kind: ItemType) -> None:
    with pytest.raises(Invalid):
        put(ports, content, title=title, kind=kind)
    assert ports.installation.every(RaftItem) == []


def test_a_pipeline_of_a_raft_runs_the_scripts_that_the_project_means(ports: Ports, shop: Application) -> None:
    put(ports, STAGES, title="Standard", kind=ItemType.PIPELINE)
    put(ports, "shared")
    put(ports, "own", application=shop.id)

    found = find_raft_pipeline(ports, "shop", "global::standard")

    assert found is not None
    assert (found.project, found.name) == ("shop", "global::Standard")
    assert [step.script for phase in found.phases for step in phase.steps] == ["own"]
    assert find_raft_pipeline(ports, "shop", "other") is None
