"""Snapshots of versions that are there, or are built before they travel; scripts go by the priority of projects."""

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.definitions.compile_step import REPORTS_TESTS
from chalicelib.kernel.definitions.gated.assembly import Assembly, assembly_of
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.installation.portfolio import ProjectWorkflow, WorkflowType
from chalicelib.kernel.trains.gated import GatedTravel
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Member, Train, TrainSettings
from chalicelib.use_cases.installation.folders import CreateFolder, create_folder
from chalicelib.use_cases.installation.portfolio import (
    CreateProjectIn,
    CreateVersion,
    PartQuery,
    create_project_in,
    create_version,
    list_versions,
)
from chalicelib.use_cases.installation.workflows import CreateWorkflow, create_workflow
from chalicelib.use_cases.runs.report_tests import ReportTests, report_tests
from chalicelib.use_cases.trains.trains import CreateTrain, create_train
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, WantedVersion, assemble_snapshot
from chalicelib.use_cases.travel.executions import ExecutionQuery, get_execution
from tests.kernel.definitions.gated.given import Json, a_gate, a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, an_origin
from tests.use_cases.travel.gated_line import GatedLine


class Yard(GatedLine):
    """A house with two projects that are built and deployed by scripts: api first, then web."""

    def __post_init__(self) -> None:
        super().__post_init__()
        folder = create_folder(self.ports, CreateFolder(origin=an_origin(ROOT), title="shop")).id
        workflows = tuple(
            ProjectWorkflow(
                type=kind,
                workflow=create_workflow(
                    self.ports,
                    CreateWorkflow(origin=an_origin(ROOT), title=f"{kind}", type=kind, script=f"{kind} it"),
                ).id,
            )
            for kind in (WorkflowType.BUILD, WorkflowType.DEPLOY, WorkflowType.TEST)
        )
        self.first, self.second = (
            create_project_in(
                self.ports, CreateProjectIn(origin=an_origin(ROOT), title=title, folder=folder, workflows=workflows)
            )
            for title in ("api", "site")
        )
        deploy = a_stage(a_step("DEPLOY_ALL", "all"), environment=self.dev)
        self.release = self.planned(self.lay(deploy))

    def planned(self, pipeline: int) -> Train:
        """A train of both."""
        members = (
            Member(project=self.second.project, application=self.second.name, priority=2),
            Member(project=self.first.project, application=self.first.name, priority=1),
        )
        settings = TrainSettings(members=members, gated=GatedTravel(pipeline=pipeline))
        return create_train(self.ports, CreateTrain(origin=an_origin(ROOT), number="both", settings=settings))

    def change_to(self, *stages: Json) -> None:
        """The release travels other stages from now on."""
        self.change(self.release.gated.pipeline if self.release.gated else 0, *stages)

    def assemble(self, *versions: WantedVersion, copy_of: int | None = None, seed: str = "") -> Snapshot:
        """A snapshot of these versions."""
        origin = an_origin(ROOT, seed)
        command = AssembleSnapshot(origin=origin, train=self.release.id, versions=versions, copy_of=copy_of)
        snapshot = assemble_snapshot(self.ports, command).snapshot
        self.work_off()
        return snapshot

    def do(self, outcome: Outcome = Outcome.SUCCEEDED) -> list[tuple[str, str]]:
        """Do what is to be done now: the scripts, with the versions that they are given."""
        leased = self.lease(slots=9)
        done = [(str(one.job.ask["script"]), environment_of(one.job.ask)) for one in leased]
        for one in leased:
            self.finish(one, outcome)
        return sorted(done)

    def version_of(self, application: Application, title: str) -> int:
        """A version that was built elsewhere."""
        create = CreateVersion(origin=an_origin(ROOT), application=application.id, title=title)
        return create_version(self.ports, create).id


def environment_of(ask: object) -> str:
    held = ask["environment"] if isinstance(ask, dict) else {}
    return f"{held['PROJECT']} {held['PROJECT_VERSION']}"


@pytest.fixture
def yard() -> Yard:
    return Yard()


def test_what_has_no_version_is_built_and_then_deployed_by_priority(yard: Yard) -> None:
    snapshot = yard.assemble()
    first, second = (
        list_versions(yard.ports, PartQuery(origin=an_origin(ROOT), application=one.id))[0].title
        for one in (yard.first, yard.second)
    )
    assert assembly_of(yard.run_of(snapshot)) is Assembly.PENDING
    query = ExecutionQuery(by=ROOT, train=snapshot.train, snapshot=snapshot.id)
    with pytest.raises(NotFound, match="has no pipeline execution yet"):
        get_execution(yard.ports, query)
    assert yard.do() == [("BUILD it", f"api {first}"), ("BUILD it", f"site {second}")]
    assert assembly_of(yard.run_of(snapshot)) is Assembly.INITIATED
    assert [one.place for one in get_execution(yard.ports, query).stages] == [1]
    assert yard.do() == [("DEPLOY it", f"api {first}")]
    assert yard.do() == [("DEPLOY it", f"site {second}")]
    assert yard.run_of(snapshot).phase is Phase.SUCCEEDED


