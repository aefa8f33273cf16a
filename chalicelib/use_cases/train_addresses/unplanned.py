"""The train of those snapshots of an application that belong to no delivery: made with the first of them."""

from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.integer_ids import BLOCK
from chalicelib.kernel.trains.train import Member, Train
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.trains import train_entry

NUMBER = ""
"""The number of such a train: no other train has it."""


def find_unplanned(ports: Ports, project: str, application: str) -> Train | None:
    """Return the train of an application's snapshots without a delivery, if there is any."""
    return ports.trains.find_numbered(project, application, NUMBER)


def ensure_unplanned(ports: Ports, origin: Origin, home: Member) -> Train:
    """Return the train of an application's snapshots without a delivery, made with the first. Faults: NotFound."""
    found = find_unplanned(ports, home.project, home.application)
    if found is not None:
        return found
    ports.projects.project(home.project)
    fresh = _fresh(ports, origin, home)
    try:
        return ports.trains.create(fresh, None, train_entry(origin, "began-snapshots", fresh))
    except Conflict:
        # Somebody made it in this instant.
        found = find_unplanned(ports, home.project, home.application)
        if found is None:
            raise
        return found


def _fresh(ports: Ports, origin: Origin, home: Member) -> Train:
    first = ports.numbers.following_id("train")
    return Train(
        id=first,
        project=home.project,
        application=home.application,
        number=NUMBER,
        pipeline="",
        sequence=0,
        members=(home,),
        created_by=origin.by.name,
        created_at=origin.at,
        acts_for=actor_of(origin.by, origin.at),
        next_id=first + 1,
        last_id=first + BLOCK - 1,
    )
