"""A house in which a release is deployed, and a run waits to deploy the next one."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.kernel.definitions.definition import DeploymentJob
from chalicelib.kernel.plans.plan import Node, Plan
from chalicelib.kernel.plans.work import DefinitionKind, JobKind, RunDefinition, VersionRule
from chalicelib.kernel.projects.deployment import (
    Change,
    DeploymentStage,
    DeploymentState,
    StageState,
    StageStatus,
    StateCode,
)
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from tests.builders import a_gate, a_plan, a_stage, a_step, an_entry
from tests.kernel.definitions.given import a_job
from tests.use_cases.catalog_ports import CatalogHouse

DEPLOY = RunDefinition(
    kind=DefinitionKind.DEPLOYMENT_JOB,
    project="web",
    environment="staging",
    name="app",
    action=JobKind.DEPLOY,
    version=VersionRule.LATEST,
)


def deployed(house: CatalogHouse, version: str, inputs: Mapping[str, object], run: str = "", change: str = "") -> None:
    """Record that a job has deployed a release of demo/app."""
    before = deployment_or_new(house.ports, "web", "staging", "app")
    stage = StageState(version=version, status=StageStatus(code=StateCode.OK), inputs=inputs)
    state = DeploymentState(name="app", release="demo/app", stages={DeploymentStage.DEPLOY: stage})
    made = Change(
        id=change or f"deploy of {version}",
        at=house.world.now(),
        by="ada",
        action=JobKind.DEPLOY,
        release=f"demo/app-v{version}",
        inputs=inputs,
        run=run,
        state=state,
    )
    house.ports.deployments.commit(before, made, None)


def gated(*steps: Node, gates: tuple[Node, ...] = (), run: str = "run2") -> Plan:
    """A pipeline of one stage that deploys the latest release behind a gate."""
    stage = a_stage(steps=steps or (a_step("s1", DEPLOY),), gates=gates or (a_gate(),))
    return a_plan(replace(stage, environment="staging"), run=run)


def a_house(**job: object) -> CatalogHouse:
    """A house with release 1.0 of demo/app in staging, and a job that deploys there. job: its other fields."""
    house = CatalogHouse()
    house.inventory.spaces["demo"] = Namespace(name="demo", project="web")
    known = replace(a_job(deployment="app"), inputs={"port": 80, "colour": "blue"})
    made: DeploymentJob = replace(known, **job)  # type: ignore[arg-type]  # fields by name
    house.ports.definitions.create(made, an_entry())
    deployed(house, "1.0", {"port": 80, "colour": "red"})
    return house


@pytest.fixture
def house() -> CatalogHouse:
    """The house, with a run that waits."""
    made = a_house()
    made.start(gated())
    return made
