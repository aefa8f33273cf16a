"""What a retried stage keeps of its earlier execution: what went well, unless something before it is done again."""

from collections.abc import Iterator, Mapping

from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import NodeState
from chalicelib.kernel.plans.plan import Node, Stage


def keep_successes(stage: Stage, states: Mapping[str, NodeState]) -> Mapping[str, NodeState]:
    """The states that stay: those that went well after nothing but such, and everything in a group that stays."""
    stay = {key for key, state in states.items() if state.phase in GOOD}
    while gone := {key for key in stay if not stay.issuperset(_needs(stage, stage.by_key[key]))}:
        stay -= gone
    return {key: state for key, state in states.items() if key in stay or _is_inside(stage, stage.by_key[key], stay)}


def _needs(stage: Stage, step: Node) -> Iterator[str]:
    """What had to come before the step, for its own sake or for a group's around it."""
    yield from step.needs
    for group in stage.around(step):
        yield from group.needs


def _is_inside(stage: Stage, step: Node, groups: set[str]) -> bool:
    return any(group.key in groups for group in stage.around(step))
