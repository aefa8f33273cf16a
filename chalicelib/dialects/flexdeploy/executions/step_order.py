"""Where a step stands in its stage: a number for display, and no key, as equal ones run side by side."""

from collections.abc import Mapping
from graphlib import TopologicalSorter

from chalicelib.kernel.plans.plan import Node, Stage

MOST_TENTHS = 9
"""Children of a group that one digit is enough for: as a number, 2.10 would be the first again."""


def order_of_steps(stage: Stage) -> Mapping[str, float]:
    """Return the order of each step by its key: 1, 2, … as they need one another; of a group's children 2.1, 2.2, …"""
    needs = {step.key: {_outermost(stage, need) for need in step.needs} for step in stage.inside[None]}
    orders: dict[str, float] = {}
    for key in TopologicalSorter(needs).static_order():
        orders[key] = 1 + max((orders[need] for need in needs[key]), default=0)
    # A group stands before its children.
    for step in stage.steps:
        if step.group is not None:
            orders[step.key] = _below(stage, orders[step.group], step)
    return orders


def _outermost(stage: Stage, key: str) -> str:
    """Return the key of the step of the stage itself that a step is, or stands in."""
    around = list(stage.around(stage.by_key[key]))
    return around[-1].key if around else key


def _below(stage: Stage, order: float, child: Node) -> float:
    children = stage.inside[child.group]
    digits = (1 if len(children) <= MOST_TENTHS else 2) * len(list(stage.around(child)))
    return round(order + (children.index(child) + 1) * 10.0**-digits, digits)
