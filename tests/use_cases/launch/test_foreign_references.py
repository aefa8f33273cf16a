"""What a definition names of another project: for whom it acts, when it is saved and when it starts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import codec
from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ADMIN, ALL, Level, role_in
from chalicelib.kernel.access.token import Token
from chalicelib.kernel.definitions.definition import BuildDefinition, JobSettings, build_ref, job_ref, pipeline_ref
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PipelineSettings,
    PipelineStep,
    StepType,
)
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import VersionRule
from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.credentials.service_accounts import (
    CreateServiceAccount,
    ServiceAccountNamed,
    create_service_account,
    remove_service_account,
)
from chalicelib.use_cases.definitions.deployment_jobs import SaveJob, TriggerJob, create_deployment_job, trigger_job
from chalicelib.use_cases.definitions.pipelines import (
    SavePipeline,
    TriggerPipeline,
    create_pipeline,
    trigger_pipeline,
    update_pipeline,
)
from chalicelib.use_cases.launch.after_success import start_triggered
from chalicelib.use_cases.launch.plan import plan_build, source_of
from chalicelib.use_cases.ports.access import User
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import get_run
from tests.builders import NOON, an_entry, begun, later
from tests.fakes.access import FakeAccess
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import ROOT, WRITER, CatalogHouse, an_origin

SMOKE = PipelineStep(
    type=StepType.RUN_SMOKE, project="other", environment="staging", deployment="demo/app", name="smoke"
)
LISTEN = PipelineStep(
    type=StepType.BUILD, project="other", environment="staging", build="app", trigger_pipeline_on_build=True
)
TAG = PipelineStep(
    type=StepType.TAG_RELEASE,
    namespace="hidden",
    application="app",
    tag="t",
    tag_version=VersionRule.TAGGED,
    tag_tagged_version="good",
)


class TwoProjects(CatalogHouse):
    """A house with a second project, whose job and build are called as ours, and people who write here or in both."""

    def __post_init__(self) -> None:
        super().__post_init__()
        ports = self.ports
        ports.projects.create(Project(name="other", created_at=NOON), an_entry())
        place = Environment(project="other", name="staging", created_at=NOON)
        ports.projects.create_environment(ports.projects.project("other"), place, an_entry())
        ports.definitions.create(replace(a_build(), project="other"), an_entry())
        self.inventory.known["hidden/app"] = ["1.0"]
        self.inventory.spaces["hidden"] = Namespace(name="hidden", project="other")
        self.people = {
            "ada": self.person("ada", role_in("web", Level.WRITE)),
            "both": self.person("both", role_in("web", Level.WRITE), role_in("other", Level.WRITE)),
            "reads": self.person("reads", role_in("web", Level.WRITE), role_in("other", Level.READ)),
            "root": ROOT,
        }
        self.job("both", "hidden/app", project="other", deployment="demo/app")

    def person(self, name: str, *roles: str) -> Principal:
        user = User(name=name, roles=roles, created_at=NOON - timedelta(days=1))
        self.ports.access.create_user(user, an_entry())
        return Principal(name=name, roles=frozenset(roles), scopes=frozenset({ALL}))

    def save(self, by: str, *steps: PipelineStep, account: str = "") -> PipelineDefinition:
        settings = PipelineSettings(
            phases=(PipelinePhase(environment="staging", steps=steps),), service_account_name=account
        )
        ask = SavePipeline(origin=an_origin(self.people[by]), project="web", name="ours", settings=settings)
        known = self.ports.definitions.find_definition(pipeline_ref("web", "ours")) is not None
        return (update_pipeline if known else create_pipeline)(self.ports, ask)

    def job(self, by: str, release: str, *, project: str = "web", deployment: str = "app") -> None:
        ask = SaveJob(
            origin=an_origin(self.people[by]),
            project=project,
            environment="staging",
            deployment=deployment,
            settings=JobSettings(release=release),
        )
        create_deployment_job(self.ports, ask)

    def run(self) -> Run:
        """The pipeline's run, triggered by somebody who may nothing elsewhere, after all that it can do."""
        ask = TriggerPipeline(origin=an_origin(WRITER), project="web", name="ours")
        run = trigger_pipeline(self.ports, ask)
        self.work_off()
        return self.runs.run(run.id)

    def deploy(self) -> Run:
        ask = TriggerJob(origin=an_origin(WRITER), project="web", environment="staging", deployment="app")
        return trigger_job(self.ports, ask)

    def foreign_runs(self) -> list[str]:
        """What was started in the other project."""
        return [run.id for run in self.runs.of_definition(job_ref("other", "staging", "demo/app"), Page())]

    def change_user(self, name: str, **changes: Any) -> None:  # noqa: ANN401 - of a user
        user = self.ports.access.find_user(name)
        assert user is not None
        self.ports.access.save_user(replace(user, **changes), user, an_entry())

    def forget_who_saved(self) -> None:
        """As what 0.1 stored."""
        for ref in (pipeline_ref("web", "ours"), job_ref("web", "staging", "app")):
            found = self.ports.definitions.find_definition(ref)
            if found is not None:
                self.ports.definitions.save(replace(found, acts_for=None), an_entry())

    def ended_build(self) -> tuple[Plan, Run]:
        """The other project's build, which a stranger has let end well."""
        build = self.ports.definitions.definition(build_ref("other", "staging", "app"))
        assert isinstance(build, BuildDefinition)
        plan = plan_build(self.ports, build, source_of(self.ports, build), Beginning(id="B1", by="stranger"))
        return plan, replace(begun(plan).run, phase=Phase.SUCCEEDED, ended_at=later(60))


