"""Valid values with sensible defaults, for tests of every room."""

from datetime import UTC, datetime, timedelta
from itertools import count

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.advance import Transition, advance, new_run
from chalicelib.kernel.engine.events import Event, Outcome, StepFinished, StepStarted
from chalicelib.kernel.plans.plan import Concurrency, DefinitionRef, Node, Plan, Policy, Stage, Train
from chalicelib.kernel.plans.work import Approval, DefinitionKind, Noop, Work
from chalicelib.use_cases.audit.entries import Origin

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
NOOP = Noop()
_ASKS = count(1)


def later(seconds: float) -> datetime:
    """Some seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def a_step(key: str = "s1", work: Work = NOOP, *, needs: tuple[str, ...] = (), group: str | None = None) -> Node:
    """A step that does nothing."""
    return Node(key=key, name=key, work=work, needs=needs, group=group)


def with_policy(node: Node, policy: Policy) -> Node:
    """The node under another policy."""
    return Node(key=node.key, name=node.name, work=node.work, needs=node.needs, group=node.group, policy=policy)


def a_gate(key: str = "g1", work: Work | None = None) -> Node:
    """A gate that waits for anybody's approval."""
    return Node(key=key, name=key, work=work or Approval())


def a_stage(
    key: str = "one", steps: tuple[Node, ...] = (), gates: tuple[Node, ...] = (), *, exclusive: bool = False
) -> Stage:
    """A stage of one step without gates."""
    return Stage(
        key=key,
        name=key,
        steps=steps or (a_step(),),
        gates=gates,
        exclusive=exclusive,
        environment="production" if exclusive else None,
    )


def a_plan(
    *stages: Stage,
    run: str = "run1",
    concurrency: Concurrency = Concurrency.PARALLEL,
    train: Train | None = None,
    ordered: bool = True,
    kind: DefinitionKind = DefinitionKind.PIPELINE,
) -> Plan:
    """A plan of one stage of one step."""
    return Plan(
        id=run,
        definition=DefinitionRef(kind=kind, project="web", name="release"),
        number=1,
        started_by="ada",
        created_at=NOON,
        stages=stages or (a_stage(),),
        concurrency=concurrency,
        train=train,
        ordered=ordered,
    )


def a_chain(steps: int) -> Stage:
    """A stage of steps in sequence."""
    keys = [f"s{number}" for number in range(1, steps + 1)]
    return a_stage(steps=tuple(a_step(key, needs=(keys[i - 1],) if i else ()) for i, key in enumerate(keys)))


def begun(plan: Plan, now: datetime = NOON) -> Transition:
    """The plan's run, just begun."""
    return advance(plan, new_run(plan), (), now)


def then(before: Transition, *happened: Event, now: datetime = NOON) -> Transition:
    """What becomes of it by these events."""
    return advance(before.plan, before.run, happened, now)


def started(node: str = "s1", *, execution: int = 1, attempt: int = 1, at: datetime = NOON) -> StepStarted:
    """The word that a step's work was taken up."""
    return StepStarted(at=at, execution=execution, node=node, attempt=attempt, reference=f"job-{node}-{attempt}")


def finished(
    node: str = "s1",
    outcome: Outcome = Outcome.SUCCEEDED,
    *,
    execution: int = 1,
    attempt: int = 1,
    at: datetime = NOON,
    outputs: dict[str, str] | None = None,
) -> StepFinished:
    """The word that a step's work ended."""
    return StepFinished(at=at, execution=execution, node=node, attempt=attempt, outcome=outcome, outputs=outputs or {})


ORIGIN = Origin(by=Principal(name="ada"), at=NOON, seed="a-request-of-ada")
"""Of requests whose caller matters to nobody."""


def an_entry(ask: str = "", at: datetime = NOON) -> AuditEntry:
    """What the audit log says of a deed. ask: of which the deed is, one of its own when there is none."""
    return AuditEntry(id=ask or f"ask{next(_ASKS)}", at=at, by="ada", act="did", subject="it", project="web")
