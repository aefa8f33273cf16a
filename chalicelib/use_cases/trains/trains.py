"""Trains: create, read and update. Lists: lists.py. Cancelling and restoring: ending.py."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Conflict, Invalid, Worded
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.trains.numbering import description_defects, number_defects, text_defects
from chalicelib.kernel.trains.schedule import scheduled
from chalicelib.kernel.trains.scopes import of_train
from chalicelib.kernel.trains.template import Template
from chalicelib.kernel.trains.train import Member, Train, TrainSettings
from chalicelib.kernel.trains.transitions import require_planned, titled
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.find import train_for
from chalicelib.use_cases.trains.given_variables import checked
from chalicelib.use_cases.trains.pause_runs import ensure_pause, pause_runs
from chalicelib.use_cases.trains.pipelines import pipeline_defects, with_pipeline_title
from chalicelib.use_cases.trains.stored_variables import stored
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

CREATED_TRAIN = "created-train"


@frozen
class CreateTrain:
    """Plan a delivery of applications, the first of which it belongs to. template: names one, or is empty."""

    origin: Origin
    number: str
    settings: TrainSettings
    template: str = ""
    variables: Mapping[str, object] = field(default_factory=dict)


@frozen
class TrainNamed:
    """A train by its id."""

    origin: Origin
    train: int


@frozen
class UpdateTrain:
    """Replace what can be said anew of a train. An empty pipeline and no members keep those that it has, as gated does
    where the pipeline stays.
    """

    origin: Origin
    train: int
    settings: TrainSettings


def create_train(ports: Ports, command: CreateTrain) -> Train:
    """Create a train. Faults: Invalid with every defect, NotFound, Forbidden, Conflict if its number is taken."""
    home = _require_members(ports, command.origin.by, command.settings)
    template, missing = _template(ports, command.template)
    settings = replace(command.settings, pipeline=command.settings.pipeline or (template.pipeline if template else ""))
    settings = with_pipeline_title(ports, settings)
    complete = checked(command.variables, template.train_variables if template else ())
    found = (*number_defects(command.number), *missing, *settings_defects(ports, settings), *complete.defects)
    if found:
        raise Invalid(found)
    named = template.name if template else ""
    return _create(ports, replace(command, settings=settings, template=named, variables=complete.given), home)


def get_train(ports: Ports, query: TrainNamed) -> Train:
    """Return the train. Faults: NotFound."""
    return train_for(ports, query.origin.by, query.train)


def update_train(ports: Ports, command: UpdateTrain) -> Train:
    """Update a train and return it; what travels stands still while it is suspended.

    Faults: Invalid, NotFound, Forbidden, Stale.
    """
    updated = retry_on_conflict(ports, lambda: _update(ports, command), since=command.origin.at)
    if updated.gated is not None:
        pause_runs(ports, updated, command.origin.by.name)
    return updated


def settings_defects(ports: Ports, settings: TrainSettings) -> Iterator[Defect]:
    """Yield the defects of what is said of a train."""
    yield from text_defects(settings.title, "title")
    yield from description_defects(settings.description)
    for place, member in enumerate(settings.members):
        if member in settings.members[:place]:
            yield Defect(f"members[{place}]", "is there twice")
    yield from pipeline_defects(ports, settings)


def train_entry(origin: Origin, act: str, train: Train, reason: str = "") -> AuditEntry:
    """Return the audit entry of an act on a train."""
    subject = f"{train.project}/{train.application}/{train.number}"
    return entry_of(origin, AuditAction(act=act, subject=subject, project=train.project, notes=reason))


def _create(ports: Ports, command: CreateTrain, home: Member) -> Train:
    train = _planned(command, home)
    entry = train_entry(command.origin, CREATED_TRAIN, train)
    known = ports.trains.find_numbered(home.project, home.application, command.number)
    if known is None:
        train = _numbered(ports, train)
        return ports.trains.create(train, _variables(ports, command, train), entry)
    if not was_done(ports, entry):
        raise Conflict(Worded("{} exists already", titled(known)))
    return known


def _update(ports: Ports, command: UpdateTrain) -> Train:
    train, said = train_for(ports, command.origin.by, command.train, Level.WRITE), command.settings
    require_planned(train)
    members, pipeline = said.members or train.members, said.pipeline or train.pipeline
    # What names a pipeline of another kind gives up that of gates.
    gated = said.gated or (train.gated if pipeline == train.pipeline else None)
    if said.members:
        _require_members(ports, command.origin.by, replace(said, gated=gated))
    whole = with_pipeline_title(ports, replace(said, members=members, pipeline=pipeline, gated=gated))
    if found := tuple(settings_defects(ports, whole)):
        raise Invalid(found)
    changed = replace(
        train,
        title=said.title,
        description=said.description,
        target_at=said.target_at,
        members=members,
        pipeline=whole.pipeline,
        gated=scheduled(whole.gated, command.origin.at, train.gated),
        acts_for=actor_of(command.origin.by, command.origin.at),
    )
    ensure_pause(ports, train, changed)
    return ports.trains.save(changed, train_entry(command.origin, "changed-train", changed))


def _require_members(ports: Ports, by: Principal, settings: TrainSettings) -> Member:
    """Return the member that the train belongs to. Faults: Invalid, NotFound, Forbidden.

    On a pipeline of gates each member is deployed by itself, and that is left in its own project.
    """
    members = settings.members
    if not members:
        raise Invalid.single("project", "is missing")
    for place, member in enumerate(members):
        missing = f"no project {member.project}"
        level = Level.READ if place and settings.gated is None else Level.WRITE
        require(by, level, member.project, missing=missing)
        ports.projects.project(member.project)
    return members[0]


def _template(ports: Ports, name: str) -> tuple[Template | None, tuple[Defect, ...]]:
    if not name:
        return None, ()
    found = ports.templates.find_template(name)
    return found, () if found is not None else (Defect("template", f"no template {name}"),)


def _planned(command: CreateTrain, home: Member) -> Train:
    """The train without ids."""
    said, by = command.settings, command.origin.by
    return Train(
        id=0,
        project=home.project,
        application=home.application,
        number=command.number,
        title=said.title,
        description=said.description,
        pipeline=said.pipeline,
        template=command.template,
        sequence=0,
        target_at=said.target_at,
        members=said.members,
        created_by=by.name,
        created_at=command.origin.at,
        acts_for=actor_of(by, command.origin.at),
        gated=scheduled(said.gated, command.origin.at),
        next_id=0,
        last_id=0,
    )


def _numbered(ports: Ports, train: Train) -> Train:
    first = ports.numbers.following_id("train")
    sequence = ports.numbers.following(f"trains/{train.project}/{train.application}")
    return replace(train, id=first, sequence=sequence, next_id=first + 1, last_id=first + BLOCK - 1)


def _variables(ports: Ports, command: CreateTrain, train: Train) -> VariableSet | None:
    place = f"projects/{train.project}/trains/{command.origin.seed[:32]}"
    return stored(ports, VariableSet(scope=of_train(train.id)), command.variables, place) if command.variables else None
