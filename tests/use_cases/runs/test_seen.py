"""Runs of any kind, as those see them who may only read: what is not known to be harmless is hidden."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.definitions.definition import DeploymentJob
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.definitions.builds import TriggerBuild, trigger_build
from chalicelib.use_cases.definitions.deployment_jobs import TriggerJob, trigger_job
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import ListRuns, RunView
from chalicelib.use_cases.runs.redacted import RunNamed, RunsOf, get_redacted_run, list_redacted_runs, without_outputs
from slipway_formats.build_step import BuildStep
from slipway_formats.release import Variable
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import READER, WRITER, CatalogHouse, an_origin


@pytest.fixture
def house() -> CatalogHouse:
    house = CatalogHouse()
    house.inventory.inputs = (Variable(id="password", sensitive=True),)
    house.inventory.outputs = (Variable(id="token", sensitive=True),)
    return house


def outputs(view: RunView) -> dict[str, str]:
    (node,) = view.run.stages[-1].nodes.values()
    return dict(node.outputs)


def deployed(house: CatalogHouse) -> str:
    place: dict[str, Any] = {"project": "web", "environment": "staging", "deployment": "app"}
    job = DeploymentJob(id="j", **place, release="demo/app", created_at=NOON)
    house.ports.definitions.create(job, an_entry())
    run = trigger_job(house.ports, TriggerJob(origin=an_origin(), **place, inputs={"password": "hunter2"}))
    house.work_off()
    (leased,) = house.lease()
    house.finish(leased, token="abc", url="u")
    return run.id


def built(house: CatalogHouse, *steps: BuildStep) -> str:
    build = replace(a_build(), steps=steps)
    house.ports.definitions.create(build, an_entry())
    ask = TriggerBuild(origin=an_origin(), project=build.project, environment=build.environment, name=build.name)
    run = trigger_build(house.ports, ask)
    house.work_off()
    (leased,) = house.lease()
    house.finish(leased, release="demo/app-v1.0", token="abc", url="u")
    return run.id


def test_readers_see_no_sensitive_output_of_a_deployment(house: CatalogHouse) -> None:
    run = deployed(house)
    assert outputs(get_redacted_run(house.ports, RunNamed(by=READER, run=run))) == {"token": "***", "url": "u"}
    assert outputs(get_redacted_run(house.ports, RunNamed(by=WRITER, run=run))) == {"token": "abc", "url": "u"}
    runs = ListRuns(project="web", kind=DefinitionKind.DEPLOYMENT_JOB, page=Page(size=9))
    (listed,) = list_redacted_runs(house.ports, RunsOf(by=READER, runs=runs))
    assert outputs(listed) == {"token": "***", "url": "u"}
    assert "hunter2" not in str(listed.plan.snapshot)


def test_readers_see_no_sensitive_output_of_a_build(house: CatalogHouse) -> None:
    seen = get_redacted_run(house.ports, RunNamed(by=READER, run=built(house, BuildStep())))
    assert outputs(seen) == {"release": "demo/app-v1.0", "token": "***", "url": "u"}


def test_of_a_build_of_several_releases_readers_see_the_last_release_alone(house: CatalogHouse) -> None:
    seen = get_redacted_run(house.ports, RunNamed(by=READER, run=built(house, BuildStep(), BuildStep())))
    assert outputs(seen) == {"release": "demo/app-v1.0", "token": "***", "url": "***"}


def test_of_a_release_that_is_gone_readers_see_nothing(house: CatalogHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    run = deployed(house)
    monkeypatch.setattr(house.inventory, "find_release", lambda _: None)
    assert outputs(get_redacted_run(house.ports, RunNamed(by=READER, run=run))) == {"token": "***", "url": "***"}


def test_a_decision_shows_no_outputs_to_whom_may_only_read(house: CatalogHouse) -> None:
    view = get_redacted_run(house.ports, RunNamed(by=WRITER, run=deployed(house)))
    assert outputs(without_outputs(view)) == {}
