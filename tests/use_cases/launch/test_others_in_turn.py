"""Redeploys, runs of snapshots and pipelines of tasks begin in turn as those of any pipeline do."""

from dataclasses import replace

import pytest

from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.use_cases.installation.git_repositories import SaveGitRepository, create_or_update_git_repository
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.repositories import SaveRepository
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from chalicelib.use_cases.task_pipelines.run import KillPipeline, RunTaskPipeline, kill_pipeline, run_task_pipeline
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_planned import begin_snapshot
from chalicelib.use_cases.travel.deploy import DeploySnapshot, deploy_snapshot
from tests.builders import an_entry
from tests.kernel.definitions.given import a_phase, a_pipeline
from tests.use_cases.catalog_ports import ROOT, CatalogHouse, an_origin
from tests.use_cases.house import House
from tests.use_cases.launch.test_in_turn import SCRIPT, WaitingWorld, at_once, trigger
from tests.use_cases.travel.line import Line, a_stage


def line_of(house: House) -> list[str]:
    """The runs at the only lock: its holder, and who waits for it."""
    (state,) = house.locks.kept.values()
    assert state.holder is not None
    return [state.holder.run, *(one.run for one in state.waiting)]


def numbers(house: House, line: list[str]) -> list[int]:
    return [house.ports.runs.plan(run).number for run in line]


@pytest.mark.parametrize("concurrency", [Concurrency.QUEUE, Concurrency.SUPERSEDE])
def test_redeploys(concurrency: Concurrency) -> None:
    house = CatalogHouse(world=WaitingWorld())
    phase = replace(a_phase(SCRIPT), environment="staging")
    house.ports.definitions.create(replace(a_pipeline(phase), concurrency=concurrency), an_entry())
    trigger(house.ports, "BEFORE")
    house.work_off()
    house.finish(house.lease()[0])
    house.work_off()

    def again(ports: Ports, seed: str) -> None:
        redeploy(ports, Redeploy(origin=an_origin(ROOT, seed), run="BEFORE", stages=("p1",)))

    at_once(house, lambda ports: again(ports, "FIRST"), lambda ports: again(ports, "SECOND"))
    assert line_of(house) == ["FIRST", "SECOND"]


@pytest.mark.parametrize("is_deployed", [False, True])
def test_runs_of_snapshots(*, is_deployed: bool) -> None:
    house = Line(world=WaitingWorld())
    stage = replace(a_stage("Test", job=True, automatic=not is_deployed), environment="staging")
    house.lay(stage, concurrency=Concurrency.SUPERSEDE if is_deployed else Concurrency.QUEUE)

    def made(ports: Ports, seed: str) -> int:
        create = CreateSnapshot(origin=an_origin(seed=seed), train=10_001)
        return begin_snapshot(ports, BeginSnapshot(create=create)).snapshot.id

    def deployed(ports: Ports, snapshot: int) -> None:
        deploy_snapshot(ports, DeploySnapshot(origin=an_origin(), train=10_001, snapshot=snapshot))

    if is_deployed:
        one, two = (made(house.ports, seed) for seed in ("FIRST", "SECOND"))
        at_once(house, lambda ports: deployed(ports, one), lambda ports: deployed(ports, two))
    else:
        at_once(house, lambda ports: made(ports, "FIRST"), lambda ports: made(ports, "SECOND"))
    assert numbers(house, line_of(house)) == [1, 2]


def test_pipelines_of_tasks() -> None:
    house = CatalogHouse(world=WaitingWorld())
    house.ports = replace(house.ports, settings=replace(house.ports.settings, executor="process"))
    settings = SaveRepository(origin=an_origin(ROOT), project="", name="code", url="https://git.example.org/code.git")
    create_or_update_git_repository(house.ports, SaveGitRepository(settings=settings, projects=("web",)))

    def begun(ports: Ports, seed: str) -> None:
        told = {"name": "cluster", "tasks": [{"name": "work", "namespacetask": "code/work", "dependance": []}]}
        run_task_pipeline(ports, RunTaskPipeline(origin=an_origin(seed=seed), namespace="night", configuration=told))

    begun(house.ports, "BEFORE")  # which makes the namespace
    kill_pipeline(house.ports, KillPipeline(origin=an_origin(), id="BEFORE"))
    house.work_off()
    at_once(house, lambda ports: begun(ports, "FIRST"), lambda ports: begun(ports, "SECOND"))
    assert numbers(house, line_of(house)) == [2, 3]
