"""What acts on trains ask of DynamoDB, as docs/trains.md says: counted, and by many at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.kernel.projects.project import Project
from chalicelib.kernel.trains.snapshot import SnapshotStatus
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.trains.ending import RejectSnapshot, reject_snapshot
from chalicelib.use_cases.trains.lists import SnapshotsQuery, list_snapshots
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, create_snapshot
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.door import Refusal, door_to
from tests.bench.trains import BUILDS, planned
from tests.builders import an_entry
from tests.conftest import aws_at
from tests.kernel.trains.given import a_train
from tests.use_cases.catalog_ports import ROOT

FEW, MANY, CROWD = 10, 300, 32
PREFIXES = count(1)


@dataclass
class Depot:
    """A train in real tables, and the calls that are made."""

    ports: Ports
    context: AdapterContext
    calls: Counter[str] = field(default_factory=Counter)

    def origin(self) -> Origin:
        return Origin(by=ROOT, at=self.ports.clock.now(), seed=self.ports.ids.identifier())

    def make(self, _: int = 0) -> str:
        """The number of another snapshot."""
        return create_snapshot(self.ports, CreateSnapshot(origin=self.origin(), train=10_001)).snapshot.number

    def counted(self, act: Callable[[], object]) -> dict[str, int]:
        """What an act asks of DynamoDB."""
        self.calls.clear()
        act()
        return dict(self.calls)

    def listed(self, **by: object) -> dict[str, int]:
        """What a filtered list asks of DynamoDB."""
        query = replace(SnapshotsQuery(by=ROOT, train=10_001), **by)  # type: ignore[arg-type]  # fields of a query
        return self.counted(lambda: list_snapshots(self.ports, query))


@pytest.fixture
def depot(cloud: str) -> Iterator[Depot]:
    calls: Counter[str] = Counter()

    def counting(asked: AwsRequest, send: Send) -> Answer:
        calls[asked.operation] += 1
        return send(asked)

    prefix, client = f"trains{next(PREFIXES)}-", aws_at(cloud, counting)
    resources.create_tables(client, prefix)
    context = AdapterContext(aws=lambda: client, prefix=prefix, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    ports = ports_on(context, Settings())
    ports.projects.create(Project(name="web", created_at=SYSTEM_CLOCK.now()), an_entry())
    ports.numbers.following_id("train")
    ports.trains.create(a_train(), None, an_entry())
    yield Depot(ports, context, calls)
    client.close()


def test_a_snapshot_is_made_by_a_read_and_a_transaction(depot: Depot) -> None:
    assert depot.counted(depot.make) == {"GetItem": 1, "TransactWriteItems": 1}


def test_a_build_and_its_first_deployment_ask_of_each_record_once(depot: Depot) -> None:
    shop = planned(door_to(depot.ports), "Shop")
    release = shop.release("1.0")
    builds = [shop.build(release) for _ in range(2)]

    def deploy(number: int) -> None:
        shop.api.ask("POST", f"{BUILDS}/deploy", {"buildId": builds[number]["id"], "toStage": "test"})

    deploy(0)
    # The train, its application, the pipeline by both places where it may be; the build with its train.
    assert depot.counted(lambda: shop.build(release)) == {"GetItem": 4, "TransactWriteItems": 1}
    # The same, and the snapshot; the application's variables, the number of the run; the run, which is then saved
    # twice; who deployed; how far it came; the ids of its deployments; its number in the feed.
    assert depot.counted(lambda: deploy(1)) == {
        "GetItem": 8,
        "BatchGetItem": 1,
        "UpdateItem": 3,
        "PutItem": 2,
        "TransactWriteItems": 4,
    }


def test_a_build_without_a_release_asks_little_more(depot: Depot) -> None:
    shop = planned(door_to(depot.ports), "Shop")
    loose = {"applicationId": shop.application, "pipelineName": "travel"}
    shop.api.ask("POST", f"{BUILDS}/create", loose)

    # The application by its id with its project, and by its place; the pipeline by both places; the train by no number.
    asked = depot.counted(lambda: shop.api.ask("POST", f"{BUILDS}/create", loose))
    assert asked == {"GetItem": 7, "TransactWriteItems": 1}


def test_on_one_machine_a_deployment_reads_no_snapshot_that_it_just_saved(depot: Depot) -> None:
    alone = replace(depot.context, process=Process(is_alone=True))
    shop = planned(door_to(ports_on(alone, Settings())), "Shop")
    release = shop.release("1.0")
    builds = [shop.build(release)["id"] for _ in range(2)]
    shop.api.ask("POST", f"{BUILDS}/deploy", {"buildId": builds[0], "toStage": "test"})
    deploy = {"buildId": builds[1], "toStage": "test"}

    assert depot.counted(lambda: shop.api.ask("POST", f"{BUILDS}/deploy", deploy))["GetItem"] == 6


def test_deployments_of_many_builds_are_read_together(depot: Depot) -> None:
    shop = planned(door_to(depot.ports), "Shop")
    release = shop.release("1.0")
    asked, found = [], list[int]()
    for _ in range(3):
        shop.api.ask("POST", f"{BUILDS}/deploy", {"buildId": shop.build(release)["id"], "toStage": "test"})
        asked.append(depot.counted(lambda: found.append(len(shop.api.ask("GET", f"{BUILDS}/deployments")))))

    # The first finds each thing for the first time; later ones read as much of three builds as of two.
    assert (found, [one["BatchGetItem"] for one in asked]) == ([1, 2, 3], [1, 1, 1])
    assert sum(asked[2].values()) <= sum(asked[1].values())


def test_one_that_is_neither_latest_nor_furthest_is_rejected_by_two_reads_and_a_transaction(depot: Depot) -> None:
    for _ in range(2):
        depot.make()
    reject = RejectSnapshot(origin=depot.origin(), train=10_001, snapshot=10_002)

    assert depot.counted(lambda: reject_snapshot(depot.ports, reject)) == {"GetItem": 2, "TransactWriteItems": 1}


def test_filtered_lists_ask_the_same_of_few_and_of_many(depot: Depot) -> None:
    filters = ({"number": "3"}, {"id": 10_004}, {"stage": "Live"}, {"status": SnapshotStatus.REJECTED})
    asked = []
    for more in (FEW, MANY):
        for _ in range(more):
            depot.make()
        asked.append([depot.listed(**by) for by in filters])

    assert asked[0] == asked[1]
    assert max(sum(calls.values()) for calls in asked[1]) <= 3


@pytest.mark.parametrize("is_first", [True, False])
def test_of_many_who_deploy_a_build_at_once_one_does(depot: Depot, *, is_first: bool) -> None:
    shop = planned(door_to(depot.ports), "Shop")
    build = shop.build(shop.release("1.0"))["id"]
    deploy = {"buildId": build, "toStage": "test"}
    if not is_first:
        shop.api.ask("POST", f"{BUILDS}/deploy", deploy)

    def outcome(_: int) -> str:
        try:
            # It waits until then, so that no second one follows it.
            shop.api.ask("POST", f"{BUILDS}/deploy", {**deploy, "startTime": "2090-01-01"})
        except Refusal as refusal:
            return str(refusal)
        return ""

    with ThreadPoolExecutor(FEW) as threads:
        refusals = list(filter(None, threads.map(outcome, range(FEW))))

    assert len(refusals) == FEW - 1
    assert all("is deployed by another" in one or " already" in one for one in refusals)
    deployments = shop.api.ask("GET", f"{BUILDS}/deployments?buildId={build}")
    assert len([one for one in deployments if one["status"] == "pending"]) == 1


def test_of_many_at_once_each_gets_the_next_number(depot: Depot) -> None:
    with ThreadPoolExecutor(CROWD) as threads:
        numbers = list(threads.map(depot.make, range(CROWD)))

    assert sorted(map(int, numbers)) == list(range(1, CROWD + 1))
