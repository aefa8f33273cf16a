"""Which steps of a stage may begin, which never will, and how a group or a stage ends by what became of them.

An error is a bad ending for good that is not ignored. It counts in the group, or the stage, whose direct step it is,
and holds back every step inside that has not begun, unless the step, or a group around it inside, runs on failure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from chalicelib.kernel.engine.phase import BAD, FINAL, GOOD, Phase, worst
from chalicelib.kernel.engine.run import NodeState
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import Group

IGNORABLE = frozenset({Phase.FAILED, Phase.BROKEN, Phase.REJECTED})
RETRIED = frozenset({Phase.FAILED, Phase.BROKEN})
UNTROUBLED: frozenset[Phase] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The steps of a stage as they are. states: of those that have begun."""

    stage: Stage
    states: Mapping[str, NodeState]

    @cached_property
    def errors(self) -> Mapping[str | None, frozenset[Phase]]:
        """The bad endings, not ignored, among the direct steps of each group; None is the stage itself."""
        found: dict[str | None, frozenset[Phase]] = {}
        for key, state in self.states.items():
            if state.phase in BAD:
                node = self.stage.by_key[key]
                if is_last_word(node, state) and not counts_as_good(node, state):
                    found[node.group] = found.get(node.group, UNTROUBLED) | {state.phase}
        return found


def counts_as_good(node: Node, state: NodeState) -> bool:
    """Whether the node's ending lets others go on."""
    return state.phase in GOOD or (node.policy.ignore_failure and state.phase in IGNORABLE)


def is_last_word(node: Node, state: NodeState) -> bool:
    """Whether the node has ended and will not be tried again."""
    return state.phase in FINAL and not (state.phase in RETRIED and state.attempt < node.policy.attempts)


def may_begin(sight: Sight, step: Node) -> bool:
    """Whether a step that has not begun does now: its group runs, its needs are met, and no error holds it back."""
    if not _is_reached(sight, step):
        return False
    if not _is_troubled(sight, step):
        return all(_is_met(sight, step, need) for need in step.needs)
    needs = (sight.stage.by_key[need] for need in step.needs)
    return not _is_held_back(sight, step) and all(_is_past(sight, need) for need in needs)


def _is_reached(sight: Sight, step: Node) -> bool:
    if step.group is None:
        return True
    around = sight.states.get(step.group)
    return around is not None and around.phase is Phase.RUNNING


def _is_troubled(sight: Sight, step: Node) -> bool:
    if not sight.errors:
        return False
    return step.group in sight.errors or any(one.group in sight.errors for one in sight.stage.around(step))


def _is_held_back(sight: Sight, step: Node) -> bool:
    persists = False
    for one in (step, *sight.stage.around(step)):
        persists = persists or one.policy.run_on_failure
        if one.group in sight.errors and not persists:
            return True
    return False


def _is_met(sight: Sight, step: Node, key: str) -> bool:
    """Whether a need went well; of one in a group apart from the step, the group's ending speaks as well."""
    need, state = sight.stage.by_key[key], sight.states.get(key)
    if state is not None and _went_well(need, state):
        return True
    apart = _outermost_apart(sight.stage, step, need) if need.group is not None else None
    around = sight.states.get(apart.key) if apart is not None else None
    return apart is not None and around is not None and _went_well(apart, around)


def _went_well(node: Node, state: NodeState) -> bool:
    return is_last_word(node, state) and counts_as_good(node, state)


def _outermost_apart(stage: Stage, step: Node, need: Node) -> Node | None:
    """The outermost group that is around the need and not around the step."""
    shared = {group.key for group in stage.around(step)}
    apart = list(takewhile(lambda group: group.key not in shared, stage.around(need)))
    return apart[-1] if apart else None


def _is_past(sight: Sight, step: Node) -> bool:
    state = sight.states.get(step.key)
    return is_out_of_reach(sight, step) if state is None else is_last_word(step, state)


def is_out_of_reach(sight: Sight, step: Node) -> bool:
    """Whether a step that has not begun never will: its group ended, or an error holds back the step or its group."""
    if sight.errors and _is_held_back(sight, step):
        return True
    for group in sight.stage.around(step):
        state = sight.states.get(group.key)
        if state is not None:
            return state.is_final
        if _is_held_back(sight, group):
            return True
    return False


def is_over(sight: Sight, scope: str | None) -> bool:
    """Whether every step of a group or stage has ended for good or never will begin."""
    # From the end, where what has not begun is found soonest.
    return all(_is_past(sight, step) for step in reversed(sight.stage.inside.get(scope, ())))


def ending_of(sight: Sight, scope: str | None) -> Phase:
    """How a group or stage that is over has ended."""
    return worst(sight.errors.get(scope, UNTROUBLED))


def why(sight: Sight) -> str:
    """Which step spoiled the stage, and why: the innermost one."""
    said, scope = "", None
    while scope in sight.errors:
        steps = ((step, sight.states.get(step.key)) for step in sight.stage.inside[scope])
        bad = (
            one for one in steps if one[1] is not None and one[1].phase in BAD and not counts_as_good(one[0], one[1])
        )
        step, state = next(bad)
        said, scope = f"step {step.name}: {state.reason if state else ''}".rstrip(": "), step.key
    return said


def is_group(node: Node) -> bool:
    """Whether the step holds others."""
    return isinstance(node.work, Group)
