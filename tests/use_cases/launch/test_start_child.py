"""Runs that other runs start, what their jobs leave behind, and what their endings begin."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.engine.job import Job as MachineJob
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.plan import Parent, Plan
from chalicelib.kernel.plans.work import DefinitionKind, Job, JobKind, RunDefinition, VersionRule
from chalicelib.kernel.projects.deployment import DeploymentState, StateCode, deployed, running_version
from chalicelib.kernel.projects.project import Repository
from chalicelib.use_cases.launch.start_child import start_definition
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import record_deployment
from slipway_formats.release import Variable
from tests.builders import NOON, a_plan, an_entry, begun, later
from tests.kernel.definitions.given import a_build, a_job, a_pipeline
from tests.use_cases.catalog_ports import ListedInventory, catalog_ports

PARENT = Parent(run="run1", execution=1, node="s1", attempt=1)
DEPLOY = RunDefinition(
    kind=DefinitionKind.DEPLOYMENT_JOB,
    project="web",
    environment="staging",
    name="demo/app",
    action=JobKind.DEPLOY,
)


def ask_of(plan: Plan) -> Mapping[str, object]:
    work = plan.stages[0].steps[0].work
    assert isinstance(work, Job)
    return work.ask


def child_of(ports: Ports, work: RunDefinition, releases: tuple[str, ...] = ()) -> Plan:
    plan = a_plan()
    run = replace(begun(plan).run, releases=releases)
    return ports.runs.plan(start_definition(ports, work, plan, run, PARENT))


def with_job(query: str = "latest") -> Ports:
    ports = catalog_ports()
    ports.definitions.create(a_job(query=query), an_entry())
    return ports


def a_machine_job(
    kind: JobKind = JobKind.DEPLOY,
    outcome: Outcome = Outcome.SUCCEEDED,
    *,
    version: str = "1.0",
    number: int = 1,
    at: datetime = NOON,
) -> MachineJob:
    return MachineJob(
        id=f"run1.1.s1.{number}",
        run="run1",
        execution=1,
        node="s1",
        attempt=number,
        kind=kind,
        project="web",
        environment="staging",
        name="demo/app",
        ask={"release": f"demo/app-v{version}", "deployment": "demo/app", "inputs": {"port": 1}, "providers": {}},
        created_at=NOON,
        ending=Ending(outcome=outcome, at=at, outputs={"url": "u", "release": f"demo/app-v{version}"}),
    )


def with_run() -> Ports:
    ports = catalog_ports()
    ports.runs.create(begun(a_plan()).run, a_plan())
    return ports


def state_in(ports: Ports) -> DeploymentState | None:
    found = ports.deployments.find_deployment("web", "staging", "demo/app")
    return found.state if found is not None else None


def test_starting_a_child_twice_starts_it_once() -> None:
    ports = with_job()
    first = child_of(ports, DEPLOY)
    assert child_of(ports, DEPLOY) == first
    assert first.id == "run1-1-s1-1"
    assert (first.parent, first.number, first.started_by) == (PARENT, 1, "ada")


@pytest.mark.parametrize(
    ("rule", "release"),
    [
        (VersionRule.DONT_UPDATE, "demo/app-v1.1"),
        (VersionRule.LATEST, "demo/app-v2.0"),
        (VersionRule.LAST_IN_RUN, "demo/app-v1.0"),
        (VersionRule.HIGHEST_IN_RUN, "demo/app-v1.1"),
        (VersionRule.TAGGED, "demo/app-v1.0"),
        (VersionRule.FROM_DEPLOYMENT, "demo/app-v1.1"),
    ],
)
def test_each_rule_names_its_release(rule: VersionRule, release: str) -> None:
    ports = with_job("v1.@")
    assert isinstance(ports.releases, ListedInventory)
    ports.releases.marked["demo/app", "stable"] = "1.0"
    ports.runs.create(begun(a_plan()).run, a_plan())
    record_deployment(ports, a_machine_job(version="1.1"))
    record_deployment(ports, a_machine_job(version="2.0", outcome=Outcome.FAILED, number=2))
    work = replace(DEPLOY, version=rule, tag="stable", of_environment="staging", of_deployment="demo/app")
    plan = child_of(ports, replace(work), releases=("other/x-v9", "demo/app-v1.1", "demo/app-v1.0"))
    assert ask_of(plan)["release"] == release


@pytest.mark.parametrize(
    ("rule", "release"), [(VersionRule.LAST_IN_RUN, "demo/app-v1.1"), (VersionRule.HIGHEST_IN_RUN, "demo/app-v1.1")]
)
def test_of_a_runs_releases_none_that_is_yanked_is_deployed_next(rule: VersionRule, release: str) -> None:
    ports = with_job()
    assert isinstance(ports.releases, ListedInventory)
    ports.releases.yanked = {"1.0", "2.0"}
    plan = child_of(ports, replace(DEPLOY, version=rule), ("demo/app-v1.1", "demo/app-v2.0", "demo/app-v1.0"))
    assert ask_of(plan)["release"] == release


def test_what_another_environment_deployed_is_not_deployed_next_once_it_is_yanked() -> None:
    ports = with_job()
    assert isinstance(ports.releases, ListedInventory)
    ports.runs.create(begun(a_plan()).run, a_plan())
    record_deployment(ports, a_machine_job(version="1.1"))
    ports.releases.yanked = {"1.1"}
    work = replace(DEPLOY, version=VersionRule.FROM_DEPLOYMENT, of_environment="staging", of_deployment="demo/app")
    with pytest.raises(NotFound, match="no version of demo/app"):
        child_of(ports, work)


def test_a_rule_that_names_nothing_is_told() -> None:
    with pytest.raises(NotFound, match="no version of demo/app for last-version-in-pipeline"):
        child_of(with_job(), replace(DEPLOY, version=VersionRule.LAST_IN_RUN))


def test_a_disabled_job_is_not_started() -> None:
    ports = catalog_ports()
    ports.definitions.create(replace(a_job(), disabled=True), an_entry())
    with pytest.raises(Conflict, match="disabled"):
        child_of(ports, DEPLOY)


def test_smoke_tests_run_on_what_is_deployed() -> None:
    ports = with_job()
    with pytest.raises(Conflict, match="nothing is deployed as demo/app"):
        child_of(ports, replace(DEPLOY, action=JobKind.SMOKE))
    ports.runs.create(begun(a_plan()).run, a_plan())
    record_deployment(ports, a_machine_job(version="1.1"))
    ask = ask_of(child_of(ports, replace(DEPLOY, action=JobKind.SMOKE)))
    assert (ask["release"], ask["inputs"], ask["outputs"]) == ("demo/app-v1.1", {"port": 1}, {"url": "u"})


def test_inputs_of_the_environment_reach_the_releases_that_declare_them() -> None:
    ports = catalog_ports()
    ports.definitions.create(replace(a_job(), inputs={"size": "big"}), an_entry())
    environment = ports.projects.environment("web", "staging")
    ports.projects.save_environment(
        replace(environment, inputs={"region": "eu", "size": "small", "other": 1}), an_entry()
    )
    assert isinstance(ports.releases, ListedInventory)
    ports.releases.inputs = (Variable(id="region"), Variable(id="size"))
    assert ask_of(child_of(ports, DEPLOY))["inputs"] == {"region": "eu", "size": "big"}


def test_a_build_takes_its_code_from_the_projects_repository_that_it_names() -> None:
    ports = catalog_ports()
    source = Repository(project="web", name="code", url="file:///srv/code.git", branch="main", private_key="ref")
    ports.projects.create_repository(source, an_entry())
    ports.definitions.create(replace(a_build(branch=""), repo="code"), an_entry())
    work = RunDefinition(kind=DefinitionKind.BUILD, project="web", environment="staging", name="app")
    ask = ask_of(child_of(ports, work))
    assert (ask["repository"], ask["branch"]) == ("file:///srv/code.git", "main")
    assert ask["secret_names"] == {"private_key": "ref"}


def test_generations_of_runs_come_to_an_end() -> None:
    ports = catalog_ports()
    ports.definitions.create(a_pipeline(), an_entry())
    work = RunDefinition(kind=DefinitionKind.PIPELINE, project="web", name="release")
    parent = replace(PARENT, run="run1" + "-1-s1-1" * 60)
    with pytest.raises(Conflict, match="too many runs"):
        start_definition(ports, work, a_plan(), begun(a_plan()).run, parent)


def test_a_job_that_ended_is_recorded_once() -> None:
    ports = with_run()
    record_deployment(ports, a_machine_job())
    record_deployment(ports, a_machine_job())
    found = ports.deployments.find_deployment("web", "staging", "demo/app")
    assert found is not None
    (change,) = ports.deployments.history(found, Page())
    assert (change.by, change.run, change.release, change.action) == ("ada", "run1", "demo/app-v1.0", JobKind.DEPLOY)
    assert (change.inputs, change.outputs) == ({"port": 1}, {"url": "u"})
    assert running_version(found.state) == "1.0"


def test_a_failed_smoke_test_is_recorded_on_what_is_there() -> None:
    ports = with_run()
    record_deployment(ports, a_machine_job())
    record_deployment(ports, a_machine_job(JobKind.SMOKE, Outcome.FAILED, number=2, at=later(5)))
    stage = deployed(state_in(ports))
    assert stage is not None
    assert (stage.version, stage.code) == ("1.0", StateCode.TEST_FAILURE)
