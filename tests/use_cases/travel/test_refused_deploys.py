"""A deploy that is refused leaves nothing behind: no run, no note of one, and no variables for the next deploy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.faults import Conflict, Forbidden
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.variables import Scope, VariableSet
from tests.fakes.trains import FakeSnapshots, FakeTrains, FakeVariables
from tests.use_cases.catalog_ports import ROOT
from tests.use_cases.travel.line import Line, a_stage

REFUSALS = [(PromotionMode.IF_MET, Conflict), (PromotionMode.FORCED, Forbidden)]
MINE = {"host": "mine", "key": {"secret": "hush-hush"}}


@pytest.fixture
def line() -> Line:
    return Line()


def kept(line: Line) -> Mapping[Scope, VariableSet]:
    """All variables that are kept."""
    assert isinstance(line.ports.variables, FakeVariables)
    return dict(line.ports.variables.kept)


@pytest.mark.parametrize(("mode", "fault"), REFUSALS)
def test_at_a_gate_it_keeps_no_variables(line: Line, mode: PromotionMode, fault: type[Exception]) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    line.begin()
    with pytest.raises(fault):
        line.deploy(mode=mode, variables=MINE)

    assert kept(line) == {}


@pytest.mark.parametrize(("mode", "fault"), REFUSALS)
def test_out_of_order_it_begins_no_run(line: Line, mode: PromotionMode, fault: type[Exception]) -> None:
    line.begin()
    with pytest.raises(fault):
        line.deploy(stage="Live", mode=mode, variables=MINE)

    assert (line.snapshot().runs, kept(line)) == ((), {})


@pytest.mark.parametrize(("mode", "fault"), REFUSALS)
def test_a_redeploy_keeps_no_variables(line: Line, mode: PromotionMode, fault: type[Exception]) -> None:
    line.lay(a_stage("Test", gated=True), a_stage("Live"))
    line.begin()
    line.deploy(by=ROOT, mode=PromotionMode.FORCED)
    with pytest.raises(fault):
        line.deploy(stage="Test", mode=mode, variables=MINE)

    assert kept(line) == {}


@dataclass
class Rival(FakeSnapshots):
    """Somebody else deploys in the moment before the first save."""

    deploy: Callable[[], object] | None = None

    def save(self, changed: Changed, entry: AuditEntry | None) -> Train:
        rival, self.deploy = self.deploy, None
        if rival is not None:
            rival()
        return super().save(changed, entry)


def test_of_two_first_deploys_at_once_one_is_refused(line: Line) -> None:
    line.begin()
    assert isinstance(line.ports.trains, FakeTrains)
    snapshots = Rival(line.ports.trains, deploy=line.deploy)
    line.ports = replace(line.ports, snapshots=snapshots)
    with pytest.raises(Conflict, match="is deployed by another request now"):
        line.deploy()

    assert len(line.snapshot().runs) == 1
