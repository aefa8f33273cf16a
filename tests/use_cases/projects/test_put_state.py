"""Who is said to have written the state of a deployment."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import Level, role_in, state_role
from chalicelib.kernel.faults import Forbidden
from chalicelib.kernel.projects.deployment import DeploymentState, NodePath
from chalicelib.use_cases.definitions.builds import TriggerBuild, trigger_build
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.deployments import (
    DeleteDeployment,
    HistoryOf,
    UpdateState,
    delete_deployment,
    list_history,
    update_state,
)
from tests.builders import an_entry
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, an_origin

ROLES = frozenset({role_in("web", Level.WRITE)})


def written_by(house: CatalogHouse, by: Principal) -> list[tuple[str, str]]:
    """The history, newest first, after somebody wrote a state and forgot it: by whom, in which run."""
    put = UpdateState(
        origin=an_origin(by),
        project="web",
        environment="staging",
        root="app",
        path=NodePath(names=("app",)),
        state=DeploymentState(name="app"),
    )
    update_state(house.ports, put)
    delete = DeleteDeployment(origin=an_origin(by), project="web", environment="staging", name="app")
    delete_deployment(house.ports, delete)
    ask = HistoryOf(project="web", environment="staging", name="app", page=Page(size=9))
    history = list_history(house.ports, ask)
    return [(change.by, change.run) for change in history]


def test_what_a_job_writes_is_by_who_started_its_run() -> None:
    house = CatalogHouse()
    build = a_build()
    house.ports.definitions.create(build, an_entry())
    ask = TriggerBuild(origin=an_origin(), project=build.project, environment=build.environment, name=build.name)
    run = trigger_build(house.ports, ask)
    (leased,) = house.lease()

    job = Principal(name=leased.job.id, kind=PrincipalKind.JOB, roles=ROLES)

    assert written_by(house, job) == [(WRITER.name, run.id)] * 2


def test_what_a_client_writes_is_by_the_client() -> None:
    assert written_by(CatalogHouse(), WRITER) == [(WRITER.name, "")] * 2


def test_what_a_job_writes_that_is_no_more_is_by_the_job() -> None:
    job = Principal(name="gone.1.s1.1", kind=PrincipalKind.JOB, roles=ROLES)
    assert written_by(CatalogHouse(), job) == [("gone.1.s1.1", "")] * 2


def a_worker(*roles: str) -> Principal:
    return Principal(name="gone.1.s1.1", kind=PrincipalKind.JOB, roles=frozenset({role_in("web", Level.JOB), *roles}))


@pytest.mark.parametrize("own", [state_role("web", "staging", "app"), state_role("web", "staging")])
def test_a_job_writes_and_removes_the_state_that_is_its_own(own: str) -> None:
    assert len(written_by(CatalogHouse(), a_worker(own))) == 2


@pytest.mark.parametrize(
    "other",
    [
        state_role("web", "staging", "other"),
        state_role("web", "production", "app"),
        state_role("web", "production"),
        state_role("api", "staging"),
    ],
)
def test_a_job_writes_no_state_that_is_not_its_own(other: str) -> None:
    with pytest.raises(Forbidden, match="does not work on app in web/staging"):
        written_by(CatalogHouse(), a_worker(other))


def test_a_job_removes_no_state_that_is_not_its_own() -> None:
    ask = DeleteDeployment(origin=an_origin(a_worker()), project="web", environment="staging", name="app")
    with pytest.raises(Forbidden, match="does not work on app"):
        delete_deployment(CatalogHouse().ports, ask)
