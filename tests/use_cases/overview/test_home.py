"""What one sees on coming in: one's own word first, then what failed, what is under way, and what is where."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.overview.home import LATELY, Home, HomeQuery, get_home
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from tests.builders import NOON, a_plan, a_stage, a_step, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, CatalogHouse
from tests.use_cases.overview.test_find_runs import STRANGER, waiting
from tests.use_cases.overview.test_matrix import deployed


@pytest.fixture
def house() -> CatalogHouse:
    """Of web a run that waits, one whose step is under way and one that was rejected; of shop one that waits."""
    house = CatalogHouse()
    house.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())
    house.start(waiting(1))
    house.start(replace(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),)), run="run2"), number=2))
    house.start(waiting(3))
    house.start(waiting(4, project="shop"))
    decide_node(house.ports, DecideNode(run="run3", kind=ActKind.REJECTED, by=ROOT))
    house.work_off()
    deployed(house, "staging", "1.0")
    deployed(house, "staging", "2.0", name="worker")
    return house


def seen(house: CatalogHouse, query: HomeQuery) -> Home:
    return get_home(house.ports, query)


def test_what_waits_failed_and_is_under_way_stands_apart(house: CatalogHouse) -> None:
    found = seen(house, HomeQuery(by=ROOT, now=NOON))

    assert [one.id for one in found.waiting] == ["run1", "run4"]
    assert [one.id for one in found.failed] == ["run3"]
    assert [one.id for one in found.under_way] == ["run2"]
    assert [one.project.name for one in found.matrix.projects] == ["shop", "web"]


def test_nobody_sees_runs_of_others_projects_or_what_waits_for_others(house: CatalogHouse) -> None:
    reader, stranger = (seen(house, HomeQuery(by=by, now=NOON)) for by in (READER, STRANGER))

    assert (reader.waiting, [one.id for one in reader.under_way]) == ((), ["run2"])
    assert [one.id for one in stranger.waiting] == ["run4"]
    assert (stranger.failed, [one.project.name for one in stranger.matrix.projects]) == ((), ["shop"])


def test_what_was_given_up_did_not_fail(house: CatalogHouse) -> None:
    decide_run(house.ports, DecideRun(run="run2", kind=ActKind.CANCELLED, by=ROOT))
    house.work_off()

    found = seen(house, HomeQuery(by=ROOT, now=NOON))

    assert ([one.id for one in found.failed], found.under_way) == (["run3"], ())


def test_what_failed_is_told_for_a_day(house: CatalogHouse) -> None:
    later = NOON + timedelta(hours=3) + LATELY

    assert seen(house, HomeQuery(by=ROOT, now=later)).failed == ()


@pytest.mark.parametrize(
    ("sought", "names"),
    [("", ["app", "worker"]), ("WEB", ["app", "worker"]), ("work", ["worker"]), ("demo/app", ["app", "worker"])],
)
def test_the_matrix_is_narrowed_by_a_name(house: CatalogHouse, sought: str, names: list[str]) -> None:
    found = seen(house, HomeQuery(by=READER, now=NOON, sought=sought))

    assert [cell.cell.deployment for one in found.matrix.projects for cell in one.cells] == names


def test_projects_come_by_pages(house: CatalogHouse) -> None:
    first = seen(house, HomeQuery(by=ROOT, now=NOON, page=Page(size=1)))
    second = seen(house, HomeQuery(by=ROOT, now=NOON, page=Page(size=1, after=first.matrix.after)))

    assert ([one.project.name for one in first.matrix.projects], first.matrix.after) == (["shop"], "shop")
    assert ([one.project.name for one in second.matrix.projects], second.matrix.after) == (["web"], None)
