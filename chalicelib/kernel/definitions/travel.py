"""A snapshot's travel: how far a run of it is, and the plan of one that is held before its first stage."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.codec import decode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.pipeline import PipelinePhase, stage_key
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.plans.plan import Plan, Promotion
from chalicelib.kernel.trains.completion import DEFAULT, Completion
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.train import Place
from slipway_formats.frozen import frozen


@frozen
class Progress:
    """How far a run took a snapshot.

    begun: the stages in which steps began. arrived: the pipeline's last one went well. completion: what follows then.
    """

    begun: tuple[Place, ...] = ()
    arrived: bool = False
    completion: Completion = DEFAULT


def progress(plan: Plan, run: Run) -> Progress:
    """Return how far the run took its snapshot."""
    latest = [one for one in (run.latest(stage.key) for stage in plan.stages) if one is not None]
    begun = [_place(plan, one) for one in latest if graph.has_begun(plan.by_key[one.stage], one)]
    last = run.latest(_phase_keys(plan)[-1])
    return Progress(
        begun=tuple(begun),
        arrived=last is not None and last.phase is Phase.SUCCEEDED,
        completion=decode(Completion, _definition(plan).get("completion", {})),
    )


def way_to(plan: Plan, stage: str) -> str | None:
    """Return the key of the stage of this name in a run's plan, in any case; None where the run does not go there."""
    return next((one.key for one in plan.stages if folded(one.name) == folded(stage)), None)


def has_begun(plan: Plan, run: Run, stage: str) -> bool:
    """Return True if a deployment to the stage of this name began in the run."""
    return any(folded(place.stage) == folded(stage) for place in progress(plan, run).begun)


def succeeded_in(plan: Plan, run: Run, stage: str) -> bool:
    """Return True if the stage of this name went well in the run."""
    latest = run.latest(way_to(plan, stage) or "")
    return latest is not None and latest.phase is Phase.SUCCEEDED


def is_in(plan: Plan, run: Run, stage: str) -> bool:
    """Return True if the run has entered the stage of this name and not left it, and is not being stopped."""
    latest = run.latest(way_to(plan, stage) or "")
    has_entered = latest is not None and not latest.is_final and not latest.is_collecting
    return has_entered and not run.is_final and run.ending is None


def is_scheduled_in(plan: Plan, run: Run, stage: str) -> bool:
    """Return True if the run is in the stage of this name, and waits for the time at which it begins."""
    latest = run.latest(way_to(plan, stage) or "")
    return latest is not None and latest.is_scheduled and is_in(plan, run, stage)


def phase_name(phase: PipelinePhase, place: int) -> str:
    """Return what people call a stage of a pipeline. place: from 0."""
    return phase.name or f"phase {place + 1}"


def held(plan: Plan) -> Plan:
    """Return the plan of a run that begins no step before it is promoted to its first stage."""
    first, *others = plan.stages
    return replace(plan, stages=(replace(first, promotion=Promotion.MANUAL), *others))


def _place(plan: Plan, execution: StageExecution) -> Place:
    numbers = {key: number for number, key in enumerate(_phase_keys(plan))}
    return Place(stage=plan.by_key[execution.stage].name, number=numbers.get(execution.stage, 0))


def _phase_keys(plan: Plan) -> Sequence[str]:
    """The keys of all stages that the pipeline has, of which a plan may have fewer."""
    phases = decode(tuple[PipelinePhase, ...], _definition(plan).get("phases", ()))
    return [stage_key(phase, number) for number, phase in enumerate(phases)] or [stage.key for stage in plan.stages]


def _definition(plan: Plan) -> Mapping[str, object]:
    held = plan.snapshot.get(DEFINITION)
    return held if isinstance(held, Mapping) else {}
