"""What is where, all of it: versions, drift against the environment before, and what is on its way."""

from dataclasses import replace

import pytest

from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind, JobKind
from chalicelib.kernel.projects.cell import CellPhase
from chalicelib.kernel.projects.deployment import (
    Change,
    Deployment,
    DeploymentStage,
    DeploymentState,
    StageState,
    StageStatus,
    StateCode,
)
from chalicelib.kernel.projects.drift import Drift
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.overview.matrix import CellView, MatrixQuery, get_matrix
from chalicelib.use_cases.ports.runs import Page
from tests.builders import NOON, a_gate, a_plan, a_stage, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, CatalogHouse
from tests.use_cases.overview.test_find_runs import STRANGER


@pytest.fixture
def house() -> CatalogHouse:
    house = CatalogHouse()
    house.ports.projects.create(Project(name="shop", created_at=NOON), an_entry())
    return house


def deployed(
    house: CatalogHouse, environment: str, version: str, *, name: str = "app", code: StateCode = StateCode.OK
) -> None:
    stage = StageState(version=version, status=StageStatus(code=code))
    state = DeploymentState(name=name, release="demo/app", stages={DeploymentStage.DEPLOY: stage})
    known = house.ports.deployments.find_deployment("web", environment, name)
    new = Deployment(project="web", environment=environment, name=name, state=None, changed_at=NOON)
    change = Change(id=f"{environment} {name} {version}", at=NOON, by="ada", action=JobKind.DEPLOY, state=state)
    house.ports.deployments.commit(known or new, change, None)


def seen(house: CatalogHouse) -> dict[tuple[str, str], CellView]:
    (project,) = get_matrix(house.ports, MatrixQuery(by=READER)).projects
    return {(one.cell.environment, one.cell.deployment): one for one in project.cells}


@pytest.mark.parametrize(
    ("before", "here", "drift"),
    [
        ("1.10", "1.9", Drift.BEHIND),
        ("1.9", "1.10", Drift.AHEAD),
        ("1.9", "1.9", Drift.SAME),
        ("", "1.9", Drift.ABSENT),
        ("built by hand", "1.9", Drift.AHEAD),
    ],
)
def test_a_version_is_compared_with_that_in_the_environment_before(
    house: CatalogHouse, before: str, here: str, drift: Drift
) -> None:
    deployed(house, "staging", before)
    deployed(house, "production", here)
    cells = seen(house)

    assert cells["production", "app"].drift is drift
    assert cells["staging", "app"].drift is Drift.ABSENT


@pytest.mark.parametrize(
    ("before", "here", "apart"),
    [
        ("2.0", "1.0", 2),
        ("1.1", "1.0", 1),
        ("1.0", "2.0", 2),
        ("2.0", "2.0", 0),
        ("2.0", "0.9", None),
        ("9.0", "2.0", None),
        ("built by hand", "1.0", None),
    ],
)
def test_drift_is_counted_in_releases_where_both_are_known(
    house: CatalogHouse, before: str, here: str, apart: int | None
) -> None:
    house.inventory.spaces["demo"] = Namespace(name="demo", project="web")
    # Something else drifts, so that counts are looked up.
    deployed(house, "staging", "1.1", name="other")
    deployed(house, "production", "1.0", name="other")
    deployed(house, "staging", before)
    deployed(house, "production", here)

    assert seen(house)["production", "app"].apart == apart
    assert seen(house)["staging", "app"].apart is None


def test_releases_that_may_not_be_read_are_not_counted(house: CatalogHouse) -> None:
    house.inventory.spaces["demo"] = Namespace(name="demo", project="secret")
    deployed(house, "staging", "2.0")
    deployed(house, "production", "1.0")

    cell = seen(house)["production", "app"]
    assert (cell.drift, cell.apart) == (Drift.BEHIND, None)


def test_a_cell_says_how_what_is_there_is_since_when_and_by_whom(house: CatalogHouse) -> None:
    deployed(house, "staging", "1.0", code=StateCode.TEST_FAILURE)
    deployed(house, "production", "1.0", code=StateCode.RUNNING_MAIN_STEP)
    cells = seen(house)

    assert cells["staging", "app"].cell.phase is CellPhase.FAILED
    assert cells["production", "app"].cell.phase is CellPhase.CHANGING
    assert (cells["staging", "app"].cell.since, cells["staging", "app"].cell.by) == (NOON, "ada")


def test_the_newest_open_run_that_deploys_there_is_on_its_way(house: CatalogHouse) -> None:
    for name in ("app", "other"):
        deployed(house, "staging", "1.0", name=name)
    ref = DefinitionRef(kind=DefinitionKind.DEPLOYMENT_JOB, project="web", environment="staging", name="app")
    for run in ("run1", "run2"):
        house.start(replace(a_plan(a_stage(gates=(a_gate(),)), run=run), definition=ref))
    cells = seen(house)

    coming = cells["staging", "app"].on_its_way
    assert coming is not None
    assert coming.id == "run2"
    assert cells["staging", "other"].on_its_way is None


def test_everybody_gets_the_matrix_of_what_they_may_read_page_by_page(house: CatalogHouse) -> None:
    first = get_matrix(house.ports, MatrixQuery(by=ROOT, page=Page(size=1)))
    second = get_matrix(house.ports, MatrixQuery(by=ROOT, page=Page(size=1, after=first.after)))

    assert [one.project.name for one in (*first.projects, *second.projects)] == ["shop", "web"]
    assert (first.after, second.after) == ("shop", None)
    assert [one.project.name for one in get_matrix(house.ports, MatrixQuery(by=STRANGER)).projects] == ["shop"]
    with pytest.raises(NotFound, match="no project web"):
        get_matrix(house.ports, MatrixQuery(by=STRANGER, project="web"))


def test_a_pipeline_that_carries_a_release_is_on_its_way_until_it_is_there(house: CatalogHouse) -> None:
    for environment in ("staging", "production"):
        deployed(house, environment, "1.0")
    stages = (replace(a_stage("one"), environment="staging"), replace(a_stage("two"), environment="production"))
    house.start(a_plan(*(replace(one, gates=(a_gate(),)) for one in stages)))
    assert seen(house)["production", "app"].on_its_way is None

    house.runs.commit(replace(house.runs.run("run1"), releases=("demo/app-v1.1",)))
    cells = seen(house)
    assert [one.on_its_way.id for one in cells.values() if one.on_its_way is not None] == ["run1", "run1"]

    deployed(house, "staging", "1.1")
    assert seen(house)["staging", "app"].on_its_way is None
