"""Trains are found by project and number, tasks by namespace and name, by those who may read them."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.use_cases.overview.search_names import FoundName, NameKind, SearchNames, search_names
from tests.dialects.console.given_tasks import tasks
from tests.dialects.console.given_trains import trains
from tests.dialects.console.measured import reads_of
from tests.dialects.matrix.world import World, peopled

WHOLE = frozenset({ALL})
READER = Principal(name="reader", roles=frozenset({role_in("web", Level.READ)}), scopes=WHOLE)
OTHER = Principal(name="stranger", roles=frozenset({role_in("other", Level.OWNER)}), scopes=WHOLE)
MOST_READS = 8


def found(world: World, text: str, by: Principal = READER) -> list[FoundName]:
    return [one for one in search_names(world.house.ports, SearchNames(by=by, text=text)) if one.kind in NEW]


NEW = frozenset({NameKind.TRAIN, NameKind.TASK})


@pytest.fixture(scope="module")
def with_trains() -> World:
    world = peopled()
    trains(world)
    return world


@pytest.fixture(scope="module")
def with_tasks() -> World:
    world = peopled()
    tasks(world)
    return world


@pytest.mark.parametrize(("text", "name"), [("web/1.0", "web/1.0"), ("WEB/0.9", "web/0.9")])
def test_a_train_is_found_by_its_project_and_number(with_trains: World, text: str, name: str) -> None:
    first = found(with_trains, text)[0]

    assert (first.kind, first.name) == (NameKind.TRAIN, name)
    assert with_trains.ask("GET", f"/trains/{first.own}", by="reader").status == 200


@pytest.mark.parametrize("text", ["night/report", "NIGHT/rep"])
def test_a_task_is_found_by_its_namespace_and_name(with_tasks: World, text: str) -> None:
    first = found(with_tasks, text)[0]

    assert (first.kind, first.name) == (NameKind.TASK, "night/report")
    assert first.own == with_tasks.things["failed_task"]


def test_nobody_finds_what_they_may_not_read(with_trains: World, with_tasks: World) -> None:
    assert found(with_trains, "web/1.0", OTHER) == []
    assert found(with_tasks, "night/report", OTHER) == []


def test_without_a_slash_nothing_is_read_for_them(with_tasks: World) -> None:
    with reads_of(with_tasks) as calls:
        assert found(with_tasks, "report") == []
    assert not [call for call in calls if call.startswith(("trains.", "workloads.", "installation."))]


def test_a_key_costs_few_reads(with_trains: World, with_tasks: World) -> None:
    for world, text in ((with_trains, "web/1"), (with_tasks, "night/re")):
        with reads_of(world) as calls:
            found(world, text)
        assert len(calls) <= MOST_READS, calls
