"""What guards a pipeline: gates, order and places of its phases. Of a protected one it is changed by owners alone.

The steps themselves are not in it: they are changed by whoever may write, in the places that their phase has already.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.codec import encode
from chalicelib.kernel.definitions.compile_step import environment_of
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelineGate,
    PipelinePhase,
    PipelineStep,
    PlacedStep,
    StepType,
    placed_steps,
)

MOST_LETTERS = 1500
"""Of each side of a difference, in the audit log."""

WAITING = frozenset({StepType.CONFIRMATION, StepType.SCHEDULE})
"""Steps that are gates within a phase."""


def guard_difference(before: PipelineDefinition, after: PipelineDefinition) -> Mapping[str, str]:
    """Return the gates, order and environments of the phases before and after, where they differ; empty if nowhere."""
    old, new = _guard(before), _guard(after)
    changed = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    if not changed:
        return {}
    return {
        "guard_before": _written({name: old[name] for name in changed if name in old}),
        "guard_after": _written({name: new[name] for name in changed if name in new}),
    }


def _guard(pipeline: PipelineDefinition) -> dict[str, object]:
    phases = {f"phases[{place}]": _of_phase(pipeline, phase) for place, phase in enumerate(pipeline.phases)}
    settings = {
        "concurrency": pipeline.concurrency.value,
        "timezone": pipeline.timezone,
        "overridden_by": pipeline.overridden_by.value,
        "ordered": pipeline.ordered,
    }
    return {"protected": pipeline.protected, **settings, **phases}


def _of_phase(pipeline: PipelineDefinition, phase: PipelinePhase) -> dict[str, object]:
    placed = placed_steps(phase)
    steps = [one.step for one in placed]
    waiting = [encode(PipelineStep, step) for step in steps if step.type in WAITING]
    return {
        "name": phase.name,
        # Of an exclusive one it is what is locked, wherever the steps work.
        "environment": phase.environment,
        "exclusive": phase.exclusive,
        "promotion": phase.promotion.value,
        "gates": [encode(PipelineGate, gate) for gate in phase.gates],
        "places": sorted({_place(pipeline, phase, step) for step in steps} - {""}),
        # What stands behind a gate within the phase must not step beside it.
        **({"waiting": waiting, "order": [_in_order(one) for one in placed]} if waiting else {}),
    }


def _in_order(placed: PlacedStep) -> dict[str, object]:
    """Where a step stands, and after what it begins; of a group also how it ends."""
    step = placed.step
    around = {"group": encode(PipelineStep, replace(step, steps=()))} if step.type is StepType.GROUP else {}
    place = {"path": placed.path, "name": step.name, "needs": sorted(step.needs)}
    return {**place, "run_on_failure": step.run_on_failure, **around}


def _place(pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> str:
    """Where a step works: its environment; of one that starts a pipeline, that one. Empty where it works nowhere."""
    project, environment = step.project or pipeline.project, environment_of(phase, step)
    if step.type is StepType.PIPELINE_TRIGGER:
        return f"{project}: {step.pipeline}"
    return f"{project}/{environment}" if environment else ""


def _written(guard: Mapping[str, object]) -> str:
    text = json.dumps(guard, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"
