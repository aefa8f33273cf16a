"""What BuildMaster's clients do about releases and builds."""

from collections.abc import Mapping

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.addressed import (
    CreateTrainAt,
    EndTrainAt,
    RejectSnapshotAt,
    SaveTrainAt,
    create_or_update_train_at,
    create_train_at,
    end_train_at,
    reject_snapshot_at,
)
from chalicelib.use_cases.train_addresses.addresses import Address, SnapshotAddress, TrainAddress
from chalicelib.use_cases.train_addresses.train_views import (
    SnapshotFilter,
    TrainFilter,
    list_snapshot_views,
    list_train_views,
)
from chalicelib.use_cases.trains.ending import TrainAct
from chalicelib.use_cases.travel.addressed import CreateSnapshotAt, DeployAt, create_snapshot_at, deploy_at
from chalicelib.use_cases.travel.deployment_log import read_deployment_log
from chalicelib.use_cases.travel.deployments import DeploymentFilter, list_deployments
from tests.crash.catalog import GIVEN, definitions
from tests.crash.house import CrashHouse
from tests.crash.stories.story import Story, an_origin, asking

ASKED = an_origin()
WEB = Address(title="WEB")
OF_WEB = TrainAddress(train=Address(number="1.0"), application=WEB)
FIRST = SnapshotAddress(snapshot=Address(number="1"), train=OF_WEB)
SAVED = SaveTrainAt(origin=ASKED, application=WEB, number="1.0", title="autumn", pipeline="release")


def a_release(house: CrashHouse, ports: Ports) -> None:
    """A release with a build."""
    definitions(house, ports)
    create_train_at(ports, CreateTrainAt(origin=GIVEN, application=WEB, number="1.0", pipeline="release"))
    create_snapshot_at(ports, CreateSnapshotAt(origin=GIVEN, address=OF_WEB))


def deployed(house: CrashHouse, ports: Ports) -> None:
    """A release with a build that is deployed."""
    a_release(house, ports)
    deploy_at(ports, DeployAt(origin=an_origin("deployed"), address=FIRST))
    house.deliver(ports)


STORIES: Mapping[str, Story] = {
    "plan a release": Story(
        before=definitions,
        act=asking(
            create_train_at,
            CreateTrainAt(origin=ASKED, application=WEB, number="1.0", pipeline="release", variables={"host": "h"}),
        ),
        of=(create_train_at,),
    ),
    "plan a release, or say it anew": Story(
        before=definitions, act=asking(create_or_update_train_at, SAVED), of=(create_or_update_train_at,)
    ),
    "say a release anew": Story(
        before=a_release, act=asking(create_or_update_train_at, SAVED), of=(create_or_update_train_at,)
    ),
    "give a release a build": Story(
        before=a_release,
        act=asking(create_snapshot_at, CreateSnapshotAt(origin=ASKED, address=OF_WEB)),
        of=(create_snapshot_at,),
    ),
    "deploy a build": Story(
        before=a_release, act=asking(deploy_at, DeployAt(origin=ASKED, address=FIRST, stage="ONLY")), of=(deploy_at,)
    ),
    "list the deployments of a build": Story(
        before=deployed,
        act=asking(list_deployments, DeploymentFilter(snapshots=SnapshotFilter(trains=TrainFilter(origin=ASKED)))),
        of=(list_deployments, read_deployment_log),
    ),
    "cancel a release": Story(
        before=a_release,
        act=asking(end_train_at, EndTrainAt(origin=ASKED, address=OF_WEB, act=TrainAct.CANCEL)),
        of=(end_train_at,),
    ),
    "reject a build": Story(
        before=a_release,
        act=asking(reject_snapshot_at, RejectSnapshotAt(origin=ASKED, address=FIRST, reason="it leaks")),
        of=(reject_snapshot_at,),
    ),
    "list the releases of a project without an application": Story(
        before=definitions,
        act=asking(list_train_views, TrainFilter(origin=ASKED, application=WEB)),
        of=(list_train_views,),
    ),
    "list the builds of a project without an application": Story(
        before=definitions,
        act=asking(list_snapshot_views, SnapshotFilter(trains=TrainFilter(origin=ASKED, application=WEB))),
        of=(list_snapshot_views,),
    ),
}
