"""Snapshots that carry what a workflow request has built for a train, in the name of who asked for the build."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.installation.portfolio import ProjectWorkflow, WorkflowType
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train, TrainSettings
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.definitions.built_for_train import GAVE
from chalicelib.use_cases.definitions.workflow_requests import (
    CreateRequest,
    RequestQuery,
    RequestView,
    create_request,
    get_request,
)
from chalicelib.use_cases.installation.portfolio import UpdateProjectIn, update_project_in
from chalicelib.use_cases.installation.workflows import CreateWorkflow, create_workflow
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.trains import UpdateTrain, update_train
from chalicelib.use_cases.travel.built_versions import give_built_version
from tests.kernel.definitions.gated.given import a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, WRITER, an_origin
from tests.use_cases.travel.gated_line import GatedLine


@pytest.fixture
def line() -> GatedLine:
    """The house with a user whose project is built by a workflow that has nothing to do."""
    line = GatedLine()
    roles = (role_in("web", Level.WRITE),)
    create_user(line.ports, CreateUser(origin=an_origin(ROOT), name="ada", standing=UserSettings(roles=roles)))
    made = create_workflow(line.ports, CreateWorkflow(origin=an_origin(ROOT), title="b", type=WorkflowType.BUILD))
    workflows = (ProjectWorkflow(type=made.type, workflow=made.id),)
    update_project_in(line.ports, UpdateProjectIn(origin=an_origin(ROOT), id=line.web.id, workflows=workflows))
    return line


@pytest.fixture
def train(line: GatedLine) -> Train:
    return line.plan(line.lay(a_stage(a_step("MANUAL", "look"), environment=line.dev)))


def built(line: GatedLine, train: int) -> RequestView:
    command = CreateRequest(origin=an_origin(WRITER), type=WorkflowType.BUILD, application=line.web.id, train=train)
    asked = create_request(line.ports, command)
    assert asked.snapshot is None
    line.work_off()
    return get_request(line.ports, RequestQuery(origin=an_origin(WRITER), id=asked.id))


def made(line: GatedLine, train: Train) -> list[Snapshot]:
    return list(line.ports.snapshots.of_train(train.id, Page()))


def test_what_was_built_for_a_train_is_carried_by_a_snapshot_of_it_once(line: GatedLine, train: Train) -> None:
    view = built(line, train.id)
    give_built_version(line.ports, view.run.run.id)
    (snapshot,) = made(line, train)
    assert (view.snapshot, snapshot.created_by) == (snapshot.id, "ada")
    assert [(one.version, one.builds) for one in snapshot.carries] == [(view.request.version, False)]
    assert [one.act for one in line.audits.kept.values()].count(GAVE) == 1


def test_why_a_train_was_not_given_what_was_built_for_it_is_in_the_audit_log(line: GatedLine, train: Train) -> None:
    assert train.gated is not None
    settings = TrainSettings(gated=replace(train.gated, readiness=Readiness.SUSPENDED))
    update_train(line.ports, UpdateTrain(origin=an_origin(WRITER), train=train.id, settings=settings))
    assert built(line, train.id).snapshot is None
    (entry,) = [one for one in line.audits.kept.values() if one.act == GAVE]
    assert "is suspended: it takes no snapshot" in entry.notes
    assert made(line, train) == []


def test_a_build_for_a_train_that_is_not_there_is_refused(line: GatedLine) -> None:
    with pytest.raises(Invalid, match="no release 7"):
        built(line, 7)


def test_what_no_request_has_built_is_given_to_nobody(line: GatedLine, train: Train) -> None:
    give_built_version(line.ports, line.run_of(line.begin(train)).id)
    give_built_version(line.ports, "none")
    assert len(made(line, train)) == 1
