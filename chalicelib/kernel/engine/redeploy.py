"""The run of a redeploy: what it takes over from the runs that deployed the same before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Stage
from chalicelib.kernel.plans.work import Approval, ExternalApproval, ManualTask

Carried = tuple[Plan, Run]
"""A run with its plan."""


def redeploying_run(plan: Plan, carried: Sequence[Carried]) -> Run:
    """Create the run of a redeploy, before any event. carried: the runs of the same snapshot, oldest first.

    It has their releases and test results, and the approvals given to those stages that they deployed to. All else is
    asked again: schedules, windows, checks, and what was overridden.
    """
    _, last = carried[-1]
    standing = {stage.key: _approved(stage, carried) for stage in plan.stages}
    return replace(
        new_run(plan),
        releases=last.releases,
        results=last.results,
        standing={key: gates for key, gates in standing.items() if gates},
    )


def _approved(stage: Stage, carried: Sequence[Carried]) -> Mapping[str, NodeState]:
    found: dict[str, NodeState] = {}
    for plan, run in carried:
        before = plan.by_key.get(stage.key)
        for execution in run.stages if before is not None and before.gates == stage.gates else ():
            if execution.stage == stage.key and _has_deployed(stage, execution):
                found |= _approvals(stage, execution, run)
    return found


def _has_deployed(stage: Stage, execution: StageExecution) -> bool:
    return any(step.key in execution.nodes for step in stage.steps)


def _approvals(stage: Stage, execution: StageExecution, run: Run) -> Mapping[str, NodeState]:
    gates = (gate.key for gate in stage.gates if isinstance(gate.work, Approval | ManualTask | ExternalApproval))
    states = ((key, execution.nodes[key]) for key in gates if key in execution.nodes)
    told = f" in run {run.id}"
    return {
        key: replace(state, reason=state.reason if " in run " in state.reason else f"{state.reason}{told}")
        for key, state in states
        if state.phase is Phase.SUCCEEDED
    }
