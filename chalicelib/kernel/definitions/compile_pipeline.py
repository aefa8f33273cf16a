"""A pipeline and what it is asked for with, as a plan. What each type of step becomes stands in compile_step.

All defects are told at once, by their places in the definition: `phases[0].steps[2].needs[0]`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel import codec
from chalicelib.kernel.definitions.compile_step import (
    NAMING,
    StepScope,
    gate_node,
    step_defects,
    step_nodes,
    writes_tag,
)
from chalicelib.kernel.definitions.definition import ref_of
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PlacedStep,
    gate_key,
    placed_steps,
    stage_key,
    tag_key,
)
from chalicelib.kernel.definitions.run_request import RunRequest, plan_of
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans import check as plan_check
from chalicelib.kernel.plans import quartz
from chalicelib.kernel.plans.plan import Plan, Stage, Train
from slipway_formats.defect import Defect

MAX_STEPS = 2 * plan_check.MAX_NODES
"""Of one definition, before it is looked at any closer."""

SECRET = "secret"  # noqa: S105 - the name of a field
"""In a plan's snapshot: what the codes of its confirmations are made from."""

DEFINITION = "definition"
"""In a plan's snapshot: the definition as it was."""

_STEP = re.compile(r"stages\[(\d+)\]\.steps\[\d+\]")


def compile_pipeline(definition: PipelineDefinition, ask: RunRequest, done: frozenset[str] = frozenset()) -> Plan:
    """Compile a pipeline to the plan of one run. done: steps that are done already, as `phases[0].steps[1]`.

    Faults: Invalid.
    """
    if sum(len(placed_steps(phase)) for phase in definition.phases) > MAX_STEPS:
        raise Invalid.single("phases", f"have more than {MAX_STEPS} steps")
    plan = _plan(definition, ask, done)
    places = _places(definition)
    # That a step stands in what is no group is said of the step around it.
    of_plan = (
        _in_definition(defect, places) for defect in plan_check.defects(plan) if not defect.path.endswith(".group")
    )
    if found := _each_place_once((*_own_defects(definition), *of_plan)):
        raise Invalid(found)
    return plan


def pipeline_defects(definition: PipelineDefinition, ask: RunRequest) -> tuple[Defect, ...]:
    """Return all defects of a pipeline; none if it can be run."""
    try:
        compile_pipeline(definition, ask)
    except Invalid as fault:
        return fault.defects
    return ()


def snapshot(definition: object, ask: RunRequest) -> Mapping[str, object]:
    """Return the part of a definition that a plan keeps, for display and for checking confirmation codes."""
    return {DEFINITION: definition, SECRET: ask.secret}


def _own_defects(definition: PipelineDefinition) -> Iterator[Defect]:
    if not definition.phases:
        yield Defect("phases", "a pipeline needs at least one phase")
    try:
        quartz.zone_named(definition.timezone)
    except Invalid as fault:
        yield from (defect.under("timezone") for defect in fault.defects)
    names = [phase.name for phase in definition.phases]
    for place, phase in enumerate(definition.phases):
        if phase.name and phase.name in names[:place]:
            yield Defect(f"phases[{place}].name", f"phase {phase.name} stands more than once")
        yield from (defect.under(f"phases[{place}]") for defect in _phase_defects(phase))


def _phase_defects(phase: PipelinePhase) -> Iterator[Defect]:
    if not phase.steps:
        yield Defect("steps", "a phase needs at least one step")
    named = (name for placed in placed_steps(phase) for name in (placed.step.name, placed.step.key) if name)
    known = Counter(named)
    for placed in placed_steps(phase):
        yield from (defect.under(placed.path) for defect in step_defects(placed.step))
        for place, need in enumerate(placed.step.needs):
            if known[need] != 1:
                said = f"no step {need!r} in this phase" if need not in known else f"several steps are called {need!r}"
                yield Defect(f"{placed.path}.needs[{place}]", said)


def _plan(definition: PipelineDefinition, ask: RunRequest, done: frozenset[str]) -> Plan:
    own = Train(name=f"pipeline/{definition.project}/{definition.name}", number=ask.number)
    stages = tuple(_stage(definition, place, done) for place in range(len(definition.phases)))
    return replace(
        plan_of(ref_of(definition), ask, stages, snapshot(codec.encode(PipelineDefinition, definition), ask)),
        concurrency=definition.concurrency,
        ordered=definition.ordered,
        overridden_by=definition.overridden_by,
        train=(ask.beginning.train or own) if definition.supersedes else None,
        travels=ask.beginning.train,
    )


def _stage(definition: PipelineDefinition, place: int, done: frozenset[str]) -> Stage:
    phase, phases = definition.phases[place], definition.phases
    keys = {one.name: stage_key(one, number) for number, one in enumerate(phases) if one.name}
    gates = enumerate(phase.gates)
    scopes = _scopes(definition, phase, frozenset(path.removeprefix(f"phases[{place}].") for path in done))
    return Stage(
        key=stage_key(phase, place),
        name=phase.name or f"phase {place + 1}",
        environment=phase.environment or None,
        gates=tuple(gate_node(gate, gate_key(gate, number), keys, definition.timezone) for number, gate in gates),
        steps=tuple(node for scope in scopes for node in step_nodes(scope)),
        promotion=phase.promotion,
        exclusive=phase.exclusive,
        gates_in_order=definition.gates_in_order,
        names=phase.names,
        apart=phase.apart,
    )


def _scopes(definition: PipelineDefinition, phase: PipelinePhase, done: frozenset[str]) -> Sequence[StepScope]:
    placed = placed_steps(phase)
    ends = {one.step.name: _last_key(one) for one in placed}
    return [
        StepScope(
            definition=definition,
            phase=phase,
            placed=one,
            needs=tuple(ends.get(need, need) for need in one.step.needs),
            done=one.path in done,
        )
        for one in placed
    ]


def _last_key(placed: PlacedStep) -> str:
    """The key of the node whose end is the end of the step, its tag written."""
    return tag_key(placed.key) if writes_tag(placed.step) else placed.key


def _places(definition: PipelineDefinition) -> Mapping[str, PlacedStep]:
    """The steps by the paths of their nodes in the plan."""
    found: dict[str, PlacedStep] = {}
    for place, phase in enumerate(definition.phases):
        nodes = [one for one in placed_steps(phase) for _ in range(2 if writes_tag(one.step) else 1)]
        found.update({f"stages[{place}].steps[{number}]": one for number, one in enumerate(nodes)})
    return found


def _in_definition(defect: Defect, places: Mapping[str, PlacedStep]) -> Defect:
    """The defect of a plan as one of its definition."""
    path = defect.path.replace("stages", "phases", 1)
    if path.endswith(".timezone"):
        return Defect("timezone", defect.message)
    found = _STEP.match(defect.path)
    placed = places.get(found[0]) if found else None
    if found is None or placed is None:
        return Defect(path, defect.message)
    leaf = defect.path[found.end() :].removeprefix(".")
    leaf = NAMING.get(placed.step.type, leaf) if leaf == "definition" else leaf
    return Defect(f"phases[{found[1]}].{placed.path}.{leaf}".removesuffix("."), defect.message)


def _each_place_once(defects: Sequence[Defect]) -> tuple[Defect, ...]:
    """The first defect of each place, in the order of the definition."""
    first = {defect.path: defect for defect in reversed(defects)}
    return tuple(sorted(first.values(), key=lambda defect: _in_order(defect.path)))


def _in_order(path: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(piece), "") if piece.isdigit() else (-1, piece) for piece in re.split(r"[\[\].]+", path))
