"""A new plan for a run that is under way: it counts for what has not begun, and what has begun stays known.

A step or stage that is under way and that the new plan no longer has fails its stage, which can be replayed if it is
still there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Stage


def replacing(old: Plan, new: Plan, run: Run) -> Plan:
    """Return a new plan that still knows what the run has begun by the old one."""
    begun = {one.stage for one in run.stages} | {stage.key for stage in old.retired}
    kept = {stage.key for stage in new.stages}
    return replace(
        new,
        stages=tuple(_with_begun(old.by_key.get(stage.key), stage, run) for stage in new.stages),
        retired=tuple(stage for key, stage in old.by_key.items() if key in begun - kept),
    )


def missing_from(plan: Plan, run: Run) -> Sequence[str]:
    """Return what a run has begun and a plan does not know, as `stage` or `stage/node`."""
    return sorted(set(_missing(plan, run)))


def vanished(plan: Plan, run: Run) -> Run:
    """Fail the stage executions that are under way in what the plan has retired."""
    return replace(run, stages=tuple(_checked(plan, one) for one in run.stages))


def _with_begun(before: Stage | None, stage: Stage, run: Run) -> Stage:
    if before is None:
        return stage
    begun = {key for one in run.stages if one.stage == stage.key for key in one.nodes}
    begun |= {node.key for node in before.retired}
    own = {node.key for node in stage.nodes}
    return replace(stage, retired=tuple(node for key, node in before.by_key.items() if key in begun - own))


def _missing(plan: Plan, run: Run) -> Iterator[str]:
    for one in run.stages:
        stage = plan.by_key.get(one.stage)
        if stage is None:
            yield one.stage
        else:
            yield from (f"{one.stage}/{key}" for key in one.nodes if key not in stage.by_key)


def _checked(plan: Plan, execution: StageExecution) -> StageExecution:
    if execution.is_final or execution.ending is not None:
        return execution
    stage = plan.by_key[execution.stage]
    if plan.is_retired(stage.key):
        return _failing(execution, f"stage {stage.name} is no longer in the pipeline")
    gone = (node for node in stage.retired if node.key in execution.nodes and not execution.nodes[node.key].is_final)
    node = next(gone, None)
    return execution if node is None else _failing(execution, f"{node.name} is no longer in the pipeline")


def _failing(execution: StageExecution, reason: str) -> StageExecution:
    return replace(execution, ending=Phase.FAILED, reason=reason)
