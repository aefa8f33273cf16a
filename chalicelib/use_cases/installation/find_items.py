"""Find rafts, and the scripts and pipelines in them, by the names that people use. Changing them: rafts.py."""

from chalicelib.kernel.installation.entries import (
    GLOBAL_RAFT,
    Application,
    ItemType,
    Raft,
    RaftItem,
    item_handle,
    title_handle,
)
from chalicelib.use_cases.ports.bundle import Ports

GLOBAL_PREFIX = "global"
"""Names the items of the global raft: `global::standard`."""

GLOBAL = Raft(id=GLOBAL_RAFT, title="Default")
RESERVED = frozenset({GLOBAL_PREFIX, GLOBAL.title.casefold()})

BETWEEN = "::"
"""Between the prefix of a raft and the name of an item in it."""


def find_raft(ports: Ports, number: int) -> Raft | None:
    """Return the raft of this id, if there is one."""
    return GLOBAL if number == GLOBAL_RAFT else ports.installation.find(Raft, number)


def find_raft_titled(ports: Ports, title: str) -> Raft | None:
    """Return the raft of this title or prefix, in any case, if there is one."""
    return GLOBAL if title.casefold() in RESERVED else ports.installation.find_by(Raft, title_handle(title))


def find_item(ports: Ports, application: Application | None, name: str, *types: ItemType) -> RaftItem | None:
    """Return the item that an application means by a name, which may begin with the prefix of a raft.

    `global::standard` is of the global raft, `tools::standard` of another; a name alone is of the application, else of
    its raft, else of the global one.
    """
    prefix, between, title = name.rpartition(BETWEEN)
    if between:
        raft = find_raft_titled(ports, prefix)
        rafts = [raft.id] if raft is not None else []
    else:
        rafts = [(application.raft if application is not None else None) or GLOBAL_RAFT, GLOBAL_RAFT]
    own = [(raft_id, application.id) for raft_id in rafts] if application is not None else []
    places = [*own, *((raft_id, None) for raft_id in rafts)]
    handles = (item_handle(*place, kind, title.strip()) for kind in types for place in dict.fromkeys(places))
    found = (ports.installation.find_by(RaftItem, handle) for handle in handles)
    return next((one for one in found if one is not None), None)
