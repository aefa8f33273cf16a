"""All configured variables of the installation at once, each with the titles of its scope; and all replaced at once.

Those of trains, snapshots and deployments are not among them.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.installation.entries import ApplicationGroup, Entry, NamedEntry, SharedEnvironment
from chalicelib.kernel.secret_inputs import shown
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.scopes import of_application
from chalicelib.kernel.trains.variables import Scope, ScopeKind, VariableSet, parts_of
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import list_applications
from chalicelib.use_cases.installation.forget_variables import AT_ONCE, scope_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.given_variables import Given
from chalicelib.use_cases.variables.scope_places import ScopeNamed, ScopePlace, place_of
from chalicelib.use_cases.variables.scoped_variables import completed, update_place
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

Owners = Mapping[Scope, Entry | None]
"""What the scopes belong to that the caller may read; None: the installation."""


@frozen
class ScopedVariable:
    """A variable of a scope. value: None of a secret one. owners: what the scope belongs to, by kind."""

    scope: Scope
    name: str
    value: str | None
    owners: Mapping[ScopeKind, Entry]


@frozen
class GivenVariable:
    """A variable to set in a scope. value: as in Given."""

    scope: ScopeNamed
    name: str
    value: object


@frozen
class ReplaceAll:
    """Replace all configured variables: those that are left out are gone."""

    origin: Origin
    variables: tuple[GivenVariable, ...]


@frozen
class _Change:
    """What the variables of a scope become."""

    before: VariableSet
    place: ScopePlace
    given: Given


def list_all_variables(ports: Ports, origin: Origin) -> Sequence[ScopedVariable]:
    """List the configured variables of all scopes that the caller may read."""
    owners = _owners(ports, origin)
    return [variable for found in _sets(ports, owners) for variable in _listed(found, owners)]


def replace_all_variables(ports: Ports, command: ReplaceAll) -> None:
    """Replace all configured variables, scope by scope; repeated after a failure, it goes on.

    Faults: Invalid with every defect and NotFound before anything is changed, Forbidden, Stale.
    """
    origin = command.origin
    require_owner_everywhere(origin.by)
    changes = list(_changes(ports, command))
    wrong = [*_given_twice(command), *(one for change in changes for one in _defects(change))]
    if wrong:
        raise Invalid(tuple(wrong))
    for change in changes:
        if completed(change.before, change.given).given != shown(change.before.values, change.before.secrets):
            update_place(ports, origin, change.place, partial(_fixed, change.given))


def _owners(ports: Ports, origin: Origin) -> Owners:
    installed = ports.installation
    owners: dict[Scope, Entry | None] = {Scope(kind=ScopeKind.GLOBAL): None}
    for application in list_applications(ports, origin):
        owners[of_application(application.project, application.name)] = application
    for group in installed.every(ApplicationGroup):
        owners[scope_of(group)] = group
    for environment in installed.every(SharedEnvironment):
        owners[scope_of(environment)] = environment
    for entry in installed.every(NamedEntry):
        owners[scope_of(entry)] = entry
    return owners


def _sets(ports: Ports, owners: Owners) -> Iterator[VariableSet]:
    """Yield the variables of all those scopes, and of the joint scopes that are made of them."""
    scopes = list(owners)
    for start in range(0, len(scopes), AT_ONCE):
        yield from ports.variables.of_scopes(scopes[start : start + AT_ONCE])
    for found in ports.variables.of_joint_scopes():
        if all(one in owners for one in parts_of(found.scope)):
            yield found


def _listed(found: VariableSet, owners: Owners) -> Iterator[ScopedVariable]:
    own = {one.kind: owner for one in parts_of(found.scope) if (owner := owners[one]) is not None}
    for name in sorted((*found.values, *found.secrets)):
        yield ScopedVariable(scope=found.scope, name=name, value=found.values.get(name), owners=own)


def _changes(ports: Ports, command: ReplaceAll) -> Iterator[_Change]:
    """Yield what becomes of each scope that has variables or is given some. Faults: NotFound."""
    places, given = set[ScopePlace](), dict[Scope, dict[str, object]]()
    for one in command.variables:
        place = place_of(ports, one.scope, Level.WRITE)
        places.add(place)
        given.setdefault(place.scope, {})[one.name] = one.value
    known = set[Scope]()
    for found in _sets(ports, _owners(ports, command.origin)):
        known.add(found.scope)
        place = ScopePlace(scope=found.scope, project=_project(found.scope))
        yield _Change(before=found, place=place, given=given.get(found.scope, {}))
    for place in (one for one in places if one.scope not in known):
        yield _Change(before=ports.variables.variables(place.scope), place=place, given=given[place.scope])


def _project(scope: Scope) -> str:
    places = (one.place for one in parts_of(scope) if one.kind is ScopeKind.APPLICATION)
    return next(places, "").partition("/")[0]


def _given_twice(command: ReplaceAll) -> Iterator[Defect]:
    seen = set[tuple[str, ...]]()
    for number, one in enumerate(command.variables):
        titles = sorted(f"{kind}/{folded(title)}" for kind, title in one.scope.titles.items())
        key = (one.name, *titles)
        if key in seen:
            yield Defect(f"[{number}].name", f"{one.name[:64]} is given twice for one scope")
        seen.add(key)


def _defects(change: _Change) -> Iterator[Defect]:
    """Yield what is wrong with the variables of a scope, each said with the scope."""
    for defect in completed(change.before, change.given).defects:
        yield Defect(defect.path, f"{defect.message} ({change.place.scope})")


def _fixed(given: Given, _: VariableSet) -> Given:
    return given
