"""The dependency graph of steps: which may start, which never will, and how a group or stage ends.

An error is a final bad ending that is not ignored. It counts for the group or stage that directly contains the step,
and blocks every step in there that has not begun, except steps with run_on_failure, or inside a group with it. That the
stage is cancelled counts as an error of it, which steps with run_on_cancel alone do not mind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from chalicelib.kernel.engine.phase import BAD, FINAL, GOOD, Phase, worst
from chalicelib.kernel.engine.run import NodeState, StageExecution
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import Group

IGNORABLE = frozenset({Phase.FAILED, Phase.BROKEN, Phase.REJECTED})
RETRIED = frozenset({Phase.FAILED, Phase.BROKEN})
UNTROUBLED: frozenset[Phase] = frozenset()


@dataclass(frozen=True, kw_only=True)
class StageView:
    """The steps of a stage with their current states. states: of the nodes that have begun, by key.

    ending: in which the stage stops, once it has cleaned up.
    """

    stage: Stage
    states: Mapping[str, NodeState]
    ending: Phase | None = None

    @cached_property
    def errors(self) -> Mapping[str | None, frozenset[Phase]]:
        """Bad endings, not ignored, among the direct steps of each group; key None is the stage itself."""
        found: dict[str | None, frozenset[Phase]] = {} if self.ending is None else {None: frozenset({self.ending})}
        for key, state in self.states.items():
            if state.phase in BAD:
                node = self.stage.by_key[key]
                if is_last_word(node, state) and not counts_as_good(node, state):
                    found[node.group] = found.get(node.group, UNTROUBLED) | {state.phase}
        return found


def has_begun(stage: Stage, execution: StageExecution) -> bool:
    """Whether steps of the stage have begun in an execution of it: one without steps has none but its success."""
    is_under_way = execution.phase in (Phase.RUNNING, Phase.SUCCEEDED)
    return is_under_way or any(step.key in execution.nodes for step in stage.steps)


def counts_as_good(node: Node, state: NodeState) -> bool:
    """Whether the node's ending lets its dependents start: it succeeded, or its failure is ignored."""
    return state.phase in GOOD or (node.policy.ignore_failure and state.phase in IGNORABLE)


def is_last_word(node: Node, state: NodeState) -> bool:
    """Whether the node has ended and has no attempts left."""
    return state.phase in FINAL and not (state.phase in RETRIED and state.attempt < node.policy.attempts)


def may_begin(view: StageView, step: Node) -> bool:
    """Whether a step that has not begun may start: its group runs, its needs are met, and no error blocks it."""
    if not _is_reached(view, step):
        return False
    if not _is_troubled(view, step):
        return all(_is_met(view, step, need) for need in step.needs)
    needs = (view.stage.by_key[need] for need in step.needs)
    return not is_held_back(view, step) and all(_is_past(view, need) for need in needs)


def _is_reached(view: StageView, step: Node) -> bool:
    if step.group is None:
        return True
    around = view.states.get(step.group)
    return around is not None and around.phase is Phase.RUNNING


def _is_troubled(view: StageView, step: Node) -> bool:
    if not view.errors:
        return False
    return step.group in view.errors or any(one.group in view.errors for one in view.stage.around(step))


def is_held_back(view: StageView, step: Node) -> bool:
    """Whether an error blocks a step, or a group that contains it."""
    persists = False
    for one in (step, *view.stage.around(step)):
        persists = persists or (one.policy.run_on_failure if view.ending is None else one.policy.run_on_cancel)
        if one.group in view.errors and not persists:
            return True
    return False


def _is_met(view: StageView, step: Node, key: str) -> bool:
    """Whether a need succeeded. For one in a group that does not hold the step, success of the group also counts."""
    need, state = view.stage.by_key[key], view.states.get(key)
    if state is not None and _went_well(need, state):
        return True
    apart = _outermost_apart(view.stage, step, need) if need.group is not None else None
    around = view.states.get(apart.key) if apart is not None else None
    return apart is not None and around is not None and _went_well(apart, around)


def _went_well(node: Node, state: NodeState) -> bool:
    return is_last_word(node, state) and counts_as_good(node, state)


def _outermost_apart(stage: Stage, step: Node, need: Node) -> Node | None:
    """The outermost group that contains the need but not the step."""
    shared = {group.key for group in stage.around(step)}
    apart = list(takewhile(lambda group: group.key not in shared, stage.around(need)))
    return apart[-1] if apart else None


def _is_past(view: StageView, step: Node) -> bool:
    state = view.states.get(step.key)
    return is_unreachable(view, step) if state is None else is_last_word(step, state)


def is_unreachable(view: StageView, step: Node) -> bool:
    """Whether a step that has not begun never will: its group ended, or an error blocks it or its group."""
    if view.errors and is_held_back(view, step):
        return True
    for group in view.stage.around(step):
        state = view.states.get(group.key)
        if state is not None:
            return state.is_final
        if is_held_back(view, group):
            return True
    return False


def is_over(view: StageView, scope: str | None) -> bool:
    """Whether every step of a group (or of the stage: None) has ended for good or will never begin."""
    # From the end, where what has not begun is found soonest.
    return all(_is_past(view, step) for step in reversed(view.stage.inside.get(scope, ())))


def ending_of(view: StageView, scope: str | None) -> Phase:
    """The phase in which a finished group (or the stage: None) ends: the worst error, else SUCCEEDED."""
    return worst(view.errors.get(scope, UNTROUBLED))


def why(view: StageView) -> str:
    """Name and reason of the step that made the stage fail, the innermost one; empty when none did."""
    said, scope = "", None
    while scope in view.errors:
        steps = ((step, view.states.get(step.key)) for step in view.stage.inside[scope])
        bad = (
            one for one in steps if one[1] is not None and one[1].phase in BAD and not counts_as_good(one[0], one[1])
        )
        step, state = next(bad)
        said, scope = f"step {step.name}: {state.reason if state else ''}".rstrip(": "), step.key
    return said


def unmet_gates(stage: Stage, states: Mapping[str, NodeState]) -> tuple[Node, ...]:
    """The gates that keep the steps of a stage from beginning. states: of the nodes that have begun."""

    def is_met(gate: Node) -> bool:
        state = states.get(gate.key)
        return state is not None and _went_well(gate, state)

    return tuple(gate for gate in stage.gates if not is_met(gate))


def is_group(node: Node) -> bool:
    """Whether the node is a group of steps."""
    return isinstance(node.work, Group)
