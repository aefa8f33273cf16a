"""What scripts of projects leave in State, where a snapshot carries versions of several."""

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.installation.portfolio import ProjectVersion, ProjectWorkflow, WorkflowType
from chalicelib.kernel.projects.deployment import Change, DeploymentStage
from chalicelib.use_cases.installation.portfolio import (
    CreateVersion,
    UpdateProjectIn,
    create_version,
    update_project_in,
)
from chalicelib.use_cases.installation.workflows import CreateWorkflow, create_workflow
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, WantedVersion, assemble_snapshot
from tests.kernel.definitions.gated.given import Json, a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, WRITER, an_origin
from tests.use_cases.travel.gated_line import GatedLine

KINDS = (WorkflowType.DEPLOY, WorkflowType.UTILITY, WorkflowType.TEST)


@pytest.fixture
def line() -> GatedLine:
    """A project that is deployed, cleaned and tested by scripts."""
    line = GatedLine()
    workflows = []
    for kind in KINDS:
        create = CreateWorkflow(origin=an_origin(ROOT), title=kind, type=kind, versions=("1.0",), script=kind)
        workflows.append(ProjectWorkflow(type=kind, workflow=create_workflow(line.ports, create).id))
    update = UpdateProjectIn(origin=an_origin(ROOT), id=line.web.id, title="web", folder=99, workflows=tuple(workflows))
    update_project_in(line.ports, update)
    return line


def travelled(line: GatedLine, step: Json, version: str) -> list[Change]:
    """What the history in production says once a snapshot of a version has done the step there."""
    made = create_version(line.ports, CreateVersion(origin=an_origin(ROOT), application=line.web.id, title=version))
    train = line.plan(line.lay(a_stage(step, environment=line.prod)))
    wanted = (WantedVersion(application=line.web.id, version=made.id),)
    assemble_snapshot(line.ports, AssembleSnapshot(origin=an_origin(WRITER), train=train.id, versions=wanted))
    line.work_off()
    for lease in line.lease():
        line.finish(lease, Outcome.SUCCEEDED)
    line.work_off()
    found = line.ports.deployments.find_deployment("web", "production", "web")
    return [] if found is None else list(line.ports.deployments.history(found, Page(size=9)))


def test_a_deploy_leaves_the_version_that_the_snapshot_carries(line: GatedLine) -> None:
    (change,) = travelled(line, a_step("DEPLOY_ALL", "deploy"), "1.4.2")
    assert (change.release, change.went_well) == ("_/web-v1.4.2", True)
    assert change.state is not None
    stage = change.state.stages[DeploymentStage.DEPLOY]
    assert (stage.version, stage.calculated_outputs["number"]) == ("1.4.2", "1.4.2")


def test_a_version_that_is_none_of_releases_is_known_by_its_id(line: GatedLine) -> None:
    (change,) = travelled(line, a_step("DEPLOY_ALL", "deploy"), "the best one")
    (version,) = line.ports.installation.every(ProjectVersion)
    assert change.release == f"_/web-v0.{version.id}"
    assert change.outputs["number"] == "the best one"


@pytest.mark.parametrize("kind", ["EXEC_ALL_UTILITY", "TEST_ALL"])
def test_what_deploys_nothing_leaves_nothing(line: GatedLine, kind: str) -> None:
    assert travelled(line, a_step(kind, "other"), "1.4.2") == []
