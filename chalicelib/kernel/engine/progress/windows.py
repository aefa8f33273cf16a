"""Gates that were passed and may be shut again: windows that have closed since, and freezes of an environment.

The one place that says what holds a step from beginning, behind gates that are passed. What is running is not
interrupted.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.freezes import Freeze, end_of, free_at
from chalicelib.kernel.plans.plan import Node, Plan, Stage
from chalicelib.kernel.plans.windows import next_opening
from chalicelib.kernel.plans.work import DefinitionKind, Job, Windows
from slipway_formats.frozen import frozen


@frozen
class ShutGate:
    """A gate that has shut again. opens: when it is open next; None for never."""

    gate: Node
    work: Windows
    opens: datetime | None

    @property
    def reason(self) -> str:
        """Why nothing begins behind it."""
        until = f"opens again at {self.opens.isoformat()}" if self.opens is not None else "never opens again"
        return f"gate {self.gate.name} has closed, and {until}"


@frozen
class InForce:
    """A freeze that holds a stage. opens: from when on none does."""

    freeze: Freeze
    opens: datetime

    @property
    def reason(self) -> str:
        """Why nothing begins."""
        what = f"{self.freeze.title} {'was stopped' if self.freeze.is_stop else 'is frozen'} by {self.freeze.by}"
        return f"{what} until {self.opens.isoformat()}: {self.freeze.reason}"


Shut = ShutGate | InForce

UNFROZEN = frozenset({DefinitionKind.BUILD, DefinitionKind.LOAD})
"""Runs that bring nothing into the environment of their definition."""


def what_is_shut(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> Shut | None:
    """What keeps the steps of a stage from beginning, behind gates that were passed: a window, or a freeze."""
    return shut_gate(plan.by_key[execution.stage], execution.nodes, now) or freeze_of(plan, run, execution, now)


def environments_of(plan: Plan, stages: Iterable[Stage]) -> Iterator[str]:
    """The environments into which stages bring something."""
    own = "" if plan.definition.kind in UNFROZEN else plan.definition.environment
    for stage in stages:
        named = (stage.environment or own, *(one.work.environment for one in stage.steps if isinstance(one.work, Job)))
        yield from (environment for environment in named if environment)


def freeze_of(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> InForce | None:
    """The freeze that holds a stage now, with the instant from which on none does; what was passed does not."""
    held = freezes_of(plan, run, execution, now)
    return InForce(freeze=held[0], opens=free_at(_own(plan, run, execution), now)) if held else None


def freezes_of(plan: Plan, run: Run, execution: StageExecution, now: datetime) -> tuple[Freeze, ...]:
    """The freezes that hold a stage now, but those that somebody let it pass."""
    return tuple(one for one in _own(plan, run, execution) if end_of(one, now) is not None)


def _own(plan: Plan, run: Run, execution: StageExecution) -> tuple[Freeze, ...]:
    if not run.freezes.all:
        return ()
    passed, project = {*run.passed, *execution.passed}, plan.definition.project
    into = set(environments_of(plan, (plan.by_key[execution.stage],)))
    unpassed = (one for one in run.freezes.all if one.id not in passed)
    return tuple(one for one in unpassed if any(one.covers(project, where) for where in into))


def shut_gate(stage: Stage, states: Mapping[str, NodeState], now: datetime) -> ShutGate | None:
    """The first gate that was passed and has shut since; one that somebody overrode is not asked again."""
    for gate in stage.gates:
        state = states.get(gate.key)
        if isinstance(gate.work, Windows) and state is not None and state.phase is Phase.SUCCEEDED:
            opens = next_opening(gate.work, now)
            if opens != now:
                return ShutGate(gate=gate, work=gate.work, opens=opens)
    return None


def unmet_gates(stage: Stage, states: Mapping[str, NodeState], now: datetime) -> tuple[Node, ...]:
    """The gates that keep the steps of a stage from beginning, also those that have shut again."""
    unmet = graph.unmet_gates(stage, states)
    shut = shut_gate(stage, states, now)
    return unmet if shut is None else (*unmet, shut.gate)
