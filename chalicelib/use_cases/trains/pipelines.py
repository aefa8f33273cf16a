"""The pipeline of a train: found by the name under which people know it, or by the id of one of gates."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.kernel.definitions.definition import pipeline_ref
from chalicelib.kernel.definitions.gated.check import cron_defects, role_defects
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.installation.shared_pipelines import SharedPipeline
from chalicelib.kernel.trains.gated import GatedTravel
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.train import Train, TrainSettings
from chalicelib.kernel.trains.transitions import titled
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.raft_pipelines import find_raft_pipeline
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline, gated_definition
from slipway_formats.defect import Defect


def with_pipeline_title(ports: Ports, settings: TrainSettings) -> TrainSettings:
    """Return the settings with the title of their pipeline of gates as its name."""
    found = ports.installation.find(SharedPipeline, settings.gated.pipeline) if settings.gated is not None else None
    return settings if found is None else replace(settings, pipeline=found.title)


def pipeline_defects(ports: Ports, settings: TrainSettings) -> Iterator[Defect]:
    """Yield what is wrong with the pipeline that a train is to travel."""
    if settings.gated is not None:
        yield from _gated_defects(ports, settings.gated)
    elif not settings.pipeline:
        yield Defect("pipeline", "is missing")
    elif find_pipeline(ports, settings.members[0].project, settings.pipeline) is None:
        yield Defect("pipeline", f"no pipeline {settings.pipeline[:64]}")


def find_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition | None:
    """Return the pipeline that a train of the project means by a name, if there is one."""
    found = ports.definitions.find_definition(pipeline_ref(project, name))
    return found if isinstance(found, PipelineDefinition) else find_raft_pipeline(ports, project, name)


def pipeline_of(ports: Ports, train: Train, name: str, snapshot: Snapshot | None = None) -> TravelledPipeline:
    """Return the pipeline that a snapshot of the train travels; of gates, with what the snapshot carries.

    Faults: Conflict if it is gone; Invalid for the snapshot of a train that is not planned, if it names none.
    """
    if train.gated is not None:
        return gated_definition(ports, train, train.gated, snapshot)
    if not name:
        raise Invalid.single("pipeline", "is missing")
    found = find_pipeline(ports, train.project, name)
    if found is None:
        raise Conflict(Worded("{} names pipeline {}, which is gone", titled(train), name))
    return TravelledPipeline(definition=found)


def _gated_defects(ports: Ports, gated: GatedTravel) -> Iterator[Defect]:
    if ports.installation.find(SharedPipeline, gated.pipeline) is None:
        yield Defect("pipelineId", f"no pipeline {gated.pipeline}")
    yield from role_defects(gated.roles)
    schedule = gated.schedule or "0 0 0 * * ?"
    renamed = {"cronExpression": "scheduleBuildExpression"}
    for defect in cron_defects(schedule, gated.timezone, ports.clock.now()):
        head, dot, rest = defect.path.partition(".")
        yield Defect(f"{renamed.get(head, head)}{dot}{rest}", defect.message)
