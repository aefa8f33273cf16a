"""What scripts of snapshots leave in State: deployments with a history, in environments of their project."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.installation.entries import SharedEnvironment
from chalicelib.kernel.projects.deployment import Change, Deployment, DeploymentStage, StateCode
from chalicelib.use_cases.jobs.finish import conclude
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from tests.builders import NOON
from tests.use_cases.catalog_ports import an_origin
from tests.use_cases.travel.line import Line, a_stage

STAGING = "staging"


@pytest.fixture
def line() -> Line:
    line = Line()
    line.lay(replace(a_stage("Test", job=True), environment=STAGING), a_stage("Live"))
    # As of a pipeline of a raft, which knows nothing of the environments of projects.
    line.ports.projects.mark_environment_deleting("web", STAGING, an_entry("deletes-environment"))
    line.ports.projects.forget_environment("web", STAGING)
    return line


def an_entry(act: str) -> AuditEntry:
    """Who prepares this."""
    return AuditEntry(id=act, at=NOON, by="ann", act=act)


def deployment(line: Line) -> Deployment | None:
    """What stands there under the application's name."""
    return line.ports.deployments.find_deployment("web", STAGING, "web")


def history(line: Line) -> list[Change]:
    """What was done to it, newest first."""
    found = deployment(line)
    return [] if found is None else list(line.ports.deployments.history(found, Page(size=9)))


def test_a_script_that_went_well_leaves_a_deployment_of_the_application(line: Line) -> None:
    line.begin()
    run = line.deploy().run.run.id
    line.finish(line.lease()[0])

    (change,) = history(line)
    assert (change.release, change.went_well, change.run) == ("_/web-v1", True, run)
    assert change.state is not None
    stage = change.state.stages[DeploymentStage.DEPLOY]
    assert (stage.version, stage.calculated_outputs["number"], stage.code) == ("1", "1", StateCode.OK)
    assert line.ports.projects.environment("web", STAGING).name == STAGING


def test_a_script_that_failed_leaves_its_failure_and_the_version_before(line: Line) -> None:
    for outcome in (Outcome.SUCCEEDED, Outcome.FAILED):
        line.deploy(line.begin().id)
        line.finish(line.lease()[0], outcome)

    assert [(one.release, one.went_well) for one in history(line)] == [("_/web-v2", False), ("_/web-v1", True)]
    found = deployment(line)
    assert found is not None
    assert found.state is not None
    stage = found.state.stages[DeploymentStage.DEPLOY]
    assert (stage.version, stage.code) == ("1", StateCode.FAILURE)


def test_a_number_that_is_no_version_is_an_output_alone(line: Line) -> None:
    made = create_snapshot(line.ports, CreateSnapshot(origin=an_origin(), train=10_001, number="56.develop"))
    line.deploy(made.snapshot.id)
    line.finish(line.lease()[0])

    (change,) = history(line)
    assert change.release == f"_/web-v0.{made.snapshot.id}"
    assert change.state is not None
    assert change.state.stages[DeploymentStage.DEPLOY].calculated_outputs["number"] == "56.develop"


def test_it_is_recorded_once_however_often_the_end_is_told(line: Line) -> None:
    line.begin()
    line.deploy()
    job = line.lease()[0]
    line.finish(job)
    ended = line.ports.jobs.find_job(job.job.id)
    assert ended is not None
    conclude(line.ports, replace(ended, acknowledged=False))

    assert len(history(line)) == 1
    assert [one.act for one in line.audits.kept.values()].count("added-environment") == 1


def test_a_stage_without_an_environment_leaves_nothing(line: Line) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    line.deploy()
    line.finish(line.lease()[0])

    assert STAGING not in [one.name for one in line.ports.projects.environments("web")]


def test_the_environment_of_a_project_has_the_title_of_the_installations(line: Line) -> None:
    shared = SharedEnvironment(id=7, title="Pre-Prod!", name=STAGING, code="PP", created_at=NOON)
    line.ports.installation.create(shared, an_entry("made-known"))
    line.begin()
    line.deploy()
    line.finish(line.lease()[0])

    assert line.ports.projects.environment("web", STAGING).title == "Pre-Prod!"
