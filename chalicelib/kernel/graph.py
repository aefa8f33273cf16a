"""Which steps of a stage may begin, which never will, and how a group or a stage ends by what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.phase import BAD, FINAL, GOOD, Phase, worst
from chalicelib.kernel.plan import Node, Stage
from chalicelib.kernel.run import NodeState
from chalicelib.kernel.work import Group

IGNORABLE = frozenset({Phase.FAILED, Phase.BROKEN, Phase.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The steps of a stage by key, and the children of each group; None is the stage itself."""

    by_key: Mapping[str, Node]
    children: Mapping[str | None, tuple[Node, ...]]


def graph_of(stage: Stage) -> Graph:
    """The steps of a stage as a graph."""
    children: dict[str | None, tuple[Node, ...]] = {None: ()}
    for node in stage.steps:
        children[node.group] = (*children.get(node.group, ()), node)
    return Graph(by_key={node.key: node for node in stage.steps}, children=children)


def counts_as_good(node: Node, state: NodeState) -> bool:
    """Whether the node's ending lets others go on."""
    return state.phase in GOOD or (node.policy.ignore_failure and state.phase in IGNORABLE)


def is_last_word(node: Node, state: NodeState) -> bool:
    """Whether the node has ended and will not be tried again."""
    return state.phase in FINAL and not (
        state.phase in (Phase.FAILED, Phase.BROKEN) and state.attempt < node.policy.attempts
    )


def bad_ends(graph: Graph, states: Mapping[str, NodeState], scope: str | None) -> frozenset[Phase]:
    """The bad endings, not ignored, among the direct steps of a group or stage."""
    found = ((node, states.get(node.key)) for node in graph.children.get(scope, ()))
    return frozenset(
        state.phase
        for node, state in found
        if state is not None and state.phase in BAD and is_last_word(node, state) and not counts_as_good(node, state)
    )


def may_begin(graph: Graph, states: Mapping[str, NodeState], node: Node) -> bool:
    """Whether a step that has not begun may: its group runs, its needs are met, and nothing failed that it minds."""
    if node.group is not None and not _runs(states.get(node.group)):
        return False
    needs = [graph.by_key[key] for key in node.needs]
    if not in_error(graph, states, node):
        return all(_is_met(states, need) for need in needs)
    return persists(graph, node) and all(_is_past(graph, states, need) for need in needs)


def _runs(state: NodeState | None) -> bool:
    return state is not None and state.phase is Phase.RUNNING


def _is_met(states: Mapping[str, NodeState], need: Node) -> bool:
    state = states.get(need.key)
    return state is not None and is_last_word(need, state) and counts_as_good(need, state)


def _is_past(graph: Graph, states: Mapping[str, NodeState], need: Node) -> bool:
    state = states.get(need.key)
    return is_out_of_reach(graph, states, need) if state is None else is_last_word(need, state)


def in_error(graph: Graph, states: Mapping[str, NodeState], node: Node) -> bool:
    """Whether something failed, not ignored, in the stage or in a group around the step."""
    if bad_ends(graph, states, node.group):
        return True
    return node.group is not None and in_error(graph, states, graph.by_key[node.group])


def persists(graph: Graph, node: Node) -> bool:
    """Whether the step, or a group around it, runs although something failed."""
    if node.policy.run_on_failure:
        return True
    return node.group is not None and persists(graph, graph.by_key[node.group])


def is_out_of_reach(graph: Graph, states: Mapping[str, NodeState], node: Node) -> bool:
    """Whether a step that has not begun never will."""
    if node.key in states:
        return False
    if in_error(graph, states, node) and not persists(graph, node):
        return True
    group = graph.by_key[node.group] if node.group is not None else None
    if group is None:
        return False
    around = states.get(group.key)
    return is_out_of_reach(graph, states, group) if around is None else around.phase in FINAL


def is_over(graph: Graph, states: Mapping[str, NodeState], scope: str | None) -> bool:
    """Whether every step of a group or stage has ended for good or never will begin."""
    return all(_is_past(graph, states, node) for node in graph.children.get(scope, ()))


def ending_of(graph: Graph, states: Mapping[str, NodeState], scope: str | None) -> Phase:
    """How a group or stage that is over has ended."""
    return worst(bad_ends(graph, states, scope))


def is_group(node: Node) -> bool:
    """Whether the step holds others."""
    return isinstance(node.work, Group)
