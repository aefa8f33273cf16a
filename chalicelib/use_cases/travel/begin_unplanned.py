"""Snapshots that belong to no planned delivery: made of an application and a pipeline, they travel as all others."""

from collections.abc import Mapping
from dataclasses import field, replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.trains.train import Member, TrainSettings
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.given_variables import checked
from chalicelib.use_cases.trains.pipelines import pipeline_defects
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, text_defects_of
from chalicelib.use_cases.trains.unplanned import ensure_unplanned
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_in
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
    ports.projects.project(home.project)
    create = CreateSnapshot(
        origin=origin,
        train=0,
        number=command.number,
        pipeline=command.pipeline,
        title=command.title,
        description=command.description,
        variables=command.variables,
    )
    _check(ports, command, create)
    train = ensure_unplanned(ports, origin, home)
    begin = BeginSnapshot(create=replace(create, train=train.id), holds=command.holds)
    return begin_in(ports, begin, train)


def _check(ports: Ports, command: BeginUnplanned, create: CreateSnapshot) -> None:
    """Refuse what is wrong before a train is made for it. Faults: Invalid."""
    settings = TrainSettings(pipeline=command.pipeline, members=(command.home,))
    variables = checked(command.variables).defects
    if found := (*pipeline_defects(ports, settings), *text_defects_of(create), *variables):
        raise Invalid(found)