@pytest.fixture
def house() -> TwoProjects:
    return TwoProjects()


def defects(fault: pytest.ExceptionInfo[Invalid]) -> Mapping[str, str]:
    return {one.path: one.message for one in fault.value.defects}


@pytest.mark.parametrize("step", [SMOKE, LISTEN, replace(SMOKE, deployment="nothing"), replace(SMOKE, environment="x")])
def test_who_may_not_read_a_project_is_told_that_there_is_none(house: TwoProjects, step: PipelineStep) -> None:
    with pytest.raises(Invalid) as fault:
        house.save("ada", step)

    assert defects(fault) == {"phases[0].steps[0].project": "no project other"}


def test_who_may_only_read_a_project_starts_nothing_in_it(house: TwoProjects) -> None:
    with pytest.raises(Invalid) as fault:
        house.save("reads", SMOKE)

    assert defects(fault) == {"phases[0].steps[0].project": "reads has no write in project other"}


def test_who_may_write_there_has_things_started_whoever_triggers(house: TwoProjects) -> None:
    house.save("both", replace(SMOKE, type=StepType.DEPLOY))
    house.run()

    assert len(house.foreign_runs()) == 1


def test_what_waits_with_a_run_of_another_project_does_not_say_why(house: TwoProjects) -> None:
    house.save("both", replace(SMOKE, type=StepType.DEPLOY))
    seen = get_run(house.ports, house.run().id)
    (state,) = seen.run.stages[-1].nodes.values()
    (foreign,) = house.foreign_runs()

    assert (state.phase, state.reason) == (Phase.QUEUED, "")
    assert "no runner of pool" in get_run(house.ports, foreign).reason


def test_saved_by_another_it_acts_for_the_other(house: TwoProjects) -> None:
    house.save("both", SMOKE)
    with pytest.raises(Invalid):
        house.save("ada", SMOKE)
    assert house.save("reads", LISTEN).acts_for == Actor(name="reads", kind=PrincipalKind.USER, scopes=(ALL,), at=NOON)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"disabled": True}, "pipeline ours in web acts for user both, who is disabled"),
        (
            {"created_at": NOON + timedelta(days=1)},
            "pipeline ours in web acts for user both, who is not there any more",
        ),
        ({"roles": (role_in("web", Level.WRITE),)}, "no project other"),
        ({"roles": (role_in("other", Level.READ),)}, "both has no write in project other"),
    ],
)
def test_what_is_left_to_them_counts_when_it_starts(house: TwoProjects, changes: Mapping[str, Any], said: str) -> None:
    house.save("both", SMOKE)
    house.change_user("both", **changes)

    with pytest.raises(Conflict, match=said):
        house.run()
    assert house.foreign_runs() == []


