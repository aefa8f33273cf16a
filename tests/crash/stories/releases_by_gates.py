"""What FlexDeploy's clients do to releases that travel pipelines of gates, and to their snapshots."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.trains.gated import Readiness
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.travel.assemble import AssembleSnapshot
from chalicelib.use_cases.travel.release_snapshots import create_release_snapshot
from chalicelib.use_cases.travel.releases import (
    CreateRelease,
    ReleaseProject,
    UpdateRelease,
    create_release,
    update_release,
)
from tests.crash.house import CrashHouse
from tests.crash.stories.flexdeploy import web, with_workflow
from tests.crash.stories.gated import activated, pipeline_id
from tests.crash.stories.story import Story, an_origin

ASKED = an_origin()


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


def spring(ports: Ports) -> CreateRelease:
    """The command that plans it."""
    projects = (ReleaseProject(application=web(ports)),)
    return CreateRelease(origin=ASKED, name="spring", pipeline=pipeline_id(ports), projects=projects)


def release_id(ports: Ports) -> int:
    """The id of the only release."""
    return next((one.id for one in ports.trains.trains(Page())), 7)


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
    "complete a release of gates": Story(
        before=traveling,
        act=lambda _, ports: update_release(
            ports, UpdateRelease(origin=ASKED, train=release_id(ports), completes=True)
        ),
        of=(update_release,),
    ),
    "give a release of gates a snapshot": Story(
        before=a_release,
        act=lambda _, ports: create_release_snapshot(ports, AssembleSnapshot(origin=ASKED, train=release_id(ports))),
        of=(create_release_snapshot,),
    ),
}
