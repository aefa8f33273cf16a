"""Snapshots that a train's schedule makes: one at each fire, on behalf of whoever planned the train last.

The snapshot is asked for by the fire, so it is made once, however often this is repeated before the next fire is noted.
Fires that were missed are made good by one snapshot.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.trains.gated import title_at
from chalicelib.kernel.trains.schedule import answered
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import titled
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.launch.foreign_references import ActsFor, principal_acting
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.trains import SNAPSHOT
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, assemble_snapshot
from slipway_formats.frozen import frozen

BY = Principal(name="the schedule")
FIRED = "fired-schedule"


@frozen
class Answer:
    """What came of a fire: the snapshot in details, or in notes why there is none."""

    notes: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def build_on_schedule(ports: Ports, number: int) -> None:
    """Make the snapshot of a train that is due by its schedule; before its time nothing is. Faults: Stale."""
    retry_on_conflict(ports, partial(_build, ports, number))


def _build(ports: Ports, number: int) -> None:
    train, now = ports.trains.find_train(number), ports.clock.now()
    fire = _fire(train)
    if train is None or fire is None or now < fire:
        return
    origin = Origin(by=BY, at=now, seed=f"schedule/{number}/{fire.isoformat()}")
    title = title_at(train.gated, fire) if train.gated is not None else ""
    answer = _made(ports, train, origin, title)
    train = ports.trains.find_train(number)
    if train is not None and _fire(train) == fire:
        _note(ports, train, origin, answer)


def _fire(train: Train | None) -> datetime | None:
    return train.gated.build_at if train is not None and train.gated is not None else None


def _made(ports: Ports, train: Train, origin: Origin, title: str) -> Answer:
    """Make the snapshot, if that may be."""
    acting = ActsFor(title=titled(train), project=train.project, actor=train.acts_for)
    try:
        by = principal_acting(ports, acting)
        changed = assemble_snapshot(ports, AssembleSnapshot(origin=replace(origin, by=by), train=train.id, title=title))
    except (NotFound, Conflict, Forbidden, Invalid) as fault:
        # The next fire may find it mended.
        return Answer(notes=str(fault))
    return Answer(details={SNAPSHOT: str(changed.snapshot.id)})


def _note(ports: Ports, train: Train, origin: Origin, answer: Answer) -> None:
    """Note that a fire was answered, and when the next is."""
    action = AuditAction(
        act=FIRED,
        subject=f"{train.project}/{train.application}/{train.number}",
        project=train.project,
        notes=answer.notes,
        details=answer.details,
    )
    gated = answered(train.gated, origin.at) if train.gated is not None else None
    ports.trains.save(replace(train, gated=gated), entry_of(origin, action))
