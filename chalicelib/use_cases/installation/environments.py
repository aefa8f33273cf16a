"""Environments of the installation, and servers and roles: named lists without agents.

A project's environment of the name is its place there, made when something first goes to it. Owners of every project
change these lists, everybody who is known may read them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, assert_never

from chalicelib.kernel import names
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.installation.entries import (
    ListKind,
    NamedEntry,
    SharedEnvironment,
    name_handle,
    named_handle,
    title_handle,
)
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.titles import code_of, name_of
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.forget_variables import forget_with_joint, scope_of
from chalicelib.use_cases.installation.saving import checked_title, create_entry, remove_entry, update_entry
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

Listed = SharedEnvironment | NamedEntry
Kind = TypeVar("Kind", SharedEnvironment, NamedEntry)


@frozen
class ListQuery:
    """Query: environments, or a list of names. kind: None for environments."""

    origin: Origin
    kind: ListKind | None = None


@frozen
class SaveListed:
    """Create or change an environment, server or role. What is None stays as it is, or is as usual.

    kind: None for an environment. code: of an environment; empty for its title in upper case.
    """

    origin: Origin
    kind: ListKind | None = None
    title: str
    new_title: str | None = None
    code: str | None = None
    parent: str | None = None
    is_active: bool | None = None


@frozen
class EnvironmentQuery:
    """Query: environments of the installation. id: that one. code: in any case; title: a part of it."""

    origin: Origin
    id: int | None = None
    code: str = ""
    title: str = ""


def list_environments(ports: Ports, query: EnvironmentQuery) -> Sequence[SharedEnvironment]:
    """List environments by code and a part of their titles, exact ones first."""
    every = ports.installation.every(SharedEnvironment)
    coded = [one for one in every if not query.code or folded(one.code) == folded(query.code)]
    return matching(coded, query.title, lambda one: one.title)


def get_environment_entry(ports: Ports, query: EnvironmentQuery) -> SharedEnvironment:
    """Return the environment of an id. Faults: NotFound."""
    found = ports.installation.find(SharedEnvironment, query.id or 0)
    if found is None:
        raise NotFound(f"no environment {query.id}")
    return found


def list_entries(ports: Ports, query: ListQuery) -> Sequence[Listed]:
    """List environments, servers or roles, by id."""
    if query.kind is None:
        return ports.installation.every(SharedEnvironment)
    return [one for one in ports.installation.every(NamedEntry) if one.kind is query.kind]


def find_environment_titled(ports: Ports, title: str) -> SharedEnvironment | None:
    """Return the environment of this title, in any case, if there is one."""
    return ports.installation.find_by(SharedEnvironment, title_handle(title))


def create_listed(ports: Ports, command: SaveListed) -> Listed:
    """Create an environment, server or role. Faults: Invalid, Forbidden, Conflict if its title is taken."""
    require_owner_everywhere(command.origin.by)
    title = checked_title(command.title, "name")
    _require_parent(ports, command, None)
    match command.kind:
        case None:
            return create_entry(ports, command.origin, _new_environment(ports, command, title))
        case ListKind():
            return create_entry(ports, command.origin, _new_name(ports, command, command.kind, title))
        case _:
            assert_never(command.kind)


def update_listed(ports: Ports, command: SaveListed) -> Listed:
    """Change an environment, server or role. Faults: Invalid, Forbidden, NotFound, Conflict."""
    require_owner_everywhere(command.origin.by)
    before = _known(ports, command)
    title = before.title if command.new_title is None else checked_title(command.new_title, "name")
    _require_parent(ports, command, before)
    if isinstance(before, SharedEnvironment):
        code = command.code
        return update_entry(
            ports,
            command.origin,
            before,
            lambda one: replace(_changed(one, command, title), code=one.code if code is None else code),
        )
    return update_entry(ports, command.origin, before, lambda one: _changed(one, command, title))


def remove_listed(ports: Ports, command: SaveListed) -> None:
    """Remove an environment, server or role from its list, with its variables. Faults: Forbidden, NotFound."""
    require_owner_everywhere(command.origin.by)
    known = _known(ports, command)
    forget_with_joint(ports, [scope_of(known)])
    remove_entry(ports, command.origin, known)


def _new_environment(ports: Ports, command: SaveListed, title: str) -> SharedEnvironment:
    def is_taken(name: str) -> bool:
        known = ports.installation.find_by(SharedEnvironment, name_handle(name))
        return known is not None and title_handle(known.title) != title_handle(title)

    return SharedEnvironment(
        id=ports.numbers.following_id("environment"),
        title=title,
        code=command.code or code_of(title),
        name=name_of(title, names.environment, is_taken),
        parent=command.parent or "",
        is_active=command.is_active is not False,
        created_by=command.origin.by.name,
        created_at=command.origin.at,
    )


def _new_name(ports: Ports, command: SaveListed, kind: ListKind, title: str) -> NamedEntry:
    number, is_active = ports.numbers.following_id(kind), command.is_active is not False
    return NamedEntry(id=number, kind=kind, title=title, parent=command.parent or "", is_active=is_active)


def _changed(one: Kind, command: SaveListed, title: str) -> Kind:
    parent = one.parent if command.parent is None else command.parent
    is_active = one.is_active if command.is_active is None else command.is_active
    return replace(one, title=title, parent=parent, is_active=is_active)


def _known(ports: Ports, command: SaveListed) -> Listed:
    found = _find(ports, command.kind, command.title)
    if found is None:
        raise NotFound(f"no {command.kind or 'environment'} {command.title[:100]}")
    return found


def _find(ports: Ports, kind: ListKind | None, title: str) -> Listed | None:
    if kind is None:
        return find_environment_titled(ports, title)
    return ports.installation.find_by(NamedEntry, named_handle(kind, title))


def _require_parent(ports: Ports, command: SaveListed, own: Listed | None) -> None:
    """Require a parent that is there, and below which the entry does not stand itself. Faults: Invalid."""
    above, passed = command.parent or "", set[str]()
    while above:
        found = _find(ports, command.kind, above)
        if found is None:
            raise Invalid.single("parentName", f"no {command.kind or 'environment'} {above[:100]}")
        if (own is not None and found.id == own.id) or above in passed:
            raise Invalid.single("parentName", f"{found.title} stands below it itself")
        passed.add(above)
        above = found.parent
