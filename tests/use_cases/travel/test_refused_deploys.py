"""A deploy that is refused leaves nothing behind: no run, no note of one, and no variables for the next deploy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.events import Outcome, PromotionMode
from chalicelib.kernel.faults import Conflict, Forbidden
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.kernel.trains.variables import Scope, VariableSet
from chalicelib.use_cases.ports.trains import Begun
from chalicelib.use_cases.runs.read import RunView
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from chalicelib.use_cases.trains.ending import RejectSnapshot, reject_snapshot
from tests.fakes.trains import FakeSnapshots, FakeTrains, FakeVariables
from tests.use_cases.catalog_ports import ROOT, an_origin
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
    """Somebody else acts in the moment before the first write."""

    act: Callable[[], object] | None = None

    def save(self, changed: Changed, entry: AuditEntry | None) -> Train:
        self._yield()
        return super().save(changed, entry)

    def begin(self, changed: Changed, begun: Begun, entries: Sequence[AuditEntry] = ()) -> bool:
        self._yield()
        return super().begin(changed, begun, entries)

    def _yield(self) -> None:
        rival, self.act = self.act, None
        if rival is not None:
            rival()


def with_rival(line: Line, act: Callable[[], object]) -> None:
    """From now on somebody else acts before the next write of a snapshot."""
    assert isinstance(line.ports.trains, FakeTrains)
    line.ports = replace(line.ports, snapshots=Rival(line.ports.trains, line.runs, act=act))


def test_of_two_first_deploys_at_once_one_is_refused(line: Line) -> None:
    line.begin()
    with_rival(line, line.deploy)
    with pytest.raises(Conflict, match="is deployed by another request now"):
        line.deploy(variables=MINE)

    assert (len(line.snapshot().runs), len(line.runs.kept), kept(line)) == (1, 1, {})


def test_of_two_redeploys_at_once_one_is_refused(line: Line) -> None:
    line.begin()
    line.deploy(stage="Test")
    with_rival(line, partial(line.deploy, stage="Test"))
    with pytest.raises(Conflict, match="is deployed by another request now"):
        line.deploy(stage="Test", variables=MINE)

    assert (len(line.snapshot().runs), len(line.runs.kept), kept(line)) == (2, 2, {})


def test_redeploys_of_two_stages_at_once_are_two(line: Line) -> None:
    line.begin()
    for stage in ("Test", "Live"):
        line.deploy(stage=stage)
    with_rival(line, partial(line.deploy, stage="Live"))
    line.deploy(stage="Test")

    assert (len(line.snapshot().runs), len(line.runs.kept)) == (3, 3)


@pytest.mark.parametrize("is_at_once", [True, False])
def test_a_run_is_redeployed_by_one_of_two(line: Line, *, is_at_once: bool) -> None:
    line.lay(a_stage("Test", job=True), a_stage("Live"))
    line.begin()
    run = line.deploy().run.run.id
    line.finish(line.lease()[0], Outcome.FAILED)

    def again() -> RunView:
        return redeploy(line.ports, Redeploy(origin=an_origin(), run=run, stages=("Test",)))

    if is_at_once:
        with_rival(line, again)
    else:
        again()
    with pytest.raises(Conflict, match="another request now" if is_at_once else "in this stage already"):
        again()

    assert (len(line.snapshot().runs), len(line.runs.kept)) == (2, 2)


def test_what_is_rejected_is_not_redeployed_by_its_run(line: Line) -> None:
    line.begin()
    run = line.deploy().run.run.id
    reject_snapshot(line.ports, RejectSnapshot(origin=an_origin(), train=10_001, snapshot=10_002))
    with pytest.raises(Conflict, match="is rejected"):
        redeploy(line.ports, Redeploy(origin=an_origin(), run=run, stages=("Test",)))

    assert len(line.runs.kept) == 1
