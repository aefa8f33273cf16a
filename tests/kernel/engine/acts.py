"""What people and the world say to a run in the tests of the engine, and how to look at what became of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypedDict, Unpack

from chalicelib.kernel.engine.advance import Transition
from chalicelib.kernel.engine.effects import (
    WHOLE_RUN,
    Announce,
    Effect,
    Occasion,
    StartStep,
    StopStep,
    effect_id,
)
from chalicelib.kernel.engine.events import (
    Approved,
    CancelRequested,
    EffectPerformed,
    GatesPassed,
    LockTaken,
    Overridden,
    Overtaken,
    Promoted,
    PromotionMode,
    Rejected,
    Revoked,
    RunRetried,
    StageAborted,
    StageReplayed,
    WatermarkChecked,
)
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.plans.plan import Node, Policy, Train
from chalicelib.kernel.plans.work import Work
from tests.builders import NOON, NOOP, a_step, with_policy

SECOND = timedelta(seconds=1)
OLDER, YOUNGER = Train(name="web", number=1), Train(name="web", number=2)


class PolicyFields(TypedDict, total=False):
    """The fields of a policy, by name."""

    ignore_failure: bool
    run_on_failure: bool
    run_on_cancel: bool
    precondition: str | None
    timeout: timedelta | None
    attempts: int
    backoff: timedelta
    quorum: int


def step(key: str, *needs: str, group: str | None = None, work: Work = NOOP, **policy: Unpack[PolicyFields]) -> Node:
    """A step under a policy."""
    return with_policy(a_step(key, work, needs=needs, group=group), Policy(**policy))


def node(at: Transition, key: str, execution: int = 1) -> NodeState:
    """How far a node is."""
    return stage(at, execution).nodes[key]


def stage(at: Transition, execution: int = 1) -> StageExecution:
    """How far a stage execution is."""
    found = at.run.execution(execution)
    assert found is not None
    return found


def phases(at: Transition, execution: int = 1) -> dict[str, Phase]:
    """How far the nodes of a stage execution are."""
    return {key: state.phase for key, state in stage(at, execution).nodes.items()}


def starts(at: Transition) -> list[str]:
    """The nodes that were asked to start, in order."""
    return [effect.node for effect in at.effects if isinstance(effect, StartStep)]


def stops(at: Transition) -> list[str]:
    """The nodes that were asked to stop, in order."""
    return [effect.node for effect in at.effects if isinstance(effect, StopStep)]


def of_kind(at: Transition, kind: type[Effect]) -> list[Effect]:
    """The effects of a kind."""
    return [effect for effect in at.effects if isinstance(effect, kind)]


def announced(at: Transition) -> list[tuple[Occasion, int, str]]:
    """What was to be announced."""
    return [(one.occasion, one.execution, one.node) for one in at.effects if isinstance(one, Announce)]


def approved(by: str = "bob", node: str = "g1", *, execution: int = 1, at: datetime = NOON) -> Approved:
    return Approved(at=at, execution=execution, node=node, attempt=1, by=by)


def rejected(by: str = "bob", node: str = "g1", *, notes: str = "", at: datetime = NOON) -> Rejected:
    return Rejected(at=at, execution=1, node=node, attempt=1, by=by, notes=notes)


def overridden(node: str = "g1", *, execution: int = 1, attempt: int = 1, at: datetime = NOON) -> Overridden:
    return Overridden(at=at, execution=execution, node=node, attempt=attempt, by="root")


def cancelled(*, retries: int = 0, at_once: bool = False, at: datetime = NOON) -> CancelRequested:
    return CancelRequested(at=at, by="bob", retries=retries, at_once=at_once)


def aborted(execution: int = 1, *, at: datetime = NOON) -> StageAborted:
    return StageAborted(at=at, execution=execution, by="bob")


def replayed(execution: int = 1, *, at: datetime = NOON) -> StageReplayed:
    return StageReplayed(at=at, execution=execution, by="bob")


def retried(retries: int = 0, *, at: datetime = NOON) -> RunRetried:
    return RunRetried(at=at, retries=retries, by="bob")


def revoked(by: str = "bob", node: str = "g1", *, execution: int = 1, at: datetime = NOON) -> Revoked:
    return Revoked(at=at, execution=execution, node=node, attempt=1, by=by)


def promoted(
    stage: str,
    executions: int,
    *,
    begin_at: datetime | None = None,
    mode: PromotionMode = PromotionMode.WHEN_MET,
    at: datetime = NOON,
) -> Promoted:
    return Promoted(at=at, stage=stage, executions=executions, by="bob", begin_at=begin_at, mode=mode)


def forward(
    stage: str,
    execution: int,
    *,
    begin_at: datetime | None = None,
    mode: PromotionMode = PromotionMode.WHEN_MET,
    at: datetime = NOON,
) -> Promoted:
    """The only stage execution that was entered, or the last, brought forward."""
    return replace(promoted(stage, execution, begin_at=begin_at, mode=mode, at=at), brings_forward=execution)


def lock_taken(execution: int = 1, *, fence: int = 1, attempt: int = 0, at: datetime = NOON) -> LockTaken:
    return LockTaken(at=at, execution=execution, fence=fence, attempt=attempt)


def passed(execution: int = 1, *, at: datetime = NOON) -> GatesPassed:
    return GatesPassed(at=at, execution=execution)


def mark_asked(execution: int = 1, *, at: datetime = NOON) -> WatermarkChecked:
    return WatermarkChecked(at=at, execution=execution)


def overtaken(stage: str, *, execution: int = WHOLE_RUN, by_number: int = 2, at: datetime = NOON) -> Overtaken:
    return Overtaken(at=at, stage=stage, by_run="run2", by_number=by_number, execution=execution)


def performed(at: Transition) -> list[EffectPerformed]:
    """The word that everything owed was performed."""
    return [EffectPerformed(at=NOON, effect=effect_id(at.run.id, owed.effect)) for owed in at.run.pending_effects]
