"""What FlexDeploy's clients do to releases that travel pipelines of gates, and to their snapshots."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.functions import advance, sweep
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.installation.portfolio import ProjectWorkflow
from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.gated_version import INFORMED
from chalicelib.kernel.trains.stage_information import ProjectInformation, StageInformation, Treatment
from chalicelib.use_cases.access.users import CreateUser, UserSettings, create_user
from chalicelib.use_cases.definitions.workflow_requests import CreateRequest, create_request
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.installation.environments import find_environment_titled
from chalicelib.use_cases.installation.portfolio import UpdateProjectIn, update_project_in
from chalicelib.use_cases.installation.workflows import create_workflow
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.trains.pause_runs import ensure_pause
from chalicelib.use_cases.trains.sweep import sweep_trains
from chalicelib.use_cases.trains.trains import train_entry
from chalicelib.use_cases.travel.assemble import AssembleSnapshot
from chalicelib.use_cases.travel.inform_stage import InformStage, inform_stage
from chalicelib.use_cases.travel.release_snapshots import create_release_snapshot
from chalicelib.use_cases.travel.releases import (
    CreateRelease,
    ReleaseProject,
    UpdateRelease,
    create_release,
    update_release,
)
from tests.builders import NOON
from tests.crash.house import CrashHouse
from tests.crash.plans import events
from tests.crash.stories.flexdeploy import BUILDS, web, with_workflow
from tests.crash.stories.gated import activated, pipeline_id
from tests.crash.stories.story import Story, an_origin, both

ASKED = an_origin()
ADA = Principal(name="ada", roles=frozenset({role_in("web", Level.WRITE)}), scopes=frozenset({ALL}))


def ready(house: CrashHouse, ports: Ports) -> None:
    """A project that has a workflow, and an active pipeline."""
    with_workflow(house, ports)
    activated(house, ports)


def a_release(house: CrashHouse, ports: Ports) -> None:
    """A release of the project."""
    ready(house, ports)
    create_release(ports, replace(spring(ports), origin=an_origin("release")))


def traveling(house: CrashHouse, ports: Ports) -> None:
    """A release with a snapshot."""
    a_release(house, ports)
    create_release_snapshot(ports, AssembleSnapshot(origin=an_origin("snapshot"), train=release_id(ports)))
    house.deliver(ports)


def planned_by_ada(house: CrashHouse, ports: Ports) -> None:
    """A release whose schedule fires in five minutes, planned by somebody who has an account."""
    ready(house, ports)
    an_account(house, ports)
    origin = an_origin("release", by=ADA)
    create_release(ports, replace(spring(ports), origin=origin, schedule="0 5 12 1 6 ?;0 6 12 1 6 ?"))


def an_account(_house: CrashHouse, ports: Ports) -> None:
    """The account of who lets others act for her."""
    standing = UserSettings(roles=tuple(ADA.roles))
    create_user(ports, CreateUser(origin=an_origin("ada"), name="ada", standing=standing))


def buildable(house: CrashHouse, ports: Ports) -> None:
    """A release, and a workflow of its project that builds and has nothing to do."""
    a_release(house, ports)
    an_account(house, ports)
    made = create_workflow(ports, replace(BUILDS, origin=an_origin("empty"), title="none", script=""))
    workflows = (ProjectWorkflow(type=made.type, workflow=made.id),)
    update_project_in(ports, UpdateProjectIn(origin=an_origin("other"), id=web(ports), workflows=workflows))


def builds(_house: CrashHouse, ports: Ports) -> None:
    """She asks for a build of a version for the release."""
    asked = an_origin("build", by=ADA)
    command = CreateRequest(origin=asked, type=BUILDS.type, application=web(ports), train=release_id(ports))
    create_request(ports, command)


def ends(house: CrashHouse, ports: Ports) -> None:
    """The build ends, and what it made is given to the release."""
    for _ in range(4):
        events(house, ports)


def one_of_the_build(_house: CrashHouse, ports: Ports) -> None:
    """One snapshot carries what was built."""
    (snapshot,) = ports.snapshots.of_train(release_id(ports), Page())
    assert [one.builds for one in snapshot.carries] == [False]


def fired(house: CrashHouse, ports: Ports) -> None:
    """The clock has come to the fire, and the sweep has found it."""
    at_the_fire(house, ports)
    sweep_trains(ports, sweep_from(ports.clock.now(), timedelta(0)))


def found_due(_house: CrashHouse, ports: Ports) -> None:
    """The part of the sweep that looks for releases whose schedule fires."""
    sweep_trains(ports, sweep_from(ports.clock.now(), timedelta(0)))


def at_the_fire(house: CrashHouse, _ports: Ports) -> None:
    """The clock has come to the fire."""
    house.world.at = NOON + timedelta(minutes=5)


def one_each(_house: CrashHouse, ports: Ports) -> None:
    """Each fire has made one snapshot."""
    assert len(ports.snapshots.of_train(release_id(ports), Page())) == 2


def spring(ports: Ports) -> CreateRelease:
    """The command that plans it."""
    projects = (ReleaseProject(application=web(ports)),)
    return CreateRelease(origin=ASKED, name="spring", pipeline=pipeline_id(ports), projects=projects)


def release_id(ports: Ports) -> int:
    """The id of the only release."""
    return next((one.id for one in ports.trains.trains(Page())), 7)


def snapshot_id(ports: Ports) -> int:
    """The id of the newest snapshot."""
    return next((one.id for one in ports.snapshots.of_train(release_id(ports), Page())), 7)


def stage_id(ports: Ports) -> int:
    """The id of the environment of the only stage."""
    found = find_environment_titled(ports, "quality")
    return found.id if found is not None else 7


def taken_up(_house: CrashHouse, ports: Ports) -> None:
    """The run of the snapshot knows what was said, once."""
    snapshot = ports.snapshots.snapshot(release_id(ports), snapshot_id(ports))
    run = ports.runs.run(snapshot.runs[0])
    assert (snapshot.informed, ports.runs.plan(run.plan).snapshot[INFORMED]) == (1, 1)


def suspended(house: CrashHouse, ports: Ports) -> None:
    """The release is suspended by a process that died then; the clock has come to the look that it left."""
    train = ports.trains.train(release_id(ports))
    gated = replace(train.gated or GatedTravel(pipeline=0), readiness=Readiness.SUSPENDED)
    after = replace(train, gated=gated)
    ensure_pause(ports, train, after)
    ports.trains.save(after, train_entry(an_origin("suspended"), "changed-train", after))
    house.world.at = NOON + timedelta(minutes=1)


def stands_still(_house: CrashHouse, ports: Ports) -> None:
    """The run of the snapshot is paused."""
    snapshot = ports.snapshots.snapshot(release_id(ports), snapshot_id(ports))
    assert ports.runs.run(snapshot.runs[0]).is_paused


STORIES: Mapping[str, Story] = {
    "plan a release of gates": Story(
        before=ready, act=lambda _, ports: create_release(ports, spring(ports)), of=(create_release,)
    ),
    "suspend a release of gates": Story(
        before=traveling,
        act=lambda _, ports: update_release(
            ports, UpdateRelease(origin=ASKED, train=release_id(ports), readiness=Readiness.SUSPENDED)
        ),
        of=(update_release,),
    ),
    "let the runs of a suspended release stand still": Story(
        before=both(traveling, suspended), act=events, of=(advance.handle,), then=stands_still
    ),
    "complete a release of gates": Story(
        before=traveling,
        act=lambda _, ports: update_release(
            ports, UpdateRelease(origin=ASKED, train=release_id(ports), completes=True)
        ),
        of=(update_release,),
    ),
    "find the release whose schedule fires": Story(
        before=both(planned_by_ada, at_the_fire), act=found_due, of=(sweep.handle,), then=one_each
    ),
    "make the snapshot that a schedule asks for": Story(
        before=both(planned_by_ada, fired), act=events, of=(advance.handle,), then=one_each
    ),
    "say what is to be known of a stage": Story(
        before=traveling,
        act=lambda _, ports: inform_stage(
            ports,
            InformStage(
                origin=ASKED,
                train=release_id(ports),
                snapshot=snapshot_id(ports),
                information=StageInformation(
                    environment=stage_id(ports),
                    projects=(ProjectInformation(application=web(ports), treatment=Treatment.SKIPPED),),
                ),
            ),
        ),
        of=(inform_stage,),
        then=taken_up,
    ),
    "give a release what was built for it": Story(
        before=both(buildable, builds), act=ends, of=(advance.handle,), then=one_of_the_build
    ),
    "ask for a build for a release": Story(before=buildable, act=builds, of=(create_request,), then=one_of_the_build),
    "give a release of gates a snapshot": Story(
        before=a_release,
        act=lambda _, ports: create_release_snapshot(ports, AssembleSnapshot(origin=ASKED, train=release_id(ports))),
        of=(create_release_snapshot,),
    ),
}
