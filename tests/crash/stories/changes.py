"""Approvals that are bound to a change set, and the way back."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.dialects.console.deploys.page import DeployByForm, deploy_by_form
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.plans.plan import Promotion
from chalicelib.kernel.plans.work import DefinitionKind, JobKind, RunDefinition, VersionRule
from chalicelib.kernel.projects.deployment import Change, DeploymentStage, DeploymentState, StageState
from chalicelib.use_cases.deploys.deploy_as_shown import DeployAsShown
from chalicelib.use_cases.deploys.preview import PreviewDeploy, preview_deploy
from chalicelib.use_cases.deploys.rollback import RollBack, roll_back
from chalicelib.use_cases.overview.approvals import ApprovalOf, get_approval
from chalicelib.use_cases.overview.release_places import ReleasePlaces, get_release_places
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from chalicelib.use_cases.runs.advance import advance_run
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from tests.builders import NOON, a_gate, a_plan, a_stage, a_step
from tests.crash.catalog import definitions, release
from tests.crash.house import CrashHouse
from tests.crash.stories.story import DONE, ROOT, Story, an_origin, asking, begun, both

DEPLOY = RunDefinition(
    kind=DefinitionKind.DEPLOYMENT_JOB,
    project="web",
    environment="staging",
    name="app",
    action=JobKind.DEPLOY,
    version=VersionRule.LATEST,
)
STAGE = replace(a_stage(steps=(a_step("s1", DEPLOY),), gates=(a_gate(),)), environment="staging")
PLAN = a_plan(replace(STAGE, promotion=Promotion.MANUAL))
SHOWN = ApprovalOf(by=ROOT, run="run1", node="g1")


def approve(_house: CrashHouse, ports: Ports) -> object:
    """Somebody approves what they were shown; if they have, they are told so."""
    digest = get_approval(ports, SHOWN).digest if not ports.runs.run("run1").acts else "0" * 64
    return decide_node(ports, DecideNode(run="run1", kind=ActKind.APPROVED, by=ROOT, node="g1", changes=digest))


def bound(_house: CrashHouse, ports: Ports) -> None:
    """The approval is kept with what it was bound to."""
    (act,) = ports.runs.run("run1").acts
    assert (act.kind, len(act.changes)) == (ActKind.APPROVED, 64)


def approved_then_changed(house: CrashHouse, ports: Ports) -> None:
    """What was approved has changed since."""
    approve(house, ports)
    release(ports, "1.1")


def lapsed(_house: CrashHouse, ports: Ports) -> None:
    """The approval has lapsed once, and its gate waits."""
    run = ports.runs.run("run1")
    assert [act.kind for act in run.acts] == [ActKind.APPROVED, ActKind.LAPSED]
    assert run.stages[0].nodes["g1"].phase is Phase.WAITING_PERSON


def deployed_twice(house: CrashHouse, ports: Ports) -> None:
    """Two releases were deployed, one after the other."""
    definitions(house, ports)
    release(ports, "1.1")
    for version in ("1.0", "1.1"):
        before = deployment_or_new(ports, "web", "staging", "app")
        stage = StageState(version=version)
        state = DeploymentState(name="app", release="demo/app", stages={DeploymentStage.DEPLOY: stage})
        known = f"demo/app-v{version}"
        change = Change(id=known, at=NOON, by="ada", action=JobKind.DEPLOY, release=known, state=state)
        ports.deployments.commit(before, change, None)


BACK = RollBack(origin=an_origin(), project="web", environment="staging", deployment="app")
WAITS = both(definitions, begun(PLAN))
PLACES = ReleasePlaces(by=ROOT, namespace="demo", application="app")

PREVIEW = PreviewDeploy(by=ROOT, project="web", environment="staging", deployment="app", version="1.0")


def deploy_what_was_shown(_house: CrashHouse, ports: Ports) -> None:
    """What was told is deployed; asked again after a crash, what was told first counts."""
    place = {"project": "web", "environment": "staging", "deployment": "app", "version": "1.0"}
    digest = preview_deploy(ports, PREVIEW).digest
    command = DeployAsShown(origin=an_origin(), digest=digest, **place)
    deploy_by_form(ports, DeployByForm(command=command, is_by_session=False))


def placed(_house: CrashHouse, ports: Ports) -> None:
    """The release is where it was deployed last."""
    told = get_release_places(ports, PLACES).releases
    assert [(one.release.metadata.version, len(one.places)) for one in told] == [("1.1", 1), ("1.0", 0)]


STORIES: Mapping[str, Story] = {
    "tell where releases are": Story(
        before=deployed_twice, act=asking(get_release_places, PLACES), of=(get_release_places,), then=placed
    ),
    "roll back": Story(before=deployed_twice, act=asking(roll_back, BACK), of=(roll_back,)),
    "deploy what was shown": Story(before=deployed_twice, act=deploy_what_was_shown, of=(deploy_by_form,)),
    "approve by the change set": Story(
        refusals=DONE, before=WAITS, act=approve, of=(decide_node, get_approval), then=bound
    ),
    "let an approval lapse": Story(
        before=both(WAITS, approved_then_changed),
        act=lambda _, ports: advance_run(ports, "run1", ()),
        of=(),
        then=lapsed,
    ),
}
