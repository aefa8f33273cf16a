"""Snapshots that belong to no planned delivery: made of an application and a pipeline, they travel as all others."""

from collections.abc import Mapping
from dataclasses import field, replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.train import Member
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.train_addresses.unplanned import ensure_unplanned
from chalicelib.use_cases.trains.gated_pipelines import TravelledPipeline
from chalicelib.use_cases.trains.given_variables import checked
from chalicelib.use_cases.trains.pipelines import find_pipeline
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, text_defects_of
from chalicelib.use_cases.trains.stored_variables import stored
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_on
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class BeginUnplanned:
    """Create a snapshot of an application without a delivery, and begin its run. number, holds: as of BeginSnapshot."""

    origin: Origin
    home: Member
    pipeline: str
    number: str = ""
    title: str = ""
    description: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)
    holds: bool = False


def begin_unplanned(ports: Ports, command: BeginUnplanned) -> Changed:
    """Create a snapshot that names its pipeline itself, and begin its run as `begin_snapshot` does.

    Faults: Invalid with every defect, NotFound, Forbidden, Stale; Conflict if the number is taken in the application.
    """
    origin, home = command.origin, command.home
    require(origin.by, Level.WRITE, home.project, missing=f"no project {home.project}")
    create = CreateSnapshot(
        origin=origin,
        train=0,
        number=command.number,
        pipeline=command.pipeline,
        title=command.title,
        description=command.description,
        variables=command.variables,
        keeps=stored,
    )
    pipeline = _checked(ports, command, create)
    train = ensure_unplanned(ports, origin, home)
    begin = BeginSnapshot(create=replace(create, train=train.id), holds=command.holds)
    return begin_on(ports, begin, train, pipeline)


def _checked(ports: Ports, command: BeginUnplanned, create: CreateSnapshot) -> TravelledPipeline:
    """Return the pipeline; what is wrong is refused before a train is made for it. Faults: Invalid."""
    pipeline = find_pipeline(ports, command.home.project, command.pipeline) if command.pipeline else None
    missing = f"no pipeline {command.pipeline[:64]}" if command.pipeline else "is missing"
    others = (*text_defects_of(create), *checked(command.variables).defects)
    if pipeline is None:
        raise Invalid((Defect("pipeline", missing), *others))
    if others:
        raise Invalid(others)
    return TravelledPipeline(definition=pipeline)
