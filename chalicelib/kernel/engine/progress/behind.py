"""What lies behind a gate or step: the steps that its decision lets begin."""

from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.plans.plan import Node, Stage


def steps_behind(stage: Stage, node: Node) -> tuple[Node, ...]:
    """The steps that begin only after a node has ended well: of a gate all of its stage, in plan order."""
    if node in stage.gates:
        return stage.steps
    behind, ends = set[str](), _ending_with(stage, node)
    while fresh := [one for one in stage.steps if one.key not in behind and _is_behind(one, behind, ends)]:
        behind |= {one.key for one in fresh}
        ends |= {key for one in fresh for key in _ending_with(stage, one)}
    return tuple(step for step in stage.steps if step.key in behind)


def _is_behind(step: Node, behind: set[str], ends: set[str]) -> bool:
    return step.group in behind or not ends.isdisjoint(step.needs)


def _ending_with(stage: Stage, node: Node) -> set[str]:
    """The node, and the groups that do not end before it."""
    return {node.key, *(group.key for group in stage.around(node))}


def has_begun_behind(stage: Stage, node: Node, execution: StageExecution) -> bool:
    """Whether a step behind a node has begun in a stage execution."""
    return any(step.key in execution.nodes for step in steps_behind(stage, node))
