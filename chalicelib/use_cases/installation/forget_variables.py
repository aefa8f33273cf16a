"""Forget variables of scopes, with the secrets among them: when what they belong to is removed."""

from collections.abc import Collection, Sequence

from chalicelib.kernel.installation.entries import ApplicationGroup, NamedEntry, SharedEnvironment
from chalicelib.kernel.trains.variables import Scope, ScopeKind, parts_of
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets

AT_ONCE = 100
"""Scopes that are looked at by one call."""


def scope_of(entry: ApplicationGroup | SharedEnvironment | NamedEntry) -> Scope:
    """Return the scope of the variables of an entry of the installation."""
    match entry:
        case ApplicationGroup():
            return Scope(kind=ScopeKind.APPLICATION_GROUP, place=str(entry.id))
        case SharedEnvironment():
            return Scope(kind=ScopeKind.ENVIRONMENT, place=entry.name)
        case NamedEntry():
            return Scope(kind=ScopeKind(entry.kind.value), place=str(entry.id))


def forget_with_joint(ports: Ports, scopes: Collection[Scope]) -> None:
    """Delete the variables of these scopes, also those that they have jointly with others."""
    own = set(scopes)
    joint = (one.scope for one in ports.variables.of_joint_scopes() if own & set(parts_of(one.scope)))
    forget_variables(ports, (*own, *joint))


def forget_variables(ports: Ports, scopes: Sequence[Scope]) -> None:
    """Delete the variables of these scopes, their secrets first."""
    for start in range(0, len(scopes), AT_ONCE):
        found = [one for one in ports.variables.of_scopes(scopes[start : start + AT_ONCE]) if one.version]
        delete_secrets(ports, (reference for one in found for reference in one.secrets.values()))
        ports.variables.forget([one.scope for one in found])
