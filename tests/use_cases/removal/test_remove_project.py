"""Projects that go while work is done in them, and removals that take more than one ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.definition import JobSettings
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Fault, NotFound, Stale
from chalicelib.kernel.installation.entries import Application, ItemType, RaftItem
from chalicelib.kernel.projects.deployment import DeploymentState, NodePath
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.definitions.deployment_jobs import SaveJob, TriggerJob, create_deployment_job, trigger_job
from chalicelib.use_cases.installation.applications import list_applications
from chalicelib.use_cases.projects.deployments import UpdateState, update_state
from chalicelib.use_cases.projects.namespaces import CreateNamespace, create_namespace
from chalicelib.use_cases.projects.projects import (
    ProjectNamed,
    ProjectSettings,
    SaveProject,
    create_project,
    get_project,
)
from chalicelib.use_cases.projects.repositories import SaveRepository, create_repository
from chalicelib.use_cases.rafts.raft_items import SaveItem, create_or_update_item
from chalicelib.use_cases.removal.project import RemoveEnvironment, RemoveProject, remove_environment, remove_project
from chalicelib.use_cases.removal.removal import Removed
from tests.builders import an_entry
from tests.fakes.world import FakeWorld
from tests.use_cases.catalog_ports import ROOT, CatalogHouse, an_origin

JOB: dict[str, Any] = {"project": "web", "environment": "staging", "deployment": "demo/app"}


class HurriedWorld(FakeWorld):
    """A clock that moves with each look."""

    a_look = timedelta(0)

    def now(self) -> datetime:
        self.move(self.a_look)
        return super().now()


@pytest.fixture
def house() -> CatalogHouse:
    """A project with a deployment job."""
    made = CatalogHouse(world=HurriedWorld())
    create_deployment_job(made.ports, SaveJob(origin=an_origin(ROOT), **JOB, settings=JobSettings(release="demo/app")))
    return made


def deploy(house: CatalogHouse) -> str:
    ask = TriggerJob(origin=an_origin(ROOT), project="web", environment="staging", deployment="demo/app")
    return trigger_job(house.ports, ask).id


def put(house: CatalogHouse, environment: str, name: str) -> None:
    ask = UpdateState(
        origin=an_origin(ROOT),
        project="web",
        environment=environment,
        root=name,
        path=NodePath(names=(name,)),
        state=DeploymentState(name=name),
    )
    update_state(house.ports, ask)


def remove(house: CatalogHouse) -> Removed:
    return remove_project(house.ports, RemoveProject(origin=an_origin(ROOT), name="web"))


def remove_staging(house: CatalogHouse) -> Removed:
    return remove_environment(house.ports, RemoveEnvironment(origin=an_origin(ROOT), project="web", name="staging"))


def counts(removed: Removed) -> dict[str, int]:
    return {thing: count for thing, count in removed.counts.items() if count}


def test_what_runs_is_told_to_stop_and_goes_once_it_has(house: CatalogHouse) -> None:
    run = deploy(house)
    (leased,) = house.lease()

    first = remove_staging(house)

    assert (counts(first), first.stopping, first.is_complete) == ({"deployment_jobs": 1}, 1, False)
    assert house.jobs.job(leased.job.id).cancel
    house.finish(leased, Outcome.CANCELLED)
    assert house.runs.run(run).phase is Phase.CANCELLED
    second = remove_staging(house)
    assert (counts(second), second.stopping, second.is_complete) == ({"environments": 1, "executions": 1}, 0, True)
    assert run not in house.runs.kept
    assert leased.job.id not in house.jobs.kept


def test_what_a_stopping_job_still_deployed_is_written_down_nowhere_and_its_run_ends(house: CatalogHouse) -> None:
    run = deploy(house)
    (leased,) = house.lease()
    remove(house)

    house.finish(leased, Outcome.SUCCEEDED, release="demo/app-v2.0")

    assert house.runs.run(run).is_final
    assert house.ports.deployments.in_environment("web", "staging") == []
    assert remove(house).is_complete


def test_what_waits_for_nobody_goes_at_once(house: CatalogHouse) -> None:
    deploy(house)
    removed = remove(house)
    assert removed.is_complete
    assert counts(removed) == {"deployment_jobs": 1, "environments": 2, "executions": 1}


def test_a_removal_that_runs_out_of_time_says_so_and_is_gone_on_with(house: CatalogHouse) -> None:
    for number in range(5):
        put(house, "staging", f"app{number}")
        put(house, "production", f"app{number}")
    world = house.world
    assert isinstance(world, HurriedWorld)
    world.a_look = timedelta(seconds=6)

    asks = [remove(house)]
    while not asks[-1].is_complete:
        asks.append(remove(house))

    assert len(asks) > 2
    assert sum(ask.counts["deployments"] for ask in asks) == 10
    with pytest.raises(NotFound):
        remove(house)


def test_a_project_made_anew_under_the_name_knows_nothing_of_the_old_one(house: CatalogHouse) -> None:
    put(house, "staging", "app")
    remove(house)
    create_project(house.ports, SaveProject(origin=an_origin(ROOT), name="web", settings=ProjectSettings()))
    seen = get_project(house.ports, ProjectNamed(by=ROOT, name="web"))
    assert (seen.project.environments, seen.environments) == ((), ())


def test_an_environment_goes_from_its_projects_order_and_leaves_the_others(house: CatalogHouse) -> None:
    put(house, "staging", "app")
    put(house, "production", "app")
    assert counts(remove_staging(house)) == {"deployment_jobs": 1, "deployments": 1, "environments": 1}
    (production,) = get_project(house.ports, ProjectNamed(by=ROOT, name="web")).environments
    assert production.environment.name == "production"
    assert [one.name for one in production.deployments] == ["app"]


def test_removals_say_in_the_audit_log_who_asked(house: CatalogHouse) -> None:
    remove(house)
    acts = {(entry.act, entry.subject, entry.by) for entry in house.audits.kept.values()}
    assert {("removed-project", "web", "root"), ("removed-environment", "web/staging", "root")} <= acts


class Outrun:
    """Of a port: a rival is faster once at one method, or has removed the thing before it comes to that."""

    def __init__(self, behind: object, method: str, fault: Fault) -> None:
        self.behind, self.method, self.faults = behind, method, [fault]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any method
        found = getattr(self.behind, name)
        return self._outrun(found) if name == self.method else found

    def _outrun(self, act: Callable[..., object]) -> Callable[..., object]:
        def tried(*given: object) -> object:
            if self.faults:
                raise self.faults.pop()
            return act(*given)

        return tried


RIVALRIES = {
    "definitions": ("definitions", "remove"),
    "deployments": ("deployments", "forget"),
    "repositories": ("projects", "remove_repository"),
    "namespaces": ("namespaces", "remove_namespace"),
    "service_accounts": ("access", "remove_service_account"),
}


@pytest.mark.parametrize("fault", [Stale("it has changed"), NotFound("it is gone")], ids=["stale", "gone"])
@pytest.mark.parametrize("thing", RIVALRIES)
def test_a_rival_at_any_thing_keeps_no_project_from_going(house: CatalogHouse, thing: str, fault: Fault) -> None:
    put(house, "staging", "app")
    of_web: dict[str, Any] = {"origin": an_origin(ROOT), "project": "web"}
    create_repository(house.ports, SaveRepository(**of_web, name="code", url="https://git.example.org/app.git"))
    create_namespace(house.ports, CreateNamespace(**of_web, name="demo"))
    create_service_account(house.ports, CreateServiceAccount(**of_web, name="robot", role=Level.READ))
    port, method = RIVALRIES[thing]
    outrun: Any = Outrun(getattr(house.ports, port), method, fault)
    ports = replace(house.ports, **{port: outrun})

    removed = remove_project(ports, RemoveProject(origin=an_origin(ROOT), name="web"))

    assert removed.is_complete


def test_an_application_goes_with_its_scripts_its_variables_and_their_secrets(house: CatalogHouse) -> None:
    ports, scope = house.ports, Scope(kind=ScopeKind.APPLICATION, place="web/web")
    (application,) = list_applications(ports, an_origin(ROOT))
    script = SaveItem(
        origin=an_origin(ROOT), raft=1, application=application.id, type=ItemType.SCRIPT, title="Deploy", content="x"
    )
    create_or_update_item(ports, script)
    secret = ports.secrets.put("projects/web/applications/web/inputs/x", "s3cret")
    given = VariableSet(scope=scope, values={"a": "1"}, secrets={"b": secret})
    ports.variables.save(given, an_entry())

    remove(house)

    assert (ports.installation.every(Application), ports.installation.every(RaftItem)) == ([], [])
    left = ports.variables.variables(scope)
    assert (left.values, left.secrets) == ({}, {})
    with pytest.raises(NotFound):
        ports.secrets.get(secret)