def test_a_build_that_fails_lets_nothing_travel(yard: Yard) -> None:
    snapshot = yard.assemble()
    yard.do(Outcome.FAILED)
    assert assembly_of(yard.run_of(snapshot)) is Assembly.FAILED
    assert yard.run_of(snapshot).phase is Phase.FAILED
    assert yard.do() == []


def test_a_deploy_that_fails_keeps_those_of_higher_numbers_back(yard: Yard) -> None:
    snapshot = yard.assemble()
    yard.do()
    yard.do(Outcome.FAILED)
    assert yard.do() == []
    assert yard.nodes(snapshot)["all"] is Phase.FAILED


def test_versions_that_are_there_are_taken(yard: Yard) -> None:
    wanted = [
        WantedVersion(application=one.id, version=yard.version_of(one, "2.0")) for one in (yard.first, yard.second)
    ]
    snapshot = yard.assemble(*wanted)
    assert [one.number for one in snapshot.carries] == ["2.0", "2.0"]
    assert yard.do() == [("DEPLOY it", "api 2.0")]


def test_a_copy_carries_the_same_and_builds_nothing(yard: Yard) -> None:
    first = yard.assemble()
    yard.do()
    copy = yard.assemble(copy_of=first.id)
    assert [one.version for one in copy.carries] == [one.version for one in first.carries]
    assert not any(one.builds for one in copy.carries)


def test_a_repeated_request_makes_one_snapshot_and_its_versions_once(yard: Yard) -> None:
    assert yard.assemble(seed="once").id == yard.assemble(seed="once").id
    assert len(list_versions(yard.ports, PartQuery(origin=an_origin(ROOT), application=yard.first.id))) == 1


def test_what_is_not_in_the_release_is_refused_with_its_place(yard: Yard) -> None:
    wanted = (
        WantedVersion(application=77),
        WantedVersion(application=yard.first.id, version=88, branch=99),
        WantedVersion(application=yard.first.id),
    )
    with pytest.raises(Invalid) as refused:
        yard.assemble(*wanted)
    assert [defect.path for defect in refused.value.defects] == [
        "snapshotVersionInputs[0].projectId",
        "snapshotVersionInputs[1].projectVersionId",
        "snapshotVersionInputs[1].projectStreamId",
        "snapshotVersionInputs[2].projectId",
    ]


def test_a_test_gate_of_a_later_stage_reads_what_the_test_step_reported(yard: Yard) -> None:
    test = a_stage(a_step("TEST", "try", projectId=yard.first.id), environment=yard.dev)
    gate = a_gate("TEST", "tests", environmentId=yard.dev, qualifier="failed-at-most", value=1)
    look = a_stage(a_step("MANUAL", "look"), gates=(gate,), environment=yard.prod)
    yard.change_to(test, look)
    wanted = WantedVersion(application=yard.first.id, version=yard.version_of(yard.first, "2.0"))
    other = WantedVersion(application=yard.second.id, version=yard.version_of(yard.second, "2.0"))
    snapshot = yard.assemble(wanted, other)
    (leased,) = yard.lease()
    assert leased.job.ask[REPORTS_TESTS]
    by = Principal(name=leased.job.id, kind=PrincipalKind.JOB)
    command = ReportTests(run=leased.job.run, by=by, stage=f"e{yard.dev}", name="unit", passed=9, failed=1, skipped=0)
    report_tests(yard.ports, command)
    yard.finish(leased)
    assert yard.nodes(snapshot) == {"tests": Phase.SUCCEEDED, "look": Phase.WAITING_PERSON}


def test_whoever_may_not_write_in_a_project_plans_no_release_that_deploys_it(yard: Yard) -> None:
    site, api = yard.second.project, yard.first.project
    reads = Principal(
        name="rea", roles=frozenset({role_in(site, Level.WRITE), role_in(api, Level.READ)}), scopes=frozenset({ALL})
    )
    settings = TrainSettings(members=yard.release.members, gated=yard.release.gated)
    with pytest.raises(Forbidden):
        create_train(yard.ports, CreateTrain(origin=an_origin(reads), number="mine", settings=settings))


def test_each_project_is_left_in_its_own_state(yard: Yard) -> None:
    versions = [
        create_version(yard.ports, CreateVersion(origin=an_origin(ROOT), application=one.id, title=title)).id
        for one, title in ((yard.first, "1.1"), (yard.second, "2.2"))
    ]
    yard.assemble(
        WantedVersion(application=yard.first.id, version=versions[0]),
        WantedVersion(application=yard.second.id, version=versions[1]),
    )
    for _ in versions:
        for lease in yard.lease():
            yard.finish(lease)
        yard.work_off()
    states = [
        yard.ports.deployments.find_deployment(one.project, "development", one.name)
        for one in (yard.first, yard.second)
    ]
    assert [one.state.stages["deploy"].version for one in states if one is not None and one.state] == ["1.1", "2.2"]
