"""Validates a plan, whatever it was compiled from. Rules for single kinds of work: check_work.py.

Paths are those of the plan: `stages[0].gates[1].cron`, `stages[0].steps[2].needs[0]`. Compilers translate them to paths
of the definition.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.kernel import codec
from chalicelib.kernel.plans import condition
from chalicelib.kernel.plans.check_graph import graph_defects
from chalicelib.kernel.plans.check_work import work_defects
from chalicelib.kernel.plans.plan import Node, Plan, Policy
from chalicelib.kernel.plans.work import Approval, ExternalWork, GateWork, ManualTask
from slipway_formats.defect import Defect

MAX_NODES = 1000
MAX_BYTES = 300_000
"""Of a plan as JSON: so much fits into one item, compressed or not."""

MAX_ATTEMPTS = 100
MAX_QUORUM = 50
LONGEST_TIMEOUT = timedelta(days=90)
LONGEST_BACKOFF = timedelta(days=1)
MAX_NAME = 200
"""Characters of the name of a stage or node."""

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def defects(plan: Plan) -> tuple[Defect, ...]:
    """All defects of a plan, in its order; empty when the plan can be run."""
    count = sum(len(stage.nodes) for stage in plan.stages)
    if count > MAX_NODES:
        return (Defect("", f"the plan has {count} gates and steps, more than {MAX_NODES}"),)
    return (*_of_whole(plan), *(defect for place in range(len(plan.stages)) for defect in _of_stage(plan, place)))


def _of_whole(plan: Plan) -> Iterator[Defect]:
    if not plan.stages:
        yield Defect("stages", "a plan needs at least one stage")
    yield from _key_defects([stage.key for stage in plan.stages], "stages")
    size = len(json.dumps(codec.encode(Plan, plan), default=str))
    if size > MAX_BYTES:
        yield Defect("", f"the plan takes {size} bytes, more than {MAX_BYTES}")


def _of_stage(plan: Plan, place: int) -> Iterator[Defect]:
    stage, path = plan.stages[place], f"stages[{place}]"
    yield from _name_defects(stage.name, f"{path}.name")
    if stage.exclusive and not stage.environment:
        yield Defect(f"{path}.exclusive", "an exclusive stage needs an environment")
    yield from _key_defects([node.key for node in stage.nodes], path)
    known = frozenset(one.key for one in plan.stages[: place + 1])
    for number, gate in enumerate(stage.gates):
        defects_of_gate = (*_of_gate(gate), *_of_node(gate, known, plan.created_at))
        yield from (defect.under(f"{path}.gates[{number}]") for defect in defects_of_gate)
    for number, step in enumerate(stage.steps):
        yield from (defect.under(f"{path}.steps[{number}]") for defect in _of_node(step, known, plan.created_at))
    yield from (defect.under(path) for defect in graph_defects(stage))


def _of_gate(gate: Node) -> Iterator[Defect]:
    if not isinstance(gate.work, GateWork):
        yield Defect("type", f"a gate cannot be a {codec.stored_name(type(gate.work)).lower()}: it runs something")
    if gate.needs or gate.group is not None:
        yield Defect("needs", "gates open in order and need nothing")


def _of_node(node: Node, stages: frozenset[str], at: datetime) -> Iterator[Defect]:
    yield from _name_defects(node.name, "name")
    yield from work_defects(node.work, stages, at)
    yield from _policy_defects(node.policy)
    if node.policy.attempts > 1 and not isinstance(node.work, ExternalWork):
        yield Defect("attempts", "only what is asked of somebody can be tried again")
    if node.policy.quorum > 1 and not isinstance(node.work, Approval | ManualTask):
        yield Defect("quorum", "only what persons decide about has one")


def _policy_defects(policy: Policy) -> Iterator[Defect]:
    if policy.precondition is not None:
        yield from (defect.under("precondition") for defect in condition.check(policy.precondition))
    if policy.timeout is not None and not timedelta(0) < policy.timeout <= LONGEST_TIMEOUT:
        yield Defect("timeout", f"should be over 0 and at most {LONGEST_TIMEOUT.days} days")
    if not 1 <= policy.attempts <= MAX_ATTEMPTS:
        yield Defect("attempts", f"should be from 1 to {MAX_ATTEMPTS}")
    if not timedelta(0) <= policy.backoff <= LONGEST_BACKOFF:
        yield Defect("backoff", f"should be from 0 to {LONGEST_BACKOFF.days} day")
    if not 1 <= policy.quorum <= MAX_QUORUM:
        yield Defect("quorum", f"should be from 1 to {MAX_QUORUM}")


def _name_defects(name: str, path: str) -> Iterator[Defect]:
    if len(name) > MAX_NAME:
        yield Defect(path, f"is over {MAX_NAME} characters")


def _key_defects(keys: Sequence[str], path: str) -> Iterator[Defect]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Defect(path, f"key {key} is used {count} times")
        if not _KEY.fullmatch(key):
            yield Defect(path, f"invalid key {key!r}")
