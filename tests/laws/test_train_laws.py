"""A random sequence of acts on one train, as use cases store them: the laws of docs/trains.md hold after each."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.trains.numbering import whole_part
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Place, Train
from chalicelib.kernel.trains.transitions import (
    Changed,
    Wanted,
    arrived,
    cancelled,
    created,
    delivered,
    entered,
    lost_head,
    needs_block,
    rejected,
    restored,
    with_block,
    with_heads,
)
from tests.builders import NOON
from tests.kernel.trains.given import BY_ADA, CANCELLED, a_train
from tests.laws.profiles import effort
from tests.laws.train_laws import TrainLaws

STAGES = ("Build", "Test", "Live")
PLACES = st.integers(0, 10**6)
NUMBERS = st.sampled_from(("", "", "", "3", "12", "007", "56.develop", "x"))


class TrainMachine(RuleBasedStateMachine):
    """One train with its snapshots in memory."""

    train: Train

    def __init__(self) -> None:
        super().__init__()
        self.snapshots: dict[int, Snapshot] = {}
        self.laws = TrainLaws()
        self.blocks = 1

    @initialize(left=st.integers(0, 3), planned=st.booleans())
    def a_train_is_planned(self, left: int, *, planned: bool) -> None:
        train = a_train() if planned else replace(a_train(""), pipeline="", sequence=0)
        self.train = replace(train, last_id=train.next_id + left - 1)

    @rule(number=NUMBERS, pipeline=st.sampled_from(("release", "hotfix")))
    def a_snapshot_is_made(self, number: str, pipeline: str) -> None:
        if needs_block(self.train):
            self.blocks += 1
            self.train = with_block(self.train, 10_001 + self.blocks * 3 * BLOCK)
        if number in {one.number for one in self.snapshots.values()}:
            return  # the store refuses it
        highest = max((whole_part(one.number) for one in self.snapshots.values()), default=0)
        with suppress(Conflict):
            changed = created(self.train, Wanted(number=number, pipeline=pipeline, by="ada", at=NOON))
            assert changed.snapshot.id > max(self.snapshots, default=0)
            assert changed.snapshot.number == number or changed.snapshot.number == str(highest + 1)
            assert changed.snapshot.number not in {one.number for one in self.snapshots.values()}
            self.keep(changed)

    @precondition(lambda self: self.snapshots)
    @rule(which=PLACES, stage=st.integers(0, 2))
    def a_deployment_begins(self, which: int, stage: int) -> None:
        place = Place(stage=STAGES[stage], number=stage)
        self.act(lambda one: entered(self.train, one, place), which)

    @precondition(lambda self: self.snapshots)
    @rule(which=PLACES)
    def a_snapshot_is_rejected(self, which: int) -> None:
        self.act(lambda one: rejected(self.train, one, BY_ADA), which)

    @precondition(lambda self: self.snapshots)
    @rule(which=PLACES, delivers=st.booleans())
    def a_snapshot_arrives(self, which: int, *, delivers: bool) -> None:
        self.act(lambda one: arrived(self.train, one, NOON), which)
        if delivers:
            self.train = delivered(self.train, "ada", NOON)

    @rule(seconds=st.integers(0, 9))
    def the_train_is_cancelled(self, seconds: int) -> None:
        with suppress(Conflict):
            over = cancelled(self.train, replace(CANCELLED, at=NOON + timedelta(seconds=seconds)))
            self.train = with_heads(over, self.snapshots.values())

    @rule()
    def the_train_is_restored(self) -> None:
        with suppress(Conflict):
            self.train = restored(self.train)

    def act(self, on: Callable[[Snapshot], Changed], which: int) -> None:
        """Do something to one of the snapshots, if that is not refused."""
        snapshot = list(self.snapshots.values())[which % len(self.snapshots)]
        with suppress(Conflict):
            self.keep(on(snapshot))

    def keep(self, changed: Changed) -> None:
        """Store a train with its snapshot, as the use cases do."""
        self.snapshots[changed.snapshot.id] = changed.snapshot
        heads = lost_head(changed)
        self.train = with_heads(changed.train, self.snapshots.values()) if heads else changed.train

    @invariant()
    def the_laws_hold(self) -> None:
        if hasattr(self, "train"):
            self.laws.hold(self.train, self.snapshots)


TestTrains = TrainMachine.TestCase
TestTrains.settings = settings(effort(100), stateful_step_count=30)
