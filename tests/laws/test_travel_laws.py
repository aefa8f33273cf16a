"""A random sequence of calls on one train, with its runs, a runner and people: the laws hold after each call."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.kernel.engine.events import Outcome, PromotionMode
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.kernel.trains.completion import Completion
from chalicelib.kernel.trains.snapshot import SnapshotStatus, status_of
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from chalicelib.use_cases.trains.ending import EndTrain, RejectSnapshot, TrainAct, end_train, reject_snapshot
from tests.laws.profiles import effort
from tests.laws.train_laws import TrainLaws
from tests.use_cases.catalog_ports import ROOT, an_origin
from tests.use_cases.travel.line import Line, a_stage

MOST_SNAPSHOTS = 5
PLACES = st.integers(0, 10**6)
STAGES = st.sampled_from(("", "Build", "Test", "Live"))


class TravelMachine(RuleBasedStateMachine):
    """One train on fakes."""

    @initialize(
        gated=st.booleans(), automatic=st.booleans(), delivers=st.booleans(), concurrency=st.sampled_from(Concurrency)
    )
    def a_train_is_planned(self, *, gated: bool, automatic: bool, delivers: bool, concurrency: Concurrency) -> None:
        self.line, self.laws = Line(), TrainLaws()
        self.line.lay(
            a_stage("Build", automatic=automatic),
            a_stage("Test", job=True, gated=gated),
            a_stage("Live", automatic=True),
            concurrency=concurrency,
            completion=Completion(deploys_train=delivers),
        )

    @precondition(lambda self: self.count < MOST_SNAPSHOTS)
    @rule(holds=st.booleans())
    def a_snapshot_is_made(self, *, holds: bool) -> None:
        self.attempt(lambda: self.line.begin(holds=holds))

    @precondition(lambda self: self.count)
    @rule(which=PLACES, stage=STAGES, mode=st.sampled_from(PromotionMode), again=st.booleans())
    def a_snapshot_is_deployed(self, which: int, stage: str, mode: PromotionMode, *, again: bool) -> None:
        number, seed = self.number(which), f"{which}-{stage}-{mode}" if again else ""
        for _ in range(2 if again else 1):
            self.attempt(lambda: self.line.deploy(number, stage, by=ROOT, mode=mode, seed=seed))

    @precondition(lambda self: self.count)
    @rule(which=PLACES)
    def a_snapshot_is_rejected(self, which: int) -> None:
        reject = RejectSnapshot(origin=an_origin(), train=10_001, snapshot=self.number(which))
        self.attempt(lambda: reject_snapshot(self.line.ports, reject))

    @rule(act=st.sampled_from(TrainAct))
    def the_train_is_cancelled_or_restored(self, act: TrainAct) -> None:
        self.attempt(lambda: end_train(self.line.ports, EndTrain(origin=an_origin(), train=10_001, act=act)))

    @rule(outcome=st.sampled_from((Outcome.SUCCEEDED, Outcome.SUCCEEDED, Outcome.FAILED)))
    def a_job_is_done(self, outcome: Outcome) -> None:
        for leased in self.line.lease():
            self.line.finish(leased, outcome)

    @precondition(lambda self: self.count)
    @rule(which=PLACES)
    def what_waits_is_approved(self, which: int) -> None:
        for run in self.line.snapshot(self.number(which)).runs:
            approve = DecideNode(run=run, kind=ActKind.APPROVED, by=ROOT)
            self.attempt(lambda approve=approve: decide_node(self.line.ports, approve))  # type: ignore[misc]

    def attempt(self, act: Callable[[], object]) -> None:
        """Call something that may be refused, and let what follows come to rest."""
        with suppress(Conflict, Forbidden):
            act()
        self.line.work_off()

    @property
    def count(self) -> int:
        """How many snapshots there are."""
        return len(self.line.ports.snapshots.of_train(10_001, Page())) if hasattr(self, "line") else 0

    def number(self, which: int) -> int:
        """The id of some snapshot."""
        return 10_002 + which % self.count

    @invariant()
    def the_laws_hold(self) -> None:
        if hasattr(self, "line"):
            snapshots = {one.id: one for one in self.line.ports.snapshots.of_train(10_001, Page())}
            self.laws.hold(self.line.train(), snapshots)
            assert [one.number for one in reversed(snapshots.values())] == [str(one + 1) for one in range(self.count)]

    @invariant()
    def nothing_of_what_is_rejected_goes_on(self) -> None:
        if not hasattr(self, "line"):
            return
        for snapshot in self.line.ports.snapshots.of_train(10_001, Page()):
            if status_of(self.line.train(), snapshot) is SnapshotStatus.REJECTED:
                runs = [self.line.runs.run(run) for run in snapshot.runs if self.line.runs.find_run(run)]
                assert all(run.is_final or run.ending is Phase.CANCELLED for run in runs)


TestTravels = TravelMachine.TestCase
TestTravels.settings = settings(effort(40), stateful_step_count=20)
