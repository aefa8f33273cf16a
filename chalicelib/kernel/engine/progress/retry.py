"""Which nodes of a failed stage execution are kept by a retry."""

from collections.abc import Iterator, Mapping

from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import NodeState
from chalicelib.kernel.plans.plan import Node, Stage


def keep_successes(stage: Stage, states: Mapping[str, NodeState]) -> Mapping[str, NodeState]:
    """The node states that a retry keeps.

    A success is kept if all that it needs is kept too; with a group, everything inside it is.
    """
    stay = {key for key, state in states.items() if state.phase in GOOD}
    while gone := {key for key in stay if not stay.issuperset(_needs(stage, stage.by_key[key]))}:
        stay -= gone
    return {key: state for key, state in states.items() if key in stay or _is_inside(stage, stage.by_key[key], stay)}


def _needs(stage: Stage, step: Node) -> Iterator[str]:
    """The keys of the nodes that had to end before the step, through its own needs or those of groups around it."""
    yield from step.needs
    for group in stage.around(step):
        yield from group.needs


def _is_inside(stage: Stage, step: Node, groups: set[str]) -> bool:
    return any(group.key in groups for group in stage.around(step))
