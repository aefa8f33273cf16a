"""Home: the matrix of many applications, and what it costs."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.home.board import board, merged
from chalicelib.use_cases.overview.matrix import MatrixQuery, get_matrix
from tests.calls import calls_in
from tests.dialects.console.given import a_delivery, a_project, deployments, many_deployments
from tests.dialects.console.measured import elements_of, packed, reads_of
from tests.dialects.console.scenes import KILOBYTES
from tests.dialects.console.test_parts import NOW, shown
from tests.dialects.matrix.callers import OWNER
from tests.dialects.matrix.world import World, people
from tests.use_cases.catalog_ports import ROOT

NAMES = st.lists(st.sampled_from("abcdefg"), unique=True, max_size=7)
APPLICATIONS, ENVIRONMENTS = 100, 20
MOST_ELEMENTS = 11_000


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    a_project(world)
    return world


@given(st.lists(NAMES, max_size=5))
def test_every_environment_is_one_column_and_the_longest_order_is_kept(orders: list[list[str]]) -> None:
    columns = merged(orders)

    assert sorted(columns) == sorted({name for order in orders for name in order})
    longest = max(orders, key=len, default=[])
    assert [name for name in columns if name in longest] == longest


def test_projects_with_other_environments_share_a_table(world: World) -> None:
    deployments(world)
    world.done("POST", "/api/v1/state/other/environments/", {"name": "production"})
    (other, web) = get_matrix(world.house.ports, MatrixQuery(by=ROOT)).projects
    longer = replace(web, project=replace(web.project, environments=("staging", "qa", "production")))

    found = board([other, longer])

    assert found.environments == ("staging", "qa", "production")
    app = next(row for row in found.projects[1].rows if row.name == "app")
    assert [cell.version if cell else "" for cell in app.cells] == ["1.10", "", "1.9"]


def test_a_matrix_of_a_hundred_by_twenty_is_small_and_one_query(world: World) -> None:
    many_deployments(world, APPLICATIONS, ENVIRONMENTS)

    with reads_of(world) as calls:
        page = world.ask("GET", "/home", by=OWNER).text

    assert page.count("<td data-at=") == APPLICATIONS * ENVIRONMENTS
    assert calls.count("deployments.cells") == 1
    assert packed(page) <= 32 * KILOBYTES
    assert elements_of(page).count <= MOST_ELEMENTS


def test_a_cell_of_a_large_matrix_costs_few_calls(world: World) -> None:
    many_deployments(world, APPLICATIONS, ENVIRONMENTS)
    found = get_matrix(world.house.ports, MatrixQuery(by=ROOT)).projects
    frame = Frame(target="/home")

    def drawn() -> None:
        shown("board", frame, board(found), NOW, template="home/board.html")

    drawn()
    # They were 89 while each cell made its addresses, and drew what it has in common with the others.
    assert calls_in(drawn) <= 50 * APPLICATIONS * ENVIRONMENTS


def test_who_sees_it_already_gets_nothing_until_something_changes(world: World) -> None:
    deployments(world)
    known = re.findall(r'data-known="([^"]+)"', world.ask("GET", "/home", by=OWNER).text)[0]

    unchanged = world.ask("GET", f"/home?known={known}", by=OWNER)
    a_delivery(world)
    changed = world.ask("GET", f"/home?known={known}", by=OWNER)

    assert (unchanged.status, unchanged.content, changed.status) == (204, b"", 200)
    assert "Waits for your word" in changed.text
