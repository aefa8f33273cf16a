"""The summary of a run that lists show: counts of its nodes in place of the nodes, and what waits for people."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from chalicelib.kernel.engine.phase import BAD, FINAL, Phase
from chalicelib.kernel.engine.progress.nodes import acts_on, deadline
from chalicelib.kernel.engine.run import Act, ActKind, Run, StageExecution
from chalicelib.kernel.explanation.hold import Given
from chalicelib.kernel.plans.plan import DecidedBy, DefinitionRef, Node, Plan
from chalicelib.kernel.plans.work import Approval
from slipway_formats.frozen import frozen

TENTHS = 10


@frozen
class Awaited:
    """A gate or step that waits for a person's word. key: unique in its stage execution, with `execution` in its run.

    deciders: None for whoever may write. given: approvals that stand. spoken: names and owner keys of whoever has
    decided about it. barred: likewise of whoever began the run and so may not approve it.
    """

    execution: int
    key: str
    attempt: int = 1
    name: str
    stage: str
    environment: str
    since: datetime
    expires_at: datetime | None = None
    description: str = ""
    deciders: DecidedBy | None = None
    quorum: int = 1
    given: tuple[Given, ...] = ()
    spoken: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()


@frozen
class NodeCounts:
    """How many gates and steps a run has, and how far they are. bad: ended badly. waiting: for a person.

    done: of an open run of over ten, to a tenth of them: each change of a summary costs a write of the index.
    """

    total: int
    done: int
    bad: int
    waiting: int


@frozen
class RunSummary:
    """A run without its nodes. environments: its own and those of its stages, in order.

    phase: as stored; a step that waits for a runner counts as running.
    """

    id: str
    definition: DefinitionRef
    number: int
    phase: Phase
    reason: str = ""
    started_by: str
    trigger: str
    created_at: datetime
    ended_at: datetime | None = None
    releases: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    counts: NodeCounts
    awaits: tuple[Awaited, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the run has not ended."""
        return self.ended_at is None


def summary_of(plan: Plan, run: Run) -> RunSummary:
    """Return the summary of a run."""
    return RunSummary(
        id=run.id,
        definition=plan.definition,
        number=plan.number,
        phase=run.phase,
        reason=run.reason,
        started_by=plan.started_by,
        trigger=plan.trigger,
        created_at=plan.created_at,
        ended_at=run.ended_at,
        releases=tuple(dict.fromkeys(run.releases)),
        environments=_environments(plan),
        counts=_counts(plan, run),
        awaits=tuple(_awaited(plan, run)),
    )


def _environments(plan: Plan) -> tuple[str, ...]:
    named = (plan.definition.environment, *(stage.environment for stage in plan.stages))
    return tuple(dict.fromkeys(one for one in named if one))


def _counts(plan: Plan, run: Run) -> NodeCounts:
    phases = Counter(_phases(plan, run))
    total, done = phases.total(), sum(phases[phase] for phase in FINAL)
    step = 1 if run.is_final else max(1, total // TENTHS)
    return NodeCounts(
        total=total,
        done=done - done % step,
        bad=sum(phases[phase] for phase in BAD),
        waiting=phases[Phase.WAITING_PERSON],
    )


def _phases(plan: Plan, run: Run) -> Iterator[Phase]:
    """Yield the phase of each gate and step, in the latest execution of its stage."""
    for stage in plan.stages:
        latest = run.latest(stage.key)
        states = latest.nodes if latest is not None else {}
        yield from (states[node.key].phase if node.key in states else Phase.NEW for node in stage.nodes)


def _awaited(plan: Plan, run: Run) -> Iterator[Awaited]:
    for execution in run.stages:
        stage = plan.by_key.get(execution.stage)
        for key, state in execution.nodes.items() if not execution.is_final and stage is not None else ():
            node = stage.node(key) if stage is not None else None
            if node is not None and node.awaits_word and state.phase is Phase.WAITING_PERSON:
                yield _of_node(plan, run, execution, node)


def _of_node(plan: Plan, run: Run, execution: StageExecution, node: Node) -> Awaited:
    stage, state = plan.by_key[execution.stage], execution.nodes[node.key]
    acts = acts_on(run, execution.address_of(node.key))
    is_for_others = isinstance(node.work, Approval) and node.work.no_self_approval
    return Awaited(
        execution=execution.number,
        key=node.key,
        attempt=state.attempt,
        name=node.name,
        stage=stage.name,
        environment=stage.environment or plan.definition.environment,
        since=state.began_at,
        expires_at=deadline(node, state),
        description=node.description,
        deciders=node.named,
        quorum=max(1, node.policy.quorum),
        given=tuple(Given(by=act.by, at=act.at, notes=act.notes) for act in acts if act.kind is ActKind.APPROVED),
        spoken=tuple(dict.fromkeys(name for act in acts for name in _names(act))),
        barred=(*plan.begun_by, *(_names(run.continued) if run.continued is not None else ())) if is_for_others else (),
    )


def _names(act: Act) -> tuple[str, ...]:
    return act.by, *act.behind
