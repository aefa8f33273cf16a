"""How the execution of a snapshot is looked up, and the story of the older and the younger snapshot in both views."""

import pytest

from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.train_addresses.addresses import Address
from chalicelib.use_cases.train_addresses.train_views import SnapshotFilter, TrainFilter
from chalicelib.use_cases.travel.deployments import DeploymentFilter, list_deployments
from chalicelib.use_cases.travel.executions import ExecutionQuery, SnapshotExecution, get_execution
from tests.kernel.definitions.gated.given import a_gate, a_stage, a_step
from tests.use_cases.catalog_ports import ROOT, an_origin
from tests.use_cases.travel.gated_line import GatedLine


def look(line: GatedLine, snapshot: Snapshot) -> SnapshotExecution:
    return get_execution(line.ports, ExecutionQuery(by=ROOT, train=snapshot.train, snapshot=snapshot.id))


def two_stages(line: GatedLine) -> Train:
    """A train whose second stage has an approval, and a step by hand."""
    gate, step = a_gate("APPROVAL", "go"), a_step("MANUAL", "look")
    return line.plan(line.lay(a_stage(environment=line.dev), a_stage(step, gates=(gate,), environment=line.prod)))


def test_stages_have_ids_beside_that_of_their_run() -> None:
    line = GatedLine()
    snapshot = line.travel(a_stage(environment=line.dev), a_stage(a_step("MANUAL"), environment=line.prod))

    shown = look(line, snapshot)

    assert [one.id - shown.id for one in shown.stages] == [1, 2]
    assert [one.environment.id for one in shown.stages if one.environment is not None] == [line.dev, line.prod]


@pytest.mark.parametrize("approved", ["older", "younger"])
def test_of_two_at_one_gate_the_younger_overtakes_and_the_older_does_not(approved: str) -> None:
    line = GatedLine()
    train = two_stages(line)
    older, younger = line.begin(train), line.begin(train)

    line.decide(older if approved == "older" else younger, "go", ActKind.APPROVED)

    phases = {"older": look(line, older).phase.value, "younger": look(line, younger).phase.value}
    expected = {
        "older": {"older": "running", "younger": "running"},
        "younger": {"older": "superseded", "younger": "running"},
    }
    assert phases == expected[approved]
    assert in_buildmaster(line, older) == {"older": [], "younger": ["failed"]}[approved]


def in_buildmaster(line: GatedLine, snapshot: Snapshot) -> list[str]:
    """How BuildMaster's clients are told of deployments of a snapshot that went badly."""
    snapshots = SnapshotFilter(trains=TrainFilter(origin=an_origin(ROOT)), snapshot=Address(id=snapshot.id))
    found = list_deployments(line.ports, DeploymentFilter(snapshots=snapshots))
    return [one.status.value for one in found if one.status.value == "failed"]