def test_what_is_left_to_them_counts_at_each_step(house: TwoProjects) -> None:
    wait = PipelineStep(type=StepType.WAIT, seconds=60, name="wait")
    house.save("both", wait, replace(SMOKE, type=StepType.DEPLOY, needs=("wait",)))
    run = house.run()
    house.change_user("both", disabled=True)
    house.pass_time(61)

    ended = house.runs.run(run.id)
    assert ended.phase.value in ("broken", "failed")
    assert house.node(run.id, "s2").reason == "pipeline ours in web acts for user both, who is disabled"
    assert house.foreign_runs() == []


def test_a_narrowed_token_saves_nothing_that_acts_for_more(house: TwoProjects) -> None:
    scope = role_in("web", Level.WRITE)
    house.people["narrow"] = Principal(name="both", roles=frozenset({scope}), scopes=frozenset({scope}))
    house.job("narrow", "hidden/app")

    with pytest.raises(NotFound, match="no version latest of hidden/app"):
        house.deploy()
    with pytest.raises(Invalid):
        house.save("narrow", SMOKE)


def test_a_definition_of_before_acts_for_nobody_until_it_is_saved_again(house: TwoProjects) -> None:
    house.save("both", SMOKE)
    house.job("both", "hidden/app")
    house.forget_who_saved()
    said = "acts for nobody outside its project until it is saved again"

    with pytest.raises(Conflict, match=f"pipeline ours in web {said}"):
        house.run()
    with pytest.raises(NotFound, match=f"deployment job app in web/staging {said}"):
        house.deploy()
    house.save("both", replace(SMOKE, type=StepType.DEPLOY))
    house.run()
    assert len(house.foreign_runs()) == 1


def test_the_run_of_a_plan_of_before_acts_for_nobody(house: TwoProjects) -> None:
    wait = PipelineStep(type=StepType.WAIT, seconds=60, name="wait")
    house.save("both", wait, replace(SMOKE, type=StepType.DEPLOY, needs=("wait",)))
    run = house.run()
    plan = house.runs.plan(run.plan)
    kept: Any = plan.snapshot["definition"]
    bare = {name: value for name, value in kept.items() if name != "acts_for"}
    house.runs.plans[plan.id] = replace(plan, snapshot={**plan.snapshot, "definition": bare})
    house.pass_time(61)

    assert "acts for nobody" in house.node(run.id, "s2").reason
    assert house.foreign_runs() == []


def test_a_service_account_acts_for_itself_and_is_named_when_it_is_gone(house: TwoProjects) -> None:
    ask = CreateServiceAccount(origin=an_origin(ROOT), project="web", name="robot", role=Level.OWNER)
    create_service_account(house.ports, ask)
    with pytest.raises(Invalid) as fault:
        house.save("both", SMOKE, account="robot")
    assert defects(fault) == {"phases[0].steps[0].project": "no project other"}

    house.save("both", SMOKE)
    known = house.ports.definitions.definition(pipeline_ref("web", "ours"))
    assert isinstance(known, PipelineDefinition)
    house.ports.definitions.save(replace(known, service_account_name="robot"), an_entry())
    with pytest.raises(Conflict, match="no project other"):
        house.run()
    remove_service_account(house.ports, ServiceAccountNamed(origin=an_origin(ROOT), project="web", name="robot"))
    with pytest.raises(Conflict, match="acts for service account web/robot, which is not there any more"):
        house.run()


def test_the_admin_token_acts_as_long_as_it_holds(house: TwoProjects) -> None:
    access = house.ports.access
    assert isinstance(access, FakeAccess)
    token = Token(
        id="T1",
        digest="",
        kind=PrincipalKind.ADMIN,
        owner="admin",
        roles=(ADMIN,),
        scopes=(ALL,),
        created_at=NOON,
        created_by="admin",
    )
    access.create_token(token, None)
    house.people["root"] = replace(ROOT, token="T1")
    house.save("root", replace(SMOKE, type=StepType.DEPLOY))
    house.run()
    assert len(house.foreign_runs()) == 1

    access.remove_token("T1", an_entry())
    with pytest.raises(Conflict, match="acts for root, whose token holds no more"):
        house.run()


