"""Variables of any scope: read, set, replaced and removed. How scopes are named, and who may: scope_places.py."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.secret_inputs import KEPT, SECRET, shown
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.variables import VariableSet
from chalicelib.use_cases.audit.entries import AuditAction, Origin, entry_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.trains.given_variables import Checked, Given, checked
from chalicelib.use_cases.trains.stored_variables import stored
from chalicelib.use_cases.variables.scope_places import ScopeNamed, ScopePlace, place_of
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

HIDDEN = "***"
"""What is shown in place of the value of a secret variable. Given back for one, it keeps the value."""


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


def get_scope(ports: Ports, query: ScopeNamed) -> VariableSet:
    """Return the variables of a scope. Faults: NotFound."""
    return ports.variables.variables(place_of(ports, query, Level.READ).scope)


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
    return _update(ports, command.scope, lambda before: with_variable(before, command.name, command.value))


def remove_variable(ports: Ports, command: VariableNamed) -> VariableSet:
    """Remove one variable of a scope; one that is not there is no fault. Faults: NotFound, Forbidden."""
    return _update(ports, command.scope, lambda before: without_variable(before, command.name))


def _update(ports: Ports, named: ScopeNamed, change: Callable[[VariableSet], Given]) -> VariableSet:
    return update_place(ports, named.origin, place_of(ports, named, Level.WRITE), change)


def update_place(
    ports: Ports, origin: Origin, place: ScopePlace, change: Callable[[VariableSet], Given]
) -> VariableSet:
    """Update the variables of a scope that the caller may change. Faults: Invalid, Stale."""

    def save() -> VariableSet:
        before = ports.variables.variables(place.scope)
        complete = completed(before, change(before))
        if complete.defects:
            raise Invalid(complete.defects)
        after = stored(ports, before, complete.given, _place_of_secrets(place))
        action = AuditAction(act="changed-variables", subject=place.scope.address, project=place.project)
        return ports.variables.save(after, entry_of(origin, action))

    return retry_on_conflict(ports, save, since=origin.at)


def completed(before: VariableSet, given: Given) -> Checked:
    """Return what is given with the secrets that it keeps, and everything that is wrong with it."""
    whole = _with_kept(before, given)
    complete = checked(whole, secrets=before.secrets)
    return replace(complete, defects=(*_empty_secrets(whole), *complete.defects))


def _place_of_secrets(place: ScopePlace) -> str:
    home = f"projects/{place.project}" if place.project else "installation"
    scope = place.scope
    return f"{home}/joint/{scope.address}" if scope.beside else f"{home}/{scope.kind}s/{scope.place}"


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


def with_variable(before: VariableSet, name: str, text: str, sensitive: bool | None = None) -> dict[str, object]:  # noqa: FBT001 - as given, or None
    """Return what is given now with a variable more, or in place of that of its name.

    sensitive: whether it is a secret; None to leave that as it is.
    """
    was_secret = any(folded(one) == folded(name) for one in before.secrets)
    value: object = {SECRET: text} if (was_secret if sensitive is None else sensitive) else text
    return {**without_variable(before, name), name: value}


def without_variable(before: VariableSet, name: str) -> dict[str, object]:
    """Return what is given now without one variable; secrets as they are kept."""
    given = shown(before.values, before.secrets)
    return {one: value for one, value in given.items() if folded(one) != folded(name)}
