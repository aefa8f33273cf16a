"""Random stories of one run: what the world and people say to it, in time and late, fitting and stale."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.effects import WHOLE_RUN, effect_id
from chalicelib.kernel.engine.events import (
    Act,
    Approved,
    CancelRequested,
    Claimed,
    EffectPerformed,
    EffectsLost,
    Event,
    ExternallyDecided,
    Fact,
    GatesPassed,
    LockAwaited,
    LockTaken,
    Outcome,
    Overridden,
    Overtaken,
    Promoted,
    PromotionMode,
    Rejected,
    Revoked,
    RunRetried,
    StageAborted,
    StageReplayed,
    StepFinished,
    StepStarted,
    StepTried,
    TestsReported,
    Ticked,
    WatermarkChecked,
)
from chalicelib.kernel.engine.progress.settle import settle
from chalicelib.kernel.engine.record import record
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Plan
from tests.builders import NOON
from tests.laws.plans import plans

PEOPLE = ("ada", "bob", "eve")
OUTCOMES = (*(Outcome.SUCCEEDED,) * 5, *Outcome)
PAUSES = (0.0, 0.0, 0.0, 1.0, 7.0, 31.0, 65.0, 600.0)


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One fold: what happened, what of it changed something, what was after, and when."""

    happened: tuple[Event, ...]
    told: tuple[Event, ...]
    after: Transition
    now: datetime


@dataclass(frozen=True, kw_only=True, repr=False)
class Story:
    """A run from its beginning on."""

    plan: Plan
    first: Transition
    chapters: tuple[Chapter, ...]

    def __repr__(self) -> str:
        happened = "\n".join(f"  {one.now:%H:%M:%S} {one.happened}" for one in self.chapters)
        return f"{self.plan.stages}\n{self.plan.concurrency}\n{happened}"[:20_000]

    @property
    def moments(self) -> tuple[tuple[Run, datetime], ...]:
        """The run after each fold, and when."""
        return ((self.first.run, NOON), *((one.after.run, one.now) for one in self.chapters))

    @property
    def end(self) -> tuple[Run, datetime]:
        """The run at the end, and when."""
        return self.moments[-1]


@st.composite
def stories(draw: st.DrawFn, *, longest: int = 25) -> Story:
    """A random plan and what happens to its run."""
    plan = draw(plans())
    first = current = advance(plan, new_run(plan), (), NOON)
    now, chapters = NOON, list[Chapter]()
    for _ in range(draw(st.integers(1, longest))):
        now += timedelta(seconds=draw(st.sampled_from(PAUSES)))
        happened = tuple(draw(event_for(current.run, now)) for _ in range(draw(st.sampled_from((0, 1, 1, 2)))))
        told = tuple(effective(plan, current.run, happened))
        current = advance(plan, current.run, happened, now)
        chapters.append(Chapter(happened=happened, told=told, after=current, now=now))
    return Story(plan=plan, first=first, chapters=tuple(chapters))


def effective(plan: Plan, run: Run, happened: tuple[Event, ...]) -> Iterator[Event]:
    """The events that change something."""
    for event in happened:
        settled = settle(plan, run, event.at)
        run = record(plan, settled, event)
        if run is not settled:
            yield event


def event_for(run: Run, at: datetime) -> st.SearchStrategy[Event]:
    """Something that may be said to the run; what fits is likely, what does not is possible."""
    likely = [*of_nodes(run, at), *of_executions(run, at), *of_run(run, at)]
    return st.sampled_from([*likely, *acts_on_run(run, at)])


def of_nodes(run: Run, at: datetime) -> Iterator[Fact | Act]:
    """What may be said about the nodes of the run."""
    for execution in run.stages:
        for key, state in execution.nodes.items():
            if not state.is_final or len(run.stages) == 1:
                yield from of_node(execution, key, state, at)


def of_node(execution: StageExecution, key: str, state: NodeState, at: datetime) -> Iterator[Fact | Act]:
    """What may be said about one node: starts and finishes of its attempt, decisions."""
    number, attempt = execution.number, state.attempt
    yield StepStarted(at=at, execution=number, node=key, attempt=attempt, reference=f"job-{key}-{attempt}")
    yield StepTried(at=at, execution=number, node=key, attempt=attempt, reason="nobody answers")
    for place, outcome in enumerate(OUTCOMES):
        outputs = {"release": f"web/app-v{place}"} if place < 2 else {}
        yield StepFinished(at=at, execution=number, node=key, attempt=attempt, outcome=outcome, outputs=outputs)
    for by in PEOPLE:
        yield Approved(at=at, execution=number, node=key, attempt=attempt, by=by)
        yield Revoked(at=at, execution=number, node=key, attempt=attempt, by=by)
        yield Claimed(at=at, execution=number, node=key, attempt=attempt, by=by)
    yield Rejected(at=at, execution=number, node=key, attempt=attempt, by="bob", notes="no")
    yield Overridden(at=at, execution=number, node=key, attempt=attempt, by="root")
    for said in (True, False):
        yield ExternallyDecided(at=at, execution=number, node=key, attempt=attempt, ticket="OPS-1", approved=said)


def of_executions(run: Run, at: datetime) -> Iterator[Fact | Act]:
    """What may be said about the stage executions of the run."""
    for number in range(1, run.executions + 1):
        for _ in range(4):
            execution = run.execution(number)
            turn = execution.turn if execution is not None else 0
            yield LockTaken(at=at, execution=number, fence=number, attempt=turn)
            yield GatesPassed(at=at, execution=number)
        yield WatermarkChecked(at=at, execution=number)
        yield LockAwaited(at=at, execution=number, holder="run9")
        yield StageAborted(at=at, execution=number, by="bob")
        yield StageReplayed(at=at, execution=number, by="bob")


def of_run(run: Run, at: datetime) -> Iterator[Fact | Act]:
    """What may be said about the run itself."""
    yield from (Ticked(at=at), EffectsLost(at=at))
    for _ in range(4):
        yield LockTaken(at=at, execution=WHOLE_RUN, fence=1, attempt=run.retries)
    yield LockAwaited(at=at, execution=WHOLE_RUN, holder="run9", attempt=run.retries)
    yield from (EffectPerformed(at=at, effect=effect_id(run.id, entry.effect)) for entry in run.pending_effects)
    for failed in (0, 3):
        yield TestsReported(at=at, stage="one", name="unit", passed=4, failed=failed)
    for stage in ("one", "two"):
        yield Overtaken(at=at, stage=stage, by_run="run9", by_number=9)


def acts_on_run(run: Run, at: datetime) -> Iterator[Act]:
    """What people may do to the run."""
    yield CancelRequested(at=at, by="bob", retries=run.retries)
    yield CancelRequested(at=at, by="bob", retries=run.retries, at_once=True)
    for _ in range(3):
        yield RunRetried(at=at, retries=run.retries, by="bob")
        for stage in ("one", "two", "three"):
            yield Promoted(at=at, stage=stage, executions=run.entered, by="bob")
    for mode in PromotionMode:
        yield Promoted(at=at, stage="one", executions=run.entered, by="root", mode=mode)
    yield Promoted(at=at, stage="two", executions=run.entered, by="bob", begin_at=at + timedelta(seconds=90))
    for one in (one for one in run.stages if one.is_scheduled):
        sooner = Promoted(at=at, stage=one.stage, executions=run.entered, by="bob", brings_forward=one.number)
        yield from (sooner, replace(sooner, begin_at=at + timedelta(seconds=30)))