def test_a_job_saves_nothing_that_acts_for_it(house: TwoProjects) -> None:
    house.people["job"] = Principal(
        name="run1.1.s1.1", kind=PrincipalKind.JOB, roles=frozenset({role_in("web", Level.WRITE)})
    )

    assert house.save("job", PipelineStep(type=StepType.NOOP)).acts_for is None


@pytest.mark.parametrize("by", ["both", "reads"])
def test_a_foreign_ending_begins_a_run_that_is_the_pipeline_s_own(house: TwoProjects, by: str) -> None:
    house.save(by, LISTEN)

    (started,) = start_triggered(house.ports, *house.ended_build())

    assert house.runs.plan(started).started_by == by


def test_who_only_reads_hears_of_an_ending_and_starts_nothing_there(house: TwoProjects) -> None:
    house.save("reads", LISTEN)

    with pytest.raises(Conflict, match="reads has no write in project other"):
        house.run()


@pytest.mark.parametrize("changes", [{"disabled": True}, {"roles": (role_in("web", Level.WRITE),)}])
def test_who_may_no_longer_read_hears_of_no_ending(house: TwoProjects, changes: Mapping[str, Any]) -> None:
    house.save("reads", LISTEN)
    house.change_user("reads", **changes)

    assert start_triggered(house.ports, *house.ended_build()) == ()


def test_a_pipeline_of_before_hears_of_no_foreign_ending(house: TwoProjects) -> None:
    house.save("reads", LISTEN)
    house.forget_who_saved()

    assert start_triggered(house.ports, *house.ended_build()) == ()


@pytest.mark.parametrize(("by", "version"), [("both", "1.0"), ("reads", "1.0"), ("ada", None)])
def test_a_release_is_resolved_for_who_may_read_it(house: TwoProjects, by: str, version: str | None) -> None:
    house.job(by, "hidden/app")
    if version is None:
        with pytest.raises(NotFound, match=r"^no version latest of hidden/app$"):
            house.deploy()
        return

    plan = house.runs.plan(house.deploy().plan)
    assert plan.inputs["release"] == f"hidden/app-v{version}"


def test_a_public_namespace_is_read_by_everybody(house: TwoProjects) -> None:
    house.inventory.spaces["hidden"] = Namespace(name="hidden", project="other", is_public=True)
    house.job("ada", "hidden/app")
    house.forget_who_saved()

    assert house.runs.plan(house.deploy().plan).inputs["release"] == "hidden/app-v1.0"


@pytest.mark.parametrize(("by", "said"), [("both", ""), ("ada", "no namespace hidden in project web")])
def test_a_foreign_namespace_is_tagged_for_who_may_write_there(house: TwoProjects, by: str, said: str) -> None:
    house.inventory.marked["hidden/app", "good"] = "1.0"
    house.save(by, TAG)
    run = house.run()

    assert (run.phase is Phase.SUCCEEDED) is not bool(said)
    assert said in house.node(run.id, "s1").reason


def test_a_namespace_that_is_only_read_is_not_named_to_be_written_in(house: TwoProjects) -> None:
    with pytest.raises(Invalid) as fault:
        house.save("reads", TAG)

    assert defects(fault) == {"phases[0].steps[0].namespace": "reads may read namespace hidden, and no more"}


def test_whom_it_acts_for_is_read_as_it_was_stored() -> None:
    actor = Actor(name="ada", kind=PrincipalKind.USER, scopes=("write",), at=NOON)
    build = replace(a_build(), acts_for=actor)

    assert codec.decode(BuildDefinition, codec.encode(BuildDefinition, build)) == build
    assert codec.decode(BuildDefinition, codec.encode(BuildDefinition, a_build())).acts_for is None
