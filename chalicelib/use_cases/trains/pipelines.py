"""The pipeline of a train: found by the name under which people know it."""

from collections.abc import Iterator

from chalicelib.kernel.definitions.definition import pipeline_ref
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.trains.train import Train, TrainSettings
from chalicelib.kernel.trains.transitions import titled
from chalicelib.use_cases.installation.raft_pipelines import find_raft_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect


def pipeline_defects(ports: Ports, settings: TrainSettings) -> Iterator[Defect]:
    """Yield what is wrong with the pipeline that a train is to travel."""
    if not settings.pipeline:
        yield Defect("pipeline", "is missing")
    elif find_pipeline(ports, settings.members[0].project, settings.pipeline) is None:
        yield Defect("pipeline", f"no pipeline {settings.pipeline[:64]}")


def find_pipeline(ports: Ports, project: str, name: str) -> PipelineDefinition | None:
    """Return the pipeline that a train of the project means by a name, if there is one."""
    found = ports.definitions.find_definition(pipeline_ref(project, name))
    return found if isinstance(found, PipelineDefinition) else find_raft_pipeline(ports, project, name)


def pipeline_of(ports: Ports, train: Train, name: str) -> PipelineDefinition:
    """Return the pipeline that a snapshot of the train travels.

    Faults: Conflict if it is gone; Invalid for the snapshot of a train that is not planned, if it names none.
    """
    if not name:
        raise Invalid.single("pipeline", "is missing")
    found = find_pipeline(ports, train.project, name)
    if found is None:
        raise Conflict(Worded("{} names pipeline {}, which is gone", titled(train), name))
    return found
