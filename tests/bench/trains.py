"""BuildMaster's builds: create one and deploy it, by HTTP; 32 at once; lists of one release at 10,000 builds."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Protocol

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.store.dynamo.records import record_of
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.trains.items import snapshot_item
from chalicelib.store.trains.keys import TRAINS, snapshot_key
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.bench.budgets import Key
from tests.bench.door import door_to
from tests.bench.figures import Figure, Measured
from tests.bench.platform import Platform

TIMES = 30
AT_ONCE = 32
SMALL, WHOLE, LARGE = 10, 5_000, 10_000
PREFIX = "trains-"
BUILDS = "/api/releases/builds"
NATIVE = "/api/json"
STAGES = ({"Name": "test"}, {"Name": "production"})


class Api(Protocol):
    """Whoever answers requests with JSON."""

    def ask(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """The JSON that the API answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An application with a pipeline of two stages without targets, and its releases."""

    api: Api
    application: int

    def release(self, number: str) -> int:
        """The id of a new release."""
        body = {"applicationId": self.application, "releaseNumber": number, "pipelineName": "travel"}
        return int(self.api.ask("POST", "/api/releases/create", body)["id"])

    def build(self, release: int) -> Any:  # noqa: ANN401 - JSON
        """A new build."""
        return self.api.ask("POST", f"{BUILDS}/create", {"releaseId": release})


def planned(api: Api, title: str) -> Planned:
    """A new application."""
    made = Planned(
        api=api, application=api.ask("POST", f"{NATIVE}/Applications_CreateApplication", {"Application_Name": title})
    )
    pipeline = json.dumps({"Name": "travel", "EnforceStageSequence": True, "Stages": STAGES})
    item = {"Raft_Id": 1, "Application_Id": made.application, "RaftItem_Name": "travel", "RaftItemType_Code": 8}
    content = base64.b64encode(pipeline.encode()).decode()
    api.ask("POST", f"{NATIVE}/Rafts_CreateOrUpdateRaftItem", {**item, "Content_Bytes": content})
    return made


def builds(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """Medians of 30; and how many of 32 at once fail. Nothing counts unless all have consecutive numbers after it."""
    shop = planned(platform, "Shop")
    release = shop.release("1.0")
    made: list[Any] = []
    yield Key.BUILD, _median(lambda: made.append(shop.build(release)))
    left = iter(made)
    yield (
        Key.DEPLOY,
        _median(lambda: platform.ask("POST", f"{BUILDS}/deploy", {"buildId": next(left)["id"], "toStage": "test"})),
    )
    yield Key.BUILDS_AT_ONCE, _crowd(platform, shop)


def lists(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The worst ratio of a filtered list, 10,000 builds to 10; and what a build of a whole list takes."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    shop, tables = planned(door_to(ports_on(context, Settings())), "Shop"), Tables(aws=aws, prefix=PREFIX)
    small, whole, large = (_filled(shop, tables, size) for size in (SMALL, WHOLE, LARGE))
    ratios = {what: _ratio(shop.api, small, large, what) for what in ("number", "id", "stage", "status")}
    note = "; ".join(f"by {what} {ratio:.2f}" for what, ratio in ratios.items())
    yield Key.BUILDS_FILTERED, Measured(value=max(ratios.values()), note=note)
    taken = min(_taken(lambda: shop.api.ask("GET", f"{BUILDS}?releaseId={whole}")) for _ in range(3))
    yield Key.BUILDS_LIST, Measured(value=1e6 * taken / WHOLE, note=f"of {WHOLE:,}, on the stand-in")


def _crowd(platform: Platform, shop: Planned) -> Measured:
    release = shop.release("2.0")
    with ThreadPoolExecutor(AT_ONCE) as clients:
        body = {"releaseId": release}
        answers = list(clients.map(lambda _: platform.answered("POST", f"{BUILDS}/create", body), range(AT_ONCE)))
    failed = [content for status, content in answers if status != 200]
    numbers = sorted(int(one["number"]) for one in platform.ask("GET", f"{BUILDS}?releaseId={release}"))
    if numbers != list(range(1, AT_ONCE - len(failed) + 1)):
        raise AssertionError(f"the builds have the numbers {numbers}")
    return Measured(value=len(failed), note=f"of {AT_ONCE}" + (f": {failed[0][:80]!r}" if failed else ""))


def _filled(shop: Planned, tables: Tables, size: int) -> int:
    """The id of a release of so many builds: one is deployed, one rejected, the others are like the first."""
    release = shop.release(f"{size}.0")
    first, second = shop.build(release), shop.build(release)
    table = tables.of(TRAINS)
    found = table.get(snapshot_key(release, second["id"]))
    if found is None:
        raise LookupError(f"no build {second['id']}")
    made = record_of(Snapshot, found)
    others = (replace(made, id=made.id + turn, number=f"x{turn}") for turn in range(1, size - 1))
    table.write_many([snapshot_item(one) for one in others])
    shop.api.ask("POST", f"{BUILDS}/deploy", {"buildId": first["id"], "toStage": "test"})
    shop.api.ask("POST", f"{BUILDS}/reject", {"buildId": second["id"]})
    return release


def _ratio(api: Api, small: int, large: int, what: str) -> float:
    return _filtered(api, large, what) / _filtered(api, small, what)


def _filtered(api: Api, release: int, what: str) -> float:
    first = api.ask("GET", f"{BUILDS}?releaseId={release}&buildNumber=1")[0]["id"]
    said = {
        "number": "buildNumber=1",
        "id": f"buildId={first}",
        "stage": "furthestStage=test",
        "status": "status=rejected",
    }
    path = f"{BUILDS}?releaseId={release}&{said[what]}"
    if len(found := api.ask("GET", path)) != 1:
        raise AssertionError(f"{path} lists {len(found)}, not one")
    return median(_taken(lambda: api.ask("GET", path)) for _ in range(TIMES))


def _median(act: Callable[[], object]) -> Measured:
    return Measured(value=1000 * median(_taken(act) for _ in range(TIMES)))


def _taken(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
