"""Items of rafts: scripts, plans, modules and pipelines. Of an application they are its writers', of the global raft
the admins', of other rafts those of the owners of every project.
"""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.staged.read import read_staged_pipeline
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.installation.entries import (
    GLOBAL_RAFT,
    ItemType,
    RaftItem,
    item_handle,
    items_prefix,
)
from chalicelib.use_cases.access.authorise import require, require_admin
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.repeated import was_done
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import find_application
from chalicelib.use_cases.installation.find_items import BETWEEN, find_raft
from chalicelib.use_cases.installation.saving import (
    ADDED,
    checked_title,
    create_entry,
    entry_for,
    remove_entry,
    update_entry,
)
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

LONGEST = 250_000
"""Characters of an item."""


@frozen
class ItemsQuery:
    """Query: items of a raft. application: those of one; None for those of none. type, title: only such."""

    origin: Origin
    raft: int
    application: int | None = None
    type: ItemType | None = None
    title: str = ""


@frozen
class SaveItem:
    """Create an item of a raft, or replace its content."""

    origin: Origin
    raft: int
    application: int | None = None
    type: ItemType
    title: str
    content: str


@frozen
class RemoveItem:
    """Remove an item of a raft."""

    origin: Origin
    raft: int
    application: int | None = None
    type: ItemType
    title: str


@frozen
class ItemView:
    """An item of a raft, and the title of its application."""

    item: RaftItem
    application: str | None = None


def list_items(ports: Ports, query: ItemsQuery) -> Sequence[ItemView]:
    """List items of a raft by type and title. What is not there, or may not be read, has none."""
    title = None
    if query.application is not None:
        application = find_application(ports, query.origin, query.application)
        if application is None:
            return ()
        title = application.title
    found = ports.installation.with_handles(RaftItem, items_prefix(query.raft, query.application, query.type))
    wanted = query.title.casefold()
    return [ItemView(item=one, application=title) for one in found if wanted in ("", one.title.casefold())]


def create_or_update_item(ports: Ports, command: SaveItem) -> RaftItem:
    """Create an item, or replace its content. Faults: Invalid with every defect, NotFound, Forbidden, TooLarge."""
    title = checked_title(command.title, "RaftItem_Name")
    _require_raft(ports, command.raft)
    _require_writer(ports, command.origin, command.raft, command.application)
    _check_content(command, title)
    handle = item_handle(command.raft, command.application, command.type, title)
    known = ports.installation.find_by(RaftItem, handle)
    if known is None:
        return create_entry(ports, command.origin, _new(ports, command, title))
    if was_done(ports, entry_for(command.origin, ADDED, known)):
        return known
    by, at = command.origin.by.name, command.origin.at
    return update_entry(
        ports,
        command.origin,
        known,
        lambda item: replace(item, title=title, content=command.content, changed_by=by, changed_at=at),
    )


def remove_item(ports: Ports, command: RemoveItem) -> None:
    """Remove an item; one that is gone is no fault. Faults: NotFound, Forbidden."""
    _require_writer(ports, command.origin, command.raft, command.application)
    handle = item_handle(command.raft, command.application, command.type, command.title.strip())
    known = ports.installation.find_by(RaftItem, handle)
    if known is not None:
        remove_entry(ports, command.origin, known)


def _new(ports: Ports, command: SaveItem, title: str) -> RaftItem:
    return RaftItem(
        id=ports.numbers.following_id("raft-item"),
        raft=command.raft,
        application=command.application,
        type=command.type,
        title=title,
        content=command.content,
        changed_by=command.origin.by.name,
        changed_at=command.origin.at,
    )


def _check_content(command: SaveItem, title: str) -> None:
    if len(command.content) > LONGEST:
        raise Invalid.single("Content_Bytes", f"is over {LONGEST} characters")
    if BETWEEN in title:
        raise Invalid.single("RaftItem_Name", f"holds {BETWEEN}, which stands between a raft and a name")
    if command.type is ItemType.PIPELINE:
        read_staged_pipeline(command.content, title)


def _require_raft(ports: Ports, number: int) -> None:
    if find_raft(ports, number) is None:
        raise NotFound(f"no raft {number}")


def _require_writer(ports: Ports, origin: Origin, raft: int, application: int | None) -> None:
    by: Principal = origin.by
    if application is not None:
        found = find_application(ports, origin, application)
        if found is None:
            raise NotFound(f"no application {application}")
        require(by, Level.WRITE, found.project, missing=f"no application {application}")
    elif raft == GLOBAL_RAFT:
        require_admin(by)
    else:
        require_owner_everywhere(by)
