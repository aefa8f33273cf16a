"""Whom a user or a service account stands for, with all that they have: scopes of a credential narrow it elsewhere."""

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL, role_in
from chalicelib.use_cases.ports.access import ServiceAccount, User
from chalicelib.use_cases.ports.bundle import Ports


def person(ports: Ports, user: User) -> Principal:
    """The user with all that they and their groups have."""
    groups = (ports.access.group(name) for name in user.groups)
    shared = frozenset(role for group in groups if group is not None for role in group.roles)
    return Principal(
        name=user.name,
        roles=frozenset(user.roles) | shared,
        groups=frozenset(user.groups),
        scopes=frozenset({ALL}),
    )


def machine(account: ServiceAccount) -> Principal:
    """The service account with all that it has."""
    return Principal(
        name=f"{account.project}/{account.name}",
        kind=PrincipalKind.SERVICE_ACCOUNT,
        roles=frozenset({role_in(account.project, account.role)}),
        groups=frozenset({account.team} - {""}),
    )
