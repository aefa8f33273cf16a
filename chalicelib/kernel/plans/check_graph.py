"""Validates the dependency graph of a stage's steps: references resolve, and there is no cycle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.work import Group
from slipway_formats.defect import Defect

START, END = "start", "end"
DEEPEST = 20
"""How many levels of groups may be nested."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The start or the end of a step: a vertex of the graph that is searched for cycles."""

    key: str
    which: str


def graph_defects(stage: Stage) -> tuple[Defect, ...]:
    """All defects of the graph of a stage's steps. Paths are relative to the stage."""
    by_key = {node.key: node for node in stage.steps}
    references = tuple(
        defect.under(f"steps[{place}]")
        for place, node in enumerate(stage.steps)
        for defect in _references(by_key, node)
    )
    references = references or tuple(_too_deep(stage, by_key))
    # A cycle is looked for where everything named is there: else the message would speak of what is not.
    return references or _cycles(stage, by_key)


def _references(by_key: Mapping[str, Node], node: Node) -> Iterator[Defect]:
    for place, need in enumerate(node.needs):
        if need not in by_key:
            yield Defect(f"needs[{place}]", f"no step {need} in this stage")
    if node.group is not None:
        around = by_key.get(node.group)
        if around is None or not isinstance(around.work, Group):
            yield Defect("group", f"no group {node.group} in this stage")


def _too_deep(stage: Stage, by_key: Mapping[str, Node]) -> Iterator[Defect]:
    for place, node in enumerate(stage.steps):
        depth, around = 0, node.group
        while around is not None and depth <= DEEPEST:
            depth, around = depth + 1, by_key[around].group
        if depth > DEEPEST:
            yield Defect(f"steps[{place}].group", f"groups stand over {DEEPEST} deep in one another")


def _cycles(stage: Stage, by_key: Mapping[str, Node]) -> tuple[Defect, ...]:
    waits = _waits(stage)
    found = list[Defect]()
    done = set[Moment]()
    for place, node in enumerate(stage.steps):
        cycle = _cycle_from(waits, Moment(node.key, END), done)
        if cycle:
            names = [by_key[moment.key].name for moment in cycle]
            told = " -> ".join(name for at, name in enumerate(names) if at == 0 or names[at - 1] != name)
            found.append(Defect(f"steps[{place}].needs", f"steps wait for one another: {told}"))
    return tuple(found)


def _waits(stage: Stage) -> Mapping[Moment, tuple[Moment, ...]]:
    """What each moment waits for: a start for needs and for the start of its group, a group's end for its steps."""
    waits: dict[Moment, tuple[Moment, ...]] = {}
    for node in stage.steps:
        around = (Moment(node.group, START),) if node.group is not None else ()
        waits[Moment(node.key, START)] = (*(Moment(need, END) for need in node.needs), *around)
        inner = tuple(Moment(one.key, END) for one in stage.steps if one.group == node.key)
        waits[Moment(node.key, END)] = (Moment(node.key, START), *inner)
    return waits


def _cycle_from(waits: Mapping[Moment, tuple[Moment, ...]], start: Moment, done: set[Moment]) -> Sequence[Moment]:
    """The first cycle reachable from `start`, its first moment repeated at the end. done: visited; extended here."""
    if start in done:
        return ()
    way = [start]
    rest = [iter(waits[start])]
    while rest:
        following = next(rest[-1], None)
        if following is None:
            rest.pop()
            done.add(way.pop())
        elif following in way:
            done.update(way)
            return [*way[way.index(following) :], following]
        elif following not in done:
            way.append(following)
            rest.append(iter(waits[following]))
    return ()
