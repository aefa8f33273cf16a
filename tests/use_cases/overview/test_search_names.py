"""Names are found as people type them, best first, for few reads, and nobody finds what they may not read."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.use_cases.overview.search_names import SearchNames, search_names
from tests.dialects.console.given import NOOP, a_delivery, a_project, a_release, a_run, triggered
from tests.dialects.console.measured import reads_of
from tests.dialects.matrix.callers import STRANGER
from tests.dialects.matrix.world import World, peopled

WHOLE = frozenset({ALL})
ROOT = Principal(name="root", roles=frozenset({ADMIN}), scopes=WHOLE)
READER = Principal(name="reader", roles=frozenset({role_in("web", Level.READ)}), scopes=WHOLE)
OTHER = Principal(name="stranger", roles=frozenset({role_in("other", Level.OWNER)}), scopes=WHOLE)


@pytest.fixture(scope="module")
def world() -> World:
    """A project with two pipelines, three runs and a release, beside another one."""
    world = peopled()
    a_project(world)
    world.things["run"] = a_delivery(world)
    triggered(world, "delivery")
    a_run(world, "nightly", [{"name": "go", "steps": [{"name": "say", **NOOP}]}])
    a_release(world, "1.0")
    return world


def found(world: World, text: str, by: Principal = ROOT, most: int = 8) -> list[str]:
    query = SearchNames(by=by, text=text, most=most)
    return [f"{one.kind} {one.name}" for one in search_names(world.house.ports, query)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("web", "project web"),
        ("web/delivery", "pipeline web/delivery"),
        ("DELIV", "pipeline web/delivery"),
        ("web night", "pipeline web/nightly"),
        ("prod", "environment web/production"),
        ("web/delivery#1", "run web/delivery#1"),
        ("nightly#1", "run web/nightly#1"),
        ("demo/app", "application demo/app"),
        ("demo/app-v1.0", "release demo/app-v1.0"),
        ("read", "person reader"),
    ],
)
def test_what_is_typed_is_found_first(world: World, text: str, first: str) -> None:
    assert found(world, text)[0] == first


def test_a_release_that_is_not_there_is_not_found(world: World) -> None:
    assert found(world, "demo/app-v9.9") == []


def test_a_run_is_found_by_its_id_and_all_runs_of_a_pipeline_by_its_name(world: World) -> None:
    assert found(world, world.things["run"].lower()) == ["run web/delivery#1"]
    assert found(world, "delivery#") == ["run web/delivery#1", "run web/delivery#2"]


def test_nobody_finds_what_they_may_not_read(world: World) -> None:
    for text in (
        "web",
        "delivery",
        "web/delivery#1",
        "delivery#1",
        world.things["run"],
        "demo/app",
        "demo/app-v1.0",
        "prod",
    ):
        assert found(world, text, by=OTHER) == []
    assert found(world, "reader", by=READER) == []
    assert found(world, STRANGER, by=replace(ROOT, roles=frozenset({role_in("*", Level.READ)}))) == []


@pytest.mark.parametrize("text", ["", "   ", "#", "/", "---", "\x00", "\ud800", "ÿ", "a" * 5000, "%", "x" * 26])
def test_whatever_is_typed_something_or_nothing_is_found(world: World, text: str) -> None:
    assert isinstance(found(world, text), list)


def test_no_more_is_found_than_is_asked_for(world: World) -> None:
    assert len(found(world, "e", most=2)) == 2


@pytest.mark.parametrize(("text", "most"), [("web", 6), ("web/delivery#1", 4), ("demo/app", 6), ("", 0)])
def test_a_key_costs_few_reads(world: World, text: str, most: int) -> None:
    with reads_of(world) as calls:
        found(world, text)

    assert len(calls) <= most, calls
