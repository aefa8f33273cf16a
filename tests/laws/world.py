"""A world in memory for several runs: it loses effects, does them twice or late, and tells things in any order.

What is conditional in the store is conditional here: a start refuses what is there or buried, a lock has its line and
its fence, a mark only rises, a run is told nothing that is not true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.due import due_at
from chalicelib.kernel.engine.effects import (
    WHOLE_RUN,
    Announce,
    Audit,
    CheckWatermark,
    Effect,
    FreeLock,
    PassGates,
    StartStep,
    StopStep,
    TakeLock,
    WakeAt,
    effect_id,
    step_id,
)
from chalicelib.kernel.engine.events import (
    EffectPerformed,
    Event,
    GatesPassed,
    LockAwaited,
    LockTaken,
    Outcome,
    Overtaken,
    Promoted,
    StepFinished,
    StepStarted,
    WatermarkChecked,
)
from chalicelib.kernel.engine.people.refusal import refusal
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress.locks import stage_lock
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import NodeAddress, Plan
from chalicelib.store.runs.lock_line import LockState, freed, replaced, taken
from chalicelib.use_cases.ports.locks import Awaited, Held, Holder, ReleasedBefore
from tests.builders import NOON


@dataclass(kw_only=True)
class Work:
    """The work of one attempt. started: how often it truly was."""

    run: str
    of: NodeAddress
    started: int = 0
    told_to_stop: bool = False
    outcome: Outcome | None = None
    outputs: dict[str, str] = field(default_factory=dict)

    @property
    def goes_on(self) -> bool:
        """Whether somebody does it now."""
        return self.started > 0 and self.outcome is None


def finish(
    of: StepStarted | StartStep | StopStep, outcome: Outcome, outputs: Mapping[str, str], at: datetime
) -> StepFinished:
    """The word that a work ended."""
    return StepFinished(
        at=at,
        execution=of.execution,
        node=of.node,
        attempt=of.attempt,
        outcome=outcome,
        outputs=outputs,
    )


def cleans_up(plan: Plan, run: Run, effect: Effect) -> bool:
    """Whether the effect starts a step that runs where its run is cancelled, or is in a group that does."""
    execution = run.execution(effect.execution) if isinstance(effect, StartStep) else None
    if execution is None or not isinstance(effect, StartStep):
        return False
    stage = plan.by_key[execution.stage]
    node = stage.by_key[effect.node]
    return any(one.policy.run_on_cancel for one in (node, *stage.around(node)))


@dataclass(kw_only=True)
class World:
    """Runs with what is on its way to and from them. passed: stage executions that passed their gates."""

    now: datetime = NOON
    plans: dict[str, Plan] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    works: dict[str, Work] = field(default_factory=dict)
    locks: dict[str, LockState] = field(default_factory=dict)
    marks: dict[str, tuple[int, str]] = field(default_factory=dict)
    passed: set[tuple[str, int]] = field(default_factory=set)
    effects: list[tuple[str, Effect]] = field(default_factory=list)
    events: list[tuple[str, Event]] = field(default_factory=list)

    def begin(self, plan: Plan) -> None:
        """A new run."""
        self.plans[plan.id], self.runs[plan.id] = plan, new_run(plan)
        self.fold(plan.id)

    def fold(self, run_id: str, *happened: Event) -> None:
        """Advance a run, and put what it asks for on its way."""
        before = self.runs[run_id]
        transition = advance(self.plans[run_id], before, happened, self.now)
        self.runs[run_id] = transition.run
        for effect in transition.effects:
            self.check(transition.run, effect)
            self.effects.append((run_id, effect))

    def check(self, run: Run, effect: Effect) -> None:
        """A start is asked for by a node that starts alone; where it is being stopped, by one that cleans up."""
        if isinstance(effect, StartStep):
            execution = run.execution(effect.execution)
            assert execution is not None
            is_stopping = run.ending is not None or execution.ending is not None
            assert not is_stopping or (not run.at_once and cleans_up(self.plans[run.id], run, effect))
            state = execution.nodes[effect.node]
            assert (state.phase, state.attempt) == (Phase.STARTING, effect.attempt)

    def perform(self, run_id: str, effect: Effect) -> list[Event]:
        """Do what was asked for, as the store would; the answers."""
        match effect:
            case StartStep():
                return [self._started(run_id, effect)]
            case StopStep():
                return self._stopped(run_id, effect)
            case TakeLock():
                return self._taken(run_id, effect)
            case PassGates():
                return [self._passed(run_id, effect)]
            case CheckWatermark():
                return [self._marked(run_id, effect)]
            case FreeLock():
                self._freed(run_id, effect)
                return [EffectPerformed(at=self.now, effect=effect_id(run_id, effect))]
            case Announce() | Audit():
                return [EffectPerformed(at=self.now, effect=effect_id(run_id, effect))]
            case WakeAt():
                return []

    def _work(self, run_id: str, effect: StartStep | StopStep) -> Work:
        key = step_id(run_id, effect)
        fresh = Work(run=run_id, of=effect.address)
        return self.works.setdefault(key, fresh)

    def _started(self, run_id: str, effect: StartStep) -> Event:
        work = self._work(run_id, effect)
        if not work.started and work.outcome is None:
            work.started += 1
        return self.news(work)

    def _stopped(self, run_id: str, effect: StopStep) -> list[Event]:
        work = self._work(run_id, effect)
        work.told_to_stop = True
        if not work.started and work.outcome is None:
            work.outcome = Outcome.CANCELLED
        return [self.news(work)] if work.outcome is not None else []

    def news(self, work: Work) -> Event:
        """What there is to say about a work."""
        started = StepStarted(
            at=self.now,
            **work.of.as_fields(),
            reference=step_id(work.run, work.of),
        )
        return started if work.outcome is None else finish(started, work.outcome, work.outputs, self.now)

    def _taken(self, run_id: str, effect: TakeLock) -> list[Event]:
        holder = Holder(run=run_id, execution=effect.execution, attempt=effect.attempt)
        lock, answer = taken(self.locks.get(effect.lock, LockState()), holder)
        if isinstance(answer, Awaited) and self._has_ended(answer.holder):
            lock, answer = taken(replaced(lock, answer.holder, answer.fence, self.now), holder)
        self.locks[effect.lock] = lock
        place = {"execution": effect.execution, "attempt": effect.attempt}
        match answer:
            case Held():
                return [LockTaken(at=self.now, fence=answer.fence, **place)]
            case Awaited():
                return [LockAwaited(at=self.now, holder=answer.holder.run, **place)]
            case ReleasedBefore():
                return []

    def _has_ended(self, holder: Holder) -> bool:
        run = self.runs[holder.run]
        if holder.execution == WHOLE_RUN:
            return run.is_final or run.retries != holder.attempt
        execution = run.execution(holder.execution)
        return execution is None or execution.is_final or execution.turn != holder.attempt

    def _freed(self, run_id: str, effect: FreeLock) -> None:
        holder = Holder(run=run_id, execution=effect.execution, attempt=effect.attempt)
        self.locks[effect.lock], heir = freed(self.locks.get(effect.lock, LockState()), holder, self.now)
        if heir is not None:
            follower, fence = heir
            place = {"execution": follower.execution, "attempt": follower.attempt}
            self.events.append((follower.run, LockTaken(at=self.now, fence=fence, **place)))

    def _passed(self, run_id: str, effect: PassGates) -> Event:
        train = self.plans[run_id].train
        assert train is not None
        if (word := self._behind(train.number, effect)) is not None:
            if not self.plans[run_id].redeploys:
                return word
            self.passed.add((run_id, effect.execution))
            return GatesPassed(at=self.now, execution=effect.execution)
        self.marks[effect.stage] = (train.number, run_id)
        self.passed.add((run_id, effect.execution))
        for other, plan in self.plans.items():
            if plan.train is not None and plan.train.number < train.number:
                word = Overtaken(at=self.now, stage=effect.stage, by_run=run_id, by_number=train.number)
                self.events.append((other, word))
        return GatesPassed(at=self.now, execution=effect.execution)

    def _marked(self, run_id: str, effect: CheckWatermark) -> Event:
        train = self.plans[run_id].train
        assert train is not None
        return self._behind(train.number, effect) or WatermarkChecked(at=self.now, execution=effect.execution)

    def _behind(self, own: int, effect: PassGates | CheckWatermark) -> Overtaken | None:
        number, by_run = self.marks.get(effect.stage, (0, ""))
        if number <= own:
            return None
        word = Overtaken(at=self.now, stage=effect.stage, by_run=by_run, by_number=number)
        return replace(word, execution=effect.execution)

    def due(self) -> list[str]:
        """The runs that must be looked at now."""
        found = ((key, due_at(self.plans[key], run)) for key, run in self.runs.items())
        return [key for key, due in found if due is not None and due <= self.now]

    def next_due(self) -> datetime | None:
        """When a run must be looked at next."""
        found = (due_at(self.plans[key], run) for key, run in self.runs.items())
        return min((due for due in found if due is not None), default=None)

    def settle_down(self) -> None:
        """Everything on its way arrives, and what was told to stop has stopped."""
        while self.effects or self.events:
            effects, self.effects = self.effects, []
            for run_id, effect in effects:
                self.fold(run_id, *self.perform(run_id, effect))
            events, self.events = self.events, []
            for run_id, event in events:
                self.fold(run_id, event)
            for work in self.works.values():
                self._give_up(work)

    def _give_up(self, work: Work) -> None:
        if work.goes_on and work.told_to_stop:
            work.outcome = Outcome.CANCELLED
            self.fold(work.run, self.news(work))

    def run_out(self, most: int = 2000) -> None:
        """Time passes, ticks come when due, nothing more is lost and nobody does anything but promote."""
        for _ in range(most):
            for work in self.works.values():
                if work.outcome is not None:
                    self.fold(work.run, self.news(work))
            self.settle_down()
            promoted, due = self._promote(), self.next_due()
            if due is None and not promoted:
                return
            self.now = max(self.now, due or self.now)
            for run_id in self.due():
                self.fold(run_id)

    def _promote(self) -> bool:
        acts = (
            (key, Promoted(at=self.now, stage=stage.key, executions=run.entered, by="bob"))
            for key, run in self.runs.items()
            if not run.is_final
            for stage in self.plans[key].stages
            if (latest := run.latest(stage.key)) is None or latest.is_collecting
        )
        fit = next(((key, act) for key, act in acts if refusal(self.plans[key], self.runs[key], act) is None), None)
        if fit is not None:
            self.fold(fit[0], fit[1])
        return fit is not None

    def holders(self) -> list[tuple[str, str, int]]:
        """The stage executions that hold a lock: its name first."""
        return [
            (lock, key, one.number)
            for key, one in self.executions()
            if one.fence is not None and not one.is_final and (lock := self.lock_of(key, one)) is not None
        ]

    def lock_of(self, run_id: str, execution: StageExecution) -> str | None:
        """The lock that the steps of a stage run under."""
        return stage_lock(self.plans[run_id], self.plans[run_id].by_key[execution.stage])

    def executions(self) -> Iterator[tuple[str, StageExecution]]:
        """All stage executions, with their runs."""
        return ((key, one) for key, run in self.runs.items() for one in run.stages)

    def state_of(self, work: Work) -> NodeState:
        """How far the node of a work is."""
        execution = self.runs[work.run].execution(work.of.execution)
        assert execution is not None
        return execution.nodes[work.of.node]

    def under_locks(self) -> set[tuple[str, str, int]]:
        """The stage executions in which somebody works under a lock: its name first."""
        places = {(work.run, work.of.execution) for work in self.works.values() if work.goes_on}
        found = ((key, self.runs[key].execution(number)) for key, number in places)
        return {
            (lock, key, one.number)
            for key, one in found
            if one is not None and (lock := self.lock_of(key, one)) is not None
        }
