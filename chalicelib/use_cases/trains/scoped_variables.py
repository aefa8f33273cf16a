"""Variables of any scope, named as people name it: by the titles of an application, a group, a server or environment.

Of an application and its trains they are its readers' and writers'; all others everybody who is known may read, and
owners of every project change them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid, NotFound
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
from chalicelib.kernel.secret_inputs import KEPT, SECRET, shown
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import find_application_titled
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.given_variables import Given, checked, of_snapshot, of_train, stored
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

HIDDEN = "***"
"""What is shown in place of the value of a secret variable. Given back for one, it keeps the value."""


@frozen
class ScopeNamed:
    """A scope. title: of what it belongs to; empty for all. train, snapshot: numbers, of those of an application."""

    origin: Origin
    kind: ScopeKind
    title: str = ""
    train: str = ""
    snapshot: str = ""


@frozen
class ReplaceVariables:
    """Replace all variables of a scope."""

    scope: ScopeNamed
    variables: Mapping[str, object] = field(default_factory=dict)


@frozen
class SetVariable:
    """Set one variable of a scope. A secret one stays secret."""

    scope: ScopeNamed
    name: str
    value: str


@frozen
class VariableNamed:
    """One variable of a scope."""

    scope: ScopeNamed
    name: str


@frozen
class ScopePlace:
    """A scope, and where it belongs. project: empty for the installation."""

    scope: Scope
    project: str = ""


def get_scope(ports: Ports, query: ScopeNamed) -> VariableSet:
    """Return the variables of a scope. Faults: NotFound."""
    return ports.variables.variables(_place(ports, query, Level.READ).scope)


def get_scope_variable(ports: Ports, query: VariableNamed) -> str:
    """Return the value of one variable; that of a secret one is hidden. Faults: NotFound."""
    found = get_scope(ports, query.scope)
    for name in (*found.values, *found.secrets):
        if folded(name) == folded(query.name):
            return found.values.get(name, HIDDEN)
    raise NotFound(f"no variable {query.name[:64]}")


def replace_scope(ports: Ports, command: ReplaceVariables) -> VariableSet:
    """Replace the variables of a scope; those that are left out are gone. Faults: Invalid, NotFound, Forbidden."""
    return _update(ports, command.scope, lambda _: command.variables)


def set_variable(ports: Ports, command: SetVariable) -> VariableSet:
    """Set one variable of a scope. Faults: Invalid, NotFound, Forbidden."""

    def change(before: VariableSet) -> Given:
        is_secret = any(folded(name) == folded(command.name) for name in before.secrets)
        value: object = {SECRET: command.value} if is_secret else command.value
        return {**without_variable(before, command.name), command.name: value}

    return _update(ports, command.scope, change)


def remove_variable(ports: Ports, command: VariableNamed) -> VariableSet:
    """Remove one variable of a scope; one that is not there is no fault. Faults: NotFound, Forbidden."""
    return _update(ports, command.scope, lambda before: without_variable(before, command.name))


def _update(ports: Ports, named: ScopeNamed, change: Callable[[VariableSet], Given]) -> VariableSet:
    return update_place(ports, named.origin, _place(ports, named, Level.WRITE), change)


def update_place(
    ports: Ports, origin: Origin, place: ScopePlace, change: Callable[[VariableSet], Given]
) -> VariableSet:
    """Update the variables of a scope that the caller may change. Faults: Invalid, Stale."""

    def save() -> VariableSet:
        before = ports.variables.variables(place.scope)
        given = _with_kept(before, change(before))
        complete = checked(given, secrets=before.secrets)
        if found := (*_empty_secrets(given), *complete.defects):
            raise Invalid(found)
        home = f"projects/{place.project}" if place.project else "installation"
        after = stored(ports, before, complete.given, f"{home}/{place.scope.kind}s/{place.scope.place}")
        subject = f"{place.scope.kind}/{place.scope.place}"
        action = AuditAction(act="changed-variables", subject=subject, project=place.project)
        return ports.variables.save(after, entry_of(origin, action))

    return retry_on_conflict(ports, save, since=origin.at)


def _with_kept(before: VariableSet, given: Given) -> Given:
    """Return what is given with the secrets that are given back as they are shown, which stay as they are kept."""
    kept = {folded(name): value for name, value in shown({}, before.secrets).items()}
    unknown = {SECRET: {KEPT: ""}}
    return {
        name: kept.get(folded(name), value if value == HIDDEN else unknown)
        if value in (HIDDEN, {SECRET: HIDDEN})
        else value
        for name, value in given.items()
    }


def _empty_secrets(given: Given) -> Iterator[Defect]:
    """Yield a defect for each secret without a value: it would be kept no more, and what follows it would be shown."""
    for name, value in given.items():
        if value == {SECRET: ""}:
            yield Defect(f"variables.{name}", "is sensitive: give it a value, or remove it")


def without_variable(before: VariableSet, name: str) -> dict[str, object]:
    """Return what is given now without one variable; secrets as they are kept."""
    given = shown(before.values, before.secrets)
    return {one: value for one, value in given.items() if folded(one) != folded(name)}


def _place(ports: Ports, named: ScopeNamed, level: Level) -> ScopePlace:
    match named.kind:
        case ScopeKind.APPLICATION | ScopeKind.TRAIN | ScopeKind.SNAPSHOT:
            return _of_application(ports, named, level)
        case _:
            place = ScopePlace(scope=Scope(kind=named.kind, place=_installed(ports, named)))
    if level is not Level.READ:
        require_owner_everywhere(named.origin.by)
    return place


def _installed(ports: Ports, named: ScopeNamed) -> str:
    """Return the place of a scope of the installation. Faults: NotFound."""
    match named.kind:
        case ScopeKind.GLOBAL:
            return ""
        case ScopeKind.APPLICATION_GROUP:
            group = ports.installation.find_by(ApplicationGroup, title_handle(named.title))
            return str(_known(group, named).id)
        case ScopeKind.ENVIRONMENT:
            environment = ports.installation.find_by(SharedEnvironment, title_handle(named.title))
            return _known(environment, named).name
        case ScopeKind.SERVER | ScopeKind.ROLE:
            handle = named_handle(ListKind(named.kind.value), named.title)
            return str(_known(ports.installation.find_by(NamedEntry, handle), named).id)
        case _:
            raise NotFound(f"no variables of a {named.kind}")


def _of_application(ports: Ports, named: ScopeNamed, level: Level) -> ScopePlace:
    application = _known(find_application_titled(ports, named.origin, named.title), named)
    require(named.origin.by, level, application.project, missing=f"no application {named.title[:100]}")
    if not named.train:
        place = f"{application.project}/{application.name}"
        return ScopePlace(scope=Scope(kind=ScopeKind.APPLICATION, place=place), project=application.project)
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


def _known(found: Kind | None, named: ScopeNamed) -> Kind:
    if found is None:
        raise NotFound(f"no {named.kind} {named.title[:100]}")
    return found
