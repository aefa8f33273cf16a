"""Scopes of variables as people name them: by the titles of an application, a group, a server, a role, an environment.

Of an application and its trains they are its readers' and writers', also jointly with others; all others everybody who
is known may read, and owners of every project change them.
"""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.installation.entries import (
    Application,
    ApplicationGroup,
    Kind,
    ListKind,
    NamedEntry,
    SharedEnvironment,
    named_handle,
    title_handle,
)
from chalicelib.kernel.trains.scopes import of_application, of_snapshot, of_train
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import Scope, ScopeKind, joint
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import find_application_titled
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

CONFIGURED = (
    ScopeKind.SERVER,
    ScopeKind.ROLE,
    ScopeKind.APPLICATION,
    ScopeKind.APPLICATION_GROUP,
    ScopeKind.ENVIRONMENT,
)
"""Kinds of scopes that may stand beside one another."""


@frozen
class ScopeNamed:
    """A scope. titles: of what it belongs to, by kind; none for all. train, snapshot: numbers, of an application's."""

    origin: Origin
    titles: Mapping[ScopeKind, str] = field(default_factory=dict)
    train: str = ""
    snapshot: str = ""


@frozen
class ScopePlace:
    """A scope, and where it belongs. project: empty for the installation."""

    scope: Scope
    project: str = ""


def place_of(ports: Ports, named: ScopeNamed, level: Level) -> ScopePlace:
    """Return the scope of a name, in which the caller has the level. Faults: NotFound, Forbidden."""
    places = [_place(ports, named, kind, level) for kind in named.titles]
    project = next((one.project for one in places if one.project), "")
    if not project and level is not Level.READ:
        require_owner_everywhere(named.origin.by)
    return ScopePlace(scope=joint(one.scope for one in places), project=project)


def _place(ports: Ports, named: ScopeNamed, kind: ScopeKind, level: Level) -> ScopePlace:
    if kind is ScopeKind.APPLICATION:
        return _of_application(ports, named, level)
    return ScopePlace(scope=Scope(kind=kind, place=_installed(ports, kind, named.titles[kind])))


def _installed(ports: Ports, kind: ScopeKind, title: str) -> str:
    """Return the place of a scope of the installation. Faults: NotFound."""
    match kind:
        case ScopeKind.APPLICATION_GROUP:
            return str(_known(ports.installation.find_by(ApplicationGroup, title_handle(title)), kind, title).id)
        case ScopeKind.ENVIRONMENT:
            return _known(ports.installation.find_by(SharedEnvironment, title_handle(title)), kind, title).name
        case ScopeKind.SERVER | ScopeKind.ROLE:
            handle = named_handle(ListKind(kind.value), title)
            return str(_known(ports.installation.find_by(NamedEntry, handle), kind, title).id)
        case _:
            raise NotFound(f"no variables of a {kind}")


def _of_application(ports: Ports, named: ScopeNamed, level: Level) -> ScopePlace:
    title = named.titles[ScopeKind.APPLICATION]
    application = _known(find_application_titled(ports, named.origin, title), ScopeKind.APPLICATION, title)
    require(named.origin.by, level, application.project, missing=f"no application {title[:100]}")
    if not named.train:
        scope = of_application(application.project, application.name)
        return ScopePlace(scope=scope, project=application.project)
    train = _train(ports, application, named.train)
    if not named.snapshot:
        return ScopePlace(scope=of_train(train.id), project=train.project)
    snapshot = ports.snapshots.find_numbered(train.id, named.snapshot)
    if snapshot is None:
        raise NotFound(f"no build {named.snapshot[:100]} in release {train.number}")
    return ScopePlace(scope=of_snapshot(snapshot.id), project=train.project)


def _train(ports: Ports, application: Application, number: str) -> Train:
    found = ports.trains.find_numbered(application.project, application.name, number)
    if found is None:
        raise NotFound(f"no release {number[:100]} of application {application.title}")
    return found


def _known(found: Kind | None, kind: ScopeKind, title: str) -> Kind:
    if found is None:
        raise NotFound(f"no {kind} {title[:100]}")
    return found
