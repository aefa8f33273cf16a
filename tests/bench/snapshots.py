"""FlexDeploy's snapshots: the seed's route, one approval among 50 that wait, a cron gate, a stage of 100 deploys."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

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
from tests.bench.trains import Api

REST = "/flexdeploy/rest"
RELEASES = f"{REST}/v1/releases"
TIMES = 30
STAGES, NODES = 10, 20
WAITING, ROUNDS = 50, 5
SMALL, LARGE = 10, 10_000
DEPLOYS = 100
SECONDS = 3
"""Between the fires of the cron."""

LONGEST = 120.0
PREFIX = "snapshots-"
PAST = 1_550_699_280_000
NEVER_ASKED = {"gateName": "skipped", "gateType": "STAGE_APPROVAL_GATE", "precondition": "1 == 2"}
REVIEW = {"gateName": "review", "gateType": "STAGE_APPROVAL_GATE"}
CRON = {"gateName": "cron", "gateType": "STAGE_SCHEDULED_GATE", "cronExpression": f"0/{SECONDS} * * * * ?"}
LOOK = {"stepName": "look", "stepType": "STAGE_MANUAL_STEP"}
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A project that a script deploys, and environments. environments: their ids."""

    api: Api
    project: int
    environments: Sequence[int]

    def release(self, title: str, stages: Sequence[Json]) -> int:
        """The id of a release that travels these stages."""
        body = {"pipelineName": title, "definition": {"stages": stages}}
        pipeline = self.api.ask("POST", f"{REST}/v1/pipelines", body)["pipelineId"]
        self.api.ask("POST", f"{REST}/v1/pipelines/{pipeline}/versions/1", {"action": "activate"})
        planned = {"releaseName": title, "pipelineId": pipeline, "projects": [{"projectId": self.project}]}
        return int(self.api.ask("POST", RELEASES, planned)["releaseId"])

    def snapshot(self, release: int) -> int:
        """The id of a new snapshot."""
        made = self.api.ask("POST", f"{RELEASES}/{release}/snapshot", {"action": "createSnapshot"})
        return int(made["snapshotId"])

    def execution(self, release: int, snapshot: int) -> Json:
        """How far a snapshot is."""
        found: Json = self.api.ask("GET", _path(release, snapshot))
        return found

    def phases(self, most: int) -> list[str]:
        """The phases of the youngest runs of the project."""
        return [one["phase"] for one in self.api.ask("GET", f"/api/v1/projects/measured/runs?page_size={most}")]

    def until(self, release: int, snapshot: int, status: str) -> Json:
        """The execution once its last stage has this status."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            if self._status(release, snapshot) == status:
                return self.execution(release, snapshot)
            time.sleep(0.05)
        raise AssertionError(f"snapshot {snapshot} is {self._status(release, snapshot)}, not {status}")

    def _status(self, release: int, snapshot: int) -> str:
        listed = self.api.ask("GET", f"/api/v1/trains/{release}/snapshots?page_size=200")["items"]
        if not any(one["id"] == snapshot and one["runs"] for one in listed):
            return ""
        stages = self.execution(release, snapshot)["pipelineStageExecutions"]
        return str(stages[-1]["stageExecutionStatus"]) if stages else ""


def snapshots(platform: Platform) -> Iterator[tuple[Key, Figure]]:
    """By HTTP on a platform. Nothing counts unless what was measured has the statuses that it should."""
    site = _site(platform)
    yield Key.EXECUTION, _execution(site)
    yield from _approvals(site)
    yield Key.CRON_GATE, _cron(site)
    yield Key.DEPLOY_STEPS, _deploys(site)


def among_many(aws: Aws) -> Iterator[tuple[Key, Figure]]:
    """The ratio of the medians of one execution, on a stand-in, the sizes in turns."""
    resources.create_all(aws, PREFIX)
    context = AdapterContext(aws=lambda: aws, prefix=PREFIX, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
    site, tables = _site(door_to(ports_on(context, Settings()))), Tables(aws=aws, prefix=PREFIX)
    stage = {"environmentId": site.environments[0], "gates": [REVIEW], "steps": [LOOK]}
    paths = [_filled(site, tables, stage, size) for size in (SMALL, LARGE)]
    taken = [[_taken(lambda path=path: site.api.ask("GET", path)) for path in paths] for _ in range(TIMES)]  # type: ignore[misc]
    small, large = (median(times) for times in zip(*taken, strict=True))
    yield Key.EXECUTION_OF_MANY, Measured(value=large / small, note="on the stand-in")


def _site(api: Api) -> Site:
    script = {"workflowName": "ship", "workflowType": "DEPLOY", "script": "true"}
    ship = api.ask("POST", f"{REST}/v1/workflows", script)["workflowId"]
    workflows = [{"projectWorkflowType": "DEPLOY", "workflowId": ship}]
    body = {"projectName": "Measured", "folderId": 99, "projectWorkflows": workflows}
    project = api.ask("POST", f"{REST}/v2/project", body)["projectId"]
    named = [{"environmentCode": f"E{one}", "environmentName": f"place {one}"} for one in range(STAGES)]
    made = [api.ask("POST", f"{REST}/v1/topology/environment", one) for one in named]
    return Site(api=api, project=int(project), environments=[int(one["environmentId"]) for one in made])


def _execution(site: Site) -> Measured:
    over = [
        {"stepName": f"step {one}", "stepType": "STAGE_WAIT_STEP", "waitUntilDate": PAST} for one in range(NODES - 1)
    ]
    stages = [{"environmentId": one, "gates": [NEVER_ASKED], "steps": over} for one in site.environments]
    release = site.release("wide", stages)
    snapshot = site.snapshot(release)
    _wait(lambda: site.execution(release, snapshot)["pipelineExecutionStatus"] == "SUCCESSFUL")
    shown = site.execution(release, snapshot)["pipelineStageExecutions"]
    nodes = [len(one["gateExecutions"]) + len(one["stepExecutions"]) for one in shown]
    if nodes != [NODES] * STAGES:
        raise AssertionError(f"the stages have {nodes} nodes")
    return Measured(value=1000 * median(_taken(lambda: site.execution(release, snapshot)) for _ in range(TIMES)))


def _approvals(site: Site) -> Iterator[tuple[Key, Figure]]:
    taken, overtaken = zip(*(_approval(site, turn) for turn in range(ROUNDS)), strict=True)
    yield Key.GATE_APPROVAL, Measured(value=1000 * median(taken), note=f"of {ROUNDS}")
    yield Key.OUT_OF_DATE, Measured(value=max(overtaken), note=f"of {ROUNDS}")


def _approval(site: Site, turn: int) -> tuple[float, float]:
    """Seconds that approving the youngest takes, and until all others are out of date."""
    stage = {"environmentId": site.environments[0], "gates": [REVIEW], "steps": [LOOK]}
    release = site.release(f"crowd {turn}", [stage])
    ids = [site.snapshot(release) for _ in range(WAITING)]
    for one in ids:
        site.until(release, one, "RUNNING_GATES")
    gate = f"{_path(release, ids[-1])}/stage/{site.environments[0]}/gate/review"
    begun = time.perf_counter()
    taken = _taken(lambda: site.api.ask("POST", gate, {"action": "approve"}))
    _wait(lambda: site.phases(WAITING).count("superseded") == WAITING - 1)
    overtaken = time.perf_counter() - begun
    if any(site.execution(release, one)["pipelineExecutionStatus"] != "OUT_OF_DATE" for one in ids[:-1]):
        raise AssertionError("one that is overtaken is not called so")
    return taken, overtaken


def _cron(site: Site) -> Measured:
    stage = {"environmentId": site.environments[0], "gates": [CRON], "steps": [LOOK]}
    late = []
    for turn in range(ROUNDS):
        release = site.release(f"cron {turn}", [stage])
        site.until(release, site.snapshot(release), "RUNNING_STEPS")
        seen = time.time()
        late.append(seen - _opened(site, release).timestamp() // SECONDS * SECONDS)
    return Measured(value=median(late), note=f"of {ROUNDS}, by asking again and again")


def _opened(site: Site, release: int) -> datetime:
    (snapshot,) = site.api.ask("GET", f"/api/v1/trains/{release}/snapshots")["items"]
    (stage,) = site.api.ask("GET", f"/api/v1/runs/{snapshot['runs'][0]}")["stages"]
    gate = next(one for one in stage["nodes"] if one["name"] == "cron")
    return datetime.fromisoformat(gate["ended_at"])


def _deploys(site: Site) -> Measured:
    steps = [{"stepName": f"ship {one}", "stepType": "STAGE_DEPLOY_ALL_STEP", "stepOrder": 1} for one in range(DEPLOYS)]
    release = site.release("ships", [{"environmentId": site.environments[0], "gates": [], "steps": steps}])
    begun = time.perf_counter()
    snapshot = site.snapshot(release)
    shown = site.until(release, snapshot, "SUCCESSFUL")
    taken = time.perf_counter() - begun
    done = shown["pipelineStageExecutions"][0]["stepExecutions"]
    if len(done) != DEPLOYS:
        raise AssertionError(f"{len(done)} steps were done, not {DEPLOYS}")
    return Measured(value=1000 * taken / DEPLOYS)


def _filled(site: Site, tables: Tables, stage: Json, size: int) -> str:
    """The path of the execution of the oldest of so many snapshots, of which the others are copies."""
    release = site.release(f"{size}", [stage])
    first = site.snapshot(release)
    table = tables.of(TRAINS)
    found = table.get(snapshot_key(release, first))
    if found is None:
        raise LookupError(f"no snapshot {first}")
    made = record_of(Snapshot, found)
    table.write_many([snapshot_item(replace(made, id=first + one, number=f"x{one}")) for one in range(1, size)])
    return _path(release, first)


def _path(release: int, snapshot: int) -> str:
    return f"{RELEASES}/{release}/snapshot/{snapshot}/execution"


def _wait(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("it does not come to its end")
        time.sleep(0.02)


def _taken(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
