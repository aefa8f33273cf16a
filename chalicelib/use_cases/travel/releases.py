"""Trains as FlexDeploy's clients plan and find them: releases of projects that are known by integer ids.

Of one that is there and may not be read, they are told so: Forbidden, not NotFound.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.installation.entries import Application, place_handle
from chalicelib.kernel.installation.portfolio import Branch
from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.numbering import folded, number_defects
from chalicelib.kernel.trains.role import PipelineRole
from chalicelib.kernel.trains.train import Member, Train, TrainSettings, TrainStatus
from chalicelib.kernel.trains.transitions import titled
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import find_application
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.ending import EndTrain, TrainAct, end_train
from chalicelib.use_cases.trains.find import train_unhidden
from chalicelib.use_cases.trains.lists import TrainsQuery, all_trains, list_trains
from chalicelib.use_cases.trains.trains import (
    CreateTrain,
    UpdateTrain,
    create_train,
    settings_defects,
    update_train,
)
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen


@frozen
class ReleaseProject:
    """A project of a release. application, branch: ids; 0 for the main branch."""

    application: int
    priority: int = 1
    groups: tuple[str, ...] = ()
    branch: int = 0


@frozen
class CreateRelease:
    """Plan a delivery of projects by a pipeline of gates. pipeline: its id."""

    origin: Origin
    name: str
    pipeline: int
    projects: tuple[ReleaseProject, ...]
    description: str = ""
    readiness: Readiness = Readiness.STARTED
    timezone: str = "UTC"
    roles: tuple[PipelineRole, ...] = ()
    properties: Mapping[str, str] | None = None
    schedule: str = ""


@frozen
class UpdateRelease:
    """Change a release. What is None stays as it is. completes: it is over, and what travels is aborted."""

    origin: Origin
    train: int
    name: str | None = None
    pipeline: int | None = None
    projects: tuple[ReleaseProject, ...] | None = None
    description: str | None = None
    readiness: Readiness | None = None
    timezone: str | None = None
    roles: tuple[PipelineRole, ...] | None = None
    properties: Mapping[str, str] | None = None
    schedule: str | None = None
    completes: bool = False


@frozen
class ReleaseQuery:
    """Query: releases. train: the id of that one. name: a part of its name."""

    origin: Origin
    train: int = 0
    name: str = ""


@frozen
class ReleaseView:
    """A train with its members, each with the id of its application."""

    train: Train
    members: tuple[tuple[int, Member], ...]


def create_release(ports: Ports, command: CreateRelease) -> ReleaseView:
    """Create a release. Faults: Invalid with every defect, NotFound, Forbidden, Conflict if its name is taken."""
    gated = GatedTravel(
        pipeline=command.pipeline,
        readiness=command.readiness,
        timezone=command.timezone,
        roles=command.roles,
        properties=command.properties or {},
        schedule=command.schedule,
    )
    settings = TrainSettings(
        description=command.description,
        members=_members(ports, command.origin, command.projects),
        gated=gated,
    )
    found = (
        *number_defects(command.name, "releaseName"),
        *_project_defects(ports, command.origin, command.projects),
        *_settings_defects(ports, settings),
    )
    if found:
        raise Invalid(found)
    _require_free(ports, settings.members[0], command.name)
    create = CreateTrain(origin=command.origin, number=command.name.strip(), settings=settings)
    return _view(ports, create_train(ports, create))


def update_release(ports: Ports, command: UpdateRelease) -> ReleaseView:
    """Change a release. Faults: Invalid with every defect, NotFound, Forbidden, Conflict, Stale."""
    origin = command.origin
    train = train_unhidden(ports, origin.by, command.train, Level.WRITE)
    if train.status is not TrainStatus.ACTIVE and command.readiness is not None:
        raise Conflict(Worded("{} is {}: it is not started any more", titled(train), train.status))
    settings = _changed(ports, command, train)
    named = number_defects(command.name, "releaseName") if command.name is not None else ()
    projects = _project_defects(ports, origin, command.projects) if command.projects is not None else ()
    if found := (*named, *projects, *_settings_defects(ports, settings)):
        raise Invalid(found)
    if command.name is not None:
        _require_free(ports, settings.members[0], command.name, own=train)
    # Who says nothing of the projects need not read them all.
    said = settings if command.projects is not None else replace(settings, members=())
    updated = update_train(ports, UpdateTrain(origin=origin, train=train.id, settings=said))
    if command.completes:
        updated = end_train(ports, EndTrain(origin=origin, train=train.id, act=TrainAct.COMPLETE))
    return _view(ports, updated)


def get_release(ports: Ports, query: ReleaseQuery) -> ReleaseView:
    """Return a release. Faults: NotFound, Forbidden."""
    return _view(ports, train_unhidden(ports, query.origin.by, query.train))


def list_releases(ports: Ports, query: ReleaseQuery) -> Sequence[ReleaseView]:
    """List the releases that the caller may read by a part of their names, exact ones first, newest first."""
    found = list_trains(ports, TrainsQuery(by=query.origin.by, planned=True))
    return [_view(ports, train) for train in matching(found, query.name, lambda train: train.name)]


def _require_free(ports: Ports, home: Member, name: str, own: Train | None = None) -> None:
    """Require a name that no other train of an application has. own: the one that is to have it. Faults: Conflict.

    Of a new one, that no number is its name is left to creating it, which knows a repeated request.
    """
    wanted = folded(name.strip())
    for train in all_trains(ports, home.project, home.application):
        has_it = folded(train.name) == wanted and (own is None or train.id != own.id)
        if has_it and not (own is None and folded(train.number) == wanted):
            raise Conflict(Worded("{} exists already", titled(train)))


def _changed(ports: Ports, command: UpdateRelease, train: Train) -> TrainSettings:
    projects = command.projects
    return TrainSettings(
        title=train.title if command.name is None else command.name.strip(),
        description=train.description if command.description is None else command.description,
        pipeline=train.pipeline,
        target_at=train.target_at,
        members=train.members if projects is None else _members(ports, command.origin, projects),
        gated=_travel(command, train),
    )


def _travel(command: UpdateRelease, train: Train) -> GatedTravel | None:
    """Return how the train travels from now on. Faults: Conflict for what one without gates has not."""
    said = {
        "pipeline": command.pipeline,
        "readiness": command.readiness,
        "timezone": command.timezone,
        "roles": command.roles,
        "properties": command.properties,
        "schedule": command.schedule,
    }
    given = {name: value for name, value in said.items() if value is not None}
    before = train.gated
    if before is None and command.pipeline is not None:
        before = GatedTravel(pipeline=command.pipeline)
    if before is None and given:
        raise Conflict(Worded("train {} travels no pipeline of gates", train.name))
    return replace(before, **given) if before is not None else None  # type: ignore[arg-type]  # fields of it, by name


def _members(ports: Ports, origin: Origin, projects: Sequence[ReleaseProject]) -> tuple[Member, ...]:
    """Return the members that the projects are; those that are not there are left out."""
    found = ((one, find_application(ports, origin, one.application)) for one in projects)
    return tuple(
        Member(
            project=application.project,
            application=application.name,
            priority=one.priority,
            groups=one.groups,
            branch=one.branch,
        )
        for one, application in found
        if application is not None
    )


def _project_defects(ports: Ports, origin: Origin, projects: Sequence[ReleaseProject]) -> Iterator[Defect]:
    if not projects:
        yield Defect("projects", "at least one is needed")
    known = [one.application for one in projects]
    for place, one in enumerate(projects):
        path = f"projects[{place}]"
        if find_application(ports, origin, one.application) is None:
            yield Defect(f"{path}.projectId", f"no project {one.application}")
        elif one.application in known[:place]:
            yield Defect(f"{path}.projectId", f"project {one.application} is there twice")
        elif one.branch and not _has_branch(ports, one):
            yield Defect(f"{path}.projectStreamId", f"no branch {one.branch} in project {one.application}")


def _settings_defects(ports: Ports, settings: TrainSettings) -> Iterator[Defect]:
    """Yield the defects of a train's settings, but for those of its members, which are looked at as projects."""
    return (defect for defect in settings_defects(ports, settings) if not defect.path.startswith("members"))


def _has_branch(ports: Ports, project: ReleaseProject) -> bool:
    found = ports.installation.find(Branch, project.branch)
    return found is not None and found.application == project.application


def _view(ports: Ports, train: Train) -> ReleaseView:
    found = (
        (ports.installation.find_by(Application, place_handle(one.project, one.application)), one)
        for one in train.members
    )
    return ReleaseView(
        train=train,
        members=tuple((application.id, member) for application, member in found if application is not None),
    )
