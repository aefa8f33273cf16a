"""What people call the gates and steps of a run of a pipeline of gates: their types, roles and orders."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.definitions.gated.pipeline import GatedGateType, GatedPipeline, GatedStep, GatedStepType
from chalicelib.kernel.definitions.gated.surroundings import gate_keys, stage_key_of, step_keys
from chalicelib.kernel.plans.plan import Plan
from slipway_formats.frozen import frozen

GATED = "gated"
"""In a plan's snapshot: the pipeline of gates that it was made from."""

MOST_TENTHS = 9
"""Children of a group that one digit is enough for: as a number, 2.10 would be 2.1 again."""


@frozen
class Label:
    """What a gate or step is called. order: unlike a key it may be that of several. role: its name, empty for none."""

    type: GatedGateType | GatedStepType
    order: float
    role: str = ""


Labels = Mapping[str, Mapping[str, Label]]


def kept(pipeline: GatedPipeline) -> Mapping[str, object]:
    """Return the part of a plan's snapshot from which its labels are read."""
    return {GATED: encode(GatedPipeline, pipeline)}


def labels_of(plan: Plan) -> Labels | None:
    """Return the labels of gates and steps by the keys of stages and nodes; None for another plan.

    What has none, such as the deployment of one project among all, is not to be listed.
    """
    if GATED not in plan.snapshot:
        return None
    if GATED not in plan.derived:
        plan.derived[GATED] = _labels(decode(GatedPipeline, plan.snapshot[GATED]))
    return cast("Labels", plan.derived[GATED])


def _labels(pipeline: GatedPipeline) -> Labels:
    return {
        stage_key_of(stage.environment): {
            **{
                key: Label(type=gate.type, order=place, role=gate.role)
                for place, (key, gate) in enumerate(zip(gate_keys(stage), stage.gates, strict=True), start=1)
            },
            **dict(_of_steps(stage.steps)),
        }
        for stage in pipeline.stages
    }


def _of_steps(steps: Sequence[GatedStep]) -> Iterator[tuple[str, Label]]:
    for key, step in zip(step_keys(steps), steps, strict=True):
        yield key, _label(step, step.order)
        digits = 1 if len(step.steps) <= MOST_TENTHS else 2
        children = zip(step_keys(step.steps, key), step.steps, strict=True)
        for place, (inner_key, inner) in enumerate(children, start=1):
            yield inner_key, _label(inner, round(step.order + place * 10.0**-digits, digits))


def _label(step: GatedStep, order: float) -> Label:
    return Label(type=step.type, order=order, role=step.role or next(iter(step.roles), ""))
