"""Rafts: collections of scripts and pipelines. Every installation has the global one. Their items: raft_items.py.

Owners of every project make rafts; the global one is made by nobody. Everybody who is known may read them.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.installation.entries import GLOBAL_RAFT, Raft, RaftItem
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.find_items import GLOBAL, RESERVED, find_raft, find_raft_titled
from chalicelib.use_cases.installation.saving import checked_title, create_entry, remove_entry, update_entry
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

KIND = "raft"


@frozen
class RaftQuery:
    """Query: a raft by its id, or by its title or prefix."""

    origin: Origin
    id: int | None = None
    title: str = ""


@frozen
class SaveRaft:
    """Create a raft, or change the one of this id. configuration: kept as it is said; None keeps what there is."""

    origin: Origin
    title: str
    configuration: str | None = None
    id: int | None = None


@frozen
class RemoveRaft:
    """Remove a raft and its items."""

    origin: Origin
    id: int


def list_rafts(ports: Ports, _: Origin) -> Sequence[Raft]:
    """List all rafts, the global one first."""
    return (GLOBAL, *ports.installation.every(Raft))


def get_raft(ports: Ports, query: RaftQuery) -> Raft | None:
    """Return the raft that a query names, if there is one."""
    return find_raft_titled(ports, query.title) if query.id is None else find_raft(ports, query.id)


def create_or_update_raft(ports: Ports, command: SaveRaft) -> Raft:
    """Create a raft, or change it. Faults: Invalid, Forbidden, NotFound, Conflict."""
    origin, title = command.origin, checked_title(command.title)
    require_owner_everywhere(origin.by)
    if title.casefold() in RESERVED or command.id == GLOBAL_RAFT:
        raise Conflict("the global raft is there already, and stays as it is")
    if command.id is None:
        configuration = command.configuration or ""
        raft = Raft(id=ports.numbers.following_id(KIND), title=title, configuration=configuration)
        return create_entry(ports, origin, raft)
    before = ports.installation.find(Raft, command.id)
    if before is None:
        raise NotFound(f"no raft {command.id}")

    def change(raft: Raft) -> Raft:
        kept = raft.configuration if command.configuration is None else command.configuration
        return replace(raft, title=title, configuration=kept)

    return update_entry(ports, origin, before, change)


def remove_raft(ports: Ports, command: RemoveRaft) -> None:
    """Remove a raft and its items; one that is gone is no fault. Faults: Forbidden, Conflict for the global one."""
    require_owner_everywhere(command.origin.by)
    if command.id == GLOBAL_RAFT:
        raise Conflict("the global raft stays")
    known = ports.installation.find(Raft, command.id)
    if known is None:
        return
    for item in ports.installation.every(RaftItem):
        if item.raft == known.id:
            remove_entry(ports, command.origin, item)
    remove_entry(ports, command.origin, known)
